// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import StateStore

/// The cap report (R1): as of now from the state, and as of an earlier entry from the snapshot kept
/// before it and the log, or from the log alone.
struct ReportBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Make the cap report as of now and as of earlier entries.",
        discussion: """
            report.now: from the state in memory, 100 reports a run. report.as-of-N: the state as \
            of N percent of the entries is rebuilt from the newest snapshot before and the log \
            behind it, and the report is made of it. report.as-of-N.alone: from the log alone.
            """
    )

    @OptionGroup var options: MarketOptions

    @Option(help: "A folder for the ledger; it is emptied.")
    var folder: String

    private static let reportsPerRun = 100

    func run() throws {
        let capture = EnvironmentCapture(folder: folder)
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let log = try LMDBEntryLog.create(at: "\(folder)/log", secret: .forBenchmarks())
        let store = try LMDBStateStore(path: "\(folder)/state")
        let storage = OperationStorage(store)
        let ledger = try Ledger.open(
            log,
            secret: log.secret,
            snapshots: store,
            operations: storage
        ) { .earliest }
        let setup = MarketOperations(options.market)
        _ = try ledger.submit(setup.beginning())
        try setup.forEachChunk(of: 8_192) { _ = try ledger.submit($0) }
        ledger.drain()
        let written = try log.head().next
        var last: CapReport?
        var cases = [
            MeasuredCase(
                name: "report.now",
                body: {
                    for _ in 0..<Self.reportsPerRun { last = try ledger.capReport() }
                },
                check: { try require(last, through: written - 1) }
            )
        ]
        let percents: [UInt64] = [25, 50, 100]
        for percent in percents {
            let end = max(3, written * percent / 100)
            for isAlone in [false, true] {
                cases.append(
                    MeasuredCase(
                        name: "report.as-of-\(percent)" + (isAlone ? ".alone" : ""),
                        body: {
                            let core = try LedgerCore.recovered(
                                from: log,
                                snapshots: isAlone ? nil : store,
                                operations: isAlone ? nil : storage,
                                until: EntryNumber(rawValue: end)
                            )
                            last = core.capReport()
                        },
                        check: { try require(last, through: end - 1) }
                    )
                )
            }
        }
        let runs = try options.output.interleaved.measure(cases, progress: .terminal)
        ledger.close()
        let rows = zip(cases, runs).enumerated().map { place, measured in
            BenchmarkRow(
                name: measured.0.name,
                workload: "R1",
                parameters: ["parties": "\(options.parties)", "orders": "\(options.orders)"],
                seed: options.seed,
                itemCount: place == 0 ? Self.reportsPerRun : 1,
                unit: "reports",
                runs: measured.1
            )
        }
        try options.output.publish(
            "report",
            capture: capture,
            notes: ["The ledger has \(written) entries."],
            rows: rows
        )
    }

    private func require(_ report: CapReport?, through number: UInt64) throws {
        guard let report, report.isReconciled else {
            throw BenchmarkFailure("a report was not made, or does not add up")
        }
        guard report.through.rawValue == number else {
            throw BenchmarkFailure("a report goes through \(report.through), not \(number)")
        }
    }
}
