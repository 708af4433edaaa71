// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization
import Testing

/// A store of snapshots in memory that fails when it is told to.
final class SnapshotShelf: SnapshotStore {
    private struct State {
        var snapshot: StoredSnapshot?
        var savingFails = false
        var savedCount = 0
    }

    private let state = Mutex(State())

    init(_ bytes: [UInt8]? = nil) {
        let next = EntryNumber(rawValue: 0)
        state.withLock { $0.snapshot = bytes.map { StoredSnapshot(next: next, bytes: $0) } }
    }

    func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError) {
        let copy = (0..<bytes.byteCount).map { bytes.byte(at: $0) }
        let fails = state.withLock { state in
            if state.savingFails { return true }
            state.snapshot = StoredSnapshot(next: next, bytes: copy)
            state.savedCount += 1
            return false
        }
        if fails { throw .storage(advice: "the shelf is full") }
    }

    func newest() throws(StateStoreError) -> StoredSnapshot? { state.withLock { $0.snapshot } }

    /// From now on nothing can be saved.
    func failSaving() { state.withLock { $0.savingFails = true } }

    var savedCount: Int { state.withLock { $0.savedCount } }

    /// The bytes that are kept, which must be there.
    func bytes() throws -> [UInt8] { try #require(try newest()).bytes }
}

extension RawSpan {
    fileprivate func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}

/// A stream's operations, each with the time at which it counts, so that no clock matters.
func stampedOperations(
    seed: Int,
    profile: StreamProfile = .lawChanges,
    count: Int
) -> [Operation] {
    let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: count)
    var oracle = stream.makeOracle()
    return stream.steps.map { step in
        var operation = step.operation
        if operation.time == nil { operation.time = max(step.now, oracle.newestTime) }
        _ = oracle.apply(operation, now: step.now)
        return operation
    }
}

/// Opens a ledger with a store of snapshots that saves only when it is asked to.
func openLedger(
    _ log: any EntryLog,
    snapshots: any SnapshotStore,
    operations: OperationStorage? = nil,
    policy: SnapshotPolicy = SnapshotPolicy(entriesAtClose: nil)
) throws -> Ledger {
    try Ledger.open(
        log,
        secret: testSecret(),
        snapshots: snapshots,
        operations: operations,
        policy: policy,
        clock: { .earliest }
    )
}

extension Ledger {
    /// Submits operations in batches of at most `batchCount`.
    func submit(_ operations: some Collection<Operation>, batchCount: Int) throws {
        var rest = operations[...]
        while !rest.isEmpty {
            _ = try submit(Array(rest.prefix(batchCount)))
            rest = rest.dropFirst(batchCount)
        }
    }
}

/// The digest of the state that a log alone gives, under a ledger's key.
func digestFromLog(_ log: any EntryLog, key: HashKey) throws -> UInt64 {
    try LedgerCore.recovered(from: log, key: key).digest
}

/// The digest of the state that a snapshot and the rest of the log give, and why the snapshot was
/// not used, if it was not.
func resumed(
    _ log: any EntryLog,
    _ snapshots: any SnapshotStore
) throws -> (digest: UInt64, key: HashKey, recovery: LedgerRecovery) {
    let core = try LedgerCore.recovered(from: log, snapshots: snapshots)
    let recovery = core.recovery
    return (core.digest, core.key, try #require(recovery))
}
