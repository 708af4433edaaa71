// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong with a file, and where.
public struct RulebookFinding: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The column, from 1, in Unicode scalars.
    public let column: Int
    /// The field, such as `mechanisms[7].limit.amount` (lists count from 1); empty when the finding
    /// is about the file.
    public let field: String
    /// What was found and what was expected.
    public let problem: String

    /// Makes a finding.
    public init(line: Int, column: Int, field: String, problem: String) {
        self.line = line
        self.column = column
        self.field = field
        self.problem = problem
    }
}

/// Why a rulebook, a device catalogue or a country table is not usable: every finding, by place.
public struct RulebookError: Error, Hashable, Sendable {
    /// The file, as the caller named it.
    public let fileName: String
    /// What is wrong, sorted by line and column; never empty.
    public let findings: [RulebookFinding]

    /// Makes an error; the findings are sorted.
    public init(fileName: String, findings: [RulebookFinding]) {
        self.fileName = fileName
        self.findings = findings.sorted {
            ($0.line, $0.column, $0.field, $0.problem) < ($1.line, $1.column, $1.field, $1.problem)
        }
    }
}

extension RulebookError: CustomStringConvertible {
    /// One line a finding: `file:line:column: field: problem`.
    public var description: String {
        findings.map { finding in
            let field = finding.field.isEmpty ? "" : finding.field + ": "
            return "\(fileName):\(finding.line):\(finding.column): \(field)\(finding.problem)"
        }.joined(separator: "\n")
    }
}
