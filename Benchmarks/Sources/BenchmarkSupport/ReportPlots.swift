// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The plots of a report: throughput by workers and batch size, and latency by percentile.
///
/// A row takes part in the first if it has the parameters `batch` and `workers` (`serial` or a
/// number), in the second if it has latencies.
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
            $0.workload == workload && $0.kind == .closedLoop && batch($0) != nil
                && $0.parameters["workers"] != nil
        }
        let batches = Set(rows.compactMap(batch))
        guard batches.count > 1, let unit = rows.first?.unit else { return nil }
        var names: [String] = []
        for row in rows {
            let name = row.parameters["workers"] ?? ""
            if !names.contains(name) { names.append(name) }
        }
        var series = names.map { name in
            LinePlot.Series(
                Self.title(ofWorkers: name),
                rows.filter { $0.parameters["workers"] == name }
                    .map { (batch($0) ?? 0, $0.summary.itemsPerSecond / 1e6) }
                    .sorted { $0.x < $1.x }
            )
        }
        let marks = Self.crossovers(series)
        series += references(workload)
        let most = series.filter { !$0.isReference }.flatMap(\.points).map(\.y).max() ?? 1
        // A level far above all lines would press them to the ground.
        series.removeAll { $0.isReference && ($0.points.map(\.y).min() ?? 0) > most * 3 }
        let top = series.flatMap(\.points).map(\.y).max() ?? 1
        var plot = LinePlot(
            title: "\(workload): throughput by batch size and workers",
            subtitle: subtitle,
            horizontal: .logarithmic("items in a batch", at: batches.sorted()),
            vertical: .linear("million \(unit) a second", upTo: top),
            series: series
        )
        plot.marks = marks
        return Named(fileName: "\(report.command)-\(workload)-throughput.svg", plot: plot)
    }

    /// The yardsticks that were measured for sizes of batches, as lines to hold the others against.
    private func references(_ workload: String) -> [LinePlot.Series] {
        let rows = report.rows.filter { $0.workload == workload && $0.kind == .yardstick }
        return Set(rows.compactMap { $0.parameters["yardstick"] }).sorted().map { word in
            LinePlot.Series(
                word,
                rows.filter { $0.parameters["yardstick"] == word }
                    .compactMap { row in
                        batch(row).map { ($0, row.summary.itemsPerSecond / 1e6) }
                    }
                    .sorted { $0.x < $1.x },
                isReference: true
            )
        }
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

    /// Where each line first reaches the serial one, between the two sizes that were measured.
    static func crossovers(_ series: [LinePlot.Series]) -> [(value: Double, text: String)] {
        guard let serial = series.first(where: { $0.name == "serial" }) else { return [] }
        return series.filter { $0.name != "serial" && !$0.isReference }.compactMap { line in
            let pairs = line.points.compactMap { point in
                serial.points.first { $0.x == point.x }.map { (point.x, log(point.y / $0.y)) }
            }
            guard let place = pairs.firstIndex(where: { $0.1 >= 0 }) else { return nil }
            guard place > 0 else {
                return (pairs[0].0, "\(line.name): as fast as serial at any size")
            }
            let (before, after) = (pairs[place - 1], pairs[place])
            let share = before.1 / (before.1 - after.1)
            let value = exp(log(before.0) + share * (log(after.0) - log(before.0)))
            return (
                value,
                "\(line.name): as fast as serial at \(PlotAxis.grouped(Int(value.rounded())))"
            )
        }
    }

    // MARK: - Latency

    private func latencies(_ workload: String) -> [Named] {
        let rows = report.rows.filter { $0.workload == workload && $0.latency != nil }
        // More lines than colours are told apart by nobody.
        let parts = stride(from: 0, to: rows.count, by: 6).map {
            Array(rows[$0..<min($0 + 6, rows.count)])
        }
        return parts.enumerated().compactMap { place, part in
            latency(workload, part, number: parts.count > 1 ? place + 1 : nil)
        }
    }

    private func latency(_ workload: String, _ rows: [BenchmarkRow], number: Int?) -> Named? {
        let series = rows.compactMap { row -> LinePlot.Series? in
            guard let latency = row.latency else { return nil }
            // Beyond this percentile fewer than ten latencies would speak for all.
            let last = 100 * (1 - 10 / Double(max(20, latency.count)))
            let points = latency.points.filter { $0.percentile <= last }
            let name =
                row.name.hasPrefix("\(report.command).\(workload).")
                ? String(row.name.dropFirst(report.command.count + workload.count + 2)) : row.name
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
                title: "\(workload): latency by percentile"
                    + (number.map { " (\($0))" } ?? ""),
                subtitle: subtitle,
                horizontal: .percentiles("percentile of callers"),
                vertical: .times("latency (logarithmic)", from: least, to: most),
                series: series
            )
        )
    }
}
