// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Testing

/// Streams of plain claims only: whole windows are prepared, settled, and undone where a cap runs out.
@Suite(.serialized) struct PlainWindowTests {
    private static let teams = [1, 2, 3].map { WorkerTeam(workerCount: $0, spins: 500) }

    /// Routes of as many limits as one may have, few and large enough caps to run out in between.
    @Test(arguments: 0...4, [Int64(2_000), 40_000, 1 << 40])
    func anyTeamDecidesAsOneAtATimeEvaluation(mostLimits: Int, room: Int64) {
        var generator = SeededGenerator(seed: UInt64(mostLimits) * 7 + UInt64(room))
        for team in Self.teams {
            var table = AllocationTable()
            var evaluator = market(
                mostLimits: mostLimits,
                room: room,
                in: &table,
                using: &generator
            )
            let routes = Array(evaluator.routes.keys).sorted { $0.rawValue < $1.rawValue }
            var result = AllocationResult()
            for windowLength in [1, 2, 16, 64] {
                let items = (0..<3_000).map { _ in
                    AllocationBatch.Item.claim(
                        route: routes[Int.random(in: 0..<routes.count, using: &generator)],
                        amount: Int64.random(in: 0...50, using: &generator)
                    )
                }
                var batch = AllocationBatch()
                for item in items { batch.append(item) }
                table.decide(
                    batch,
                    into: &result,
                    with: team,
                    leastItemsPerWorker: 1,
                    windowLength: windowLength,
                    windowsPerChunk: 1 + windowLength % 3
                )
                let isSame = result.decided() == items.map { evaluator.decide($0) }
                #expect(isSame, "\(team.workerCount) workers, windows of \(windowLength)")
                let tests = result.decided().reduce(0) { $0 + $1.tests.count }
                #expect(result.testCount == tests)
            }
            let cells = table.snapshot()
            let expected = cells.indices.map {
                evaluator.cells[CellIndex(rawValue: UInt32($0)), default: 0]
            }
            #expect(cells == expected)
        }
    }

    /// Fills a table with caps and plain routes over them; the same in plain words.
    private func market(
        mostLimits: Int,
        room: Int64,
        in table: inout AllocationTable,
        using generator: inout SeededGenerator
    ) -> OneAtATimeEvaluator {
        var cells: [CellIndex: Int64] = [:]
        var limits: [LimitIndex: AllocationTable.Limit] = [:]
        var routes: [RouteIndex: [AllocationTable.Alternative]] = [:]
        let caps = (0..<40).map { _ in table.addAmountLimit(allowed: room) }
        for cap in caps {
            cells[cap.used] = 0
            cells[cap.allowed] = room
            limits[cap.limit] = .amount(used: cap.used, allowed: cap.allowed)
        }
        for _ in 0..<300 {
            let alternatives = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
                let count = Int.random(in: 0...mostLimits, using: &generator)
                let some = caps.shuffled(using: &generator).prefix(count)
                return AllocationTable.Alternative(
                    limits: some.map(\.limit),
                    charges: some.map(\.used)
                )
            }
            routes[table.addRoute(alternatives)] = alternatives
        }
        return OneAtATimeEvaluator(
            maximumSum: table.maximumSum,
            cells: cells,
            limits: limits,
            routes: routes
        )
    }
}
