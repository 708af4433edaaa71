// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// One Swift actor around the arithmetic, asked by tasks that await each answer.
public struct ActorPeer: Peer {
    /// What it is.
    public let name = "one actor"
    /// In memory.
    public let durability = Durability.none
    /// How many tasks ask.
    public let clientCount: Int
    /// How many claims are in a call.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings = "default executor"

    /// Makes a peer with so many tasks, and so many claims in each call.
    public init(tasks: Int, batchCount: Int) {
        clientCount = tasks
        self.batchCount = batchCount
    }

    private actor Allocator {
        private var state: LimitState
        private let workload: PeerWorkload

        init(_ workload: PeerWorkload) {
            state = LimitState(workload)
            self.workload = workload
        }

        func decide(_ claim: PeerClaim) -> (outcome: Int8, turn: UInt32) {
            state.decide(amount: claim.amount, on: workload.routes[Int(claim.party)])
        }

        /// The outcomes in the order of the claims, and the turn of the first.
        func decide(_ claims: ArraySlice<PeerClaim>) -> (outcomes: [Int8], turn: UInt32) {
            let turn = state.turn
            let outcomes = claims.map { claim in
                state.decide(amount: claim.amount, on: workload.routes[Int(claim.party)]).outcome
            }
            return (outcomes, turn)
        }

        var used: [Int64] { state.used }
    }

    /// Decides all claims by tasks that share the stream.
    ///
    /// Blocks its thread: not for Swift concurrency's threads.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        let box = Mutex<PeerRun?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task {
            let run = await decideAll(workload)
            box.withLock { $0 = run }
            done.signal()
        }
        done.wait()
        guard let run = box.withLock({ $0 }) else { throw PeerError("the tasks left no run") }
        return run
    }

    /// The same for Swift concurrency's threads.
    func decideAll(_ workload: PeerWorkload) async -> PeerRun {
        let allocator = Allocator(workload)
        let board = OutcomeBoard(count: workload.claims.count)
        let cursor = ClaimCursor(
            count: workload.claims.count,
            piece: max(batchCount, ClaimCursor.pieceCount)
        )
        let isBatched = batchCount > 1
        let stopwatch = Stopwatch()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<clientCount {
                group.addTask {
                    while let piece = cursor.take() {
                        if isBatched {
                            let answer = await allocator.decide(workload.claims[piece])
                            for (offset, outcome) in answer.outcomes.enumerated() {
                                board.write(
                                    outcome,
                                    turn: answer.turn + UInt32(offset),
                                    at: piece.lowerBound + offset
                                )
                            }
                        } else {
                            for position in piece {
                                let claim = workload.claims[position]
                                let answer = await allocator.decide(claim)
                                board.write(answer.outcome, turn: answer.turn, at: position)
                            }
                        }
                    }
                }
            }
        }
        let time = stopwatch.read()
        return PeerRun(
            outcomes: board.allOutcomes(),
            order: board.order(),
            used: await allocator.used,
            time: time
        )
    }
}
