// SPDX-License-Identifier: Apache-2.0

extension AllocationTable {
    /// Decides a batch, item after item in its order, and replaces what `result` held.
    ///
    /// A claim takes the first alternative of its route that is open to its amount and all of
    /// whose limits hold, and adds its amount to the cells which that charges. A claim that takes
    /// none leaves no trace. However a stream of items is cut into batches, cells and results are
    /// the same.
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
        result.begin(itemCount: batch.count)
        for position in 0..<batch.count {
            let item = batch.items[position]
            if item.isClaim {
                result.endItem(claim(route: Int(item.index), amount: item.amount, into: &result))
            } else {
                adjust(cell: Int(item.index), by: item.amount)
                result.endItem(.adjusted)
            }
        }
    }

    @inline(__always)
    private mutating func claim(
        route index: Int,
        amount: Int64,
        into result: inout AllocationResult
    ) -> AllocationOutcome {
        precondition(index < routes.count, "a claim's route must be one of the table")
        let route = routes.routes[index]
        for ordinal in 0..<route.alternativeCount {
            let alternative = routes.alternatives[Int(route.firstAlternative + ordinal)]
            guard amount <= alternative.maximumAmount else { continue }
            let holds = test(alternative, ordinal: ordinal, amount: amount, into: &result)
            guard holds else { continue }
            guard canCharge(alternative, amount: amount) else { return .overflow }
            for place in alternative.chargeRange {
                cells[Int(routes.charges[place].rawValue)] += amount
            }
            return .taken(alternative: Int(ordinal))
        }
        return .refused
    }

    /// Whether all limits of an alternative hold; each is recorded, also after one that does not.
    @inline(__always)
    private func test(
        _ alternative: RouteStorage.Alternative,
        ordinal: UInt32,
        amount: Int64,
        into result: inout AllocationResult
    ) -> Bool {
        var holds = true
        for place in alternative.limitRange {
            let index = routes.limits[place]
            let limit = limits[Int(index.rawValue)]
            let used = cells[Int(limit.used)]
            let ceiling = cells[Int(limit.ceiling)]
            let allowance = limit.allowance(ceiling: ceiling)
            // Two numbers below 2^63: their sum fits 64 bits.
            holds = holds && used.magnitude + amount.magnitude <= allowance
            result.append(
                TestedLimit(
                    limit: index,
                    alternative: ordinal,
                    used: used,
                    allowed: Int64(clamping: allowance),
                    base: limit.isShare ? ceiling : 0
                )
            )
        }
        return holds
    }

    @inline(__always)
    private func canCharge(_ alternative: RouteStorage.Alternative, amount: Int64) -> Bool {
        for place in alternative.chargeRange {
            let room = maximumSum - cells[Int(routes.charges[place].rawValue)]
            guard amount <= room else { return false }
        }
        return true
    }

    @inline(__always)
    private mutating func adjust(cell index: Int, by change: Int64) {
        precondition(index < cells.count, "an adjusted cell must be one of the table")
        let (value, overflow) = cells[index].addingReportingOverflow(change)
        precondition(overflow || value >= 0, "an adjustment must not take a cell below 0")
        precondition(
            !overflow && value <= maximumSum,
            "an adjustment must not take a cell above the maximum sum"
        )
        cells[index] = value
    }
}
