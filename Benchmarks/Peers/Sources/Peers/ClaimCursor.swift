// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Hands out a stream piece by piece to whoever asks next, so that all workers stay near one
/// another in it and meet at its limits.
final class ClaimCursor: Sendable {
    /// How many claims a worker takes at once from an in-process peer.
    static let pieceCount = 64

    private let next = Atomic<Int>(0)
    private let count: Int
    private let piece: Int

    init(count: Int, piece: Int = ClaimCursor.pieceCount) {
        self.count = count
        self.piece = piece
    }

    /// The next piece, or `nil` at the end.
    func take() -> Range<Int>? {
        // Relaxed: who has a number has the piece; nothing else is handed over by it.
        let start = next.wrappingAdd(piece, ordering: .relaxed).oldValue
        return start < count ? start..<min(start + piece, count) : nil
    }
}

/// Runs a body on so many threads of its own and returns when all are done.
///
/// Threads of its own, as Dispatch keeps no more running than there are cores, and clients of a
/// server wait most of the time.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    if count == 1 { return body(0) }
    let done = DispatchGroup()
    for index in 0..<count {
        done.enter()
        let thread = Thread {
            body(index)
            done.leave()
        }
        thread.start()
    }
    done.wait()
}
