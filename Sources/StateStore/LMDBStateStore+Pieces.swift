// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LMDB
import LedgerModel

/// The keys of one snapshot: its record's, and behind it those of its pieces.
///
/// An empty record is that of a snapshot that is being saved, or whose saving was broken off: it does
/// not count.
struct SnapshotPlace: Equatable {
    /// The key of the record.
    var first: UInt64
    /// How many keys belong to it, as a power of 2.
    var bits: UInt64

    var range: Range<UInt64> { first..<first + 1 << bits }
}

/// Writing and reading the pieces of a snapshot, wherever it is.
extension LMDBStateStore {
    /// Puts the pieces of a snapshot that does not count until its record is put, too.
    ///
    /// Each is a transaction. A single one for all would be written and synced at once, a hundred megabytes,
    /// and for so long nothing else of the disk's could be: the log's next batch, on which all callers wait,
    /// would stand behind it.
    func putPieces(
        _ bytes: RawSpan,
        _ record: SnapshotRecord,
        at place: SnapshotPlace,
        in database: Database<UInt64>,
        atStep: (SavingStep) throws(StateStoreError) -> Void
    ) throws(StateStoreError) {
        let old = try keys(of: place, in: database)
        do throws(LMDBError) {
            try environment.withWriteTransaction { transaction throws(LMDBError) in
                for key in old { try transaction.delete(key, in: database) }
                try transaction.put([], for: place.first, in: database)
            }
        } catch {
            throw Self.wrap(error)
        }
        try atStep(.begun)
        for piece in 0..<record.pieceCount {
            do throws(LMDBError) {
                try environment.withWriteTransaction { transaction throws(LMDBError) in
                    try transaction.put(
                        bytes.extracting(record.range(ofPiece: piece)),
                        for: place.first + UInt64(piece) + 1,
                        in: database
                    )
                }
            } catch {
                throw Self.wrap(error)
            }
            try atStep(.put(piece: UInt64(piece)))
        }
    }

    /// The keys that a place has in a database.
    func keys(
        of place: SnapshotPlace,
        in database: Database<UInt64>
    ) throws(StateStoreError) -> [UInt64] {
        do throws(LMDBError) {
            return try environment.withReadTransaction { transaction throws(LMDBError) in
                var keys: [UInt64] = []
                try transaction.scan(database, from: place.first) { key, _ in
                    guard place.range.contains(key) else { return .stop }
                    keys.append(key)
                    return .next
                }
                return keys
            }
        } catch {
            throw Self.wrap(error)
        }
    }

    /// A database of an environment that is open for writing.
    func writable(_ database: Database<UInt64>?) throws(StateStoreError) -> Database<UInt64> {
        guard environment.options.access == .readWrite, let database else {
            throw .storage(
                advice: "\(environment.path): the derived state is open for reading only"
            )
        }
        return database
    }

    /// What a store keeps beside a snapshot's pieces.
    func record(of bytes: RawSpan, next: EntryNumber) -> SnapshotRecord {
        SnapshotRecord(
            next: next,
            byteCount: bytes.byteCount,
            pieceByteCount: pieceByteCount,
            checksum: xxHash64(bytes)
        )
    }

    /// Reads the snapshot at a place; `nil` if nothing is there.
    func read(
        _ transaction: borrowing ReadTransaction,
        _ database: Database<UInt64>,
        at place: SnapshotPlace
    ) throws(StateStoreError) -> StoredSnapshot? {
        let byteCountOnDisk: UInt64
        do throws(LMDBError) {
            byteCountOnDisk = try environment.byteCountOnDisk()
        } catch {
            throw Self.wrap(error)
        }
        var record: SnapshotRecord?
        var bytes: [UInt8] = []
        var expected = place.first
        try transaction.scan(database, from: place.first, failure: Self.wrap) {
            key,
            value throws(StateStoreError) in
            guard place.range.contains(key) else { return .stop }
            if let record, expected > place.first + UInt64(record.pieceCount) {
                throw .damaged(what: "there is something behind the last piece")
            }
            guard key == expected else {
                throw .damaged(what: "piece \(expected - place.first) is missing")
            }
            expected += 1
            guard let known = record else {
                let read = try SnapshotRecord([UInt8](copying: value))
                // A damaged record must not ask for more memory than there are bytes.
                bytes.reserveCapacity(min(read.byteCount, Int(clamping: byteCountOnDisk)))
                record = read
                return .next
            }
            guard value.byteCount <= known.pieceByteCount,
                value.byteCount <= known.byteCount - bytes.count
            else { throw .damaged(what: "piece \(key - place.first) is longer than it was") }
            bytes.append(copying: value)
            return .next
        }
        guard let record else { return nil }
        guard bytes.count == record.byteCount else {
            throw .damaged(
                what: "the snapshot has \(bytes.count) of \(record.byteCount) bytes"
            )
        }
        guard xxHash64(bytes.span.rawBytes) == record.checksum else {
            throw .damaged(what: "the snapshot's checksum does not fit its bytes")
        }
        return StoredSnapshot(next: record.next, bytes: bytes)
    }
}
