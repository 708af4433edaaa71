// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// Who is writing to an environment, and whether anybody still may.
final class WritingState: Sendable {
    private enum Phase {
        static let open = 0
        /// A commit has been called and its result is not yet known.
        static let settling = 1
        static let poisoned = 2
    }

    /// The thread inside a write transaction, or 0.
    private let writer = Atomic<UInt>(0)
    private let phase = Atomic<Int>(Phase.open)

    /// Whether this very thread is inside a write transaction.
    var isWrittenByThisThread: Bool {
        // Relaxed: a thread only looks for its own mark, which it set itself.
        writer.load(ordering: .relaxed) == Self.thisThread
    }

    var isPoisoned: Bool {
        // Acquiring: pairs with `poison` and `settle`.
        phase.load(ordering: .acquiring) == Phase.poisoned
    }

    /// The calling thread has LMDB's write lock from here on.
    ///
    /// Returns whether it may write: not if the commit before failed.
    func enter() -> Bool {
        // The thread before us is out of LMDB's lock, but may not have said yet how its commit
        // ended. It does so next, so the wait is short.
        // Acquiring: pairs with `settle`.
        while phase.load(ordering: .acquiring) == Phase.settling { sched_yield() }
        guard !isPoisoned else { return false }
        // Relaxed, here and in `leave`: both happen under LMDB's write lock.
        writer.store(Self.thisThread, ordering: .relaxed)
        return true
    }

    /// The thread is about to give LMDB's write lock back.
    ///
    /// Not after: the next thread's mark would be wiped out.
    func leave() {
        writer.store(0, ordering: .relaxed)
    }

    /// A commit is about to be called.
    func beginSettling() {
        // Does not wipe out what a failed `flush` said. Relaxed: the next thread to write sees it
        // because LMDB's write lock passes between us.
        _ = phase.compareExchange(
            expected: Phase.open,
            desired: Phase.settling,
            ordering: .relaxed
        )
    }

    /// The commit has returned.
    func settle(poisoned: Bool) {
        if poisoned {
            poison()
        } else {
            // Releasing: pairs with the loads in `enter` and `isPoisoned`.
            _ = phase.compareExchange(
                expected: Phase.settling,
                desired: Phase.open,
                ordering: .releasing
            )
        }
    }

    /// No more writes: what is on disk is not known.
    func poison() {
        // Releasing: pairs with the loads in `enter` and `isPoisoned`.
        phase.store(Phase.poisoned, ordering: .releasing)
    }

    private static var thisThread: UInt { UInt(pthread_self()) }
}
