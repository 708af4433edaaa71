// SPDX-License-Identifier: Apache-2.0

extension BenchmarkReport {
    /// The report for a terminal: the machine, a table, and what has to be known.
    public var text: String {
        var lines = [environment.text, ""]
        lines.append(table)
        if let ratioTable { lines += ["", ratioTable] }
        let notes = self.notes + [environment.warning].compactMap { $0 }
        if !notes.isEmpty { lines += [""] + notes.map { "! \($0)" } }
        return lines.joined(separator: "\n")
    }

    private var table: String {
        var table = TextTable([
            ("row", .leading), ("a second", .trailing), ("spread", .trailing),
            ("CPU s/million", .trailing), ("cores", .trailing), ("overlap", .trailing),
            ("p50", .trailing), ("p99", .trailing), ("p99.9", .trailing), ("longest", .trailing),
            ("bytes", .trailing), ("over", .trailing), ("false", .trailing), ("digest", .leading),
        ])
        for row in rows {
            func latency(_ percentile: Double) -> String {
                row.latency?.nanoseconds(atPercentile: percentile)
                    .map { duration(nanoseconds: Double($0)) } ?? ""
            }
            let summary = row.summary
            table.append([
                row.name,
                scaled(summary.itemsPerSecond),
                "\(shortened(summary.coefficientOfVariation * 100, 1)) %",
                shortened(summary.cpuSecondsPerMillion, 3),
                shortened(summary.coresBusy, 2),
                summary.provenOverlap > 0
                    ? "\(shortened(summary.provenOverlap * 100, 0)) %" : "",
                latency(50), latency(99), latency(99.9),
                row.latency.map { duration(nanoseconds: Double($0.maximumNanoseconds)) } ?? "",
                row.bytesPerItem.map { shortened($0, 1) } ?? "",
                row.correctness.map { String($0.overAdmissionCount) } ?? "",
                row.correctness.map { String($0.falseRefusalCount) } ?? "",
                row.digest ?? "",
            ])
        }
        return table.text
    }

    /// A column for each word.
    private var ratioTable: String? {
        let words = Set(rows.flatMap(\.ratios.keys)).sorted()
        guard !words.isEmpty else { return nil }
        let columns: [(title: String, alignment: TextTable.Alignment)] =
            [("ratio to", .leading)] + words.map { ($0, .trailing) }
        var table = TextTable(columns)
        for row in rows where !row.ratios.isEmpty {
            table.append([row.name] + words.map { row.ratios[$0].map { shortened($0, 3) } ?? "" })
        }
        return table.text
    }
}

extension BenchmarkEnvironment {
    /// The machine in three lines.
    public var text: String {
        let gibibytes = shortened(Double(memoryBytes) / 1_073_741_824, 1)
        let storage = fileSystem.map { ", \($0)" } ?? ""
        return """
            \(processor), \(coreCount) cores, \(gibibytes) GiB\(storage), governor \
            \(governor ?? "unknown")
            \(operatingSystem), kernel \(kernel), Swift \(swiftVersion), \(buildMode), commit \
            \(commit ?? "unknown")
            \(startedAt), load \(shortened(loadBefore, 2)) before and \
            \(shortened(loadAfter, 2)) after, others took \(shortened(othersShare * 100, 1)) % \
            of the cores
            """
    }
}
