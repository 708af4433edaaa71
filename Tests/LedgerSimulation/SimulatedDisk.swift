// SPDX-License-Identifier: Apache-2.0

package import EntryLog
import LedgerModel
import Synchronization

/// A disk with one ledger's log on it, for as many writers as come.
///
/// A batch is written first and synced afterwards. What is written and not synced is known to its
/// writer alone, and a crash leaves of it what the simulation says: nothing, a part, or all.
package final class SimulatedDisk: Sendable {
    private struct State {
        var batches: [EncodedBatch] = []
        /// How many of the batches a crash leaves.
        var syncedCount = 0
        var head = LogHead.genesis
        var frontier = MerkleFrontier()
        /// What a crash left behind the last batch.
        var tail: [UInt8] = []

        mutating func append(_ batch: EncodedBatch) {
            let epoch = head.epoch
            batches.append(batch)
            head = batch.head
            head.epoch = max(epoch, batch.head.epoch)
            frontier = batch.frontier
        }
    }

    let secret: LedgerSecret
    private let state = Mutex(State())

    package init(secret: LedgerSecret) { self.secret = secret }

    /// Where the log ends.
    package var head: LogHead { state.withLock { $0.head } }

    /// The right edge of the tree over all entries.
    package var frontier: MerkleFrontier { state.withLock { $0.frontier } }

    /// The batches that no crash takes away, from one on.
    package func syncedBatches(from index: Int) -> [EncodedBatch] {
        state.withLock { state in
            index < state.syncedCount ? Array(state.batches[index..<state.syncedCount]) : []
        }
    }

    /// How many batches no crash takes away.
    package var syncedCount: Int { state.withLock { $0.syncedCount } }

    /// Raises the epoch; durable at once.
    func takeOver() -> LogHead {
        state.withLock { state in
            state.head.epoch += 1
            return state.head
        }
    }

    /// Syncs a batch that was written where `expected` is, unless the log is elsewhere by now.
    ///
    /// Redacted batches take their places with it.
    func commit(
        _ batch: EncodedBatch,
        replacing redacted: [RedactedBatch] = [],
        expecting expected: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        try state.withLock { state throws(EntryLogError) in
            if let refused = state.head.refusal(of: expected) { return refused }
            var batches = state.batches
            for replacement in redacted {
                guard
                    let index = batches.firstIndex(where: {
                        replacement.isOf($0.bytes.span.rawBytes)
                    })
                else { throw replacement.isOfNone }
                batches[index] = batches[index].redacted(as: replacement)
            }
            state.batches = batches
            state.append(batch)
            #if PlantedBugs
                if PlantedBug.active == .skippedSync { return .appended(state.head) }
            #endif
            state.syncedCount = state.batches.count
            return .appended(state.head)
        }
    }

    /// Why a batch would not be committed now.
    func refusal(of expected: LogHead) -> AppendOutcome? {
        state.withLock { $0.head.refusal(of: expected) }
    }

    /// The power fails while `tail` has reached the disk of a batch that was being synced.
    package func crash(leaving tail: [UInt8]) {
        state.withLock { state in
            let lost = state.batches.count - state.syncedCount
            state.batches.removeLast(lost)
            let epoch = state.head.epoch
            state.head = state.batches.last?.head ?? .genesis
            state.head.epoch = epoch
            state.frontier = state.batches.last?.frontier ?? MerkleFrontier()
            state.tail = tail
        }
    }

    /// Looks at what a crash left behind the last batch: it is a batch, or it is dropped.
    package func recoverTail() {
        state.withLock { state in
            let tail = state.tail
            state.tail = []
            guard !tail.isEmpty else { return }
            var previous = state.batches.last?.head ?? .genesis
            previous.epoch = state.head.epoch
            let batch = try? EncodedBatch(
                verifying: tail,
                after: previous,
                frontier: state.frontier,
                secret: secret
            )
            if let batch {
                state.append(batch)
                state.syncedCount = state.batches.count
            }
        }
    }

    /// The batches from the one that holds an entry on.
    func batches(from number: EntryNumber) -> ArraySlice<EncodedBatch> {
        state.withLock { state in
            let start = state.batches.firstIndex { $0.head.next > number.rawValue }
            return state.batches[(start ?? state.batches.endIndex)...]
        }
    }
}
