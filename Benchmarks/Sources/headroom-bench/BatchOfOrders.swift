// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import BenchmarkWorkloads
import Dispatch
import EntryLog
import LedgerModel
import QuotaLedger
import Synchronization

/// A size of batches in a trial: the ledger, the bare log and SHA-256, measured in turns.
final class BatchOfOrders {
    private let trial: LedgerTrial
    private let batch: Int
    private let orderCount: Int
    private let warmUpCount: Int
    private var submissions: [[LedgerModel.Operation]] = []
    private var edge: LedgerTrial.Edge?
    private var written: [EncodedBatch] = []
    private var entryCount = 0
    private var byteCount = 0
    private var digest = DecisionDigest()
    private let latencies = SharedLatencies()
    private var runLatencies: [LatencyHistogram] = []
    private var bareLatencies: [LatencyHistogram] = []

    init(trial: LedgerTrial, batch: Int, orderCount: Int, warmUpCount: Int) {
        self.trial = trial
        self.batch = batch
        self.orderCount = orderCount
        self.warmUpCount = warmUpCount
    }

    /// How many batches are under way at once: of a lone caller one.
    private var inFlight: Int { batch == 1 ? 1 : 2 }

    private var name: String { "\(trial.namePrefix).batch\(batch)" }

    var cases: [MeasuredCase] {
        [
            MeasuredCase(
                name: name,
                prepare: { [self] in
                    submissions = trial.nextOperations(orderCount, batch: batch)
                    try trial.catchUp()
                    edge = try trial.edge()
                    latencies.begin()
                },
                body: { [self] in try submit() },
                check: { [self] in try takeBack() }
            ),
            MeasuredCase(
                name: "\(name), \(LedgerTrial.bareLog)",
                prepare: { [self] in bareLatencies.append(LatencyHistogram()) },
                body: { [self] in
                    try trial.appendBare(written, into: &bareLatencies[bareLatencies.count - 1])
                }
            ),
            MeasuredCase(
                name: "\(name), SHA-256",
                body: { [self] in
                    for batch in written
                    where LedgerHash(sha256Of: batch.bytes) == .zero {
                        throw BenchmarkFailure("nothing was hashed")
                    }
                }
            ),
        ]
    }

    private func submit() throws {
        let room = DispatchSemaphore(value: inFlight)
        let failure = Mutex<LedgerError?>(nil)
        let answered = Atomic<Int>(0)
        let clock = SystemClock()
        for operations in submissions {
            room.wait()
            let start = clock.nanoseconds
            trial.ledger.submit(operations, whenFull: .wait) { [latencies] result in
                latencies.record(clock.nanoseconds - start)
                switch result {
                case .success(let answers):
                    // Releasing: pairs with the load below, after all have signalled.
                    answered.wrappingAdd(answers.count, ordering: .releasing)
                case .failure(let error): failure.withLock { $0 = error }
                }
                room.signal()
            }
        }
        for _ in 0..<inFlight { room.wait() }
        for _ in 0..<inFlight { room.signal() }
        if let error = failure.withLock({ $0 }) { throw error }
        // Acquiring: pairs with the adding above.
        let count = answered.load(ordering: .acquiring)
        guard count == orderCount else {
            throw BenchmarkFailure("\(count) of \(orderCount) orders were answered")
        }
    }

    private func takeBack() throws {
        guard let edge else { return }
        submissions = []
        let (batches, digest) = try trial.readBack(edge)
        written = batches
        runLatencies.append(latencies.all)
        entryCount += batches.reduce(0) { $0 + $1.header.entryCount }
        byteCount += batches.reduce(0) { $0 + $1.bytes.count }
        self.digest = digest
        guard batches.reduce(0, { $0 + $1.header.entryCount }) >= orderCount else {
            throw BenchmarkFailure("some orders left no entry")
        }
    }

    // MARK: - Rows

    func rows(_ runs: [[RunMeasurement]], sizes: [Int]) -> [BenchmarkRow] {
        let bareLog = row(
            "\(name).bare-log",
            kind: .yardstick,
            runs[1],
            bareLatencies,
            ["yardstick": LedgerTrial.bareLog],
            sizes
        )
        let hash = row(
            "\(name).sha-256",
            kind: .yardstick,
            runs[2],
            [],
            ["yardstick": "SHA-256"],
            sizes
        )
        var ledger = row(
            name,
            kind: .closedLoop,
            runs[0],
            runLatencies,
            ["inFlight": "\(inFlight)"],
            sizes
        )
        ledger.digest = digest.text
        ledger.setRatio(to: bareLog, as: LedgerTrial.bareLog)
        ledger.setRatio(to: hash, as: "SHA-256")
        return [bareLog, hash, ledger]
    }

    private func row(
        _ name: String,
        kind: BenchmarkRow.Kind,
        _ runs: [RunMeasurement],
        _ latencies: [LatencyHistogram],
        _ own: [String: String],
        _ sizes: [Int]
    ) -> BenchmarkRow {
        var all = LatencyHistogram()
        var runs = runs
        for (place, latency) in latencies.dropFirst(warmUpCount).enumerated() {
            all.add(latency)
            if place < runs.count { runs[place].latency = latency.summary }
        }
        let plan = sizes.map(String.init).joined(separator: ",")
        return BenchmarkRow(
            name: name,
            kind: kind,
            workload: "L1",
            parameters: trial.parameters.merging(["batch": "\(batch)", "plan": plan]) { one, _ in
                one
            }.merging(own) { one, _ in one },
            seed: trial.seed,
            itemCount: orderCount,
            unit: "decisions",
            runs: runs,
            latency: all.summary,
            bytesPerItem: Double(byteCount) / Double(max(1, entryCount))
        )
    }
}

/// Latencies that any thread may record.
private final class SharedLatencies: Sendable {
    private let histogram = Mutex(LatencyHistogram())

    /// All that were recorded since the beginning.
    var all: LatencyHistogram { histogram.withLock { $0 } }

    /// Forgets what was recorded.
    func begin() { histogram.withLock { $0 = LatencyHistogram() } }

    func record(_ nanoseconds: UInt64) { histogram.withLock { $0.record(nanoseconds) } }
}
