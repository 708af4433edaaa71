// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation

/// Runs a body on a thread of its own.
func startThread(_ body: @escaping @Sendable () -> Void) { Thread(block: body).start() }

/// Runs a body on a thread of its own, and lets the task wait for it.
func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        startThread {
            body()
            continuation.resume()
        }
    }
}

/// Runs a body on so many threads of their own, however few cores there are, and waits for all.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        startThread {
            body(index)
            group.leave()
        }
    }
    group.wait()
}

/// Which thread this is.
func thisThread() -> ObjectIdentifier { ObjectIdentifier(Thread.current) }

/// Comes back when it does, having let other threads run between two looks.
func waitUntil(_ isSo: () throws -> Bool) rethrows {
    while try !isSo() { sched_yield() }
}
