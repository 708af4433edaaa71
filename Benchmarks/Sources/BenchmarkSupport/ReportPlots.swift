// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The plots of a report: throughput by workers and batch size, and latency by percentile.
///
/// A row takes part in the first if it has the parameter `batch` and a line of its own: `workers`
/// (`serial` or a number), or `sync` and `history` of a ledger. It takes part in the second if it has
/// latencies.
public struct ReportPlots {
    private let report: BenchmarkReport

    /// A plot and the name of its file.
    public struct Named {
        /// The file's name.
        public var fileName: String
        /// The plot.
        public var plot: LinePlot
    }

    /// Prepares the plots of a report.
    public init(_ report: BenchmarkReport) { self.report = report }

    /// Writes all plots into a folder, which is made if it is missing.
    ///
    /// - Returns: The paths of the files.
    @discardableResult
    public func write(to folder: String) throws -> [String] {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        return try plots.map { named in
            let path = "\(folder)/\(named.fileName)"
            try named.plot.svg.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
    }

    /// All plots of the report.
    public var plots: [Named] {
        workloads.flatMap { workload in
            [throughput(workload)].compactMap { $0 } + latencies(workload)
        }
    }

    private var workloads: [String] {
        var seen: Set<String> = []
        return report.rows.map(\.workload).filter { seen.insert($0).inserted }
    }

    private var subtitle: String {
        let environment = report.environment
        let runs = report.rows.first?.runs.count ?? 0
        let quiet = environment.warning == nil ? "" : "; NOT A QUIET MEASUREMENT"
        let seed = report.rows.first?.seed ?? 0
        return "\(environment.processor), \(environment.coreCount) cores; seed \(seed), "
            + "median of \(runs) runs" + quiet
    }

    // MARK: - Throughput

    private func throughput(_ workload: String) -> Named? {
        let rows = report.rows.filter {
            $0.workload == workload && $0.kind == .closedLoop && line($0) != nil
        }
        let batches = Set(rows.compactMap(batch))
        guard batches.count > 1, let unit = rows.first?.unit else { return nil }
        var series = lines(rows, isReference: false)
        let marks = Self.crossovers(series)
        series += lines(
            report.rows.filter { $0.workload == workload && $0.kind == .yardstick },
            isReference: true
        )
        let measured = series.filter { !$0.isReference }.flatMap(\.points).map(\.y)
        guard let least = measured.min(), let most = measured.max() else { return nil }
        // Over a wide range only a logarithmic axis shows everything; on another one, a level far
        // above all lines would press them to the ground.
        let isWide = most > least * 20 || rows.contains { ledger($0) != nil }
        if !isWide {
            series.removeAll { $0.isReference && ($0.points.map(\.y).max() ?? 0) > most * 3 }
        }
        let shown = series.flatMap(\.points).map(\.y)
        let top = shown.max() ?? most
        let label = "million \(unit) a second"
        var plot = LinePlot(
            title: "\(workload): throughput by size of batches",
            subtitle: subtitle,
            horizontal: .logarithmic("items in a batch", at: batches.sorted()),
            vertical: isWide
                ? .decades(label + " (logarithmic)", from: shown.min() ?? least, to: top)
                : .linear(label, upTo: top),
            series: series
        )
        plot.marks = marks
        return Named(fileName: "\(report.command)-\(workload)-throughput.svg", plot: plot)
    }

    /// A row's name without what the plot's title says already.
    private func shortName(_ row: BenchmarkRow) -> String {
        var name = row.name
        var prefixes = ["\(report.command).\(row.workload)."]
        if let sync = row.parameters["sync"], let history = row.parameters["history"] {
            prefixes.append("sync-\(sync).history\(history).")
        }
        for prefix in prefixes where name.hasPrefix(prefix) {
            name.removeFirst(prefix.count)
        }
        return name
    }

    /// The rows as lines over the size of batches, in the order in which the lines come up.
    private func lines(_ rows: [BenchmarkRow], isReference: Bool) -> [LinePlot.Series] {
        var names: [String] = []
        var points: [String: [(x: Double, y: Double)]] = [:]
        for row in rows {
            guard let name = line(row), let batch = batch(row) else { continue }
            if points[name] == nil { names.append(name) }
            points[name, default: []].append((batch, row.summary.itemsPerSecond / 1e6))
        }
        return names.map { name in
            LinePlot.Series(
                name,
                (points[name] ?? []).sorted { $0.x < $1.x },
                isReference: isReference
            )
        }
    }

    /// What the line of a row is called, if it belongs to one.
    private func line(_ row: BenchmarkRow) -> String? {
        let parameters = row.parameters
        // Callers with one order each are no size of batches.
        guard parameters["batch"] != nil, parameters["callers"] == nil else { return nil }
        var words: [String] = []
        if let yardstick = parameters["yardstick"] { words.append(yardstick) }
        if let workers = parameters["workers"] { words.append(Self.title(ofWorkers: workers)) }
        if let ledger = ledger(row) { words.append(ledger) }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Which ledger a row is about, if it is about one.
    private func ledger(_ row: BenchmarkRow) -> String? {
        guard let sync = row.parameters["sync"], let history = row.parameters["history"],
            let entries = Int(history)
        else { return nil }
        return "sync \(sync), history \(PlotAxis.grouped(entries))"
    }

    private func batch(_ row: BenchmarkRow) -> Double? {
        row.parameters["batch"].flatMap { Double($0) }
    }

    private static func title(ofWorkers workers: String) -> String {
        switch workers {
        case "serial": "serial"
        case "1": "1 worker"
        default: Int(workers) == nil ? workers : "\(workers) workers"
        }
    }

    /// From where on each line is as fast as the serial one, between the two sizes that were measured.
    static func crossovers(_ series: [LinePlot.Series]) -> [(value: Double, text: String)] {
        guard let serial = series.first(where: { $0.name == "serial" }) else { return [] }
        return series.filter { $0.name != "serial" && !$0.isReference }.compactMap { line in
            let pairs = line.points.compactMap { point in
                serial.points.first { $0.x == point.x }.map { (point.x, log(point.y / $0.y)) }
            }
            // Slower nowhere, or still slower at the end: nothing is crossed.
            guard let last = pairs.lastIndex(where: { $0.1 < 0 }), last + 1 < pairs.count else {
                return nil
            }
            let (before, after) = (pairs[last], pairs[last + 1])
            let share = before.1 / (before.1 - after.1)
            let value = exp(log(before.0) + share * (log(after.0) - log(before.0)))
            return (
                value,
                "\(line.name): as fast as serial from \(PlotAxis.grouped(Int(value.rounded())))"
            )
        }
    }

    // MARK: - Latency

    /// The fewest latencies that make a line.
    private static let fewestLatencies: UInt64 = 200

    private func latencies(_ workload: String) -> [Named] {
        let rows = report.rows.filter {
            $0.workload == workload && $0.latency?.count ?? 0 >= Self.fewestLatencies
        }
        var groups: [(title: String, rows: [BenchmarkRow])] = []
        for row in rows {
            let title = ledger(row) ?? ""
            // More lines than colours are told apart by nobody.
            if let last = groups.last, last.title == title, last.rows.count < 6 {
                groups[groups.count - 1].rows.append(row)
            } else {
                groups.append((title, [row]))
            }
        }
        return groups.enumerated().compactMap { place, group in
            latency(
                group.title.isEmpty ? workload : "\(workload), \(group.title)",
                workload,
                group.rows,
                number: groups.count > 1 ? place + 1 : nil
            )
        }
    }

    private func latency(
        _ title: String,
        _ workload: String,
        _ rows: [BenchmarkRow],
        number: Int?
    ) -> Named? {
        let series = rows.compactMap { row -> LinePlot.Series? in
            guard let latency = row.latency else { return nil }
            // Beyond this percentile fewer than ten latencies would speak for all.
            let last = 100 * (1 - 10 / Double(max(20, latency.count)))
            let points = latency.points.filter { $0.percentile <= last }
            let name = shortName(row)
            return LinePlot.Series(
                name,
                points.map { ($0.percentile, Double(max(1, $0.nanoseconds))) }
            )
        }
        let values = series.flatMap(\.points).map(\.y)
        guard let least = values.min(), let most = values.max() else { return nil }
        let part = number.map { "-\($0)" } ?? ""
        return Named(
            fileName: "\(report.command)-\(workload)-latency\(part).svg",
            plot: LinePlot(
                title: "\(title): latency by percentile",
                subtitle: subtitle,
                horizontal: .percentiles("percentile of callers"),
                vertical: .times("latency (logarithmic)", from: least, to: most),
                series: series
            )
        )
    }
}
