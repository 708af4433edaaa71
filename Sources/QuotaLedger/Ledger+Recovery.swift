// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel
public import StateStore
import Synchronization

extension Ledger {
    /// Opens a log for writing: takes it over and rebuilds the state from its entries.
    ///
    /// With a store of snapshots only the entries behind the snapshot are read. A snapshot that is
    /// missing, damaged or does not belong to the log is not used: ``recovery`` says so, and the
    /// state comes from the log alone. It is the same state either way.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - snapshots: Where the ledger's snapshots are kept, if anywhere.
    ///   - policy: When a snapshot is saved.
    ///   - clock: Tells the time.
    /// - Returns: The ledger, ready for operations.
    /// - Throws: ``LedgerError/log(_:)`` if the log fails, ``LedgerError/corrupt(_:_:)`` if its
    ///   entries do not fit together, ``LedgerError/fenced`` if it is taken over meanwhile.
    public static func open(
        _ log: any EntryLog,
        secret: LedgerSecret,
        snapshots: (any SnapshotStore)? = nil,
        policy: SnapshotPolicy = SnapshotPolicy(),
        clock: @escaping Clock
    ) throws(LedgerError) -> Ledger {
        let head: LogHead
        let frontier: MerkleFrontier
        do throws(EntryLogError) {
            head = try log.takeOver()
            frontier = try log.frontier()
        } catch {
            throw .log(error)
        }
        let core = try LedgerCore.recovered(from: log, snapshots: snapshots)
        guard core.next.rawValue == head.next else { throw .fenced }
        return Ledger(
            log: log,
            core: core,
            snapshots: snapshots,
            policy: policy,
            writer: BatchWriter(secret: secret, head: head, frontier: frontier),
            clock: clock
        )
    }

    /// A checksum of the state as far as decided, to compare ledgers with the same key.
    package var digest: UInt64 { core.withLock { $0.digest } }

    /// The key of the hashes by which operations are found again.
    package var key: HashKey { core.withLock { $0.key } }
}

/// How a core was rebuilt.
public struct LedgerRecovery: Hashable, Sendable {
    /// The first entry that was read from the log; those in front of it came as a snapshot.
    ///
    /// 0 if the state comes from the log alone.
    public var replayedFrom = EntryNumber(rawValue: 0)
    /// Why the snapshot that was asked for was not used, if so.
    public var ignoredSnapshot: String?

    /// Makes a recovery from the log alone.
    public init() {}
}

extension LedgerCore {
    /// Rebuilds a core from a log alone.
    ///
    /// The log is checked for whole, unchanged batches in the right order; its tree is not hashed
    /// again, which is verification's task.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - key: The key of the hashes by which operations are found again.
    /// - Returns: The core after the last entry that was read.
    /// - Throws: ``LedgerError`` if the log fails or its entries do not fit together.
    public static func recovered(
        from log: any EntryLog,
        until: EntryNumber? = nil,
        key: HashKey = .random()
    ) throws(LedgerError) -> LedgerCore {
        var core = LedgerCore(key: key)
        core.recovery = LedgerRecovery()
        do throws(EntryLogError) {
            core.reserveCapacity(Int(clamping: try log.head().next))
        } catch {
            throw .log(error)
        }
        try core.replay(log, from: EntryNumber(rawValue: 0), until: until)
        return core
    }

    /// Rebuilds a core from the newest snapshot and the entries behind it, or from the log alone
    /// if there is no snapshot that can be used.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - snapshots: Where the ledger's snapshots are kept, if anywhere.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - key: The key of the hashes by which operations are found again; a snapshot has its own.
    /// - Returns: The core after the last entry that was read.
    /// - Throws: ``LedgerError`` if the log fails or its entries do not fit together.
    public static func recovered(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        until: EntryNumber? = nil,
        key: HashKey = .random()
    ) throws(LedgerError) -> LedgerCore {
        guard let snapshots else { return try recovered(from: log, until: until, key: key) }
        let reason: String?
        do {
            if let core = try resumed(from: log, snapshots: snapshots, until: until) {
                return core
            }
            reason = nil
        } catch {
            reason = "\(error)"
        }
        var core = try recovered(from: log, until: until, key: key)
        core.recovery?.ignoredSnapshot = reason
        return core
    }

    /// Rebuilds a core from a snapshot and the entries behind it; `nil` if there is none.
    ///
    /// - Throws: Whatever makes the snapshot useless; the log alone may still do.
    package static func resumed(
        from log: any EntryLog,
        snapshots: any SnapshotStore,
        until: EntryNumber?
    ) throws -> LedgerCore? {
        guard let stored = try snapshots.newest() else { return nil }
        let snapshot = try StateSnapshot(stored.bytes)
        let next = EntryNumber(rawValue: snapshot.position.next)
        if let until, until < next {
            throw SnapshotFault("it takes in entry \(until), which is to be left out")
        }
        try checkPosition(snapshot.position, in: log)
        var core = LedgerCore(state: try snapshot.state())
        core.recovery = LedgerRecovery()
        core.recovery?.replayedFrom = next
        try core.replay(log, from: next, until: until)
        return core
    }

    /// Checks that the log has a batch that ends at the position, and that it is the same batch.
    private static func checkPosition(_ position: LogPosition, in log: any EntryLog) throws {
        guard position.next > 0 else { throw SnapshotFault("it takes in no entry") }
        var found: LogPosition?
        try log.read(from: EntryNumber(rawValue: position.next - 1)) {
            header,
            bytes throws(EntryLogError) in
            let head = BatchReader.head(after: header, bytes)
            found = LogPosition(next: head.next, hash: head.hash, root: header.root)
            return .stop
        }
        guard let found else {
            throw SnapshotFault("it takes in entries that the log does not have")
        }
        guard found == position else {
            throw SnapshotFault("no batch of the log ends as the snapshot says")
        }
    }

    private mutating func replay(
        _ log: any EntryLog,
        from first: EntryNumber,
        until: EntryNumber?
    ) throws(LedgerError) {
        let pipe = EntryPipe(
            reading: log,
            from: first,
            until: until,
            key: state.operations.key
        )
        defer { pipe.abandon() }
        while let entries = try pipe.next() {
            for hashed in entries {
                #if PlantedBugs
                    if PlantedBug.active == .lostIdempotencyRecord,
                        hashed.entry.number.rawValue % 5 == 4
                    {
                        try replay(hashed.entry, indexing: .done)
                        continue
                    }
                #endif
                try replay(hashed.entry, indexing: hashed.indexing)
            }
        }
    }

    /// A checksum of everything in the state, to compare cores with the same key.
    ///
    /// O(state).
    package var digest: UInt64 { state.digest }

    /// The key of the hashes by which operations are found again.
    package var key: HashKey { state.operations.key }

    /// The cap report as of the newest entry, or a later moment; `nil` while no rulebook is in
    /// force.
    public func capReport(at time: LedgerTime? = nil) -> CapReport? {
        state.capReport(after: time)
    }
}
