// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// What came of one item, as a value that tests can compare.
struct Decided: Equatable {
    var outcome: AllocationOutcome
    var tests: [TestedLimit] = []
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
        }
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
            var charged = cells
            for cell in alternative.charges {
                let sum = Int128(charged[cell, default: 0]) + Int128(amount)
                guard sum <= Int128(maximumSum) else {
                    return Decided(outcome: .overflow, tests: tests)
                }
                charged[cell] = Int64(sum)
            }
            cells = charged
            return Decided(outcome: .taken(alternative: number), tests: tests)
        }
        return Decided(outcome: .refused, tests: tests)
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
