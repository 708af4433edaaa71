// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import BenchmarkWorkloads
import Synchronization

/// A thread that decides a workload's stream over and over and publishes after each batch.
final class BusyDecider: Sendable {
    private struct State: ~Copyable {
        var table: AllocationTable
        var result = AllocationResult()
    }

    let workload: KernelWorkload
    let board = LimitBoard()
    private let decider: KernelDecider
    private let batches: [PreparedBatch]
    private let expected: ExpectedAnswers
    /// Only the deciding thread takes it for long.
    private let state: Mutex<State>
    private let thread = BusyThread()

    init(_ workload: KernelWorkload, decider: KernelDecider, batchCount: Int) {
        self.workload = workload
        self.decider = decider
        batches = workload.batches(of: batchCount)
        expected = ExpectedAnswers(workload)
        let table = workload.makeTable()
        table.publish(to: board)
        state = Mutex(State(table: table))
    }

    /// How many limits are on the board.
    var limitCount: Int { workload.model.limits.count }

    /// Begins; returns when the first batch is published.
    func start() {
        thread.start { [self] note in
            state.withLock { state in
                workload.reset(&state.table)
                state.table.publish(to: board)
                for prepared in batches {
                    decider.decide(prepared.batch, &state.table, &state.result)
                    state.table.publish(prepared.batch, state.result, to: board)
                    note(prepared.batch.count)
                }
            }
        }
    }

    /// Ends with the last item of the stream, and holds the whole board against the oracle.
    ///
    /// - Returns: How many decisions a second were made while it was wanted.
    func stop() throws -> Double {
        let rate = try thread.stop()
        let evaluator = PlainEvaluator(workload.model, cells: expected.cells)
        for limit in 0..<limitCount {
            let room = evaluator.room(in: limit)
            let shown = Int128(board.room(of: workload.kernelLimit(limit)))
            // A limit in breach shows any negative number.
            guard shown == min(room, Int128(Int64.max)) || (shown < 0 && room < 0) else {
                throw BenchmarkFailure("limit \(limit) shows room for \(shown), not \(room)")
            }
        }
        return rate
    }
}
