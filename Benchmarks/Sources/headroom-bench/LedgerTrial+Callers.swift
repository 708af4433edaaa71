// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import BenchmarkWorkloads
import Dispatch
import LedgerModel
import QuotaLedger
import Synchronization

/// Many callers at once, each with one order.
extension LedgerTrial {
    /// As fast as it goes with so many callers waiting at once, and on a schedule with a share of
    /// that as load.
    func callerRows(
        _ callers: Int,
        orderCount: Int,
        schedule: OpenLoopSchedule,
        load: Double,
        _ plan: InterleavedRuns
    ) throws -> [BenchmarkRow] {
        let count = min(orderCount, max(callers * 200, 2_000))
        let name = "\(namePrefix).callers\(callers)"
        var pending: [[LedgerModel.Operation]] = []
        let closed = try plan.measure(
            [
                MeasuredCase(
                    name: name,
                    prepare: { [self] in pending = nextOperations(count, batch: 1) },
                    body: { [self] in try askAtOnce(pending, callers) }
                )
            ],
            progress: .terminal
        )
        let most = row(name, kind: .closedLoop, callers, count, closed[0])
        let rate = most.summary.itemsPerSecond * load
        var all = LatencyHistogram()
        let runs = try (0..<plan.runCount).map { turn in
            ProgressLine.terminal.show("\(name).\(schedule), run \(turn + 1) of \(plan.runCount)")
            let operations = nextOperations(count, batch: 1)
            let arrivals = schedule.arrivals(perSecond: rate, seed: seed &+ UInt64(turn))
            let (run, measurement) = try RunMeasurement.of {
                try askOnSchedule(operations, arrivals)
            }
            all.add(run.latency)
            var measured = measurement
            measured.wallSeconds = Double(run.wallNanoseconds) / 1e9
            measured.latency = run.latency.summary
            return measured
        }
        ProgressLine.terminal.clear()
        var open = row("\(name).\(schedule)", kind: .openLoop, callers, count, runs)
        open.parameters["schedule"] = schedule.rawValue
        open.parameters["loadPercent"] = shortened(load * 100, 0)
        open.latency = all.summary
        return [most, open]
    }

    private func row(
        _ name: String,
        kind: BenchmarkRow.Kind,
        _ callers: Int,
        _ count: Int,
        _ runs: [RunMeasurement]
    ) -> BenchmarkRow {
        BenchmarkRow(
            name: name,
            kind: kind,
            workload: "L1",
            parameters: parameters.merging(["batch": "1", "callers": "\(callers)"]) { one, _ in
                one
            },
            seed: seed,
            itemCount: count,
            unit: "decisions",
            runs: runs
        )
    }

    private func askAtOnce(_ operations: [[LedgerModel.Operation]], _ callers: Int) throws {
        let room = DispatchSemaphore(value: callers)
        let failure = Mutex<LedgerError?>(nil)
        for operation in operations {
            room.wait()
            ledger.submit(operation, whenFull: .wait) { result in
                if case .failure(let error) = result { failure.withLock { $0 = error } }
                room.signal()
            }
        }
        for _ in 0..<callers { room.wait() }
        for _ in 0..<callers { room.signal() }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func askOnSchedule(
        _ operations: [[LedgerModel.Operation]],
        _ arrivals: ArrivalSchedule
    ) throws -> OpenLoopRun {
        let recorder = OpenLoopRecorder(
            schedule: arrivals,
            count: operations.count,
            // A generator that watches the clock would have one of two cores for itself.
            clock: SystemClock(isWatchful: false)
        )
        let failure = Mutex<LedgerError?>(nil)
        recorder.issue { number in
            ledger.submit(operations[number], whenFull: .wait) { result in
                if case .failure(let error) = result { failure.withLock { $0 = error } }
                recorder.complete(number)
            }
        }
        ledger.drain()
        if let error = failure.withLock({ $0 }) { throw error }
        guard let run = recorder.finished() else {
            throw BenchmarkFailure("some callers were not answered")
        }
        return run
    }
}
