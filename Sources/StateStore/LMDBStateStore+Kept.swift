// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB
public import LedgerModel

/// One database, `kept`: the snapshot that takes in everything in front of entry n has its record
/// under n * 2^24 and its pieces under the keys behind it.
extension LMDBStateStore {
    private static let pieceBits: UInt64 = 24

    private static func place(of next: EntryNumber) -> SnapshotPlace {
        SnapshotPlace(first: next.rawValue << pieceBits, bits: pieceBits)
    }

    /// Keeps a snapshot beside the newest; others are removed when it is whole.
    public func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber]
    ) throws(StateStoreError) {
        try keep(bytes, next: next, removing: removed) { _ throws(StateStoreError) in }
    }

    /// The same, telling of each step; what `atStep` throws ends the saving.
    package func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber],
        atStep: (SavingStep) throws(StateStoreError) -> Void
    ) throws(StateStoreError) {
        let kept = try writable(kept)
        let record = record(of: bytes, next: next)
        guard record.pieceCount < 1 << Self.pieceBits,
            next.rawValue < 1 << (UInt64.bitWidth - Int(Self.pieceBits))
        else { throw .storage(advice: "the snapshot is too large to be kept") }
        let place = Self.place(of: next)
        try putPieces(bytes, record, at: place, in: kept, atStep: atStep)
        var old: [UInt64] = []
        for next in try removed + unfinished(besides: next) {
            old += try keys(of: Self.place(of: next), in: kept)
        }
        do throws(LMDBError) {
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                for key in old { try transaction.delete(key, in: kept) }
                try transaction.put(record.bytes, for: place.first, in: kept)
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// Those whose saving was broken off.
    private func unfinished(besides next: EntryNumber) throws(StateStoreError) -> [EntryNumber] {
        try groups().filter { !$0.isWhole && $0.next != next }.map(\.next)
    }

    /// The first entries that the kept snapshots do not take in, in order.
    public func keptSnapshots() throws(StateStoreError) -> [EntryNumber] {
        try groups().filter(\.isWhole).map(\.next)
    }

    /// The snapshots that have keys, in order, and whether they count.
    private func groups() throws(StateStoreError) -> [(next: EntryNumber, isWhole: Bool)] {
        guard let kept else { return [] }
        do throws(LMDBError) {
            return try environment.withReadTransaction { transaction throws(LMDBError) in
                var found: [(next: EntryNumber, isWhole: Bool)] = []
                var start: UInt64? = 0
                // From one record to the next, over the pieces between them.
                while let from = start {
                    start = nil
                    try transaction.scan(kept, from: from) { key, value in
                        let next = EntryNumber(rawValue: key >> Self.pieceBits)
                        let isBegun = key == Self.place(of: next).first && value.byteCount == 0
                        found.append((next, !isBegun))
                        start = Self.place(of: EntryNumber(rawValue: next.rawValue + 1)).first
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
        if let newest = try newestRecord(), newest.next <= end,
            known.map({ $0 <= newest.next }) ?? true
        {
            return try self.newest()
        }
        guard let kept, let known else { return nil }
        return try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            try read(transaction, kept, at: Self.place(of: known))
        }
    }
}
