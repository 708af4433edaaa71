// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import Benchmark

/// A table and a batch for it, decided again and again from the same values.
private final class KernelCase {
    static let itemCount = 8_192
    private static let groupCount = 256

    private var table = AllocationTable()
    private var batch = AllocationBatch()
    private var result = AllocationResult()
    private var used: [CellIndex] = []

    /// Claims over groups of `limits` limits, each of which allows `allowed`.
    init(
        limits: Int,
        allowed: Int64,
        item: (_ route: RouteIndex, _ used: CellIndex) -> AllocationBatch.Item
    ) {
        var routes: [(route: RouteIndex, used: CellIndex)] = []
        for _ in 0..<Self.groupCount {
            var alternative = AllocationTable.Alternative()
            for _ in 0..<limits {
                let cell = table.addCell(0)
                used.append(cell)
                let most = table.addCell(allowed)
                alternative.limits.append(table.addLimit(.amount(used: cell, allowed: most)))
                alternative.charges.append(cell)
            }
            routes.append((table.addRoute([alternative]), alternative.charges[0]))
        }
        batch.reserveCapacity(Self.itemCount)
        for number in 0..<Self.itemCount {
            let place = routes[number % routes.count]
            batch.append(item(place.route, place.used))
        }
    }

    /// Decides the batch, measured, from empty cells.
    func measure(_ benchmark: Benchmark, with team: WorkerTeam? = nil) {
        for cell in used { table.setValue(0, of: cell) }
        benchmark.startMeasurement()
        if let team {
            table.decide(batch, into: &result, with: team)
        } else {
            table.decide(batch, into: &result)
        }
        benchmark.stopMeasurement()
        var refused = 0
        for position in 0..<result.count where result.outcome(at: position) == .refused {
            refused += 1
        }
        benchmark.measurement(count("decisions"), result.count)
        benchmark.measurement(count("tests"), result.testCount)
        benchmark.measurement(count("refused"), refused)
    }

    /// Publishes the rooms of all limits.
    func publish(to board: LimitBoard) -> [LimitIndex] {
        table.publish(to: board)
        return (0..<table.limitCount).map { LimitIndex(rawValue: UInt32($0)) }
    }

    static func claims(limits: Int, allowed: Int64 = 1 << 40) -> KernelCase {
        KernelCase(limits: limits, allowed: allowed) { route, _ in
            .claim(route: route, amount: 3)
        }
    }
}

private func register(_ name: String, _ kernel: KernelCase, with team: WorkerTeam? = nil) {
    Benchmark(name, configuration: configuration(counting: "decisions", "tests", "refused")) {
        benchmark in kernel.measure(benchmark, with: team)
    }
}

/// Decisions of the kernel by what an item asks for, and reads of a board.
func registerKernelBenchmarks() {
    for limits in 1...3 {
        register("Kernel.claims.\(limits)limits", KernelCase.claims(limits: limits))
    }
    register("Kernel.claims.refused", KernelCase.claims(limits: 3, allowed: 2))
    register(
        "Kernel.claims.upTo",
        KernelCase(limits: 3, allowed: 100) { route, _ in
            .claimUpTo(route: route, unit: 3, count: 5)
        }
    )
    register(
        "Kernel.adjustments",
        KernelCase(limits: 1, allowed: 100) { _, used in .adjust(cell: used, by: 1) }
    )
    register(
        "Kernel.claims.team2",
        KernelCase.claims(limits: 3),
        with: WorkerTeam(workerCount: 2)
    )

    let board = LimitBoard()
    let limits = KernelCase.claims(limits: 3, allowed: 100).publish(to: board)
    Benchmark("Board.holds", configuration: configuration(counting: "held", "checks")) {
        benchmark in
        var held = 0
        benchmark.startMeasurement()
        for limit in limits where board.holds(3, limit) { held += 1 }
        benchmark.stopMeasurement()
        benchmark.measurement(count("held"), held)
        benchmark.measurement(count("checks"), limits.count)
    }
}
