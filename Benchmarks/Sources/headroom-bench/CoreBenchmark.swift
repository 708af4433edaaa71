// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import LedgerModel
import QuotaLedger

/// Decisions in memory: the core alone, without encoding, hashing and disk.
struct CoreBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core",
        abstract: "Decide generated orders in memory; nothing is written."
    )

    @OptionGroup var options: MarketOptions

    func run() throws {
        let capture = EnvironmentCapture()
        let setup = MarketOperations(options.market)
        var chunks: [[Operation]] = []
        setup.forEachChunk(of: 8_192) { chunks.append($0) }
        var runs: [RunMeasurement] = []
        for _ in 0..<options.output.runs {
            var core = LedgerCore(key: HashKey(first: 1, second: 2))
            _ = try core.decide(setup.beginning(), now: .earliest)
            var decided = 0
            let (_, measurement) = try RunMeasurement.of {
                for chunk in chunks {
                    let effects = try core.decide(chunk, now: .earliest)
                    // Events of limits stand among the entries.
                    decided += effects.answers.count
                }
            }
            guard decided == options.orders else {
                throw BenchmarkFailure("\(decided) of \(options.orders) orders were answered")
            }
            runs.append(measurement)
        }
        try options.output.publish(
            "core",
            capture: capture,
            rows: [options.row("core", workload: "orders", unit: "orders", runs: runs)]
        )
    }
}
