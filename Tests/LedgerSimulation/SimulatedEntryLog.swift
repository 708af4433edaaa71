// SPDX-License-Identifier: Apache-2.0

package import EntryLog
package import LedgerModel
import Synchronization

/// How an append ends.
package enum AppendFate: Hashable, Sendable {
    /// The batch is synced.
    case synced
    /// There is no space for it, and the store says so.
    case noSpace
    /// It can not be written, and the store says so.
    case inputOutputError
    /// The sync fails, and nobody can tell; the batch is there, or is not.
    case unknown(isKept: Bool)
}

/// One writer's way to a simulated disk.
///
/// An append is two steps, ``begin(_:replacing:expecting:)`` and ``finish(_:)``, between which anything
/// may happen; ``append(_:replacing:expecting:)`` does both.
package final class SimulatedEntryLog: EntryLog {
    private struct State {
        /// What is written and not synced.
        var written: (batch: EncodedBatch, redacted: [RedactedBatch], expected: LogHead)?
        /// How many reads go well before one fails; `nil` for all.
        var readsLeft: Int?
        var isUnknown = false
    }

    private let disk: SimulatedDisk
    private let state = Mutex(State())

    package init(_ disk: SimulatedDisk) { self.disk = disk }

    /// From now on so many batches can be read before a read fails; `nil` for all.
    package func failReads(after batchCount: Int?) {
        state.withLock { $0.readsLeft = batchCount }
    }

    /// What reaches the disk of the batch that is written and not synced, as far as the log is
    /// still where it is expected; nothing of one that is appended together with redacted batches, of
    /// which a crash leaves all or none.
    package var writtenBytes: [UInt8]? {
        guard let written = state.withLock({ $0.written }), written.redacted.isEmpty,
            disk.refusal(of: written.expected) == nil
        else { return nil }
        return written.batch.bytes
    }

    /// Whether something of what is written and not synced can reach the disk if the power fails.
    package var canReachDisk: Bool {
        state.withLock { $0.written }.map { disk.refusal(of: $0.expected) == nil } ?? false
    }

    /// The power fails while a batch that is appended together with redacted ones is being synced: both
    /// are on the disk, or neither is.
    ///
    /// - Returns: Whether they are; never if there is no such batch.
    func crash(keepsTransaction: Bool) -> Bool {
        guard keepsTransaction, let written = state.withLock({ $0.written }),
            !written.redacted.isEmpty,
            case .appended? = try? commit(written)
        else { return false }
        return true
    }

    /// Writes a batch and does not sync it.
    package func begin(
        _ batch: EncodedBatch,
        replacing redacted: [RedactedBatch] = [],
        expecting head: LogHead
    ) {
        batch.requireFinished(with: head)
        state.withLock { $0.written = (batch, redacted, head) }
    }

    /// Syncs what was written, or fails to.
    package func finish(_ fate: AppendFate) throws(EntryLogError) -> AppendOutcome {
        let (written, isUnknown) = state.withLock { state in
            defer { state.written = nil }
            return (state.written, state.isUnknown)
        }
        guard let written else {
            preconditionFailure("an append begins before it ends")
        }
        if isUnknown { throw Self.refusesEverything }
        switch fate {
        case .synced: return try commit(written)
        case .noSpace: throw .storage(advice: "no space is left on the disk")
        case .inputOutputError: throw .storage(advice: "the disk can not be written")
        case .unknown(let isKept):
            if isKept { _ = try commit(written) }
            state.withLock { $0.isUnknown = true }
            throw .outcomeUnknown(cause: "the sync failed")
        }
    }

    private func commit(
        _ written: (batch: EncodedBatch, redacted: [RedactedBatch], expected: LogHead)
    ) throws(EntryLogError) -> AppendOutcome {
        try disk.commit(
            written.batch,
            replacing: written.redacted,
            expecting: written.expected
        )
    }

    package func takeOver() throws(EntryLogError) -> LogHead {
        try requireKnown()
        return disk.takeOver()
    }

    package func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting head: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        begin(copy batch, replacing: redacted, expecting: head)
        return try finish(.synced)
    }

    package func head() throws(EntryLogError) -> LogHead {
        try requireKnown()
        return disk.head
    }

    package func frontier() throws(EntryLogError) -> MerkleFrontier {
        try requireKnown()
        return disk.frontier
    }

    package func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        var previous: LogHead?
        for batch in disk.batches(from: number) {
            try requireKnown()
            try countRead()
            let bytes = batch.bytes.span.rawBytes
            let header = try BatchReader.check(bytes, after: previous)
            previous = BatchReader.head(after: header, bytes)
            guard case .next = try body(header, bytes) else { return }
        }
    }

    private static let refusesEverything = EntryLogError.outcomeUnknown(
        cause: "an earlier sync failed"
    )

    private func requireKnown() throws(EntryLogError) {
        if state.withLock({ $0.isUnknown }) { throw Self.refusesEverything }
    }

    private func countRead() throws(EntryLogError) {
        let fails = state.withLock { state in
            guard let left = state.readsLeft else { return false }
            state.readsLeft = max(0, left - 1)
            return left == 0
        }
        if fails { throw .storage(advice: "the disk can not be read") }
    }
}
