// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EntryLog
import LedgerModel
import QuotaLedger

/// Decisions in memory: the core alone, without encoding, hashing and disk.
struct CoreBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "core",
        abstract: "Decide generated orders in memory; nothing is written."
    )

    @OptionGroup var options: BenchmarkOptions

    func run() throws {
        let setup = LedgerSetup(workload: options.workload)
        var chunks: [[Operation]] = []
        setup.forEachChunk(of: 8_192) { chunks.append($0) }
        var runs: [Measurement] = []
        for _ in 0..<options.runs {
            var core = LedgerCore(key: HashKey(first: 1, second: 2))
            _ = try core.decide(try setup.beginning(), now: .earliest)
            var decided = 0
            let (_, measurement) = try Measurement.of {
                for chunk in chunks {
                    let effects = try core.decide(chunk, now: .earliest)
                    // Events of limits stand among the entries.
                    decided += effects.answers.count
                }
            }
            guard decided == options.orders else {
                throw ValidationError("\(decided) of \(options.orders) orders were answered")
            }
            runs.append(measurement)
        }
        try options.report("core", unit: "orders", runs: runs)
    }
}
