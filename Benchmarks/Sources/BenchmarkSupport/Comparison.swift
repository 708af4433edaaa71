// SPDX-License-Identifier: Apache-2.0

/// Two reports held against each other, row by row.
///
/// Closed loops are compared by their throughput, open loops by the median over their runs of the
/// 99th percentile. A figure whose runs vary by more than ``greatestVariation`` is not compared.
public struct Comparison: Sendable {
    /// The coefficient of variation above which a figure says nothing.
    public static let greatestVariation = 0.1

    /// What a comparison ends with.
    public enum Outcome: Int32, Sendable {
        /// Everything was compared and nothing is slower.
        case noSlowdown = 0
        /// Something is slower by more than the threshold.
        case slowdown = 1
        /// Something can not be compared, and of the rest nothing is slower.
        case notComparable = 3
    }

    /// What was found of a row.
    public enum Finding: Hashable, Sendable {
        /// The new figure over the old one, above 1 where it is better.
        case speed(Double)
        /// Why the two can not be compared.
        case notComparable(String)
    }

    /// A row and its finding.
    public struct Line: Hashable, Sendable {
        /// The row's name.
        public var name: String
        /// What was found.
        public var finding: Finding
    }

    /// How much slower a figure may be, as a share.
    public let threshold: Double
    /// Why nothing can be compared, if so.
    public let environmentDifference: String?
    /// What was found, in the order of the old report's rows.
    public let lines: [Line]
    /// Rows that only the new report has.
    public let addedNames: [String]
    /// What else to know: another kernel or compiler.
    public let remarks: [String]

    /// Compares two reports.
    public init(_ old: BenchmarkReport, _ new: BenchmarkReport, threshold: Double = 0.05) {
        self.threshold = threshold
        environmentDifference = old.environment.difference(from: new.environment)
        lines = old.rows.filter { $0.kind != .yardstick }.map { row in
            Line(name: row.name, finding: Self.finding(row, new.row(named: row.name)))
        }
        addedNames = new.rows.filter { $0.kind != .yardstick && old.row(named: $0.name) == nil }
            .map(\.name)
        remarks = [
            Self.remark("kernel", old.environment.kernel, new.environment.kernel),
            Self.remark("Swift", old.environment.swiftVersion, new.environment.swiftVersion),
            old.environment.warning.map { "old: \($0)" },
            new.environment.warning.map { "new: \($0)" },
        ].compactMap { $0 }
    }

    /// The outcome, whose raw value is the exit status.
    public var outcome: Outcome {
        if environmentDifference != nil || lines.isEmpty { return .notComparable }
        var outcome = Outcome.noSlowdown
        for line in lines {
            switch line.finding {
            case .speed(let speed):
                if isSlower(speed) { return .slowdown }
            case .notComparable: outcome = .notComparable
            }
        }
        return outcome
    }

    /// Whether a row with this speed is slower than the threshold allows.
    public func isSlower(_ speed: Double) -> Bool { speed < 1 - threshold }

    /// The comparison for a terminal.
    public var text: String {
        if let environmentDifference { return "not comparable: \(environmentDifference)" }
        var table = TextTable([
            ("row", .leading), ("new / old", .trailing), ("finding", .leading),
        ])
        for line in lines {
            switch line.finding {
            case .speed(let speed):
                let word =
                    isSlower(speed)
                    ? "SLOWER" : speed > 1 + threshold ? "faster" : "no difference"
                table.append([line.name, shortened(speed, 3), word])
            case .notComparable(let reason):
                table.append([line.name, "", "not comparable: \(reason)"])
            }
        }
        let added = addedNames.map { "\($0): only in the new report" }
        return ([table.text] + added + remarks.map { "! \($0)" }).joined(separator: "\n")
    }

    private static func finding(_ old: BenchmarkRow, _ new: BenchmarkRow?) -> Finding {
        guard let new else { return .notComparable("missing in the new report") }
        if let difference = difference(old, new) { return .notComparable(difference) }
        guard let before = figures(of: old), let after = figures(of: new) else {
            return .notComparable("it has no latencies")
        }
        for (word, sample) in [("old", before), ("new", after)]
        where sample.coefficientOfVariation > greatestVariation {
            let percent = shortened(sample.coefficientOfVariation * 100, 1)
            return .notComparable("the \(word) runs vary by \(percent) %")
        }
        guard before.median > 0, after.median > 0 else {
            return .notComparable("a figure is 0")
        }
        return .speed(before.median / after.median)
    }

    /// Why the two rows did not do the same work, if so.
    private static func difference(_ old: BenchmarkRow, _ new: BenchmarkRow) -> String? {
        if old.workload != new.workload || old.kind != new.kind { return "another workload" }
        if old.seed != new.seed { return "another seed" }
        if old.itemCount != new.itemCount || old.unit != new.unit { return "another count" }
        if old.parameters != new.parameters { return "other parameters" }
        if old.digest != new.digest { return "other decisions" }
        if new.correctness?.isExact == false || old.correctness?.isExact == false {
            return "wrong decisions"
        }
        return nil
    }

    /// The figures that are compared, less being better.
    private static func figures(of row: BenchmarkRow) -> Sample? {
        guard row.kind == .openLoop else { return Sample(row.runs.map(\.wallSeconds)) }
        let latencies = row.runs.compactMap { $0.latency?.nanoseconds(atPercentile: 99) }
        return latencies.isEmpty ? nil : Sample(latencies.map { Double($0) })
    }

    private static func remark(_ what: String, _ old: String, _ new: String) -> String? {
        old == new ? nil : "another \(what): \(old), \(new)"
    }
}
