// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A mutex whose hand-overs the thread sanitizer sees.
///
/// The sanitizer misses a contended `Mutex`, as the standard library's own code is not instrumented.
/// So each holder also leaves a word for the next: a plain load and store on most processors.
struct VisibleMutex<Value: Sendable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>
    private let turn = Atomic<Bool>(false)

    init(_ value: Value) { mutex = Mutex(value) }

    func withLock<Answer: Sendable>(_ body: (inout Value) -> Answer) -> Answer {
        mutex.withLock { value in
            // Acquiring: pairs with the store of the holder before.
            _ = turn.load(ordering: .acquiring)
            defer { turn.store(true, ordering: .releasing) }
            return body(&value)
        }
    }
}
