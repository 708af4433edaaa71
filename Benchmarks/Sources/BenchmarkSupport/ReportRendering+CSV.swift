// SPDX-License-Identifier: Apache-2.0

extension BenchmarkReport {
    /// The columns of ``csv``.
    public static let csvColumns = [
        "name", "kind", "workload", "parameters", "seed", "item_count", "unit", "run_count",
        "items_per_second", "median_wall_seconds", "coefficient_of_variation",
        "cpu_seconds_per_million", "cores_busy", "proven_overlap", "peak_memory_bytes",
        "p50_nanoseconds", "p90_nanoseconds", "p99_nanoseconds", "p99_9_nanoseconds",
        "maximum_nanoseconds", "bytes_per_item", "over_admissions", "false_refusals",
        "other_differences", "digest", "ratios",
    ]

    /// The rows as CSV (RFC 4180), with a header.
    public var csv: String {
        var lines = [Self.csvColumns.joined(separator: ",")]
        for row in rows {
            let summary = row.summary
            func latency(_ percentile: Double) -> String {
                row.latency?.nanoseconds(atPercentile: percentile).map { String($0) } ?? ""
            }
            let parameters = row.parameters.sorted { $0.key < $1.key }
                .map { "\($0.key)=\($0.value)" }
            let ratios = row.ratios.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            let cells: [String] = [
                row.name, row.kind.rawValue, row.workload, parameters.joined(separator: " "),
                "\(row.seed)", "\(row.itemCount)", row.unit, "\(row.runs.count)",
                "\(summary.itemsPerSecond)", "\(summary.medianWallSeconds)",
                "\(summary.coefficientOfVariation)", "\(summary.cpuSecondsPerMillion)",
                "\(summary.coresBusy)", "\(summary.provenOverlap)", "\(summary.peakMemoryBytes)",
                latency(50), latency(90), latency(99), latency(99.9),
                row.latency.map { "\($0.maximumNanoseconds)" } ?? "",
                row.bytesPerItem.map { "\($0)" } ?? "",
                row.correctness.map { "\($0.overAdmissionCount)" } ?? "",
                row.correctness.map { "\($0.falseRefusalCount)" } ?? "",
                row.correctness.map { "\($0.otherDifferenceCount)" } ?? "",
                row.digest ?? "", ratios.joined(separator: " "),
            ]
            lines.append(cells.map(Self.quoted).joined(separator: ","))
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\""
            + text.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
