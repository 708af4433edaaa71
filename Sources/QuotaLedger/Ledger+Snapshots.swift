// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
public import LedgerModel
import StateStore
import Synchronization

/// When a ledger saves a snapshot of itself.
public struct SnapshotPolicy: Hashable, Sendable {
    /// ``Ledger/close()`` saves one if at least so many entries lie behind the newest; `nil` for
    /// never.
    public var entriesAtClose: UInt64?
    /// While the ledger works it saves one each time that so many entries lie behind the newest; at
    /// least 1, or `nil` for never.
    ///
    /// Of each so many entries one snapshot is kept, too, so that the ledger as of an old entry is
    /// soon rebuilt. There are never more than ``maximumKeptCount``, and they never take much more
    /// than a quarter of what the log does: in a longer log, and of a larger state, the entries
    /// between two are more.
    public var entriesBetween: UInt64?

    /// The most snapshots that are kept beside the newest.
    public static let maximumKeptCount: UInt64 = 32

    /// How many bytes of snapshots an entry may cost while a ledger works: a quarter of what it
    /// usually takes in a log.
    package var byteCountEachEntry: UInt64 = 44

    /// Makes a policy.
    public init(entriesAtClose: UInt64? = 10_000, entriesBetween: UInt64? = 1 << 20) {
        precondition(entriesBetween != 0, "between two snapshots there are entries")
        self.entriesAtClose = entriesAtClose
        self.entriesBetween = entriesBetween
    }

    /// How many entries there are at least between two snapshots of so many bytes, while a ledger
    /// works.
    func entriesBetween(snapshotsOf byteCount: Int) -> UInt64? {
        entriesBetween.map { max($0, UInt64(byteCount) / byteCountEachEntry) }
    }

    /// What becomes of the kept snapshots when another is saved.
    ///
    /// - Parameters:
    ///   - kept: The first entries that the kept ones do not take in, in order.
    ///   - next: The first entry that the new one does not take in.
    ///   - byteCount: How many bytes the new one has.
    /// - Returns: The ones that are kept no longer; `nil` if the new one is not kept.
    package func thinned(_ kept: [EntryNumber], keeping next: EntryNumber, of byteCount: Int)
        -> [EntryNumber]?
    {
        guard let entriesBetween else { return nil }
        var stride = entriesBetween
        while stride < UInt64(byteCount) / byteCountEachEntry { stride *= 2 }
        while max(kept.last ?? next, next).rawValue / stride >= Self.maximumKeptCount {
            stride *= 2
        }
        // What is ahead of the log is of another one.
        let isKnown = kept.contains { $0 < next && $0.rawValue / stride == next.rawValue / stride }
        guard !isKnown else { return nil }
        // Of each stride the oldest stays: it was the first to be kept.
        var strides: Set<UInt64> = []
        return kept.filter { $0 >= next || !strides.insert($0.rawValue / stride).inserted }
    }
}

/// What came of saving a snapshot.
///
/// A snapshot that was not saved harms nothing: the next start reads more entries.
public enum SnapshotOutcome: Hashable, Sendable {
    /// It is durable, and takes in everything in front of this entry.
    case saved(next: EntryNumber)
    /// There is nothing new to save, or nowhere to save it.
    case notNeeded
    /// It could not be saved; one that was saved before is still there.
    case failed(String)
}

/// A copy of a core's state, which runs ahead of what is durable.
package struct StateCopy: Sendable {
    let state: LedgerState

    /// The first entry that it does not take in.
    package var next: EntryNumber { EntryNumber(rawValue: state.next) }

    /// A checksum of everything in it, to compare it with a core that has the same key.
    ///
    /// O(state).
    package var digest: UInt64 { state.digest }
}

extension LedgerCore {
    /// A copy of the state; it costs little until the core changes what they share.
    package var stateCopy: StateCopy { StateCopy(state: state) }
}

extension BatchWriter {
    /// The words of a snapshot, of a copy that ends where this writer stands; `nil` if it ends
    /// within the entries of one operation.
    package func snapshot(of copy: StateCopy) -> [UInt64]? {
        precondition(copy.next.rawValue == position.next, "a snapshot is of what is durable")
        return copy.state.isSettled ? copy.state.snapshot(at: position) : nil
    }
}

/// A state of which every entry is durable.
struct DurableCopy: Sendable {
    var state: LedgerState
    var position: LogPosition
}

/// A copy that someone waits for.
struct CopyUnderWay: Sendable {
    /// Is given the copy, or none if the ledger has failed.
    var request: @Sendable (DurableCopy?) -> Void
    /// The copy, as soon as it is made.
    var copy: StateCopy?
}

extension Ledger {
    /// Saves a snapshot of everything decided so far, and blocks until it is durable.
    ///
    /// The ledger goes on meanwhile: the decider only pays for the copy of what it then changes,
    /// the writer of the log for nothing. Any thread that may block may call it, but none of the
    /// ledger's own; several calls are served one after the other.
    @available(*, noasync, message: "it blocks")
    @discardableResult
    public func saveSnapshot() -> SnapshotOutcome {
        guard let snapshots else { return .notNeeded }
        return saver.sync { save(to: snapshots) }
    }

    /// By the writer, behind a batch: has a snapshot saved meanwhile if it is time for one.
    func saveSnapshotIfDue(next: EntryNumber) {
        guard let between = policy.entriesBetween, let snapshots else { return }
        let isDue = snapshotDue.withLock { due in
            guard next.rawValue >= due else { return false }
            // It may fail, and what keeps failing must not be tried with every batch.
            due = next.rawValue + max(1, between / 8)
            return true
        }
        guard isDue else { return }
        saver.async {
            _ = self.save(to: snapshots)
        }
    }

    /// By the saver.
    private func save(to snapshots: any SnapshotStore) -> SnapshotOutcome {
        guard let copy = durableCopy() else { return .failed("the ledger has failed") }
        let next = EntryNumber(rawValue: copy.position.next)
        guard next.rawValue > snapshotNext.withLock({ $0 }), copy.state.isSettled else {
            return .notNeeded
        }
        let words = copy.state.snapshot(at: copy.position)
        let byteCount = 8 * words.count
        do throws(StateStoreError) {
            try snapshots.save(words.span.rawBytes, next: next)
            snapshotNext.withLock { $0 = next.rawValue }
            if let between = policy.entriesBetween(snapshotsOf: byteCount) {
                snapshotDue.withLock { $0 = next.rawValue + between }
            }
            let kept = try snapshots.keptSnapshots()
            if let removed = policy.thinned(kept, keeping: next, of: byteCount) {
                try snapshots.keep(words.span.rawBytes, next: next, removing: removed)
            }
        } catch {
            return .failed("\(error)")
        }
        guard let trail else { return .saved(next: next) }
        do {
            try HoldTrail.grow(over: log, to: next, in: trail)
        } catch {
            return .failed("\(error)")
        }
        return .saved(next: next)
    }

    /// Ends the ledger's work: takes nothing more, waits until everything submitted is answered,
    /// and saves a snapshot if the policy asks for one.
    ///
    /// What is submitted afterwards is answered with ``LedgerError/closed``. Closing again changes
    /// nothing.
    @available(*, noasync, message: "it blocks")
    @discardableResult
    public func close() -> SnapshotOutcome {
        queue.close()
        // Whoever was let in may not have put its operations in the queue yet.
        var isLast = false
        while !isLast {
            isLast = queue.isIdle
            drain()
        }
        let isFirst = desk.withLock { $0.close() }
        defer {
            // Whoever closes may open the same stores next.
            saver.sync {}
            keeper?.drain()
        }
        guard isFirst, let least = policy.entriesAtClose, snapshots != nil else {
            return .notNeeded
        }
        let next = inquire { $0.next.rawValue }
        guard next - snapshotNext.withLock({ $0 }) >= least else { return .notNeeded }
        return saveSnapshot()
    }

    /// A copy of the state at an end of the log; `nil` if the ledger has failed.
    ///
    /// The state in memory runs ahead of the log. So the copy is taken between two batches by the
    /// decider, and given away once the writer has made durable all that was decided before it.
    private func durableCopy() -> DurableCopy? {
        let box = Mutex<DurableCopy?>(nil)
        let done = DispatchSemaphore(value: 0)
        let underWay = CopyUnderWay { copy in
            box.withLock { $0 = copy }
            done.signal()
        }
        copying.withLock { $0 = underWay }
        happen { $0.requestCopy() }
        done.wait()
        return box.withLock { $0 }
    }

    /// By the decider, between two batches.
    func copyState() {
        let copy = core.withLock { $0.stateCopy }
        copying.withLock { $0?.copy = copy }
        desk.withLock { $0.happen { $0.copied() } }
    }

    /// By the writer, when it stands where the copy ends, or the ledger has failed.
    func handOver(isDurable: Bool) {
        let underWay = copying.withLock { copying in
            defer { copying = nil }
            return copying
        }
        guard let underWay else { return }
        guard isDurable, let state = underWay.copy?.state else { return underWay.request(nil) }
        let position = writing.withLock { $0.position }
        precondition(position.next == state.next, "a copy is handed over where it ends")
        underWay.request(DurableCopy(state: state, position: position))
    }
}
