// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// What came of one item, as a value that tests can compare.
struct Decided: Equatable {
    var outcome: AllocationOutcome
    var tests: [TestedLimit] = []
    var granted: Int64 = 0
}

/// The meaning of the kernel, written down as plainly as possible: dictionaries, one item at a
/// time, 128-bit arithmetic on both sides of every comparison.
struct OneAtATimeEvaluator {
    let maximumSum: Int64
    var cells: [CellIndex: Int64]
    let limits: [LimitIndex: AllocationTable.Limit]
    let routes: [RouteIndex: [AllocationTable.Alternative]]

    mutating func decide(_ item: AllocationBatch.Item) -> Decided {
        switch item {
        case .adjust(let cell, let change):
            cells[cell, default: 0] += change
            return Decided(outcome: .adjusted)
        case .claim(let route, let amount):
            return claim(amount, on: routes[route, default: []])
        case .claimUpTo(let route, let unit, let count):
            return claim(upTo: count, of: unit, on: routes[route, default: []])
        }
    }

    /// Tries every number of units, by halving: what takes so many takes fewer too.
    private mutating func claim(
        upTo count: Int64,
        of unit: Int64,
        on alternatives: [AllocationTable.Alternative]
    ) -> Decided {
        var tests: [TestedLimit] = []
        var best: (number: Int, count: Int64) = (0, 0)
        for (number, alternative) in alternatives.enumerated()
        where alternative.maximumAmount >= unit * count {
            tests += alternative.limits.map { test($0, alternative: number) }
            var (most, tooMany) = (Int64(0), count + 1)
            while tooMany - most > 1 {
                let middle = most + (tooMany - most) / 2
                if alternative.limits.allSatisfy({ holds($0, for: unit * middle) }) {
                    most = middle
                } else {
                    tooMany = middle
                }
            }
            if most > best.count { best = (number, most) }
            if most == count { break }
        }
        guard best.count > 0 else { return Decided(outcome: .refused, tests: tests) }
        let granted = unit * best.count
        guard charge(granted, to: alternatives[best.number].charges) else {
            return Decided(outcome: .overflow, tests: tests)
        }
        let outcome = AllocationOutcome.taken(alternative: best.number)
        return Decided(outcome: outcome, tests: tests, granted: granted)
    }

    private mutating func claim(
        _ amount: Int64,
        on alternatives: [AllocationTable.Alternative]
    ) -> Decided {
        var tests: [TestedLimit] = []
        for (number, alternative) in alternatives.enumerated()
        where alternative.maximumAmount >= amount {
            tests += alternative.limits.map { test($0, alternative: number) }
            guard alternative.limits.allSatisfy({ holds($0, for: amount) }) else { continue }
            guard charge(amount, to: alternative.charges) else {
                return Decided(outcome: .overflow, tests: tests)
            }
            let outcome = AllocationOutcome.taken(alternative: number)
            return Decided(outcome: outcome, tests: tests, granted: amount)
        }
        return Decided(outcome: .refused, tests: tests)
    }

    /// Adds an amount to cells, or to none if one of them has no room for it.
    private mutating func charge(_ amount: Int64, to charges: [CellIndex]) -> Bool {
        var charged = cells
        for cell in charges {
            let sum = Int128(charged[cell, default: 0]) + Int128(amount)
            guard sum <= Int128(maximumSum) else { return false }
            charged[cell] = Int64(sum)
        }
        cells = charged
        return true
    }

    private func holds(_ limit: LimitIndex, for amount: Int64) -> Bool {
        switch limits[limit] {
        case .amount(let used, let allowed): wide(used) + Int128(amount) <= wide(allowed)
        case .share(let used, let base, let numerator, let denominator):
            (wide(used) + Int128(amount)) * Int128(denominator) <= Int128(numerator) * wide(base)
        case nil: false
        }
    }

    private func test(_ limit: LimitIndex, alternative: Int) -> TestedLimit {
        var used: Int128 = 0
        var allowed: Int128 = 0
        var base: Int128 = 0
        switch limits[limit] {
        case .amount(let usedCell, let allowedCell):
            used = wide(usedCell)
            allowed = wide(allowedCell)
        case .share(let usedCell, let baseCell, let numerator, let denominator):
            used = wide(usedCell)
            base = wide(baseCell)
            allowed = Int128(numerator) * base / Int128(denominator)
        case nil: break
        }
        return TestedLimit(
            limit: limit,
            alternative: UInt32(alternative),
            used: Int64(used),
            allowed: Int64(clamping: allowed),
            base: Int64(base)
        )
    }

    private func wide(_ cell: CellIndex) -> Int128 { Int128(cells[cell, default: 0]) }
}
