// SPDX-License-Identifier: Apache-2.0

/// What came of an item.
public enum PlainOutcome: Hashable, Sendable {
    /// The alternative was taken, counted from 0.
    case taken(Int)
    /// No alternative held.
    case refused
    /// The alternative that held would have brought a cell above the maximum sum.
    case overflow
    /// The adjustment was made.
    case adjusted

    /// Whether something was granted.
    public var isGrant: Bool {
        if case .taken = self { return true }
        return false
    }
}

/// A limit as it stood when a claim tested it.
public struct PlainTest: Hashable, Sendable {
    /// Which limit.
    public var limit: Int
    /// The alternative that tested it.
    public var alternative: Int
    /// What was used.
    public var used: Int64
    /// How much it allowed, at most `Int64.max`.
    public var allowed: Int64
    /// What the base held; 0 of a limit of an amount.
    public var base: Int64
}

/// An item's outcome, what it was granted and what it tested.
public struct PlainAnswer: Hashable, Sendable {
    /// What came of it.
    public var outcome: PlainOutcome
    /// What it was granted.
    public var granted: Int64
    /// The limits tested, in order.
    public var tests: [PlainTest]
}

/// The oracle: one item at a time, by the meaning of the ledger, as plainly as possible.
///
/// It shares no code with the kernel that it judges. Everything is computed in 128 bits.
public struct PlainEvaluator: Sendable {
    /// The limits and routes.
    public let model: WorkloadModel
    /// What each cell holds now.
    public private(set) var cells: [Int64]

    /// Begins with what the model's cells hold.
    public init(_ model: WorkloadModel) {
        self.model = model
        cells = model.cells
    }

    /// Decides the next item.
    public mutating func answer(_ item: WorkloadItem) -> PlainAnswer {
        switch item {
        case .adjust(let cell, let change):
            cells[Int(cell)] += change
            precondition(
                (0...WorkloadModel.maximumSum).contains(cells[Int(cell)]),
                "a stream must keep its cells in range"
            )
            return PlainAnswer(outcome: .adjusted, granted: 0, tests: [])
        case .claim(let route, let amount):
            return claim(model.routes[Int(route)], amount)
        case .claimUpTo(let route, let unit, let count):
            return claimUpTo(model.routes[Int(route)], unit: unit, count: count)
        }
    }

    private mutating func claim(
        _ route: [WorkloadModel.Alternative],
        _ amount: Int64
    ) -> PlainAnswer {
        var tests: [PlainTest] = []
        for (place, alternative) in route.enumerated() where amount <= alternative.maximumAmount {
            tests += records(of: alternative, place)
            let holds = alternative.limits.allSatisfy { room(in: $0) >= Int128(amount) }
            if holds { return take(alternative, place, amount, tests) }
        }
        return PlainAnswer(outcome: .refused, granted: 0, tests: tests)
    }

    private mutating func claimUpTo(
        _ route: [WorkloadModel.Alternative],
        unit: Int64,
        count: Int64
    ) -> PlainAnswer {
        let asked = unit * count
        var tests: [PlainTest] = []
        var best = (place: 0, amount: Int64(0))
        for (place, alternative) in route.enumerated() where asked <= alternative.maximumAmount {
            tests += records(of: alternative, place)
            let least = alternative.limits.map(room(in:)).min() ?? Int128(asked)
            let units = max(0, min(Int128(asked), least)) / Int128(unit)
            let amount = Int64(units) * unit
            if amount > best.amount { best = (place, amount) }
            if amount == asked { break }
        }
        guard best.amount > 0 else {
            return PlainAnswer(outcome: .refused, granted: 0, tests: tests)
        }
        return take(route[best.place], best.place, best.amount, tests)
    }

    private mutating func take(
        _ alternative: WorkloadModel.Alternative,
        _ place: Int,
        _ amount: Int64,
        _ tests: [PlainTest]
    ) -> PlainAnswer {
        let fits = alternative.charges.allSatisfy { cells[$0] + amount <= WorkloadModel.maximumSum }
        guard fits else { return PlainAnswer(outcome: .overflow, granted: 0, tests: tests) }
        for cell in alternative.charges { cells[cell] += amount }
        return PlainAnswer(outcome: .taken(place), granted: amount, tests: tests)
    }

    /// How much more a limit would take; negative where more is used than allowed.
    public func room(in limit: Int) -> Int128 {
        let (used, allowed, _) = state(of: limit)
        return allowed - Int128(used)
    }

    private func records(of alternative: WorkloadModel.Alternative, _ place: Int) -> [PlainTest] {
        alternative.limits.map { limit in
            let (used, allowed, base) = state(of: limit)
            return PlainTest(
                limit: limit,
                alternative: place,
                used: used,
                allowed: Int64(min(allowed, Int128(Int64.max))),
                base: base
            )
        }
    }

    private func state(of limit: Int) -> (used: Int64, allowed: Int128, base: Int64) {
        switch model.limits[limit] {
        case .amount(let used, let allowed):
            return (cells[used], Int128(cells[allowed]), 0)
        case .share(let used, let base, let numerator, let denominator):
            let product = Int128(numerator) * Int128(cells[base])
            return (cells[used], product / Int128(denominator), cells[base])
        }
    }
}
