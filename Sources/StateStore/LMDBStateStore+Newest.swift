// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB
public import LedgerModel

/// The newest snapshot. It has one of two places, and the next is written to the other.
extension LMDBStateStore {
    private static let places = [
        SnapshotPlace(first: 0, bits: 32), SnapshotPlace(first: 1 << 32, bits: 32),
    ]

    /// Puts a snapshot in place of the one before, which counts until this one is whole.
    public func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError) {
        try save(bytes, next: next) { _ throws(StateStoreError) in }
    }

    /// The same, telling of each step; what `atStep` throws ends the saving.
    package func save(
        _ bytes: RawSpan,
        next: EntryNumber,
        atStep: (SavingStep) throws(StateStoreError) -> Void
    ) throws(StateStoreError) {
        let database = try writable(database)
        let record = record(of: bytes, next: next)
        let (place, other) =
            try used()?.place == Self.places[0]
            ? (Self.places[1], Self.places[0]) : (Self.places[0], Self.places[1])
        try putPieces(bytes, record, at: place, in: database, atStep: atStep)
        let old = try keys(of: other, in: database)
        try environment.withWriteTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            do throws(LMDBError) {
                try transaction.put(record.bytes, for: place.first, in: database)
                for key in old { try transaction.delete(key, in: database) }
            } catch {
                throw Self.wrap(error)
            }
            try atStep(.replaced)
        }
        try atStep(.committed)
    }

    /// The snapshot that was saved last.
    public func newest() throws(StateStoreError) -> StoredSnapshot? {
        guard let database else { return nil }
        // One transaction: a writer may put another in its place meanwhile.
        return try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            if let place = try Self.used(transaction, database)?.place {
                return try read(transaction, database, at: place)
            }
            // What is being saved for the first time does not count; what has lost its record is damaged.
            let first = Self.places[0]
            let isBegun: Bool
            do throws(LMDBError) {
                isBegun = try transaction.value(for: first.first, in: database) != nil
            } catch {
                throw Self.wrap(error)
            }
            return isBegun ? nil : try read(transaction, database, at: first)
        }
    }

    /// The record of the newest snapshot.
    func newestRecord() throws(StateStoreError) -> SnapshotRecord? {
        guard let used = try used() else { return nil }
        return try SnapshotRecord(used.record)
    }

    /// Where the newest snapshot is, with its record, if there is one.
    private func used() throws(StateStoreError) -> (place: SnapshotPlace, record: [UInt8])? {
        guard let database else { return nil }
        return try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in try Self.used(transaction, database)
        }
    }

    private static func used(
        _ transaction: borrowing ReadTransaction,
        _ database: Database<UInt64>
    ) throws(StateStoreError) -> (place: SnapshotPlace, record: [UInt8])? {
        do throws(LMDBError) {
            for place in places {
                guard let record = try transaction.value(for: place.first, in: database),
                    !record.isEmpty
                else { continue }
                return (place, record)
            }
            return nil
        } catch {
            throw wrap(error)
        }
    }
}
