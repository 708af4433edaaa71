// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What a benchmark found, with all that is needed to judge it: `Benchmarks/schema/` describes its
/// JSON form.
public struct BenchmarkReport: Codable, Sendable {
    /// The word by which a file is known as such a report.
    public static let schemaName = "headroom-benchmark-report"
    /// The version of the form that this program writes and reads.
    public static let currentSchemaVersion = 1

    /// ``schemaName``.
    public var schema = BenchmarkReport.schemaName
    /// ``currentSchemaVersion``.
    public var schemaVersion = BenchmarkReport.currentSchemaVersion
    /// The command that measured.
    public var command: String
    /// Its arguments.
    public var arguments: [String]
    /// What it ran on.
    public var environment: BenchmarkEnvironment
    /// What a reader has to know, such as that the machine was not quiet.
    public var notes: [String]
    /// What was measured.
    public var rows: [BenchmarkRow]

    /// Makes a report.
    public init(
        command: String,
        arguments: [String],
        environment: BenchmarkEnvironment,
        notes: [String] = [],
        rows: [BenchmarkRow]
    ) {
        self.command = command
        self.arguments = arguments
        self.environment = environment
        self.notes = notes
        self.rows = rows
    }

    /// The row with a name, if there is one.
    public func row(named name: String) -> BenchmarkRow? { rows.first { $0.name == name } }

    /// The report as JSON, with sorted keys.
    public func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// Reads a report.
    ///
    /// - Throws: ``ReportFileError`` if the file is missing, no report, or of another version.
    public static func read(_ path: String) throws -> BenchmarkReport {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ReportFileError(path: path, finding: "it can not be read")
        }
        let decoder = JSONDecoder()
        guard let head = try? decoder.decode(Head.self, from: data), head.schema == schemaName
        else { throw ReportFileError(path: path, finding: "it is no report of benchmarks") }
        guard head.schemaVersion == currentSchemaVersion else {
            throw ReportFileError(
                path: path,
                finding: "it has version \(head.schemaVersion), not \(currentSchemaVersion)"
            )
        }
        do {
            return try decoder.decode(BenchmarkReport.self, from: data)
        } catch {
            throw ReportFileError(path: path, finding: "it is damaged: \(error)")
        }
    }

    private struct Head: Codable {
        var schema: String
        var schemaVersion: Int
    }
}

/// A report that can not be read.
public struct ReportFileError: Error, CustomStringConvertible {
    /// The file.
    public var path: String
    /// What is wrong with it.
    public var finding: String

    /// What went wrong, in a line.
    public var description: String { "\(path): \(finding)" }
}
