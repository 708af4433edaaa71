// SPDX-License-Identifier: Apache-2.0

import EntryLog
import StateStore

/// The runs of an index, oldest first: they hold the operations of all entries in front of ``end``.
package struct OperationRunSet: Sendable {
    private(set) var runs: [OperationRun]

    init(_ runs: [OperationRun] = []) { self.runs = runs }

    /// How many runs there are.
    package var count: Int { runs.count }

    /// The first entry whose operation is in no run.
    package var end: UInt64 { runs.last?.record.end ?? 0 }

    var totals: OperationTotals {
        runs.reduce(OperationTotals()) { $0 + $1.record.totals }
    }

    /// Finds an operation, the newest runs first.
    func find(_ name: Hash128) throws(StateStoreError) -> IndexedOperation? {
        guard !runs.isEmpty else { return nil }
        let bits = OperationFilter.bits(of: name)
        var index = runs.count
        while index > 0 {
            index -= 1
            if let found = try runs[index].find(name, bits: bits) { return found }
        }
        return nil
    }

    /// Reads what of the filters names are looked for in.
    func bringNear(_ names: [Hash128]) -> UInt64 {
        runs.reduce(0) { $0 &+ $1.bringNear(names) }
    }

    /// The same with one run instead of the last few.
    func replacing(last count: Int, with run: OperationRun) -> OperationRunSet {
        OperationRunSet(runs.dropLast(count) + [run])
    }
}

/// What a store keeps as its list: the key of the hashes, and the runs.
struct OperationRunList: Hashable, Sendable {
    /// The version of what this code writes; it reads no other, because runs can be made again.
    static let formatVersion: UInt64 = 1
    /// 0x89, then `HRRUNSL` in ASCII, as a little-endian word.
    static let magic: UInt64 = 0x4c53_4e55_5252_4889

    var key: HashKey
    /// The number of the next run that is written.
    var nextRun: UInt32 = 1
    var runs: [OperationRunRecord] = []

    init(key: HashKey) { self.key = key }

    /// The list of a store; `nil` if it has none.
    init?(_ store: any RunStore) throws(StateStoreError) {
        guard let bytes = try store.runList() else { return nil }
        do throws(SnapshotFault) {
            self = try Self.read(bytes)
        } catch {
            throw .damaged(what: "the list of runs: \(error)")
        }
    }

    var words: [UInt64] {
        var writer = SnapshotWriter()
        writer.append(Self.magic)
        writer.append(Self.formatVersion)
        writer.append(key.first)
        writer.append(key.second)
        writer.append(UInt64(nextRun))
        writer.append(count: runs.count)
        for run in runs {
            writer.append(UInt64(run.number))
            writer.append(run.end)
            writer.append(run.totals.count)
            writer.append(run.totals.digest)
        }
        writer.append(writer.checksum)
        return writer.words
    }

    private static func read(_ bytes: [UInt8]) throws(SnapshotFault) -> OperationRunList {
        var reader = try SnapshotReader(bytes)
        guard try reader.word() == magic, try reader.word() == formatVersion else {
            throw SnapshotFault("it is written in another format")
        }
        var list = OperationRunList(
            key: HashKey(first: try reader.word(), second: try reader.word())
        )
        list.nextRun = try number(try reader.word())
        var end: UInt64 = 0
        for _ in 0..<(try reader.count(wordsEach: 4)) {
            let run = OperationRunRecord(
                number: try number(try reader.word()),
                end: try reader.word(),
                totals: OperationTotals(count: try reader.word(), digest: try reader.word())
            )
            guard run.number < list.nextRun, run.end > end, run.end < 1 << 38,
                (1...run.end - end).contains(run.totals.count)
            else { throw SnapshotFault("run \(run.number) does not fit the others") }
            end = run.end
            list.runs.append(run)
        }
        try reader.finish()
        return list
    }

    private static func number(_ word: UInt64) throws(SnapshotFault) -> UInt32 {
        guard let number = UInt32(exactly: word), number > 0 else {
            throw SnapshotFault("a run's number is none")
        }
        return number
    }
}
