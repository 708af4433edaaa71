// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// A few threads that do a ledger's work; they sleep, and then go away, when there is none.
///
/// Serial queues, as each has a thread of its own when it needs one: work on a concurrent queue
/// would wait for ever once all of Dispatch's threads were callers who wait for their answers.
final class LedgerWorkers: Sendable {
    private let queues: [DispatchQueue]
    /// A bit for each queue that does nothing.
    private let free: Atomic<UInt64>

    /// Makes workers, one for each duty and as many that are just ending.
    init() {
        let count = 6
        queues = (0..<count).map { DispatchQueue(label: "headroom.worker.\($0)") }
        free = Atomic((1 << UInt64(count)) - 1)
    }

    /// Has something done by a worker that does nothing.
    ///
    /// No lock is taken. If all are busy it waits for one, which happens only while several are
    /// about to end.
    func run(_ work: @escaping @Sendable () -> Void) {
        guard let index = claim() else { return queues[0].async(execute: work) }
        queues[index].async {
            work()
            // Relaxed: a queue does one thing after the other by itself.
            self.free.bitwiseOr(1 << UInt64(index), ordering: .relaxed)
        }
    }

    private func claim() -> Int? {
        var seen = free.load(ordering: .relaxed)
        while seen != 0 {
            let index = seen.trailingZeroBitCount
            let (isOurs, newest) = free.weakCompareExchange(
                expected: seen,
                desired: seen & ~(1 << UInt64(index)),
                ordering: .relaxed
            )
            if isOurs { return index }
            seen = newest
        }
        return nil
    }
}
