// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB

/// One database, `runs`: the list under 0, page p of run r under r * 2^32 + p.
///
/// Pages are written and removed a few megabytes a transaction, so that saving a snapshot never
/// waits long for the environment's one writer, and little memory is used.
extension LMDBStateStore: RunStore {
    static let runsName = "runs"
    private static let listKey: UInt64 = 0
    /// How many pages one transaction puts or removes.
    private static let pagesEachTransaction = 1_024

    private static func key(of page: UInt32, _ run: UInt32) -> UInt64 {
        UInt64(run) << 32 | UInt64(page)
    }

    /// The list of runs.
    public func runList() throws(StateStoreError) -> [UInt8]? {
        guard let runs else { return nil }
        return try wrapping { () throws(LMDBError) in
            try environment.withReadTransaction { transaction throws(LMDBError) in
                try transaction.value(for: Self.listKey, in: runs)
            }
        }
    }

    /// Puts a list in place of the one before, in a transaction of its own.
    public func putRunList(_ list: RawSpan) throws(StateStoreError) {
        let runs = try writableRuns()
        do throws(LMDBError) {
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.put(list, for: Self.listKey, in: runs)
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// Removes the list, so that no run counts any more.
    public func removeRunList() throws(StateStoreError) {
        let runs = try writableRuns()
        _ = try wrapping { () throws(LMDBError) in
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                try transaction.delete(Self.listKey, in: runs)
            }
        }
    }

    /// Puts pages of a run behind those that it has.
    public func put(
        _ pages: [[UInt64]],
        of run: UInt32,
        from first: UInt32
    ) throws(StateStoreError) {
        precondition(run > 0, "the number 0 is the list's")
        let runs = try writableRuns()
        var rest = pages[...]
        var page = first
        while !rest.isEmpty {
            let part = rest.prefix(Self.pagesEachTransaction)
            rest = rest.dropFirst(part.count)
            try wrapping { () throws(LMDBError) in
                try environment.withWriteTransaction { transaction throws(LMDBError) in
                    for (offset, words) in part.enumerated() {
                        try transaction.put(
                            words.span.rawBytes,
                            for: Self.key(of: page + UInt32(offset), run),
                            in: runs,
                            options: .append
                        )
                    }
                }
            }
            page += UInt32(part.count)
        }
    }

    /// Lends the bytes of a page as they lie in the map.
    public func read(
        _ page: UInt32,
        of run: UInt32,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError) {
        var isFound = false
        if let runs {
            isFound = try wrapping { () throws(LMDBError) in
                try environment.withReadTransaction { transaction throws(LMDBError) in
                    try transaction.withValue(for: Self.key(of: page, run), in: runs) { bytes in
                        body(bytes)
                        return true
                    }
                } ?? false
            }
        }
        guard isFound else { throw .damaged(what: "page \(page) of run \(run) is missing") }
    }

    /// Removes all pages but those of some runs.
    public func removeRuns(except kept: Set<UInt32>) throws(StateStoreError) {
        let runs = try writableRuns()
        while true {
            let keys = try wrapping { () throws(LMDBError) in
                try environment.withReadTransaction { transaction throws(LMDBError) in
                    try Self.removable(transaction, in: runs, except: kept)
                }
            }
            guard !keys.isEmpty else { return }
            try wrapping { () throws(LMDBError) in
                try environment.withWriteTransaction { transaction throws(LMDBError) in
                    for key in keys { try transaction.delete(key, in: runs) }
                }
            }
        }
    }

    /// The next keys of runs that are not kept; jumps over those that are.
    private static func removable(
        _ transaction: borrowing ReadTransaction,
        in runs: Database<UInt64>,
        except kept: Set<UInt32>
    ) throws(LMDBError) -> [UInt64] {
        var keys: [UInt64] = []
        var start: UInt64? = key(of: 0, 1)
        while let from = start {
            start = nil
            try transaction.scan(runs, from: from) { key, _ in
                let run = UInt32(truncatingIfNeeded: key >> 32)
                guard !kept.contains(run) else {
                    if run < .max { start = Self.key(of: 0, run + 1) }
                    return .stop
                }
                keys.append(key)
                return keys.count < pagesEachTransaction ? .next : .stop
            }
        }
        return keys
    }

    private func writableRuns() throws(StateStoreError) -> Database<UInt64> {
        guard environment.options.access == .readWrite, let runs else {
            throw .storage(
                advice: "\(environment.path): the derived state is open for reading only"
            )
        }
        return runs
    }

    private func wrapping<Result>(
        _ body: () throws(LMDBError) -> Result
    ) throws(StateStoreError) -> Result {
        do throws(LMDBError) {
            return try body()
        } catch {
            throw Self.wrap(error)
        }
    }
}
