// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension ShareReportRendering {
    /// The report for people.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; `nil` for as many as it takes, as for a file.
    ///   - style: How parts are stressed.
    /// - Returns: Text that ends with a line feed.
    public func text(width: Int? = nil, style: TextStyle = .plain) -> String {
        var title = PaddedLine(style: style)
        title.add(TextTable.Cell("Share report, \(header.basis)", .strong), 0)
        var sections = [[title.text] + labelled(header.lines).lines(width: width, style: style)]
        if report.groups.isEmpty {
            sections.append(["No group has a Universal VEU status."])
        }
        for group in report.groups { sections += self.sections(of: group, width, style) }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private func sections(
        of group: GroupShares,
        _ width: Int?,
        _ style: TextStyle
    ) -> [[String]] {
        var sections = [labelled(facts(of: group)).lines(width: width, style: style)]
        let shares = shareTable(of: group)
        if !shares.rows.isEmpty { sections.append(shares.lines(width: width, style: style)) }
        if let found = gaps[group.group], !found.gaps.isEmpty {
            sections.append(gapTable(of: found).lines(width: width, style: style))
        }
        if !group.ratios.isEmpty {
            sections.append(ratioTable(of: group).lines(width: width, style: style))
        }
        return sections
    }

    private func labelled(_ lines: [(label: String, text: String)]) -> TextTable {
        var table = TextTable([.word(""), .text("")])
        for (label, text) in lines {
            table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
        }
        return table
    }

    func facts(of group: GroupShares) -> [(label: String, text: String)] {
        let attested = group.attestedDay.map { "attested as of \($0), and what moved since" }
        let base =
            amounts.h100e(group.base, rounding: .down) + " H100e ("
            + AmountStyle.tpp(group.base) + " TPP)"
        var facts = [
            ("group", "\(group.group) \(group.name), headquarters \(group.headquarters)"),
            ("status", "uveu, \(group.standing.text)"),
            ("base", base + ": " + (attested ?? "never attested")),
        ]
        if let found = gaps[group.group], !found.gaps.isEmpty {
            facts.append(("gaps", "found by the attestation of entry \(found.entry), in TPP"))
        }
        return facts
    }

    /// The countries, and below them all that are outside home and allied.
    func shareTable(of group: GroupShares) -> TextTable {
        var table = TextTable([
            .text("country"), .text("tier"), .number("installed"), .number("held"),
            .number("share"), .number("used"), .number("limit"), .number("headroom"),
            .number("used %"),
        ])
        for country in group.countries {
            let name = countries.name(of: country.country) ?? "not assigned"
            table.append(
                [
                    TextTable.Cell("\(country.country) \(name)"),
                    TextTable.Cell(country.tier.rawValue),
                    TextTable.Cell(amounts.h100e(country.installed, rounding: .up)),
                    TextTable.Cell(amounts.h100e(country.held, rounding: .up)),
                ] + cells(of: country.share)
            )
        }
        if let outside = group.outside {
            table.append(["outside home and allied", "", "", ""] + cells(of: outside))
        }
        return table
    }

    private func cells(of use: ShareUse?) -> [TextTable.Cell] {
        guard let use else { return ["", "", "", "", ""] }
        let isFull = use.used >= use.limit && use.used > .zero
        return [
            TextTable.Cell("\(use.rule.numerator)/\(use.rule.denominator)"),
            TextTable.Cell(amounts.h100e(use.used, rounding: .up)),
            TextTable.Cell(amounts.h100e(use.limit, rounding: .down)),
            TextTable.Cell(amounts.h100e(use.headroom, rounding: .down)),
            TextTable.Cell(
                Percentage.text(used: use.used, limit: use.limit)
                    + (use.used > use.limit ? ", in breach" : ""),
                isFull ? .warning : .plain
            ),
        ]
    }

    func gapTable(of found: AttestedGaps) -> TextTable {
        var table = TextTable([
            .text("gap in"), .number("known"), .number("attested"), .number("difference"),
        ])
        for gap in found.gaps {
            let difference = gap.attested.rawValue - gap.known.rawValue
            table.append([
                TextTable.Cell(gap.country.description), TextTable.Cell(AmountStyle.tpp(gap.known)),
                TextTable.Cell(AmountStyle.tpp(gap.attested)),
                TextTable.Cell((difference > 0 ? "+" : "") + grouped(difference), .warning),
            ])
        }
        return table
    }

    func ratioTable(of group: GroupShares) -> TextTable {
        var table = TextTable([
            .text("watched"), .word("day"), .number("at home"), .number("of"), .number("%"),
            .text("at least"),
        ])
        for reading in group.ratios {
            let share = "\(reading.rule.numerator)/\(reading.rule.denominator)"
            table.append([
                TextTable.Cell(
                    reading.rule.kind.rawValue
                        + (reading.isReportingDate ? ", reporting date" : ", now")
                ),
                TextTable.Cell(reading.day.description),
                TextTable.Cell(amounts.h100e(reading.part, rounding: .down)),
                TextTable.Cell(amounts.h100e(reading.whole, rounding: .up)),
                TextTable.Cell(Percentage.text(used: reading.part, limit: reading.whole)),
                TextTable.Cell(
                    share + (reading.isMet ? ": met" : ": NOT MET"),
                    reading.isMet ? .plain : .warning
                ),
            ])
        }
        return table
    }
}
