// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A count that only rises, for whose next step workers wait: spinning for a while, then parked.
///
/// Spinning makes a hand-over cost a fraction of a microsecond where a wake-up by the system costs
/// tens; parking gives the core back when nothing comes. A worker that is about to park says so,
/// looks again, and only then sleeps, so no step is missed: whoever steps looks for sleepers after
/// it has stepped.
final class Turnstile: Sendable {
    /// A word alone on its cache lines: others spin on it.
    private struct LoneWord: ~Copyable, Sendable {
        private let before = InlineArray<15, UInt64>(repeating: 0)
        let value = Atomic<UInt64>(0)
        private let after = InlineArray<15, UInt64>(repeating: 0)
    }

    /// Where one worker sleeps.
    private final class Seat: Sendable {
        let isTaken = Atomic<Bool>(false)
        let semaphore = DispatchSemaphore(value: 0)
    }

    private let steps = LoneWord()
    private let sleeperCount = Atomic<Int>(0)
    private let seats: [Seat]
    private let spins: Int

    /// Makes a turnstile for so many workers, which look so often before they park.
    init(workerCount: Int, spins: Int) {
        seats = (0..<workerCount).map { _ in Seat() }
        self.spins = spins
    }

    /// How often it has stepped.
    @inline(__always)
    var count: UInt64 { steps.value.load(ordering: .acquiring) }

    /// Steps, and wakes whoever sleeps.
    func step() {
        steps.value.wrappingAdd(1, ordering: .sequentiallyConsistent)
        guard sleeperCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
        for seat in seats where seat.isTaken.exchange(false, ordering: .sequentiallyConsistent) {
            seat.semaphore.signal()
        }
    }

    /// Waits until the count is another than `seen`.
    func wait(beyond seen: UInt64, as worker: Int) {
        for _ in 0..<spins where count != seen { return }
        let seat = seats[worker]
        sleeperCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleeperCount.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        while true {
            seat.isTaken.store(true, ordering: .sequentiallyConsistent)
            if steps.value.load(ordering: .sequentiallyConsistent) == seen {
                seat.semaphore.wait()
            } else if !seat.isTaken.exchange(false, ordering: .sequentiallyConsistent) {
                // Somebody saw the seat taken and signals: the signal must not be left behind.
                seat.semaphore.wait()
            }
            if count != seen { return }
        }
    }
}

/// Where the workers of a team wait for each other between two phases.
final class Meeting: Sendable {
    private let workerCount: Int
    private let arrived = Atomic<Int>(0)
    private let turnstile: Turnstile

    init(workerCount: Int, spins: Int) {
        self.workerCount = workerCount
        turnstile = Turnstile(workerCount: workerCount, spins: spins)
    }

    /// Returns once all workers have arrived; what each did before it is seen by all after it.
    func attend(as worker: Int) {
        let seen = turnstile.count
        let before = arrived.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
        guard before == workerCount - 1 else {
            return turnstile.wait(beyond: seen, as: worker)
        }
        arrived.store(0, ordering: .relaxed)
        turnstile.step()
    }
}
