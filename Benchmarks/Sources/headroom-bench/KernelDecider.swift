// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// A way to decide batches: a row of the kernel benchmark.
struct KernelDecider: Sendable {
    typealias Decide =
        @Sendable (
            borrowing AllocationBatch, inout AllocationTable, inout AllocationResult
        ) -> Void

    /// What the reports call it: `serial`, or the number of workers.
    var workers: String
    /// Decides a batch.
    var decide: Decide

    /// On the caller's core, one item after the other.
    static var serial: KernelDecider {
        KernelDecider(workers: "serial") { batch, table, result in
            table.decide(batch, into: &result)
        }
    }

    /// By a team, which may leave small batches to the caller's core.
    static func team(_ workerCount: Int) -> KernelDecider {
        let team = WorkerTeam(workerCount: workerCount)
        return KernelDecider(workers: "\(workerCount)") { batch, table, result in
            table.decide(batch, into: &result, with: team)
        }
    }

    /// The part of a row's name that tells the way.
    var name: String { Int(workers) == nil ? workers : "workers\(workers)" }
}
