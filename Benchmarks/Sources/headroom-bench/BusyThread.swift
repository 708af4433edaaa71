// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Dispatch
import Synchronization

/// A thread that does the same over and over while something else is measured.
final class BusyThread: Sendable {
    private let isWanted = Atomic<Bool>(false)
    private let measured = Mutex((done: 0, began: UInt64(0), failure: (any Error)?.none))
    private let started = DispatchSemaphore(value: 0)
    private let ended = DispatchSemaphore(value: 0)
    private let queue = DispatchQueue(label: "headroom-bench.busy")

    /// Begins; returns when the first of what is done is done.
    ///
    /// - Parameter turn: Is called again and again while it is wanted, and calls what it is given each
    ///   time that so many items are done. It ends the thread by throwing.
    func start(_ turn: @escaping @Sendable (_ note: (Int) -> Void) throws -> Void) {
        measured.withLock { $0 = (0, SystemClock().nanoseconds, nil) }
        // Releasing: pairs with the load in `work`.
        isWanted.store(true, ordering: .releasing)
        queue.async { self.work(turn) }
        started.wait()
    }

    /// Ends with the turn that is under way.
    ///
    /// - Returns: How many items a second were done while it was wanted.
    /// - Throws: What a turn threw.
    func stop() throws -> Double {
        let now = SystemClock().nanoseconds
        let (done, began, _) = measured.withLock { $0 }
        // Releasing: pairs with the load in `work`.
        isWanted.store(false, ordering: .releasing)
        ended.wait()
        if let failure = measured.withLock({ $0.failure }) { throw failure }
        return Double(done) / Double(max(1, now - began)) * 1e9
    }

    private func work(_ turn: (_ note: (Int) -> Void) throws -> Void) {
        var isFirst = true
        func begin() {
            if isFirst { started.signal() }
            isFirst = false
        }
        do {
            // Acquiring: pairs with the stores in `start` and `stop`.
            while isWanted.load(ordering: .acquiring) {
                try turn { count in
                    measured.withLock { $0.done += count }
                    begin()
                }
            }
        } catch {
            measured.withLock { $0.failure = error }
        }
        // Whoever waits for the first is told of a failure at the end.
        begin()
        ended.signal()
    }
}
