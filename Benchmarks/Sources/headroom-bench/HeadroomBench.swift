// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// Measures Headroom: seeded workloads, several runs, the machine noted.
@main
struct HeadroomBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "headroom-bench",
        abstract: "Measure Headroom on generated orders.",
        subcommands: [
            ImportBenchmark.self, RecoveryBenchmark.self, CoreBenchmark.self, ExpiryBenchmark.self,
            OpeningBenchmark.self, EncodingBenchmark.self,
        ]
    )
}

/// What every benchmark takes.
struct BenchmarkOptions: ParsableArguments {
    @Option(help: "How many orders.")
    var orders = 1_000_000

    @Option(help: "How many parties.")
    var parties = 20_000

    @Option(help: "The seed of the workload.")
    var seed: UInt64 = 1

    @Option(help: "How many runs; the median is the figure to quote.")
    var runs = 5

    @Option(help: "Where to write the report as JSON.")
    var json: String?

    var workload: Workload { Workload(seed: seed, partyCount: parties, orderCount: orders) }

    func report(_ name: String, unit: String, runs: [Measurement]) throws {
        let report = BenchmarkReport(
            benchmark: name,
            machine: machineName(),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            seed: seed,
            items: orders,
            unit: unit,
            runs: runs
        )
        print(report.summary)
        guard let json else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(report).write(to: URL(fileURLWithPath: json))
    }
}
