// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
import Rulebook

extension CapReportRendering {
    /// The most limits whose use over time a page shows.
    static let historyCount = 12

    /// The limits whose use over time ``html(histories:)`` shows: of the countries with any use
    /// those that are fullest, at most 12.
    public var limitsOverTime: [LimitName] {
        fullestFirst.prefix(Self.historyCount).map { .country($0.country) }
    }

    /// The report as one HTML file that needs nothing else.
    ///
    /// - Parameter histories: How the limits of ``limitsOverTime`` stood over time; others are left
    ///   out.
    /// - Returns: The file; the same arguments give the same text.
    public func html(histories: [LimitHistory]) -> String {
        ReportPage(
            title: "Cap report",
            ledger: report.creation.origin.text,
            asOf: report.asOf.description,
            basis: basis,
            keyFigures: keyFigures,
            facts: headerLines,
            sections: [
                ReportPage.Section("How full the limits are", fullness),
                ReportPage.Section("Use over time", overTime(histories)),
                ReportPage.Section("Countries", countryBlocks),
                ReportPage.Section("Decisions", decisionBlocks),
                ReportPage.Section("Reconciliation", [.lines(reconciliation)]),
            ],
            closing: report.header(runOn: runOn).closing
        ).html
    }

    /// The countries with any use, the fullest limit first.
    private var fullestFirst: [CapLine] {
        report.lines.filter { $0.used > .zero }.sorted { left, right in
            // Of a limit of 0 any use is more than everything.
            let (one, other) = (
                Int128(left.used.rawValue) * Int128(right.limit.rawValue),
                Int128(right.used.rawValue) * Int128(left.limit.rawValue)
            )
            return one == other ? left.country < right.country : one > other
        }
    }

    private var keyFigures: [(label: String, value: String)] {
        func count(_ isMeant: (CapLine) -> Bool) -> String {
            grouped(report.lines.filter(isMeant).count)
        }
        return [
            ("countries with any use", count { $0.used > .zero }),
            ("in breach: more used than allowed", count { $0.used > $0.limit }),
            ("90 % or more is used", count { $0.band.isNearlyFull }),
            ("open holds", grouped(report.openHoldCount)),
        ]
    }

    // MARK: - Charts

    private var fullness: [ReportPage.Block] {
        let lines = fullestFirst
        guard !lines.isEmpty else { return [.empty("No country has any use yet: no data.")] }
        let unused = report.lines.count - lines.count
        let most = lines.first.map { "\(countryText($0)), \(percentText($0))" } ?? ""
        let chart = BarChart(
            title: "Use of each country's limit, in percent of the limit",
            summary: "Horizontal bars, the fullest first. \(counted(lines.count, "country")) with "
                + "any use; the fullest is \(most). "
                + "\(lines.filter { $0.used > $0.limit }.count) in breach.",
            unit: "% of the limit",
            names: ("shipped", "held, not yet shipped", "limit (100 %)"),
            bars: lines.map(bar),
            data: PageTable(
                caption: "Use of each country's limit: figures",
                columns: [
                    .text("country"), .number("shipped, H100e"), .number("held, H100e"),
                    .number("limit, H100e"), .number("used %"),
                ],
                rows: lines.map { line in
                    [
                        .init(countryText(line)),
                        .init(amounts.h100e(line.shipped, rounding: .up)),
                        .init(amounts.h100e(line.held, rounding: .up)),
                        .init(amounts.h100e(line.limit, rounding: .down)),
                        .init(Percentage.text(used: line.used, limit: line.limit)),
                    ]
                }
            )
        )
        let rest =
            unused == 0
            ? [] : [ReportPage.Block.paragraph("Nothing is used of \(unused) more in the tables.")]
        return chart.figures.map(ReportPage.Block.chart) + rest
    }

    private func bar(_ line: CapLine) -> BarChart.Bar {
        let isInBreach = line.used > line.limit
        let amount =
            amounts.short(line.used, rounding: .up) + " of "
            + amounts.short(line.limit, rounding: .down)
        func percent(_ part: TPP) -> Double {
            guard line.limit > .zero else { return 0 }
            return Double(part.rawValue) * 100 / Double(line.limit.rawValue)
        }
        return BarChart.Bar(
            label: countryText(line),
            parts: (percent(line.shipped), percent(line.held)),
            limit: line.limit > .zero ? 100 : nil,
            value: percentText(line),
            detail: amount + (isInBreach ? ", in breach" : ""),
            isInBreach: isInBreach
        )
    }

    private func overTime(_ histories: [LimitHistory]) -> [ReportPage.Block] {
        let byName = Dictionary(histories.map { ($0.name, $0) }) { first, _ in first }
        let shown = fullestFirst.prefix(Self.historyCount).compactMap { line in
            byName[.country(line.country)].map { (line, $0) }
        }.filter { !$0.1.points.isEmpty }
        let from = shown.compactMap { $0.1.points.first?.time }.min()
        guard let from else { return [.empty("Nothing was used yet: no data.")] }
        let used = report.lines.filter { $0.used > .zero }.count
        let which =
            used > shown.count
            ? "The \(shown.count) fullest of \(used) countries with any use. "
            : ""
        return [
            .paragraph(
                which + "Steps show what was used against the limit as it was in force. Triangles "
                    + "and hatching mark the times of a breach. Days are UTC."
            ),
            .multiples(
                shown.map { line, history in
                    HistoryChart(
                        history,
                        title: countryText(line),
                        from: from,
                        until: report.asOf,
                        amounts: amounts
                    ).figure
                }
            ),
        ]
    }

    private func countryText(_ line: CapLine) -> String {
        "\(line.country) \(countries.name(of: line.country) ?? "not assigned")"
    }

    private func percentText(_ line: CapLine) -> String {
        line.limit > .zero
            ? Percentage.text(used: line.used, limit: line.limit) + " %" : "limit 0"
    }

    // MARK: - Tables

    private var countryBlocks: [ReportPage.Block] {
        guard !report.lines.isEmpty else { return [.empty("No country has any use yet: no data.")] }
        return [
            .paragraph(
                "H100e. Limits, headroom and what expires are rounded down, what is used, shipped "
                    + "or held is rounded up. A country without a line has no data, which is not 0."
            )
        ]
            + zip(countryPageTables, ["limits and use", "shipped and held", "memos"])
            .map { .table(PageTable($0, caption: "Countries: \($1), H100e")) }
    }

    private var decisionBlocks: [ReportPage.Block] {
        let tables = [
            (grantTable, "Granted, by mechanism, since the ledger began"),
            (refusalTable, "Refused, by mechanism and reason, since the ledger began"),
        ].filter { !$0.0.rows.isEmpty }.map { PageTable($0.0, caption: $0.1) }
        guard !tables.isEmpty else { return [.empty("Nothing was decided yet: no data.")] }
        return tables.map(ReportPage.Block.table)
    }
}

extension UseBand {
    /// Whether 90 % or more is used.
    fileprivate var isNearlyFull: Bool {
        switch self {
        case .critical, .scarce, .exhausted: true
        case .closed, .open, .busy: false
        }
    }
}
