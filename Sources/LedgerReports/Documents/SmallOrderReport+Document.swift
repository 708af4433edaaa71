// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
import Rulebook

extension SmallOrderReport {
    /// The report as a document.
    ///
    /// - Parameter runOn: When it is run; the caller's clock.
    /// - Returns: The document; the same arguments give the same one.
    public func document(runOn: LedgerTime) -> ReportDocument {
        let amounts = AmountStyle(scope.rulebook)
        return ReportDocument(
            name: "small-orders",
            title: "Report on small orders",
            header: scope.header(runOn: runOn),
            facts: facts(amounts),
            keyFigures: [
                ("groups with any use this year", grouped(thisYear.count)),
                ("groups at 90 % or more", grouped(thisYear.filter(\.isNearlyFull).count)),
            ],
            members: [
                .init(
                    "limit",
                    rule.map { rule in
                        .members([
                            "derivation": .text(rule.window.text(amounts, of: " a group")),
                            "citation": .text(rule.citation),
                        ])
                    } ?? .null
                )
            ],
            parts: [part(amounts)]
        )
    }

    /// What counts in the year of the report, the fullest first.
    private var thisYear: [SmallOrderYear] {
        years.filter { $0.year == scope.asOf.day.year && $0.used > .zero }
            .sorted { ($1.used, $0.group.text) < ($0.used, $1.group.text) }
    }

    private func facts(_ amounts: AmountStyle) -> [(label: String, text: String)] {
        guard let rule else { return [("limit", "none: the rulebook has no small orders")] }
        return [
            ("limit", rule.window.text(amounts, of: " a group")), ("citation", rule.citation),
        ]
    }

    private func part(_ amounts: AmountStyle) -> ReportDocument.Part {
        var list = Listing(
            "years",
            [
                .init("year", nil, .number), .init("group"), .init("name", nil, .text),
                .init("used", nil, .amount(.up)), .init("shipped", nil, .amount(.up)),
                .init("held", nil, .amount(.up)), .init("limit", nil, .amount(.down)),
                .init("headroom", nil, .amount(.down)), .init("used_percent", "used %", .number),
            ],
            in: amounts
        )
        for year in years {
            list.append(
                [
                    .number(Int64(year.year)), .text(year.group.text), .text(year.name),
                    .amount(year.used), .amount(year.shipped), .amount(year.held),
                    .amount(year.limit), .amount(year.headroom),
                    .percent(used: year.used, limit: year.limit),
                ],
                isWarning: year.used >= year.limit && year.used > .zero
            )
        }
        return .init(
            heading: "Small orders by year and group",
            notes: [
                "Earlier years are counted by the rulebook in force now. What a group brought with "
                    + "it when it joined another is in the other's lines."
            ],
            list: list,
            ifEmpty: "No group has had a small order: no data.",
            drawings: chart(amounts)
        )
    }

    /// The most groups that the chart shows.
    private static let shownGroupCount = 40

    private func chart(_ amounts: AmountStyle) -> [ReportPage.Block] {
        let shown = thisYear.prefix(Self.shownGroupCount)
        guard !shown.isEmpty else { return [] }
        let year = scope.asOf.day.year
        let title = "Small orders of \(year), in percent of each group's limit"
        func percent(_ part: TPP, of limit: TPP) -> Double {
            limit > .zero ? Double(part.rawValue) * 100 / Double(limit.rawValue) : 0
        }
        let chart = BarChart(
            title: title,
            summary: "Horizontal bars, the fullest of \(counted(thisYear.count, "group")) first.",
            unit: "% of the limit",
            names: ("shipped", "held, not yet shipped", "limit (100 %)"),
            bars: shown.map { line in
                BarChart.Bar(
                    label: line.group.text,
                    parts: (
                        percent(line.shipped, of: line.limit), percent(line.held, of: line.limit)
                    ),
                    limit: line.limit > .zero ? 100 : nil,
                    value: Percentage.text(used: line.used, limit: line.limit) + " %",
                    detail: amounts.short(line.used, rounding: .up) + " of "
                        + amounts.short(line.limit, rounding: .down),
                    isInBreach: line.used > line.limit
                )
            },
            data: PageTable(
                caption: title + ": figures",
                columns: [.text("group"), .number("used, H100e"), .number("used %")],
                rows: shown.map { line in
                    [
                        .init(line.group.text), .init(amounts.h100e(line.used, rounding: .up)),
                        .init(Percentage.text(used: line.used, limit: line.limit)),
                    ]
                }
            )
        )
        return chart.figures.map(ReportPage.Block.chart)
    }
}

extension SmallOrderYear {
    /// What of the use was shipped.
    fileprivate var shipped: TPP { TPP(rawValue: used.rawValue - held.rawValue) }

    /// Whether 90 % or more is used.
    fileprivate var isNearlyFull: Bool {
        used > .zero && Int128(used.rawValue) * 10 >= Int128(limit.rawValue) * 9
    }
}
