// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// A way to decide batches: a row of the kernel benchmark.
struct KernelDecider {
    typealias Decide = (
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

    /// The part of a row's name that tells the way.
    var name: String { Int(workers) == nil ? workers : "workers\(workers)" }
}
