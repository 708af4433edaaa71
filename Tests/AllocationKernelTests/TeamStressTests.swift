// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Dispatch
import Synchronization
import Testing

/// Streams long enough to fill blocks of the usual size, by teams of any size.
@Suite(.serialized) struct TeamStressTests {
    private static let parties = 3_000
    private static let countries = 40

    /// Groups with a small cap of their own, countries behind them, and shares of a base that moves.
    private func addMarket(
        to table: inout AllocationTable,
        room: Int64
    ) -> (routes: [RouteIndex], freed: [CellIndex]) {
        let countries = (0..<Self.countries).map { _ in table.addAmountLimit(allowed: room * 90) }
        let smallest = table.addCell(room)
        var routes: [RouteIndex] = []
        for party in 0..<Self.parties {
            let country = countries[party * 7 % Self.countries]
            let used = table.addCell(0)
            let small = table.addLimit(.amount(used: used, allowed: smallest))
            guard party % 5 == 0 else {
                routes.append(
                    table.addRoute([
                        .init(limits: [small], charges: [used], maximumAmount: 40),
                        .init(limits: [country.limit], charges: [country.used]),
                    ])
                )
                continue
            }
            let share = table.addShareLimit(base: room * 50, numerator: 7, denominator: 100)
            routes.append(
                table.addRoute([
                    .init(
                        limits: [share.limit, country.limit],
                        charges: [share.used, country.used, share.base]
                    ),
                    .init(limits: [small], charges: [used]),
                ])
            )
        }
        return (routes, countries.map(\.used))
    }

    private func addItems(
        _ count: Int,
        routes: [RouteIndex],
        to batch: inout AllocationBatch,
        using generator: inout SeededGenerator
    ) {
        for _ in 0..<count {
            let route = routes[Int.random(in: 0..<routes.count, using: &generator)]
            let amount = Int64.random(in: 0...60, using: &generator)
            if generator.chance(3) {
                batch.append(.claimUpTo(route: route, unit: 7, count: amount))
            } else {
                batch.append(.claim(route: route, amount: amount))
            }
        }
    }

    /// From plenty of room to none, with what is freed in between.
    @Test(arguments: [Int64(50), 1_000, 100_000], [2, 3])
    func longStreamsAreDecidedAsOnOneThread(room: Int64, workerCount: Int) {
        var generator = SeededGenerator(seed: UInt64(room) * 31 + UInt64(workerCount))
        let team = WorkerTeam(workerCount: workerCount, spins: 500)
        var alone = AllocationTable()
        var together = AllocationTable()
        let (routes, freed) = addMarket(to: &alone, room: room)
        _ = addMarket(to: &together, room: room)
        var expected = AllocationResult()
        var decided = AllocationResult()
        var batch = AllocationBatch()
        for round in 0..<5 {
            batch.removeAll(keepingCapacity: true)
            addItems(25_000, routes: routes, to: &batch, using: &generator)
            if round % 3 == 2 {
                for cell in freed {
                    batch.append(.adjust(cell: cell, by: -(alone.value(of: cell) / 2)))
                }
                addItems(5_000, routes: routes, to: &batch, using: &generator)
            }
            alone.decide(batch, into: &expected)
            together.decide(batch, into: &decided, with: team)
            var differences = 0
            for position in 0..<batch.count
            where decided.outcome(at: position) != expected.outcome(at: position)
                || decided.granted(at: position) != expected.granted(at: position)
                || decided.testRange(at: position) != expected.testRange(at: position)
            {
                differences += 1
            }
            if decided.testCount != expected.testCount { differences += 1 }
            for place in (0..<batch.count).flatMap({ expected.testRange(at: $0) })
            where decided.test(at: place) != expected.test(at: place) {
                differences += 1
            }
            #expect(differences == 0, "round \(round)")
            let digests = (alone.digest(), together.digest())
            #expect(digests.0 == digests.1, "round \(round)")
        }
    }

    /// A team that works for somebody else does not make anybody wait.
    @Test func callersShareATeam() {
        let team = WorkerTeam(workerCount: 2)
        let digests = Mutex<Set<UInt64>>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            var generator = SeededGenerator(seed: 5)
            var table = AllocationTable()
            let (routes, _) = addMarket(to: &table, room: 2_000)
            var result = AllocationResult()
            var batch = AllocationBatch()
            for _ in 0..<5 {
                batch.removeAll(keepingCapacity: true)
                addItems(20_000, routes: routes, to: &batch, using: &generator)
                table.decide(batch, into: &result, with: team)
            }
            let digest = table.digest()
            digests.withLock { _ = $0.insert(digest) }
        }
        #expect(digests.withLock(\.count) == 1)
    }

    /// Teams come and go without leaving a thread behind that waits for ever.
    @Test func teamsEnd() {
        for round in 0..<200 {
            let team = WorkerTeam(workerCount: 2 + round % 3, spins: 50)
            guard round % 2 == 0 else { continue }
            var table = AllocationTable()
            let limit = table.addAmountLimit(allowed: 10)
            let route = table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
            var batch = AllocationBatch()
            for _ in 0..<100 { batch.append(.claim(route: route, amount: 1)) }
            var result = AllocationResult()
            table.decide(
                batch,
                into: &result,
                with: team,
                leastItemsPerWorker: 1,
                windowLength: 4,
                windowsPerChunk: 2
            )
            let used = table.value(of: limit.used)
            #expect(used == 10)
        }
    }
}
