// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

/// Teams that stay for all tests: 1, 2, 3, 4, 8 and 16 workers on whatever cores there are.
private let teams: [WorkerTeam] = [1, 2, 3, 4, 8, 16].map {
    WorkerTeam(workerCount: $0, spins: 200)
}

private let seedBlocks: [Range<UInt64>] = (0..<10).map { $0 * 40..<($0 + 1) * 40 }

@Suite(.serialized) struct TeamTests {
    /// Windows and chunks of a few items, so that every stream has many seams and undone windows.
    @Test(arguments: seedBlocks)
    func anyTeamDecidesAsOneAtATimeEvaluation(seeds: Range<UInt64>) {
        var result = AllocationResult()
        for seed in seeds {
            let scenario = Scenario(seed: seed)
            var generator = SeededGenerator(seed: seed ^ 0xABCD)
            for team in teams {
                var table = scenario.makeTable()
                var decided: [Decided] = []
                let windowLength = 1 << Int.random(in: 0...6, using: &generator)
                let windowsPerChunk = Int.random(in: 1...4, using: &generator)
                let longest = [5, 40, 1_000].randomElement(using: &generator) ?? 1
                var rest = scenario.items[...]
                while !rest.isEmpty {
                    let cut = rest.prefix(Int.random(in: 1...longest, using: &generator))
                    var batch = AllocationBatch()
                    for item in cut { batch.append(item) }
                    table.decide(
                        batch,
                        into: &result,
                        with: team,
                        leastItemsPerWorker: 1,
                        windowLength: windowLength,
                        windowsPerChunk: windowsPerChunk
                    )
                    decided += result.decided()
                    rest = rest.dropFirst(cut.count)
                }
                let difference = firstDifference(decided, scenario.expected)
                #expect(difference == nil, "seed \(seed), \(team.workerCount) workers")
                let isSame = table.snapshot() == scenario.expectedCells
                #expect(isSame, "cells of seed \(seed), \(team.workerCount) workers")
            }
        }
    }
}

/// Where two lists of decisions differ first, in words.
private func firstDifference(_ decided: [Decided], _ expected: [Decided]) -> String? {
    guard decided.count == expected.count else { return "\(decided.count) decisions" }
    return zip(decided, expected).enumerated().first { $0.element.0 != $0.element.1 }
        .map { "at \($0.offset): \($0.element.0) instead of \($0.element.1)" }
}
