// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import Foundation

/// How often a benchmark runs and where its report goes.
struct OutputOptions: ParsableArguments {
    @Option(help: "How many runs count; at least 5 for figures that are quoted.")
    var runs = 5

    @Option(help: "How many runs go before them and do not count.")
    var warmUps = 1

    @Option(help: "Where to write the report as JSON.")
    var json: String?

    @Option(help: "Where to write the rows as CSV.")
    var csv: String?

    @Option(help: "A folder for plots of the report as SVG; it is made if it is missing.")
    var plots: String?

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
        guard warmUps >= 0 else { throw ValidationError("--warm-ups must not be negative") }
    }

    var interleaved: InterleavedRuns {
        InterleavedRuns(runCount: runs, warmUpCount: warmUps)
    }

    /// Prints a report and writes the files that are asked for.
    func publish(
        _ command: String,
        capture: EnvironmentCapture,
        notes: [String] = [],
        rows: [BenchmarkRow]
    ) throws {
        var notes = notes
        if runs < 5 { notes.append("Only \(runs) runs: too few to quote.") }
        let report = BenchmarkReport(
            command: command,
            arguments: Array(CommandLine.arguments.dropFirst()),
            environment: capture.finished(),
            notes: notes,
            rows: rows
        )
        print(report.text)
        if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
        if let csv { try report.csv.write(toFile: csv, atomically: true, encoding: .utf8) }
        if let plots { try ReportPlots(report).write(to: plots) }
        if rows.contains(where: { $0.correctness?.isExact == false }) {
            throw BenchmarkFailure("some decisions are wrong: see the columns over and false")
        }
    }
}

/// A run that did not do what it should: its figures mean nothing.
struct BenchmarkFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
