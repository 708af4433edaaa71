// SPDX-License-Identifier: Apache-2.0
import EntryLog
import Glibc
import LMDB

/// Derived state in an LMDB environment of its own.
///
/// Database `snapshot`: the record under 0 or 2^32, the snapshot's bytes under the keys behind it, in
/// pieces. Database `kept` has older ones in the same way, each under keys of its own. Database `runs`
/// belongs to ``RunStore``, database `trail` to ``TrailStore``. The folder may be deleted while nobody
/// has it open.
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
        /// It is durable that something is being saved that does not count yet.
        case begun
        /// A piece is durable.
        case put(piece: UInt64)
        /// It takes the place of the one before, in a transaction.
        case replaced
        /// The transaction is committed.
        case committed
    }

    /// The most bytes that one value has, unless said otherwise.
    static let usualPieceByteCount = 1 << 20

    private static let databaseName = "snapshot"
    static let keptName = "kept"

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
