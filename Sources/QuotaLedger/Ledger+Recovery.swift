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
    ///   - operations: Where the operations that it remembers are kept, beside the newest; without
    ///     it all are kept in memory.
    ///   - trail: Where the trail is kept that leads to the entries about holds, if anywhere; it is
    ///     lengthened with each snapshot.
    ///   - policy: When a snapshot is saved.
    ///   - maximumWaitingCount: The most operations that wait to be decided, at least 1.
    ///   - clock: Tells the time.
    /// - Returns: The ledger, ready for operations.
    /// - Throws: ``LedgerError/log(_:)`` if the log fails, ``LedgerError/corrupt(_:_:)`` if its
    ///   entries do not fit together, ``LedgerError/fenced`` if it is taken over meanwhile.
    public static func open(
        _ log: any EntryLog,
        secret: LedgerSecret,
        snapshots: (any SnapshotStore)? = nil,
        operations: OperationStorage? = nil,
        trail: (any TrailStore)? = nil,
        policy: SnapshotPolicy = SnapshotPolicy(),
        maximumWaitingCount: Int = defaultWaitingCount,
        clock: @escaping Clock
    ) throws(LedgerError) -> Ledger {
        try open(
            log,
            secret: secret,
            snapshots: snapshots,
            operations: operations,
            trail: trail,
            policy: policy,
            maximumWaitingCount: maximumWaitingCount,
            publisher: nil,
            clock: clock
        )
    }

    /// Opens a log for writing, with something that publishes what becomes durable.
    package static func open(
        _ log: any EntryLog,
        secret: LedgerSecret,
        snapshots: (any SnapshotStore)? = nil,
        operations: OperationStorage? = nil,
        trail: (any TrailStore)? = nil,
        policy: SnapshotPolicy = SnapshotPolicy(),
        maximumWaitingCount: Int = defaultWaitingCount,
        publisher: Publisher?,
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
        var keeper: OperationKeeper?
        var core = try LedgerCore.recovered(
            from: log,
            snapshots: snapshots,
            operations: operations,
            keeper: &keeper
        )
        core.use(secret)
        core.read(log)
        guard core.next.rawValue == head.next else { throw .fenced }
        return Ledger(
            log: log,
            secret: secret,
            core: core,
            snapshots: snapshots,
            trail: trail,
            keeper: keeper,
            policy: policy,
            writer: BatchWriter(secret: secret, head: head, frontier: frontier),
            maximumWaitingCount: maximumWaitingCount,
            publisher: publisher,
            clock: clock
        )
    }

    /// A checksum of the state as far as decided, to compare ledgers with the same key.
    package var digest: UInt64 { inquire { $0.digest } }

    /// The key of the hashes by which operations are found again.
    package var key: HashKey { inquire { $0.key } }
}

/// How a core was rebuilt.
public struct LedgerRecovery: Hashable, Sendable {
    /// The first entry that was read from the log; those in front of it came as a snapshot.
    ///
    /// 0 if the state comes from the log alone.
    public var replayedFrom = EntryNumber(rawValue: 0)
    /// Why the snapshot that was asked for was not used, if so.
    public var ignoredSnapshot: String?
    /// Why all operations that are remembered stay in memory, although there is a place for them, if
    /// so.
    public var unusedRuns: String?

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
    ///   - remembersOrders: Whether the core is to know the ids of orders, and of what changed their
    ///     holds, as one must that decides or is searched for them. Without,
    ///     reports are the same, and the log is read faster.
    /// - Returns: The core after the last entry that was read.
    /// - Throws: ``LedgerError`` if the log fails or its entries do not fit together.
    public static func recovered(
        from log: any EntryLog,
        until: EntryNumber? = nil,
        key: HashKey = .random(),
        remembersOrders: Bool = true
    ) throws(LedgerError) -> LedgerCore {
        var core = LedgerCore(key: key)
        core.recovery = LedgerRecovery()
        core.state.remembersOrders = remembersOrders
        do throws(EntryLogError) {
            let next = try log.head().next
            let count = Int(clamping: min(until?.rawValue ?? next, next))
            if remembersOrders { core.reserveCapacity(count) }
        } catch {
            throw .log(error)
        }
        try core.replay(log, from: EntryNumber(rawValue: 0), until: until)
        return core
    }

    /// Rebuilds a core from a log alone, and checks everything about the log while it is read, in
    /// one pass: what ``recovered(from:until:key:)`` and `EntryLog.verify(secret:)` check.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - key: The key of the hashes by which operations are found again.
    ///   - rotationFault: Checks the statements of rotations of the ledger's key; without it they are
    ///     taken as they are, since this room knows no signatures.
    ///   - frontier: The right edge of the tree over all that was read, on return.
    /// - Returns: The core after the last entry that was read.
    /// - Throws: ``LedgerError`` if the log fails, is not what was written, or its entries do not fit
    ///   together.
    public static func verified(
        from log: any EntryLog,
        secret: LedgerSecret,
        key: HashKey = .random(),
        rotationFault: RotationCheck? = nil,
        frontier: inout MerkleFrontier
    ) throws(LedgerError) -> LedgerCore {
        var core = LedgerCore(key: key)
        core.recovery = LedgerRecovery()
        let newest: LogHead
        do throws(EntryLogError) {
            newest = try log.head()
        } catch {
            throw .log(error)
        }
        core.reserveCapacity(Int(clamping: newest.next))
        let pipe = EntryPipe(
            log,
            EntryReading(key: key, isForState: true, rotationFault: rotationFault),
            verification: LogVerification(newest: newest, secret: secret)
        )
        try core.replay(pipe)
        guard let found = pipe.frontier else { throw .closed }
        frontier = found
        try core.checkRedactions(isWhole: core.next.rawValue == newest.next)
        return core
    }

    /// Rebuilds a core from the newest snapshot and the entries behind it, or from the log alone
    /// if there is no snapshot that can be used.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - snapshots: Where the ledger's snapshots are kept, if anywhere.
    ///   - operations: Where the operations are kept on which a snapshot rests, if anywhere.
    ///   - until: The first entry that is left out; `nil` to read to the newest.
    ///   - key: The key of the hashes by which operations are found again; a snapshot has its own.
    ///   - remembersOrders: Whether the core is to know the ids of orders, and of what changed their
    ///     holds, behind the snapshot, as one must that decides or is searched for them. Without,
    ///     reports are the same, and the log is read faster.
    /// - Returns: The core after the last entry that was read.
    /// - Throws: ``LedgerError`` if the log fails or its entries do not fit together.
    public static func recovered(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        operations: OperationStorage? = nil,
        until: EntryNumber? = nil,
        key: HashKey = .random(),
        remembersOrders: Bool = true
    ) throws(LedgerError) -> LedgerCore {
        let reason: String?
        do {
            if let core = try resumed(
                from: log,
                snapshots: snapshots,
                operations: operations,
                until: until,
                remembersOrders: remembersOrders
            ) {
                return core
            }
            reason = nil
        } catch {
            reason = "\(error)"
        }
        var core = try recovered(
            from: log,
            until: until,
            key: key,
            remembersOrders: remembersOrders
        )
        core.recovery?.ignoredSnapshot = reason
        return core
    }

    /// Rebuilds a core from a snapshot and the entries behind it; `nil` if there is none.
    ///
    /// - Throws: Whatever makes the snapshot useless; the log alone may still do.
    package static func resumed(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        operations: OperationStorage? = nil,
        until: EntryNumber?,
        remembersOrders: Bool = true
    ) throws -> LedgerCore? {
        let loaded = try operations.flatMap {
            try LoadedRuns($0.store, onDemand: $0.isReadOnDemand)
        }
        guard
            var core = try restored(from: log, snapshots: snapshots, loaded: loaded, until: until)
        else { return nil }
        core.state.remembersOrders = remembersOrders
        try core.replay(log, from: core.next, until: until)
        guard remembersOrders else { return core }
        // Runs that know more than is asked for are judged by whoever reads the log that far.
        if until == nil || core.state.operations.runs.end <= core.state.next {
            try core.checkIndex()
        }
        return core
    }

    /// Checks that the log has a batch that ends at the position, and that it is the same batch.
    static func checkPosition(_ position: LogPosition, in log: any EntryLog) throws {
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

    mutating func replay(
        _ log: any EntryLog,
        from first: EntryNumber,
        until: EntryNumber?,
        keeper: OperationKeeper? = nil
    ) throws(LedgerError) {
        let pipe = EntryPipe(
            log,
            EntryReading(
                first: first,
                until: until,
                key: state.operations.key,
                hashesOrders: state.remembersOrders,
                isForState: true
            )
        )
        try replay(pipe, keeper: keeper)
    }

    /// Takes in all that a pipe has, and lets it stop if something does not fit.
    private mutating func replay(
        _ pipe: EntryPipe,
        keeper: OperationKeeper? = nil
    ) throws(LedgerError) {
        defer { pipe.abandon() }
        while let parts = try pipe.next() {
            for part in parts { try replay(part.replayed) }
            if let keeper { archive(with: keeper) }
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
