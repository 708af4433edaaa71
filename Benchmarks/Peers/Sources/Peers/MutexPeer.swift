// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One mutex around the arithmetic, taken for each claim.
public struct MutexPeer: Peer {
    /// What it is.
    public let name = "one mutex"
    /// In memory.
    public let durability = Durability.none
    /// How many threads ask.
    public let clientCount: Int
    /// One claim each time the lock is held.
    public let batchCount = 1
    /// What the columns do not show.
    public let settings = "Synchronization.Mutex"

    /// Makes a peer with so many threads.
    public init(threads: Int) { clientCount = threads }

    private final class Guarded: Sendable {
        let state: Mutex<LimitState>
        init(_ workload: PeerWorkload) { state = Mutex(LimitState(workload)) }
    }

    /// Decides all claims on threads that share the stream.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let guarded = Guarded(workload)
        let board = OutcomeBoard(count: workload.claims.count)
        let cursor = ClaimCursor(count: workload.claims.count)
        let stopwatch = Stopwatch()
        onThreads(clientCount) { _ in
            while let piece = cursor.take() {
                for position in piece {
                    let claim = workload.claims[position]
                    let route = workload.routes[Int(claim.party)]
                    let (outcome, turn) = guarded.state.withLock { state in
                        state.decide(amount: claim.amount, on: route)
                    }
                    board.write(outcome, turn: turn, at: position)
                }
            }
        }
        let time = stopwatch.read()
        return PeerRun(
            outcomes: board.allOutcomes(),
            order: board.order(),
            used: guarded.state.withLock { $0.used },
            time: time
        )
    }
}
