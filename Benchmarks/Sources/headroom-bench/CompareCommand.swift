// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport

/// Holds two reports against each other.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Hold a new report against an old one.",
        discussion: """
            Exit status: 0 nothing is slower, 1 something is slower by more than the threshold, \
            2 wrong use, 3 something can not be compared (another machine, other work, other \
            decisions, runs that vary by more than 10 %) and of the rest nothing is slower.
            """
    )

    @Argument(help: "The report to compare with.")
    var old: String

    @Argument(help: "The report that is judged.")
    var new: String

    @Option(help: "How much slower is still the same, in percent.")
    var threshold = "5%"

    func run() throws {
        guard let share = Self.share(threshold) else {
            throw UsageError("--threshold takes a percentage between 0 and 100: \(threshold)")
        }
        let comparison: Comparison
        do {
            comparison = Comparison(
                try BenchmarkReport.read(old),
                try BenchmarkReport.read(new),
                threshold: share
            )
        } catch let error as ReportFileError {
            throw UsageError(error.description)
        }
        print(comparison.text)
        throw ExitCode(comparison.outcome.rawValue)
    }

    /// `5%` or `5` as a share.
    static func share(_ text: String) -> Double? {
        let digits = text.hasSuffix("%") ? text.dropLast() : Substring(text)
        guard let percent = Double(digits), (0..<100).contains(percent) else { return nil }
        return percent / 100
    }
}

/// A use of the program that it can not follow; the exit status is 2.
struct UsageError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
