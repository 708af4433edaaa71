// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import Foundation

/// The whole program: a file of orders in, durable entries with salted leaves out.
struct ImportBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import generated orders with the headroom program, durable, leaves on."
    )

    /// The form of the file of orders.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case csv
        case ndjson
    }

    @OptionGroup var options: MarketOptions

    @Option(help: "The headroom program.")
    var program: String

    @Option(help: "A folder for the files and ledgers; it is emptied.")
    var folder: String

    @Option(help: "csv or ndjson.")
    var format = Format.csv

    func run() throws {
        let capture = EnvironmentCapture(folder: folder)
        let files = try GeneratedFiles(options.market, format, folder: folder)
        var runs: [RunMeasurement] = []
        for run in 0..<options.output.runs {
            let ledger = "\(folder)/ledger-\(run)"
            try files.prepareLedger(at: ledger, program: program)
            let (status, measurement) = try RunMeasurement.ofProgram(
                program,
                files.importArguments(ledger: ledger)
            )
            // 1: some orders were refused, as they should be.
            guard status == 0 || status == 1 else {
                throw BenchmarkFailure("the import ended with status \(status)")
            }
            runs.append(measurement)
            try FileManager.default.removeItem(atPath: ledger)
        }
        try options.output.publish(
            "import",
            capture: capture,
            rows: [
                options.row(
                    format == .csv ? "import" : "import.ndjson",
                    workload: format.rawValue.uppercased(),
                    unit: "orders",
                    runs: runs
                )
            ]
        )
    }
}

/// The files of a generated market.
struct GeneratedFiles {
    let orders: String
    let parties: String

    init(
        _ market: GeneratedMarket,
        _ format: ImportBenchmark.Format,
        folder: String
    ) throws {
        let manager = FileManager.default
        try? manager.removeItem(atPath: folder)
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        orders = "\(folder)/orders.\(format)"
        parties = "\(folder)/parties.csv"
        var text = GeneratedMarket.partyHeader + "\n"
        for party in market.parties() {
            text +=
                "\(party.id),Party \(party.id),\(party.site),\(party.site),\(party.parent ?? "")\n"
        }
        try text.write(toFile: parties, atomically: false, encoding: .utf8)
        var rows = format == .csv ? GeneratedMarket.orderHeader + "\n" : ""
        market.forEachOrder { order in
            rows += format == .csv ? Self.csv(order) : Self.json(order)
        }
        try rows.write(toFile: orders, atomically: false, encoding: .utf8)
    }

    private static func csv(_ order: GeneratedOrder) -> String {
        "\(order.id),\(order.consignee),\(order.destination),\(order.device),"
            + "\(order.quantity),\(order.endUse)\n"
    }

    /// As the reference page shows an order.
    private static func json(_ order: GeneratedOrder) -> String {
        "{\"id\":\"\(order.id)\",\"consignee\":\"\(order.consignee)\","
            + "\"destination\":\"\(order.destination)\","
            + "\"lines\":[{\"device\":\"\(order.device)\",\"quantity\":\(order.quantity)}],"
            + "\"end_use\":\"\(order.endUse)\"}\n"
    }

    /// A fresh ledger with the brief rulebook and the parties.
    func prepareLedger(at ledger: String, program: String) throws {
        try? FileManager.default.removeItem(atPath: ledger)
        for arguments in [
            ["init", "--ledger", ledger, "--rulebook", "diffusion-2025-brief", "--at", Self.time],
            ["party", "import", parties, "--ledger", ledger, "--at", Self.time],
        ] {
            let (status, _) = try RunMeasurement.ofProgram(program, arguments)
            guard status == 0 else {
                throw BenchmarkFailure("headroom \(arguments[0]) ended with status \(status)")
            }
        }
    }

    /// The arguments that import the orders.
    func importArguments(ledger: String) -> [String] {
        ["import", orders, "--ledger", ledger, "--organisation", "BENCH"]
    }

    private static let time = "2025-06-02T00:00:00Z"
}
