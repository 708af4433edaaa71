// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import BenchmarkSupport
import BenchmarkWorkloads

/// A workload with its table, its batches and its expected answers, ready to be measured.
final class MeasuredWorkload {
    let workload: KernelWorkload
    let expected: ExpectedAnswers
    private let batches: [(count: Int, prepared: [PreparedBatch])]
    private var table: AllocationTable
    private var result = AllocationResult()

    init(_ workload: KernelWorkload, batchCounts: [Int]) {
        self.workload = workload
        expected = ExpectedAnswers(workload)
        batches = batchCounts.map { ($0, workload.batches(of: $0)) }
        table = workload.makeTable()
    }

    private var code: String { workload.kind.rawValue }

    /// What a batch's items take in memory and what a kernel writes for them, on average.
    private var bytesPerItem: Double {
        let tests = Double(expected.testCount) / Double(expected.count)
        return Double(GatherYardstick.bytesPerItem + GatherYardstick.bytesPerOutcome)
            + tests * Double(GatherYardstick.bytesPerTest)
    }

    // MARK: - Closed loop

    /// Decides the stream as fast as it goes, in each way and each size of batches, and measures
    /// the yardsticks in turns with them.
    func closedLoop(
        _ deciders: [KernelDecider],
        _ plan: InterleavedRuns
    ) throws -> [BenchmarkRow] {
        var cases: [MeasuredCase] = []
        var rows: [([RunMeasurement]) -> BenchmarkRow] = []
        for (count, prepared) in batches {
            let yardsticks = yardsticks(count)
            cases += yardsticks.map(\.measured)
            rows += yardsticks.map(\.row)
            for decider in deciders {
                let correctness = verify(decider, prepared)
                cases.append(measured(decider, count, prepared))
                rows.append { [self] runs in
                    row(decider, count, correctness: correctness, runs: runs)
                }
            }
        }
        let measurements = try plan.measure(cases, progress: .terminal)
        return withRatios(zip(rows, measurements).map { $0($1) })
    }

    private func measured(
        _ decider: KernelDecider,
        _ count: Int,
        _ prepared: [PreparedBatch]
    ) -> MeasuredCase {
        MeasuredCase(
            name: "\(code).\(decider.name).batch\(count)",
            prepare: { [self] in workload.reset(&table) },
            body: { [self] in
                for prepared in prepared { decider.decide(prepared.batch, &table, &result) }
            },
            check: { [self] in
                guard table.snapshot() == expected.cells else {
                    throw BenchmarkFailure("\(code).\(decider.name): wrong sums in a measured run")
                }
            }
        )
    }

    /// Decides the stream once and holds every answer against the oracle's.
    private func verify(_ decider: KernelDecider, _ prepared: [PreparedBatch]) -> Correctness {
        ProgressLine.terminal.show("\(code).\(decider.name): checking every decision")
        workload.reset(&table)
        var check = AnswerCheck(expected)
        for prepared in prepared {
            decider.decide(prepared.batch, &table, &result)
            check.add(result)
        }
        check.finish(table)
        return check.correctness
    }

    private func row(
        _ decider: KernelDecider,
        _ count: Int,
        correctness: Correctness,
        runs: [RunMeasurement]
    ) -> BenchmarkRow {
        BenchmarkRow(
            name: "kernel.\(code).\(decider.name).batch\(count)",
            workload: code,
            parameters: parameters(["batch": "\(count)", "workers": decider.workers]),
            seed: workload.seed,
            itemCount: workload.items.count,
            unit: "decisions",
            runs: runs,
            digest: expected.digest.text,
            correctness: correctness,
            bytesPerItem: bytesPerItem
        )
    }

    private func parameters(_ own: [String: String]) -> [String: String] {
        own.merging([
            "parties": "\(workload.size.partyCount)",
            "countries": "\(workload.size.countryCount)",
        ]) { own, _ in own }
    }

    // MARK: - Yardsticks

    private typealias Yardstick = (measured: MeasuredCase, row: ([RunMeasurement]) -> BenchmarkRow)

    private static let copy = "copy"
    private static let gather = "gather and copy"

    private func yardsticks(_ count: Int) -> [Yardstick] {
        let batchBytes = Int(bytesPerItem * Double(min(count, expected.count)))
        let turns = (expected.count - 1) / count + 1
        var copy = CopyYardstick(byteCount: batchBytes)
        var gather = GatherYardstick(workload, expected, batchCount: count)
        return [
            yardstick(Self.copy, count) { _ = copy.copy(times: turns) },
            yardstick(Self.gather, count) { _ = gather.run() },
        ]
    }

    private func yardstick(
        _ word: String,
        _ count: Int,
        _ body: @escaping () -> Void
    ) -> Yardstick {
        let dashed = word.split(separator: " ").joined(separator: "-")
        let name = "kernel.\(code).\(dashed).batch\(count)"
        let measured = MeasuredCase(name: name, body: body)
        return (
            measured,
            { [self] runs in
                BenchmarkRow(
                    name: name,
                    kind: .yardstick,
                    workload: code,
                    parameters: parameters(["batch": "\(count)", "yardstick": word]),
                    seed: workload.seed,
                    itemCount: workload.items.count,
                    unit: "items",
                    runs: runs,
                    bytesPerItem: bytesPerItem
                )
            }
        )
    }

    /// Sets each row's ratio to the yardsticks with the same size of batches, and to the first way
    /// to decide.
    private func withRatios(_ rows: [BenchmarkRow]) -> [BenchmarkRow] {
        rows.map { row in
            guard row.kind == .closedLoop else { return row }
            var row = row
            for other in rows where other.parameters["batch"] == row.parameters["batch"] {
                if let word = other.parameters["yardstick"] {
                    row.setRatio(to: other, as: word)
                } else if other.parameters["workers"] == "serial", other.name != row.name {
                    row.setRatio(to: other, as: "serial")
                }
            }
            return row
        }
    }

    // MARK: - Open loop

    /// Callers come on a schedule and the decider takes all who are there, at most a batch.
    ///
    /// The load is a share of what the same loop reaches when everybody is there already: filling
    /// the batch is part of the work.
    func openLoop(
        _ deciders: [KernelDecider],
        schedule: OpenLoopSchedule,
        load: Double,
        _ plan: InterleavedRuns
    ) throws -> [BenchmarkRow] {
        var rows: [BenchmarkRow] = []
        for (count, _) in batches {
            for decider in deciders {
                let name = "kernel.\(code).\(decider.name).batch\(count).\(schedule)"
                ProgressLine.terminal.show(name)
                let most = try served(decider, count, .fixed(perSecond: 1e12)).wallNanoseconds
                let rate = Double(expected.count) / Double(max(1, most)) * 1e9 * load
                let arrivals = schedule.arrivals(perSecond: rate, seed: workload.seed)
                var all = LatencyHistogram()
                let runs = try (0..<plan.runCount).map { _ in
                    let (run, measurement) = try RunMeasurement.of {
                        try served(decider, count, arrivals)
                    }
                    all.add(run.latency)
                    var measured = measurement
                    // Filling the histograms is no part of the run.
                    measured.wallSeconds = Double(run.wallNanoseconds) / 1e9
                    measured.latency = run.latency.summary
                    return measured
                }
                rows.append(
                    BenchmarkRow(
                        name: name,
                        kind: .openLoop,
                        workload: code,
                        parameters: parameters([
                            "batch": "\(count)", "workers": decider.workers,
                            "schedule": schedule.rawValue,
                            "loadPercent": shortened(load * 100, 0),
                        ]),
                        seed: workload.seed,
                        itemCount: workload.items.count,
                        unit: "decisions",
                        runs: runs,
                        digest: expected.digest.text,
                        latency: all.summary
                    )
                )
            }
        }
        ProgressLine.terminal.clear()
        return rows
    }

    private func served(
        _ decider: KernelDecider,
        _ count: Int,
        _ schedule: ArrivalSchedule
    ) throws -> OpenLoopRun {
        workload.reset(&table)
        var batch = AllocationBatch()
        let loop = OpenLoop(schedule: schedule, clock: SystemClock())
        let run = loop.runBatches(count: expected.count, maximumBatchCount: count) { range in
            batch.removeAll(keepingCapacity: true)
            workload.append(range, to: &batch)
            decider.decide(batch, &table, &result)
        }
        guard table.snapshot() == expected.cells else {
            throw BenchmarkFailure("\(code).\(decider.name): wrong sums in an open loop")
        }
        return run
    }
}
