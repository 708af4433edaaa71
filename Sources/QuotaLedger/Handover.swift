// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// One value that one thread gives and another waits for.
final class Handover<Value: Sendable>: Sendable {
    private let value = VisibleMutex<Value?>(nil)
    private let done = DispatchSemaphore(value: 0)

    /// Gives the value, once.
    func give(_ given: Value) {
        value.withLock { $0 = given }
        done.signal()
    }

    /// Waits for the value; one thread, once.
    func wait() -> Value {
        done.wait()
        guard let given = value.withLock({ $0 }) else {
            preconditionFailure("who is woken finds a value")
        }
        return given
    }
}
