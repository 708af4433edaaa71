// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import Dispatch
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import Synchronization

/// A day on which many holds expire, a few each millisecond, with callers in between: each caller's
/// order brings the time, so what is due by then is written in front of it.
struct ExpiryBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expiry",
        abstract: "Let holds expire over a day while callers ask; everything is made durable."
    )

    @OptionGroup var options: MarketOptions

    @Option(help: "A folder for the ledger; it is emptied before each run.")
    var folder: String

    @Option(help: "How many callers ask in the course of the day.")
    var callers = 1_000

    @Option(help: "How many of them wait for their answers at once.")
    var atOnce = 8

    private static let day = LedgerTime(
        startOf: CivilDate(year: 2025, month: 6, day: 3) ?? .earliest
    )

    func run() throws {
        let capture = EnvironmentCapture(folder: folder)
        var runs: [RunMeasurement] = []
        var mostCommits = 0
        var holdBytes: Int64 = 0
        for _ in 0..<options.output.runs {
            try? FileManager.default.removeItem(atPath: folder)
            guard let secret = LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }) else {
                throw BenchmarkFailure("32 bytes should be a secret")
            }
            let log = CountingLog(try LMDBEntryLog.create(at: folder, secret: secret))
            let ledger = try Ledger.open(log, secret: secret) { .earliest }
            let setup = MarketOperations(options.market)
            _ = try ledger.submit(setup.beginning())
            let before = ProcessUsage.residentBytes()
            try hold(setup, in: ledger)
            holdBytes = (ProcessUsage.residentBytes() - before) / Int64(options.orders)
            let start = try log.head().next
            let (most, measurement) = try RunMeasurement.of { try ask(setup, ledger, log) }
            let written = try log.head().next - start
            guard written == UInt64(options.orders + callers + 1) else {
                throw BenchmarkFailure(
                    "\(written) entries, \(options.orders + callers + 1) expected"
                )
            }
            mostCommits = max(mostCommits, most)
            runs.append(measurement)
            ledger.close()
        }
        try options.output.publish(
            "expiry",
            capture: capture,
            notes: [
                "A caller was answered within \(mostCommits) commits.",
                "Resident memory for each open hold and its remembered id: \(holdBytes) bytes.",
            ],
            rows: [
                options.row(
                    "expiry",
                    workload: "expiries",
                    unit: "entries",
                    parameters: ["callers": "\(callers)", "atOnce": "\(atOnce)"],
                    runs: runs
                )
            ]
        )
    }

    /// Makes the holds: home orders, which no limit refuses, each with a deadline of its own.
    private func hold(_ setup: MarketOperations, in ledger: Ledger) throws {
        let step = Double(LedgerTime.millisecondsPerDay - 1) / Double(options.orders)
        for first in stride(from: 0, to: options.orders, by: 8_192) {
            let numbers = first..<min(first + 8_192, options.orders)
            let operations = try numbers.map { number in
                try setup.homeOrder(
                    "H\(number)",
                    at: nil,
                    deadline: Self.time(milliseconds: 1 + Int64(Double(number) * step))
                )
            }
            _ = try ledger.submit(operations)
        }
    }

    /// Lets the callers ask in the course of the day, a few at once, and a tick end it; returns the
    /// most commits between a caller's asking and the answer.
    private func ask(_ setup: MarketOperations, _ ledger: Ledger, _ log: CountingLog) throws -> Int
    {
        let most = Mutex(0)
        let failure = Mutex<LedgerError?>(nil)
        let room = DispatchSemaphore(value: atOnce)
        let step = LedgerTime.millisecondsPerDay / Int64(callers + 1)
        for caller in 1...callers {
            let order = try setup.homeOrder(
                "C\(caller)",
                at: Self.time(milliseconds: Int64(caller) * step),
                deadline: nil
            )
            room.wait()
            let before = log.commitCount
            ledger.submit([order], whenFull: .wait) { result in
                let commits = log.commitCount - before
                most.withLock { $0 = max($0, commits) }
                if case .failure(let error) = result { failure.withLock { $0 = error } }
                room.signal()
            }
        }
        for _ in 0..<atOnce { room.wait() }
        for _ in 0..<atOnce { room.signal() }
        if let error = failure.withLock({ $0 }) { throw error }
        _ = try ledger.submit([
            setup.tick("end", at: Self.time(milliseconds: LedgerTime.millisecondsPerDay))
        ])
        return most.withLock { $0 }
    }

    private static func time(milliseconds: Int64) throws -> LedgerTime {
        guard
            let time = LedgerTime(
                millisecondsSince1970: day.millisecondsSince1970 + milliseconds
            )
        else { throw BenchmarkFailure("the day should have this millisecond") }
        return time
    }
}
