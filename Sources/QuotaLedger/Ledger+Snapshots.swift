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

    /// Makes a policy.
    public init(entriesAtClose: UInt64? = 10_000) { self.entriesAtClose = entriesAtClose }
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
        return saver.sync {
            guard let copy = durableCopy() else { return .failed("the ledger has failed") }
            let next = copy.position.next
            guard next > snapshotNext.withLock({ $0 }), copy.state.isSettled else {
                return .notNeeded
            }
            let words = copy.state.snapshot(at: copy.position)
            do throws(StateStoreError) {
                try snapshots.save(words.span.rawBytes, next: EntryNumber(rawValue: next))
            } catch {
                return .failed("\(error)")
            }
            snapshotNext.withLock { $0 = next }
            return .saved(next: EntryNumber(rawValue: next))
        }
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
        defer { keeper?.drain() }
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
