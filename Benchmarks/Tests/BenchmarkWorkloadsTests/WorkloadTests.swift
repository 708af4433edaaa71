// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import BenchmarkSupport
import BenchmarkWorkloads
import Testing

@Suite struct WorkloadTests {
    static let small = KernelWorkload.Size(partyCount: 300, countryCount: 40, itemCount: 12_000)

    @Test(arguments: KernelWorkload.Kind.allCases)
    func theSameSeedGivesTheSameStream(kind: KernelWorkload.Kind) {
        let one = KernelWorkload(kind, size: Self.small, seed: 3)
        let same = KernelWorkload(kind, size: Self.small, seed: 3)
        let other = KernelWorkload(kind, size: Self.small, seed: 4)
        #expect(one.items.count == Self.small.itemCount)
        #expect(one.items == same.items)
        #expect(one.model.cells == same.model.cells)
        #expect(one.items != other.items)
    }

    @Test(arguments: KernelWorkload.Kind.allCases, [1, 64, 1_000, 12_000])
    func theSerialKernelAgreesWithTheOracle(kind: KernelWorkload.Kind, batchCount: Int) {
        let workload = KernelWorkload(kind, size: Self.small, seed: 11)
        let expected = ExpectedAnswers(workload)
        var check = AnswerCheck(expected)
        var table = workload.makeTable()
        var result = AllocationResult()
        for prepared in workload.batches(of: batchCount) {
            table.decide(prepared.batch, into: &result)
            check.add(result)
        }
        check.finish(table)
        #expect(check.correctness.isExact)
        #expect(check.correctness.comparedCount == Self.small.itemCount)
        #expect(check.digest == expected.digest)
        workload.reset(&table)
        #expect(table.snapshot() == workload.model.cells)
    }

    @Test func uniformStreamsAreGrantedAndUseEveryCountry() {
        let workload = KernelWorkload(.uniform, size: Self.small)
        let expected = ExpectedAnswers(workload)
        #expect(expected.refusalCount == 0)
        let counts = claimCounts(workload)
        #expect(counts.count == Self.small.partyCount)
        let share = Double(Self.small.itemCount) / Double(Self.small.partyCount)
        #expect(counts.values.allSatisfy { Double($0) < 3 * share })
        let limitCounts = Set(workload.model.routes.map { $0[0].limits.count })
        #expect(limitCounts == [1, 2, 3])
    }

    @Test func zipfStreamsAskMostlyForFewCountries() {
        let workload = KernelWorkload(.zipf, size: Self.small)
        var byCountry: [Int: Int] = [:]
        let countries = Set(workload.markedLimits)
        for case .claim(let route, _) in workload.items {
            for limit in workload.model.routes[Int(route)][0].limits where countries.contains(limit)
            {
                byCountry[limit, default: 0] += 1
            }
        }
        // The first of 40 ranks at 0.99 has a share of 0.231.
        let most = Double(byCountry[workload.markedLimits[0]] ?? 0)
        #expect(abs(most / Double(Self.small.itemCount) - 0.231) < 0.02)
    }

    @Test func hotCountryStreamsTestOneCountryAlways() {
        let workload = KernelWorkload(.hotCountry, size: Self.small)
        let hot = workload.markedLimits[0]
        #expect(workload.model.routes.allSatisfy { $0[0].limits.contains(hot) })
    }

    @Test func limitCountsCanBeFixed() {
        for count in 1...3 {
            let workload = KernelWorkload(.zipf, size: Self.small, limitCount: count)
            #expect(workload.model.routes.allSatisfy { $0[0].limits.count == count })
        }
    }

    @Test func hotGroupsMoveTheirBaseBothWays() {
        let workload = KernelWorkload(.hotGroup, size: Self.small)
        var raised = 0
        var lowered = 0
        for case .adjust(let cell, let change) in workload.items where cell == 0 {
            if change > 0 { raised += 1 } else { lowered += 1 }
        }
        #expect(raised > 1_000)
        #expect(lowered > 5)
        let expected = ExpectedAnswers(workload)
        let claims = Double(expected.grantCount + expected.refusalCount)
        #expect((0.2...0.8).contains(Double(expected.grantCount) / claims))
        #expect(workload.model.routes.allSatisfy { $0[0].limits.count == 2 })
    }

    @Test(arguments: [1, 2, 3])
    func drainingEndsAtExactlyZero(seed: UInt64) {
        let workload = KernelWorkload(.draining, size: Self.small, seed: seed)
        var evaluator = PlainEvaluator(workload.model)
        var grants = 0
        var doomedOnOne = 0
        for item in workload.items {
            guard case .claim(let route, let amount) = item else { continue }
            let limits = workload.model.routes[Int(route)][0].limits
            let full = limits.filter { evaluator.room(in: $0) < Int128(amount) }.count
            if evaluator.answer(item).outcome.isGrant { grants += 1 }
            if full == 1 { doomedOnOne += 1 }
        }
        #expect(workload.markedLimits.allSatisfy { evaluator.room(in: $0) == 0 })
        #expect(grants == Self.small.itemCount / 2)
        #expect(Double(doomedOnOne) > 0.8 * Double(Self.small.itemCount / 2))
    }

    @Test func theMixHasEveryMechanismAndOutcome() {
        let workload = KernelWorkload(.mechanismMix, size: Self.small)
        let expected = ExpectedAnswers(workload)
        let shapes = Set(workload.model.routes.map { $0.map(\.limits.count) })
        #expect(shapes == [[0], [2], [1, 1]])
        #expect(Set(expected.codes) == [0, 1, 253, 255])
        var upTo = 0
        for case .claimUpTo in workload.items { upTo += 1 }
        #expect(upTo > 200)
    }

    @Test func stormsFreeManyHoldsAtOnce() {
        let workload = KernelWorkload(.lifeCycle, size: Self.small)
        var longest = 0
        var run = 0
        var storms = 0
        for item in workload.items {
            if case .adjust(_, let change) = item, change < 0 {
                run += 1
                longest = max(longest, run)
            } else {
                if run > 100 { storms += 1 }
                run = 0
            }
        }
        #expect(storms >= 8)
        #expect(longest > 200)
        let expected = ExpectedAnswers(workload)
        #expect(expected.grantCount > 1_000)
        #expect(expected.refusalCount > 1_000)
    }

    @Test func openingDayAsksAHundredTimesTheCap() {
        let workload = KernelWorkload(.openingDay, size: Self.small)
        let cap = workload.markedLimits[0]
        var asked: Int64 = 0
        for case .claim(let route, let amount) in workload.items
        where workload.model.routes[Int(route)].map(\.limits) == [[cap]] {
            asked += amount
        }
        guard case .amount(_, let cell) = workload.model.limits[cap] else {
            Issue.record("the cap should be a limit of an amount")
            return
        }
        let allowed = workload.model.cells[cell]
        #expect(asked / allowed == 100)
        #expect(asked - 100 * allowed < 100)
        // Every small order has its room: none falls through to the cap.
        var evaluator = PlainEvaluator(workload.model)
        for item in workload.items {
            guard case .claim(let route, _) = item else { continue }
            let isSmall = workload.model.routes[Int(route)].count == 2
            let outcome = evaluator.answer(item).outcome
            if isSmall { #expect(outcome == .taken(0)) }
        }
    }

    private func claimCounts(_ workload: KernelWorkload) -> [Int32: Int] {
        var counts: [Int32: Int] = [:]
        for case .claim(let route, _) in workload.items { counts[route, default: 0] += 1 }
        return counts
    }
}
