// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

@Suite struct TableAndBufferTests {
    @Test func limitsMayMoveBetweenBatches() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(allowed: 10)
        let route = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let claim = AllocationBatch.Item.claim(route: route, amount: 6)
        var outcomes = table.decide([claim, claim]).map(\.outcome)
        table.setValue(5, of: limit.allowed)
        outcomes += table.decide([claim]).map(\.outcome)
        table.setValue(12, of: limit.allowed)
        outcomes += table.decide([claim]).map(\.outcome)
        let taken = AllocationOutcome.taken(alternative: 0)
        #expect(outcomes == [taken, .refused, .refused, taken])
    }

    @Test func routesAreRebuiltOverTheSameCellsAndLimits() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(allowed: 10)
        let first = table.addRoute([.init(limits: [limit.limit], charges: [limit.used]), .init()])
        _ = table.addRoute([])
        _ = table.decide([.claim(route: first, amount: 4)])
        table.removeAllRoutes()
        let emptied = table.routeCount
        let rebuilt = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let decided = table.decide([.claim(route: rebuilt, amount: 7)])
        #expect(emptied == 0)
        #expect(rebuilt == first)
        #expect(decided.map(\.outcome) == [.refused])
        #expect(decided[0].tests.map(\.used) == [4])
        let counts = [table.cellCount, table.limitCount, table.routeCount]
        #expect(counts == [2, 1, 1])
    }

    @Test func batchGivesBackItsItemsAndForgetsThem() {
        let items: [AllocationBatch.Item] = [
            .claim(route: RouteIndex(rawValue: 7), amount: .max),
            .adjust(cell: CellIndex(rawValue: .max), by: .min),
        ]
        var batch = AllocationBatch()
        batch.reserveCapacity(2)
        for item in items { batch.append(item) }
        let stored = (0..<batch.count).map { batch[$0] }
        batch.removeAll(keepingCapacity: true)
        let countAfter = batch.count
        #expect(stored == items)
        #expect(countAfter == 0)
    }

    @Test func resultHoldsTheLastBatchOnly() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(allowed: 10)
        let route = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let closed = table.addRoute([])
        var result = AllocationResult()
        let long = (0..<100).map { _ in AllocationBatch.Item.claim(route: route, amount: 1) }
        let first = table.decide(long[...], reusing: &result)
        let second = table.decide([.claim(route: closed, amount: 1)], reusing: &result)
        let counts = [result.count, result.testCount]
        let third = table.decide([], reusing: &result)
        #expect(first.count(where: { $0.outcome == .taken(alternative: 0) }) == 10)
        #expect(first.allSatisfy { $0.tests.count == 1 })
        #expect(second == [Decided(outcome: .refused)])
        #expect(counts == [1, 0])
        #expect(third.isEmpty)
    }

    @Test func testsOfAllItemsLieInARow() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(allowed: 10)
        let one = table.addRoute([.init(limits: [limit.limit])])
        let two = table.addRoute([.init(limits: [limit.limit, limit.limit])])
        var batch = AllocationBatch()
        batch.append(.claim(route: two, amount: 1))
        batch.append(.adjust(cell: limit.used, by: 1))
        batch.append(.claim(route: one, amount: 1))
        var result = AllocationResult()
        table.decide(batch, into: &result)
        let ranges = (0..<result.count).map { result.testRange(at: $0) }
        let used = (0..<result.testCount).map { result.test(at: $0).used }
        #expect(ranges == [0..<2, 2..<2, 2..<3])
        #expect(used == [0, 0, 1])
    }

    @Test func digestTellsCellsApart() {
        func digest(_ values: [Int64]) -> UInt64 {
            var table = AllocationTable()
            for value in values { _ = table.addCell(value) }
            return table.digest()
        }
        let same = (digest([1, 2]), digest([1, 2]))
        #expect(same.0 == same.1)
        let digests = [[], [0], [0, 0], [1, 2], [2, 1], [1, 3], [3], [1 << 62]].map(digest)
        #expect(Set(digests).count == digests.count)
    }

    @Test func snapshotIsACopy() {
        var table = AllocationTable()
        let cell = table.addCell(1)
        let before = table.snapshot()
        table.setValue(2, of: cell)
        let after = table.snapshot()
        #expect(before == [1])
        #expect(after == [2])
    }
}
