// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Glibc
import Testing

/// In a process of its own, so that nobody else's memory is counted.
@Suite struct MemoryTests {
    /// The largest the process has been, in KiB.
    private static func peak() -> Int {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }

    /// 2 million decisions, or as many as `HEADROOM_DECISIONS` says, by a team, with claims that find
    /// room and claims that do not.
    @Test func decisionsNeedNoMoreMemoryThanTheFirst() async {
        await #expect(processExitsWith: .success) {
            let wanted = unsafe getenv("HEADROOM_DECISIONS").flatMap {
                unsafe Int(String(cString: $0))
            }
            let team = WorkerTeam(workerCount: 2)
            var table = AllocationTable()
            var routes: [RouteIndex] = []
            var used: [CellIndex] = []
            for number in 0..<200 {
                let limit = table.addAmountLimit(allowed: number % 50 == 0 ? 1_000_000 : 1 << 60)
                used.append(limit.used)
                routes.append(
                    table.addRoute([.init(limits: [limit.limit], charges: [limit.used])])
                )
            }
            let board = LimitBoard()
            var generator = SeededGenerator(seed: 1)
            var batch = AllocationBatch()
            var result = AllocationResult()
            func decide() {
                batch.removeAll(keepingCapacity: true)
                for _ in 0..<20_000 {
                    let route = routes[Int.random(in: 0..<200, using: &generator)]
                    batch.append(
                        .claim(route: route, amount: .random(in: 0...99, using: &generator))
                    )
                }
                for cell in used { batch.append(.adjust(cell: cell, by: 0)) }
                table.decide(batch, into: &result, with: team)
                table.publish(batch, result, to: board)
            }
            for _ in 0..<50 { decide() }
            let before = Self.peak()
            for _ in 0..<max(1, (wanted ?? 2_000_000) / 20_000) { decide() }
            let growth = Self.peak() - before
            precondition(growth < 1_024, "\(growth) KiB more than before")
        }
    }
}
