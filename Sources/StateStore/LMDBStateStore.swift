// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import LMDB
public import LedgerModel

/// Derived state in an LMDB environment of its own.
///
/// Database `snapshot`: the record under 0, the snapshot's bytes under 1, 2, ... in pieces. A new
/// snapshot replaces the old one in one transaction. Database `kept` has older ones in the same way,
/// each under keys of its own. Database `runs` belongs to ``RunStore``, database `trail` to
/// ``TrailStore``. The folder may be deleted while nobody has it open.
public struct LMDBStateStore: SnapshotStore {
    /// What may be done with a store.
    public enum Access: Sendable {
        /// Look only; works beside a process that writes.
        case readOnly
        /// Look and save; one process at a time.
        case readWrite
    }

    /// How far a saving has come, for tests that break it off.
    package enum SavingStep: Sendable, Equatable {
        /// The one before is removed, in the transaction.
        case removed
        /// A piece is put.
        case put(piece: UInt64)
        /// The transaction is committed.
        case committed
    }

    /// The most bytes that one value has, unless said otherwise.
    static let usualPieceByteCount = 1 << 20

    private static let databaseName = "snapshot"
    static let keptName = "kept"
    static let recordKey: UInt64 = 0

    let environment: Environment
    let runs: Database<UInt64>?
    /// Has the snapshots that are kept beside the newest.
    let kept: Database<UInt64>?
    /// Leads to the entries about holds.
    let trail: Database<UInt64>?
    let database: Database<UInt64>?
    let pieceByteCount: Int

    /// Opens the store in a directory; with `readWrite` it is made if it is missing.
    ///
    /// - Throws: ``StateStoreError``; the ledger can do without a store.
    public init(path: String, access: Access = .readWrite) throws(StateStoreError) {
        try self.init(path: path, access: access, pieceByteCount: Self.usualPieceByteCount)
    }

    /// Opens the store with another size of the pieces.
    package init(
        path: String,
        access: Access = .readWrite,
        pieceByteCount: Int
    ) throws(StateStoreError) {
        precondition(
            pieceByteCount > 0 && pieceByteCount <= SnapshotRecord.maximumPieceByteCount,
            "a piece has bytes, and not more than a store reads"
        )
        // Safe: the text is lent for the length of the call.
        if access == .readWrite, unsafe mkdir(path, 0o750) != 0, errno != EEXIST {
            throw .storage(advice: "\(path): the directory can not be made (error \(errno))")
        }
        self.pieceByteCount = pieceByteCount
        let isOurs: Bool
        do throws(LMDBError) {
            // It tells as much of parties and amounts as the log does.
            environment = try Environment(
                path: path,
                options: EnvironmentOptions(
                    access: access == .readOnly ? .readOnly : .readWrite,
                    createsIfMissing: access == .readWrite,
                    fileMode: 0o600
                )
            )
            let names = try Self.names(in: environment)
            isOurs = names.contains(Array(Self.databaseName.utf8))
            // Before anything is made in an environment that belongs to something else.
            let isMade = (isOurs || names.isEmpty) && access == .readWrite
            // Whoever only looks opens what is there.
            database =
                isOurs || isMade ? try environment.database(named: Self.databaseName) : nil
            runs =
                isMade || (isOurs && names.contains(Array(Self.runsName.utf8)))
                ? try environment.database(named: Self.runsName) : nil
            kept =
                isMade || (isOurs && names.contains(Array(Self.keptName.utf8)))
                ? try environment.database(named: Self.keptName) : nil
            trail =
                isMade || (isOurs && names.contains(Array(Self.trailName.utf8)))
                ? try environment.database(named: Self.trailName) : nil
            guard !isOurs, !names.isEmpty else { return }
        } catch {
            throw Self.wrap(error)
        }
        throw .notAStateStore(path: path)
    }

    /// The names of the databases in an environment.
    private static func names(in environment: Environment) throws(LMDBError) -> [[UInt8]] {
        let main = try environment.database(keys: [UInt8].self)
        return try environment.withReadTransaction { transaction throws(LMDBError) in
            var names: [[UInt8]] = []
            try transaction.scan(main) { name, _ in
                names.append(name)
                return .next
            }
            return names
        }
    }

    static func wrap(_ error: LMDBError) -> StateStoreError {
        if error.isLocked { return .locked(advice: error.description) }
        if error.isDamaged { return .damaged(what: error.description) }
        return .storage(advice: error.description)
    }
}

extension LMDBStateStore {
    /// Puts a snapshot in place of the one before, in one transaction.
    public func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError) {
        try save(bytes, next: next) { _ throws(StateStoreError) in }
    }

    /// The same, telling of each step; what `atStep` throws ends the saving.
    package func save(
        _ bytes: RawSpan,
        next: EntryNumber,
        atStep: (SavingStep) throws(StateStoreError) -> Void
    ) throws(StateStoreError) {
        guard let database else {
            throw .storage(
                advice: "\(environment.path): the derived state is open for reading only"
            )
        }
        let record = record(of: bytes, next: next)
        try environment.withWriteTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            do throws(LMDBError) {
                try transaction.deleteAll(in: database)
                try transaction.put(record.bytes, for: Self.recordKey, in: database)
            } catch {
                throw Self.wrap(error)
            }
            try atStep(.removed)
            for piece in 0..<record.pieceCount {
                do throws(LMDBError) {
                    try transaction.put(
                        bytes.extracting(record.range(ofPiece: piece)),
                        for: UInt64(piece) + 1,
                        in: database,
                        options: .append
                    )
                } catch {
                    throw Self.wrap(error)
                }
                try atStep(.put(piece: UInt64(piece)))
            }
        }
        try atStep(.committed)
    }

    /// The snapshot that was saved last.
    public func newest() throws(StateStoreError) -> StoredSnapshot? {
        guard let database else { return nil }
        return try environment.withReadTransaction(failure: Self.wrap) {
            transaction throws(StateStoreError) in
            try read(transaction, database, from: Self.recordKey)
        }
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

    /// Reads the snapshot whose record is under a key, and its pieces under those behind it.
    ///
    /// Where the first key is the newest snapshot's, nothing may lie behind its pieces.
    func read(
        _ transaction: borrowing ReadTransaction,
        _ database: Database<UInt64>,
        from first: UInt64
    ) throws(StateStoreError) -> StoredSnapshot? {
        let byteCountOnDisk: UInt64
        do throws(LMDBError) {
            byteCountOnDisk = try environment.byteCountOnDisk()
        } catch {
            throw Self.wrap(error)
        }
        var record: SnapshotRecord?
        var bytes: [UInt8] = []
        var expected = first
        try transaction.scan(database, from: first, failure: Self.wrap) {
            key,
            value throws(StateStoreError) in
            if let record, expected > first + UInt64(record.pieceCount) {
                guard first != Self.recordKey else {
                    throw .damaged(what: "there is something behind the last piece")
                }
                return .stop
            }
            guard key == expected else {
                throw .damaged(what: "piece \(expected - first) is missing")
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
            else { throw .damaged(what: "piece \(key - first) is longer than it was") }
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
