// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB
public import LedgerModel

/// One database, `kept`: the snapshot that takes in everything in front of entry n has its record
/// under n * 2^24 and its pieces under the keys behind it.
extension LMDBStateStore {
    private static let pieceBits: UInt64 = 24

    private static func key(of next: EntryNumber) -> UInt64 { next.rawValue << pieceBits }

    /// Keeps a snapshot beside the newest, in one transaction.
    public func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber]
    ) throws(StateStoreError) {
        guard environment.options.access == .readWrite, let kept else {
            throw .storage(
                advice: "\(environment.path): the derived state is open for reading only"
            )
        }
        let record = record(of: bytes, next: next)
        guard record.pieceCount < 1 << Self.pieceBits,
            next.rawValue < 1 << (UInt64.bitWidth - Int(Self.pieceBits))
        else { throw .storage(advice: "the snapshot is too large to be kept") }
        let old = try removed.map(keys(of:)).joined() + keys(of: next)
        do throws(LMDBError) {
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                for key in old { try transaction.delete(key, in: kept) }
                let first = Self.key(of: next)
                try transaction.put(record.bytes, for: first, in: kept)
                for piece in 0..<record.pieceCount {
                    try transaction.put(
                        bytes.extracting(record.range(ofPiece: piece)),
                        for: first + UInt64(piece) + 1,
                        in: kept
                    )
                }
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// The keys of a kept snapshot.
    private func keys(of next: EntryNumber) throws(StateStoreError) -> [UInt64] {
        guard let kept else { return [] }
        do throws(LMDBError) {
            return try environment.withReadTransaction { transaction throws(LMDBError) in
                var keys: [UInt64] = []
                try transaction.scan(kept, from: Self.key(of: next)) { key, _ in
                    guard key >> Self.pieceBits == next.rawValue else { return .stop }
                    keys.append(key)
                    return .next
                }
                return keys
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// The first entries that the kept snapshots do not take in, in order.
    public func keptSnapshots() throws(StateStoreError) -> [EntryNumber] {
        guard let kept else { return [] }
        do throws(LMDBError) {
            return try environment.withReadTransaction { transaction throws(LMDBError) in
                var found: [EntryNumber] = []
                var start: UInt64? = 0
                // From one record to the next, over the pieces between them.
                while let from = start {
                    start = nil
                    try transaction.scan(kept, from: from) { key, _ in
                        let next = EntryNumber(rawValue: key >> Self.pieceBits)
                        found.append(next)
                        start = Self.key(of: EntryNumber(rawValue: next.rawValue + 1))
                        return .stop
                    }
                }
                return found
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// The newest snapshot that takes in no entry from `end` on.
    public func newest(before end: EntryNumber) throws(StateStoreError) -> StoredSnapshot? {
        let known = try keptSnapshots().last { $0 <= end }
        if let database, let newest = try newestRecord(), newest.next <= end,
            known.map({ $0 <= newest.next }) ?? true
        {
            return try snapshot(in: database, from: Self.recordKey)
        }
        guard let kept, let known else { return nil }
        return try snapshot(in: kept, from: Self.key(of: known))
    }

    /// The record of the newest snapshot.
    private func newestRecord() throws(StateStoreError) -> SnapshotRecord? {
        guard let database else { return nil }
        let bytes: [UInt8]?
        do throws(LMDBError) {
            bytes = try environment.withReadTransaction { transaction throws(LMDBError) in
                try transaction.value(for: Self.recordKey, in: database)
            }
        } catch {
            throw Self.wrap(error)
        }
        return try bytes.map(SnapshotRecord.init)
    }

    private func snapshot(
        in database: Database<UInt64>,
        from first: UInt64
    ) throws(StateStoreError) -> StoredSnapshot? {
        try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            try read(transaction, database, from: first)
        }
    }
}
