// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// A random table, a random stream of items that fits it, and what a plain evaluator says of them.
///
/// Everything follows from the seed. Caps are tight, cells are shared between limits, bases and
/// charges, and a third of the seeds works near the ends of the integers.
struct Scenario {
    let maximumSum: Int64
    let cellValues: [Int64]
    private(set) var limits: [AllocationTable.Limit] = []
    private(set) var routes: [[AllocationTable.Alternative]] = []
    /// Where a table of this scenario has its routes.
    private(set) var routeIndices: [RouteIndex] = []
    private(set) var items: [AllocationBatch.Item] = []
    private(set) var expected: [Decided] = []
    private(set) var expectedCells: [Int64] = []

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let isHuge = seed % 3 == 0
        maximumSum =
            isHuge
            ? (1 << 62) - Int64.random(in: 0...1, using: &generator)
            : [60, 300, 1 << 62][Int.random(in: 0...2, using: &generator)]
        let unit = isHuge ? maximumSum / 50 : 1
        var values: [Int64] = []
        for _ in 0..<Int.random(in: 3...20, using: &generator) {
            let multiple = Int64.random(in: 0...50, using: &generator)
            let nudge = isHuge ? Int64.random(in: -2...2, using: &generator) : 0
            values.append(min(max(multiple * unit + nudge, 0), maximumSum))
        }
        cellValues = values
        for _ in 0..<Int.random(in: 1...10, using: &generator) {
            limits.append(randomLimit(isHuge: isHuge, using: &generator))
        }
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            routes.append(randomRoute(unit: unit, using: &generator))
        }
        var table = AllocationTable(maximumSum: maximumSum)
        for value in cellValues { _ = table.addCell(value) }
        for limit in limits { _ = table.addLimit(limit) }
        routeIndices = routes.map { table.addRoute($0) }
        addItems(Int.random(in: 1...120, using: &generator), unit: unit, using: &generator)
    }

    /// A new table as it stands before the first item.
    func makeTable() -> AllocationTable {
        var table = AllocationTable(maximumSum: maximumSum)
        for value in cellValues { _ = table.addCell(value) }
        for limit in limits { _ = table.addLimit(limit) }
        for route in routes { _ = table.addRoute(route) }
        return table
    }
}

// MARK: - Chance

extension Scenario {
    private func randomCell(using generator: inout SeededGenerator) -> CellIndex {
        CellIndex(rawValue: UInt32.random(in: 0..<UInt32(cellValues.count), using: &generator))
    }

    private func randomLimit(
        isHuge: Bool,
        using generator: inout SeededGenerator
    ) -> AllocationTable.Limit {
        let used = randomCell(using: &generator)
        let ceiling = randomCell(using: &generator)
        guard generator.chance(50) else { return .amount(used: used, allowed: ceiling) }
        if isHuge && generator.chance(50) {
            return .share(
                used: used,
                base: ceiling,
                numerator: .random(in: 0...(.max), using: &generator),
                denominator: .random(in: 1...(.max), using: &generator)
            )
        }
        let denominator = Int64.random(in: 1...12, using: &generator)
        // Mostly a true share, at times one above the whole, to the end of the integers.
        let numerator =
            isHuge && generator.chance(10)
            ? Int64.max : Int64.random(in: 0...denominator + 2, using: &generator)
        return .share(used: used, base: ceiling, numerator: numerator, denominator: denominator)
    }

    private func randomRoute(
        unit: Int64,
        using generator: inout SeededGenerator
    ) -> [AllocationTable.Alternative] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in
            var alternative = AllocationTable.Alternative()
            for _ in 0..<min(4, Int.random(in: 0...5, using: &generator)) {
                let index = UInt32.random(in: 0..<UInt32(limits.count), using: &generator)
                alternative.limits.append(LimitIndex(rawValue: index))
            }
            var cells: Set<CellIndex> = []
            for limit in alternative.limits where generator.chance(80) {
                switch limits[Int(limit.rawValue)] {
                case .amount(let used, _), .share(let used, _, _, _): cells.insert(used)
                }
            }
            while cells.count < 8, cells.count < cellValues.count, generator.chance(40) {
                cells.insert(randomCell(using: &generator))
            }
            alternative.charges = cells.sorted { $0.rawValue < $1.rawValue }
                .shuffled(using: &generator)
            if generator.chance(30) {
                alternative.maximumAmount = Int64.random(in: 0...10, using: &generator) * unit
            }
            return alternative
        }
    }

    private mutating func addItems(
        _ count: Int,
        unit: Int64,
        using generator: inout SeededGenerator
    ) {
        var evaluator = OneAtATimeEvaluator(
            maximumSum: maximumSum,
            cells: keyed(cellValues) { CellIndex(rawValue: $0) },
            limits: keyed(limits) { LimitIndex(rawValue: $0) },
            routes: Dictionary(uniqueKeysWithValues: zip(routeIndices, routes))
        )
        var grants: [(cells: [CellIndex], amount: Int64)] = []
        while items.count < count {
            if generator.chance(15), let index = grants.indices.randomElement(using: &generator) {
                let grant = grants.remove(at: index)
                for cell in grant.cells where evaluator.cells[cell, default: 0] >= grant.amount {
                    decide(.adjust(cell: cell, by: -grant.amount), with: &evaluator)
                }
            } else if generator.chance(25) {
                let cell = randomCell(using: &generator)
                let value = evaluator.cells[cell, default: 0]
                let target = Int64.random(in: 0...min(50 * unit, maximumSum), using: &generator)
                decide(.adjust(cell: cell, by: target - value), with: &evaluator)
            } else {
                let route = Int.random(in: 0..<routes.count, using: &generator)
                let amount = randomAmount(unit: unit, using: &generator)
                let index = routeIndices[route]
                let item = randomClaim(of: amount, on: index, using: &generator)
                let decided = decide(item, with: &evaluator)
                if case .taken(let alternative) = decided.outcome {
                    grants.append((routes[route][alternative].charges, decided.granted))
                }
            }
        }
        expectedCells = cellValues.indices.map {
            evaluator.cells[CellIndex(rawValue: UInt32($0)), default: 0]
        }
    }

    /// A plain claim or, one time in three, one "up to" in units that seldom divide evenly.
    private func randomClaim(
        of amount: Int64,
        on route: RouteIndex,
        using generator: inout SeededGenerator
    ) -> AllocationBatch.Item {
        guard generator.chance(33) else { return .claim(route: route, amount: amount) }
        let size = Int64.random(in: 1...max(1, amount / 5 + 2), using: &generator)
        return .claimUpTo(route: route, unit: size, count: amount / size)
    }

    private func randomAmount(unit: Int64, using generator: inout SeededGenerator) -> Int64 {
        if generator.chance(3) { return [0, .max][Int.random(in: 0...1, using: &generator)] }
        let nudge = unit > 1 ? Int64.random(in: 0...2, using: &generator) : 0
        return Int64.random(in: 0...15, using: &generator) * unit + nudge
    }

    @discardableResult
    private mutating func decide(
        _ item: AllocationBatch.Item,
        with evaluator: inout OneAtATimeEvaluator
    ) -> Decided {
        let decided = evaluator.decide(item)
        items.append(item)
        expected.append(decided)
        return decided
    }

    private func keyed<Key: Hashable, Value>(
        _ values: [Value],
        by key: (UInt32) -> Key
    ) -> [Key: Value] {
        Dictionary(uniqueKeysWithValues: values.enumerated().map { (key(UInt32($0)), $1) })
    }
}
