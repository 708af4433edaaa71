// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import StateStore
import Synchronization

/// Where a ledger keeps the operations that it remembers, beside the newest, which are in memory.
public struct OperationStorage: Sendable {
    /// Has the sorted runs.
    public var store: any RunStore
    /// How many of the newest operations are in memory before they become a run.
    ///
    /// The table of so many has 10 MiB, and as much again while it is being written.
    public var newestCount: Int
    /// Whether a ledger that only answers questions reads of the runs what it looks for, and keeps
    /// nothing of them in memory: for few lookups, where the start counts.
    ///
    /// A ledger that goes on deciding does not ask.
    public var isReadOnDemand: Bool

    /// Makes a storage.
    public init(
        _ store: any RunStore,
        newestCount: Int = 196_608,
        isReadOnDemand: Bool = false
    ) {
        self.store = store
        self.newestCount = newestCount
        self.isReadOnDemand = isReadOnDemand
    }
}

/// Writes sealed operations to runs, and merges runs, on a thread of its own.
///
/// What it can not write stays in memory and is tried again with the next.
final class OperationKeeper: Sendable {
    private struct State {
        /// Sealed, and perhaps not durable yet.
        var sealed: [SealedOperations] = []
        /// Durable, and in no run yet.
        var writable: [SealedOperations] = []
        /// Newer runs than those that were taken last.
        var runs: OperationRunSet?
        var failure: StateStoreError?
    }

    private let state = Mutex(State())
    /// How many sealed tables may wait before those who bring operations in bulk are held up.
    ///
    /// While runs of millions are merged, operations come faster than they are written.
    private static let maximumWaitingCount = 4

    /// Changed on the queue only.
    private let archive: Mutex<OperationArchive>
    /// Less urgent than answers, but not so much that what waits grows without end.
    private let queue = DispatchQueue(label: "headroom.operations", qos: .utility)

    init(_ archive: OperationArchive) { self.archive = Mutex(archive) }

    /// Why the newest try to write failed, if it did.
    var failure: StateStoreError? { state.withLock { $0.failure } }

    /// Takes what is to become a run once its entries are durable.
    func take(_ sealed: SealedOperations) { state.withLock { $0.sealed.append(sealed) } }

    /// Everything in front of an entry is durable.
    func becameDurable(next: UInt64) {
        let hasNew = state.withLock { state in
            let count = state.sealed.prefix { $0.end <= next }.count
            state.writable += state.sealed.prefix(count)
            state.sealed.removeFirst(count)
            return count > 0
        }
        if hasNew { queue.async { self.write() } }
    }

    /// How many sealed tables wait.
    var waitingCount: Int { state.withLock { $0.sealed.count + $0.writable.count } }

    /// The newest runs, if there are any that have not been taken.
    func takeRuns() -> OperationRunSet? {
        state.withLock { state in
            defer { state.runs = nil }
            return state.runs
        }
    }

    /// Waits until everything durable is in runs, or could not be written.
    func drain() { queue.sync {} }

    /// Blocks while too many sealed tables wait, if they can be written.
    func waitForRoom() {
        if waitingCount > Self.maximumWaitingCount { drain() }
    }

    /// Makes the next start rebuild the index from the log.
    func forget() {
        queue.async {
            self.archive.withLock { archive in
                do throws(StateStoreError) {
                    try archive.forget()
                } catch {
                    self.state.withLock { $0.failure = error }
                }
            }
        }
    }

    /// On the queue.
    private func write() {
        archive.withLock { archive in
            do throws(StateStoreError) {
                while let next = state.withLock({ $0.writable.first }) {
                    try archive.append(next)
                    state.withLock { state in
                        state.writable.removeFirst()
                        state.runs = archive.runs
                    }
                }
                while try archive.mergeIfDue() { state.withLock { $0.runs = archive.runs } }
                try archive.removeRetired()
                state.withLock { $0.failure = nil }
            } catch {
                state.withLock { $0.failure = error }
            }
        }
    }
}

extension OperationIndex {
    /// Exchanges sealed tables and runs with who writes them.
    ///
    /// Between batches; `next` is the first entry that is not decided.
    mutating func exchange(with keeper: OperationKeeper, next: UInt64) {
        if let runs = keeper.takeRuns() { adopt(runs) }
        if let sealed = sealIfFull(next: next) { keeper.take(sealed) }
    }
}
