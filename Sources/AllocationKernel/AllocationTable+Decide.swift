// SPDX-License-Identifier: Apache-2.0

extension AllocationTable {
    /// Decides a batch, item after item in its order, and replaces what `result` held.
    ///
    /// A claim takes the first alternative of its route that is open to its amount and all of
    /// whose limits hold, and adds its amount to the cells which that charges. A claim that takes
    /// none leaves no trace. A claim "up to" reaches the alternatives in order until one can take all
    /// of it, and takes that which can take the most whole units, the first on ties. However a
    /// stream of items is cut into batches, cells and results are the same.
    ///
    /// Runs on the caller's thread and blocks on nothing. O(items), with at most 16 limits tested
    /// an item.
    ///
    /// - Precondition: the batch names routes and cells of this table, and no adjustment takes a
    ///   cell out of `0...maximumSum`.
    public mutating func decide(
        _ batch: borrowing AllocationBatch,
        into result: inout AllocationResult
    ) {
        let decider = serialDecider(of: batch, into: &result)
        result.end(testCount: decider.decide(batch.count, &experience))
    }

    /// What decides a batch on one core; true until the table or the buffers change.
    func serialDecider(
        of batch: borrowing AllocationBatch,
        into result: inout AllocationResult,
        windowLength: Int = AllocationResult.usualWindowLength
    ) -> SerialDecider {
        SerialDecider(
            items: batch.items.view,
            cells: cells.view,
            cellCount: cells.count,
            words: routes.words.view,
            wordCount: routes.words.count,
            limits: limits.view,
            maximumSum: maximumSum,
            writer: result.begin(
                itemCount: batch.count,
                mostTests: routes.mostTests,
                windowLength: windowLength
            ),
            windowLength: windowLength
        )
    }
}
