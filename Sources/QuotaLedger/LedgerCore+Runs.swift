// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import StateStore

extension LedgerCore {
    /// Rebuilds a core that goes on deciding, and whatever keeps its operations.
    ///
    /// Runs count only together with a snapshot that rests on them; without one they are made anew
    /// as the log is read, so that memory stays bounded.
    static func recovered(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        operations: OperationStorage?,
        keeper: inout OperationKeeper?
    ) throws(LedgerError) -> LedgerCore {
        guard let operations else { return try recovered(from: log, snapshots: snapshots) }
        let reason: String?
        do {
            if let core = try resumed(
                from: log,
                snapshots: snapshots,
                operations: operations,
                keeper: &keeper
            ) {
                return core
            }
            reason = nil
        } catch {
            reason = "\(error)"
            // Nothing of the first try may be written any more.
            keeper?.drain()
        }
        var core = LedgerCore(key: .random())
        core.recovery = LedgerRecovery()
        core.recovery?.ignoredSnapshot = reason
        keeper = core.makeKeeper(operations, loaded: nil)
        try core.replay(log, from: EntryNumber(rawValue: 0), until: nil, keeper: keeper)
        return core
    }

    private static func resumed(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        operations: OperationStorage,
        keeper: inout OperationKeeper?
    ) throws -> LedgerCore? {
        let loaded = try LoadedRuns(operations.store)
        guard
            var core = try restored(from: log, snapshots: snapshots, loaded: loaded, until: nil)
        else { return nil }
        keeper = core.makeKeeper(operations, loaded: loaded)
        try core.replay(log, from: core.next, until: nil, keeper: keeper)
        try core.checkIndex()
        return core
    }

    /// The core as the newest snapshot has it that takes in nothing from `until` on, which the log
    /// confirms; `nil` if there is none.
    static func restored(
        from log: any EntryLog,
        snapshots: (any SnapshotStore)?,
        loaded: LoadedRuns?,
        until: EntryNumber?
    ) throws -> LedgerCore? {
        let stored =
            if let until { try snapshots?.newest(before: until) } else { try snapshots?.newest() }
        guard let stored else { return nil }
        let snapshot = try StateSnapshot(stored.bytes)
        let next = EntryNumber(rawValue: snapshot.position.next)
        if let until, until < next {
            throw SnapshotFault("it takes in entry \(until), which is to be left out")
        }
        try checkPosition(snapshot.position, in: log)
        var core = LedgerCore(state: try snapshot.state(loaded: loaded))
        core.recovery = LedgerRecovery()
        core.recovery?.replayedFrom = next
        return core
    }

    /// Whether the runs hold what the log has.
    ///
    /// They may be ahead of the snapshot that rests on them, and are judged when the log has been
    /// read as far.
    func checkIndex() throws(SnapshotFault) {
        guard state.operations.isWhole(next: state.next) else {
            throw SnapshotFault("the runs of operations are not those of this log")
        }
    }

    /// Who keeps the operations from now on; `nil`, and a reason, if the store fails.
    private mutating func makeKeeper(
        _ operations: OperationStorage,
        loaded: LoadedRuns?
    ) -> OperationKeeper? {
        let capacity = operations.newestCount
        do throws(StateStoreError) {
            let archive =
                if let loaded, state.operations.runs.count > 0 {
                    try OperationArchive(loaded, store: operations.store, capacity: capacity)
                } else {
                    try OperationArchive(
                        emptying: operations.store,
                        key: state.operations.key,
                        capacity: capacity
                    )
                }
            state.operations.capacity = capacity
            return OperationKeeper(archive)
        } catch {
            recovery?.unusedRuns = "\(error)"
            return nil
        }
    }

    /// Lets the oldest operations in memory become runs while a log is read back, of which
    /// everything is durable.
    mutating func archive(with keeper: OperationKeeper) {
        state.operations.exchange(with: keeper, next: state.next)
        keeper.becameDurable(next: state.next)
        // A disk that is slower than the log must not let the tables pile up.
        if keeper.waitingCount > 2 { keeper.drain() }
    }
}
