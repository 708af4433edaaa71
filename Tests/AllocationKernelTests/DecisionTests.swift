// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

@Suite struct DecisionTests {
    @Test func amountLimitTakesUpToWhatIsAllowedAndNoUnitMore() {
        var table = AllocationTable()
        let (limit, used, _) = table.addAmountLimit(used: 90, allowed: 100)
        let route = table.addRoute([.init(limits: [limit], charges: [used])])
        let decided = table.decide([
            .claim(route: route, amount: 11), .claim(route: route, amount: 10),
            .claim(route: route, amount: 1), .claim(route: route, amount: 0),
        ])
        #expect(decided.map(\.outcome) == [.refused, .taken(alternative: 0), .refused, taken])
        #expect(decided.map { $0.tests.map(\.used) } == [[90], [90], [100], [100]])
        #expect(decided.allSatisfy { $0.tests.map(\.allowed) == [100] })
        #expect(decided.allSatisfy { $0.tests.map(\.base) == [0] })
        let value = table.value(of: used)
        #expect(value == 100)
    }

    @Test func claimUpToTakesWholeUnitsWhereMostOfThemFit() {
        var table = AllocationTable()
        let small = table.addAmountLimit(used: 0, allowed: 7)
        let large = table.addAmountLimit(used: 2, allowed: 17)
        let third = table.addAmountLimit(used: 0, allowed: 15)
        let route = table.addRoute([
            .init(limits: [small.limit], charges: [small.used]),
            .init(limits: [large.limit], charges: [large.used]),
            .init(limits: [third.limit], charges: [third.used]),
        ])
        let decided = table.decide([
            .claimUpTo(route: route, unit: 4, count: 10),
            .claimUpTo(route: route, unit: 4, count: 1),
            .claimUpTo(route: route, unit: 100, count: 1),
        ])
        // 1, 3 and 3 units: the earlier of the two that can take most.
        #expect(decided[0].outcome == .taken(alternative: 1))
        #expect(decided[0].granted == 12)
        #expect(decided[0].tests.map(\.used) == [0, 2, 0])
        // The first can take all of it, so no other is asked.
        #expect(decided[1].outcome == .taken(alternative: 0))
        #expect(decided[1].tests.count == 1)
        #expect(decided[2].outcome == .refused)
        let cells = table.snapshot()
        #expect(cells == [4, 7, 14, 17, 0, 15])
    }

    /// Deciding all groups first and all countries then would refuse the second claim.
    @Test func claimRefusedByItsCountryLeavesItsGroupToTheNext() {
        var table = AllocationTable()
        let group = table.addAmountLimit(allowed: 10)
        let full = table.addAmountLimit(allowed: 0)
        let open = table.addAmountLimit(allowed: 100)
        let toFull = table.addRoute([
            .init(limits: [group.limit, full.limit], charges: [group.used, full.used])
        ])
        let toOpen = table.addRoute([
            .init(limits: [group.limit, open.limit], charges: [group.used, open.used])
        ])
        let decided = table.decide([
            .claim(route: toFull, amount: 10), .claim(route: toOpen, amount: 10),
        ])
        #expect(decided.map(\.outcome) == [.refused, taken])
        #expect(decided[1].tests.map(\.used) == [0, 0])
        let cells = table.snapshot()
        #expect(cells == [10, 10, 0, 0, 10, 100])
    }

    @Test func everyLimitOfEveryAlternativeReachedIsRecordedInOrder() {
        var table = AllocationTable()
        let full = table.addAmountLimit(used: 3, allowed: 5)
        let open = table.addAmountLimit(used: 4, allowed: 50)
        let share = table.addShareLimit(used: 1, base: 99, numerator: 7, denominator: 10)
        let route = table.addRoute([
            .init(limits: [full.limit, open.limit]),
            .init(limits: [open.limit], maximumAmount: 9),
            .init(limits: [share.limit, open.limit], charges: [share.used]),
            .init(limits: [open.limit]),
        ])
        let decided = table.decide([.claim(route: route, amount: 10)])
        #expect(
            decided == [
                Decided(
                    outcome: .taken(alternative: 2),
                    tests: [
                        .init(limit: full.limit, alternative: 0, used: 3, allowed: 5, base: 0),
                        .init(limit: open.limit, alternative: 0, used: 4, allowed: 50, base: 0),
                        .init(limit: share.limit, alternative: 2, used: 1, allowed: 69, base: 99),
                        .init(limit: open.limit, alternative: 2, used: 4, allowed: 50, base: 0),
                    ],
                    granted: 10
                )
            ]
        )
    }

    @Test func alternativeIsOpenUpToItsMaximumAmountInclusive() {
        var table = AllocationTable()
        let small = table.addAmountLimit(allowed: 1_000)
        let route = table.addRoute([
            .init(limits: [small.limit], charges: [small.used], maximumAmount: 10)
        ])
        let decided = table.decide([
            .claim(route: route, amount: 10), .claim(route: route, amount: 11),
        ])
        #expect(decided.map(\.outcome) == [taken, .refused])
        #expect(decided.map(\.tests.count) == [1, 0])
    }

    @Test func routeWithoutAlternativesRefusesAndAlternativeWithoutLimitsGrants() {
        var table = AllocationTable()
        let cell = table.addCell(5)
        let closed = table.addRoute([])
        let open = table.addRoute([.init(charges: [cell])])
        let decided = table.decide([
            .claim(route: closed, amount: 0), .claim(route: open, amount: 7),
        ])
        #expect(decided == [Decided(outcome: .refused), Decided(outcome: taken, granted: 7)])
        let value = table.value(of: cell)
        #expect(value == 12)
    }

    @Test func nothingIsGrantedEvenForZeroWhereMoreIsUsedThanAllowed() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(used: 11, allowed: 10)
        let route = table.addRoute([.init(limits: [limit.limit])])
        let decided = table.decide([
            .claim(route: route, amount: 0), .adjust(cell: limit.used, by: -1),
            .claim(route: route, amount: 0),
        ])
        #expect(decided.map(\.outcome) == [.refused, .adjusted, taken])
    }

    @Test func adjustmentCountsForLaterPositionsOnly() {
        var table = AllocationTable()
        let limit = table.addAmountLimit(used: 10, allowed: 10)
        let route = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let decided = table.decide([
            .claim(route: route, amount: 1), .adjust(cell: limit.used, by: -2),
            .claim(route: route, amount: 2), .adjust(cell: limit.allowed, by: 3),
            .claim(route: route, amount: 4), .claim(route: route, amount: 3),
        ])
        #expect(
            decided.map(\.outcome) == [.refused, .adjusted, taken, .adjusted, .refused, taken]
        )
        #expect(decided.map(\.tests.count) == [1, 0, 1, 0, 1, 1])
        #expect(decided[5].tests.map(\.allowed) == [13])
    }

    @Test func claimThatWouldPassTheMaximumSumOverflowsWithoutTrace() {
        var table = AllocationTable(maximumSum: 100)
        let limit = table.addAmountLimit(allowed: 100)
        let nearlyFull = table.addCell(99)
        let route = table.addRoute([
            .init(limits: [limit.limit], charges: [limit.used, nearlyFull]),
            .init(),
        ])
        let decided = table.decide([
            .claim(route: route, amount: 2), .claim(route: route, amount: 1),
            .claim(route: route, amount: .max),
        ])
        #expect(decided.map(\.outcome) == [.overflow, taken, .taken(alternative: 1)])
        #expect(decided[0].tests.map(\.limit) == [limit.limit])
        #expect(decided[1].tests.map(\.used) == [0])
        let cells = table.snapshot()
        #expect(cells == [1, 100, 100])
    }

    @Test func additionsAtTheEndOfTheIntegersDoNotWrap() {
        var table = AllocationTable()
        let most = table.maximumSum
        let limit = table.addAmountLimit(used: most, allowed: most)
        let tested = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
        let untested = table.addRoute([.init(charges: [limit.used])])
        let decided = table.decide([
            .claim(route: tested, amount: .max), .claim(route: untested, amount: .max),
            .claim(route: untested, amount: 1), .claim(route: tested, amount: 0),
        ])
        #expect(decided.map(\.outcome) == [.refused, .overflow, .overflow, taken])
        #expect(most == 1 << 62)
    }

    private let taken = AllocationOutcome.taken(alternative: 0)
}
