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
        result.begin(itemCount: batch.count)
        for position in 0..<batch.count {
            let item = batch.items[position]
            if item.isAdjustment {
                adjust(cell: Int(item.index), by: item.amount)
                result.endItem(.adjusted)
            } else if item.unit > 0 {
                claimUpTo(item, into: &result)
            } else {
                let outcome = claim(route: Int(item.index), amount: item.amount, into: &result)
                if case .taken = outcome {
                    result.endItem(outcome, granted: item.amount)
                } else {
                    result.endItem(outcome)
                }
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
            charge(alternative, amount: amount)
            return .taken(alternative: Int(ordinal))
        }
        return .refused
    }

    private mutating func claimUpTo(
        _ item: AllocationBatch.StoredItem,
        into result: inout AllocationResult
    ) {
        precondition(Int(item.index) < routes.count, "a claim's route must be one of the table")
        let route = routes.routes[Int(item.index)]
        var best: (ordinal: UInt32, amount: Int64)?
        for ordinal in 0..<route.alternativeCount {
            let alternative = routes.alternatives[Int(route.firstAlternative + ordinal)]
            guard item.amount <= alternative.maximumAmount else { continue }
            let amount = room(in: alternative, ordinal: ordinal, for: item, into: &result)
            if amount > best?.amount ?? 0 { best = (ordinal, amount) }
            if amount == item.amount { break }
        }
        guard let best else { return result.endItem(.refused) }
        let alternative = routes.alternatives[Int(route.firstAlternative + best.ordinal)]
        guard canCharge(alternative, amount: best.amount) else {
            return result.endItem(.overflow)
        }
        charge(alternative, amount: best.amount)
        result.endItem(.taken(alternative: Int(best.ordinal)), granted: best.amount)
    }

    /// How much of a claim "up to" an alternative can take in whole units; each limit is recorded.
    private func room(
        in alternative: RouteStorage.Alternative,
        ordinal: UInt32,
        for item: AllocationBatch.StoredItem,
        into result: inout AllocationResult
    ) -> Int64 {
        var least = item.amount.magnitude
        for place in alternative.limitRange {
            let test = tested(routes.limits[place], ordinal: ordinal)
            let used = test.record.used.magnitude
            least = min(least, test.allowance > used ? test.allowance - used : 0)
            result.append(test.record)
        }
        let amount = Int64(least)
        return amount - amount % item.unit
    }

    @inline(__always)
    private mutating func charge(_ alternative: RouteStorage.Alternative, amount: Int64) {
        for place in alternative.chargeRange {
            cells[Int(routes.charges[place].rawValue)] += amount
        }
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
            let test = tested(routes.limits[place], ordinal: ordinal)
            // Two numbers below 2^63: their sum fits 64 bits.
            holds = holds && test.record.used.magnitude + amount.magnitude <= test.allowance
            result.append(test.record)
        }
        return holds
    }

    /// A limit as it stands, and what it allows without the cut at the largest signed number.
    @inline(__always)
    private func tested(
        _ index: LimitIndex,
        ordinal: UInt32
    ) -> (record: TestedLimit, allowance: UInt64) {
        let limit = limits[Int(index.rawValue)]
        let ceiling = cells[Int(limit.ceiling)]
        let allowance = limit.allowance(ceiling: ceiling)
        let record = TestedLimit(
            limit: index,
            alternative: ordinal,
            used: cells[Int(limit.used)],
            allowed: Int64(clamping: allowance),
            base: limit.isShare ? ceiling : 0
        )
        return (record, allowance)
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
