// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Work that is spread over the cores.
package enum Parallel {
    /// Calls `body` once for each number from 0, on at most `workerCount` threads of which the
    /// caller's is one, and blocks until all are done.
    ///
    /// Each thread takes the next number that is left, so that one that is slow, or never gets a
    /// core, keeps nobody waiting.
    package static func forEach(_ count: Int, workerCount: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1, workerCount > 1 else {
            for index in 0..<count { body(index) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: min(count, workerCount)) { _ in
            while true {
                // Relaxed: who gets which number is all that matters here; that the work is done
                // and seen, the end of the fan-out tells.
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }
}
