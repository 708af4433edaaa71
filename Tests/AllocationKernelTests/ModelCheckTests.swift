// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

/// Blocks of seeds: a test case each, so that a failure names its block and its seed.
private let seedBlocks: [Range<UInt64>] = (0..<20).map { $0 * 200..<($0 + 1) * 200 }

@Suite struct ModelCheckTests {
    @Test(arguments: seedBlocks)
    func decidesAsOneAtATimeEvaluation(seeds: Range<UInt64>) {
        for seed in seeds {
            let scenario = Scenario(seed: seed)
            var table = scenario.makeTable()
            let decided = table.decide(scenario.items)
            #expect(decided == scenario.expected, "seed \(seed)")
            let cells = table.snapshot()
            #expect(cells == scenario.expectedCells, "seed \(seed)")
        }
    }

    @Test(arguments: seedBlocks)
    func cuttingAStreamIntoBatchesChangesNothing(seeds: Range<UInt64>) {
        var reused = AllocationResult()
        for seed in seeds {
            let scenario = Scenario(seed: seed)
            var generator = SeededGenerator(seed: ~seed)
            var table = scenario.makeTable()
            var decided: [Decided] = []
            let longest = [1, 7, 40, 1_000].randomElement(using: &generator) ?? 1
            var rest = scenario.items[...]
            while !rest.isEmpty {
                let cut = rest.prefix(Int.random(in: 0...longest, using: &generator))
                decided += table.decide(cut, reusing: &reused)
                rest = rest.dropFirst(cut.count)
            }
            #expect(decided == scenario.expected, "seed \(seed)")
            let cells = table.snapshot()
            #expect(cells == scenario.expectedCells, "seed \(seed)")
        }
    }

    @Test(arguments: seedBlocks)
    func noRefusedOrOverflowingClaimLeavesATrace(seeds: Range<UInt64>) {
        for seed in seeds {
            let scenario = Scenario(seed: seed)
            var everything = scenario.makeTable()
            _ = everything.decide(scenario.items)
            let effective = zip(scenario.items, scenario.expected).filter { _, decided in
                decided.outcome != .refused && decided.outcome != .overflow
            }
            var withoutThem = scenario.makeTable()
            let decided = withoutThem.decide(effective.map(\.0))
            #expect(decided == effective.map(\.1), "seed \(seed)")
            let digests = (everything.digest(), withoutThem.digest())
            #expect(digests.0 == digests.1, "seed \(seed)")
        }
    }

    /// Guards the others: chance has to bring about everything that they are to check.
    @Test func scenariosReachEveryOutcome() {
        var outcomes: [String: Int] = [:]
        var fallThroughs = 0
        var fullConjunctions = 0
        var sharesThatMoved = 0
        for seed in UInt64(0)..<1_000 {
            let scenario = Scenario(seed: seed)
            var lastBase: [LimitIndex: Int64] = [:]
            for decided in scenario.expected {
                outcomes["\(decided.outcome)", default: 0] += 1
                guard case .taken(let alternative) = decided.outcome else { continue }
                if decided.tests.contains(where: { $0.alternative < alternative }) {
                    fallThroughs += 1
                }
                if decided.tests.count(where: { $0.alternative == alternative }) == 4 {
                    fullConjunctions += 1
                }
                for test in decided.tests where test.base > 0 {
                    let before = lastBase.updateValue(test.base, forKey: test.limit)
                    if let before, before != test.base { sharesThatMoved += 1 }
                }
            }
        }
        for alternative in 0..<4 {
            let taken = outcomes["\(AllocationOutcome.taken(alternative: alternative))", default: 0]
            #expect(taken > 500, "alternative \(alternative)")
        }
        for outcome in [AllocationOutcome.refused, .overflow, .adjusted] {
            #expect(outcomes["\(outcome)", default: 0] > 500, "\(outcome)")
        }
        #expect(fallThroughs > 500)
        #expect(fullConjunctions > 500)
        #expect(sharesThatMoved > 500)
    }
}
