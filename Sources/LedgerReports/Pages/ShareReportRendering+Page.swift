// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension ShareReportRendering {
    /// The report as one HTML file that needs nothing else.
    ///
    /// The same report and the same arguments give the same text.
    public var html: String {
        let shares = report.groups.flatMap(Self.shares)
        return ReportPage(
            title: "Share report",
            ledger: report.creation.origin.text,
            asOf: report.asOf.description,
            basis: header.basis,
            keyFigures: [
                ("groups with a Universal VEU status", grouped(report.groups.count)),
                (
                    "shares in breach: more used than allowed",
                    grouped(shares.filter { $0.used > $0.limit }.count)
                ),
                (
                    "attestations with gaps",
                    grouped(report.groups.filter { gaps[$0.group]?.gaps.isEmpty == false }.count)
                ),
                (
                    "watched ratios not met",
                    grouped(report.groups.flatMap(\.ratios).filter { !$0.isMet }.count)
                ),
            ],
            facts: header.lines,
            sections: report.groups.isEmpty
                ? [.init("Groups", [.empty("No group has a Universal VEU status: no data.")])]
                : report.groups.map { .init($0.name, blocks(of: $0)) },
            closing: header.closing
        ).html
    }

    private static func shares(of group: GroupShares) -> [ShareUse] {
        group.countries.compactMap(\.share) + (group.outside.map { [$0] } ?? [])
    }

    private func blocks(of group: GroupShares) -> [ReportPage.Block] {
        let name = group.group.text
        var blocks: [ReportPage.Block] = [.facts(facts(of: group))]
        blocks += chart(of: group)
        let table = shareTable(of: group)
        if !table.rows.isEmpty {
            blocks.append(
                .table(
                    PageTable(table, caption: "\(name): installed, held and shares, H100e")
                )
            )
        }
        if let found = gaps[group.group], !found.gaps.isEmpty {
            blocks.append(
                .table(
                    PageTable(
                        gapTable(of: found),
                        caption: "\(name): gaps of the attestation of entry \(found.entry), TPP"
                    )
                )
            )
        }
        if !group.ratios.isEmpty {
            blocks.append(
                .table(PageTable(ratioTable(of: group), caption: "\(name): watched ratios, H100e"))
            )
        }
        return blocks
    }

    /// What is used of each share, in percent of the group's base.
    private func chart(of group: GroupShares) -> [ReportPage.Block] {
        guard group.base > .zero else {
            return [
                .empty(
                    "Nothing is installed as far as the ledger knows, so every share is of 0: no "
                        + "chart."
                )
            ]
        }
        var lines: [(label: String, installed: TPP?, held: TPP?, share: ShareUse)] = []
        for country in group.countries {
            guard let share = country.share else { continue }
            let name = countries.name(of: country.country) ?? "not assigned"
            lines.append(("\(country.country) \(name)", country.installed, country.held, share))
        }
        lines.sort { $0.share.used > $1.share.used }
        if let outside = group.outside {
            let outsiders = group.countries.filter {
                report.rulebook.isOutside($0.country, on: report.asOf.day)
            }
            let installed = outsiders.reduce(Int64(0)) { $0 + $1.installed.rawValue }
            let held = outside.used.rawValue - installed
            lines.append(
                (
                    "outside home and allied", TPP(rawValue: installed),
                    TPP(rawValue: max(0, held)), outside
                )
            )
        }
        guard !lines.isEmpty else {
            return [.empty("The group has and holds nothing outside home and allied countries.")]
        }
        let base = Double(group.base.rawValue)
        let inBreach = lines.filter { $0.share.used > $0.share.limit }.count
        let chart = BarChart(
            title: "\(group.group): what is used of each share, in percent of the base",
            summary: "Horizontal bars. \(counted(lines.count, "share")), \(inBreach) in breach. "
                + "The line of each is its limit.",
            unit: "% of the base",
            names: ("installed", "held", "limit of the share"),
            bars: lines.map { line in
                let isInBreach = line.share.used > line.share.limit
                return BarChart.Bar(
                    label: line.label,
                    parts: (
                        Double(line.installed?.rawValue ?? 0) * 100 / base,
                        Double(line.held?.rawValue ?? 0) * 100 / base
                    ),
                    limit: Double(line.share.rule.numerator) * 100
                        / Double(line.share.rule.denominator),
                    value: Percentage.text(used: line.share.used, limit: group.base) + " %",
                    detail: amounts.short(line.share.used, rounding: .up) + " of "
                        + amounts.short(line.share.limit, rounding: .down)
                        + (isInBreach ? ", in breach" : ""),
                    isInBreach: isInBreach
                )
            },
            data: PageTable(
                caption: "\(group.group): shares, figures in H100e",
                columns: [
                    .text("share"), .number("used"), .number("limit"), .number("headroom"),
                    .number("used, % of the base"),
                ],
                rows: lines.map { line in
                    [
                        .init(line.label), .init(amounts.h100e(line.share.used, rounding: .up)),
                        .init(amounts.h100e(line.share.limit, rounding: .down)),
                        .init(amounts.h100e(line.share.headroom, rounding: .down)),
                        .init(Percentage.text(used: line.share.used, limit: group.base)),
                    ]
                }
            )
        )
        return chart.figures.map(ReportPage.Block.chart)
    }
}

extension Rulebook {
    /// Whether a country is neither at home nor allied.
    fileprivate func isOutside(_ country: CountryCode, on day: CivilDate) -> Bool {
        switch tier(of: country, on: day) {
        case .home, .allied: false
        case .capped, .concern: true
        }
    }
}
