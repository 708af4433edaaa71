// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport

/// Draws the plots of a report.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw the plots of a report as SVG files."
    )

    @Argument(help: "The report, as `--json` wrote it.")
    var report: String

    @Option(help: "The folder for the plots; it is made if it is missing.")
    var output = "."

    func run() throws {
        let read: BenchmarkReport
        do {
            read = try BenchmarkReport.read(report)
        } catch let error as ReportFileError {
            throw UsageError(error.description)
        }
        let paths = try ReportPlots(read).write(to: output)
        if paths.isEmpty { print("The report has nothing to plot.") }
        for path in paths { print(path) }
    }
}
