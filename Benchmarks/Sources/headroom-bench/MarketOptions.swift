// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads

/// The generated market that a benchmark of the whole ledger runs on.
struct MarketOptions: ParsableArguments {
    @Option(help: "How many orders.")
    var orders = 1_000_000

    @Option(help: "How many parties.")
    var parties = 20_000

    @Option(help: "The seed of the workload.")
    var seed: UInt64 = 1

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard orders > 0 else { throw ValidationError("--orders must be at least 1") }
        guard parties > 0 else { throw ValidationError("--parties must be at least 1") }
    }

    var market: GeneratedMarket {
        GeneratedMarket(seed: seed, partyCount: parties, orderCount: orders)
    }

    /// A row about all orders of the market.
    func row(
        _ name: String,
        workload: String,
        unit: String,
        parameters: [String: String] = [:],
        runs: [RunMeasurement]
    ) -> BenchmarkRow {
        BenchmarkRow(
            name: name,
            workload: workload,
            parameters: parameters.merging(["parties": "\(parties)"]) { own, _ in own },
            seed: seed,
            itemCount: orders,
            unit: unit,
            runs: runs
        )
    }
}
