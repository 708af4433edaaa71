// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension CapReportRendering {
    /// The report for people.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; `nil` for as many as it takes, as for a file.
    ///   - style: How parts are stressed.
    /// - Returns: Text that ends with a line feed.
    public func text(width: Int? = nil, style: TextStyle = .plain) -> String {
        var title = PaddedLine(style: style)
        title.add(TextTable.Cell("Cap report, \(basis)", .strong), 0)
        var sections = [[title.text] + header.lines(width: width, style: style)]
        if report.lines.isEmpty {
            sections.append(["No country has any use yet."])
        } else {
            sections += countryTables(width: width).map { $0.lines(width: width, style: style) }
        }
        for table in [grantTable, refusalTable] where !table.rows.isEmpty {
            sections.append(table.lines(width: width, style: style))
        }
        sections.append(reconciliation.flatMap { wrapped($0, width: width ?? .max) })
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    // MARK: The header

    private var header: TextTable {
        var table = TextTable([.word(""), .text("")])
        for (label, text) in headerLines {
            table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
        }
        return table
    }

    /// What stands above the figures: what it is, and its text.
    var headerLines: [(label: String, text: String)] {
        let rulebook = report.rulebook
        var lines = report.header(runOn: runOn).lines
        lines.append(("limit", derivation ?? "none: the rulebook has no limit of countries"))
        if let limit = rulebook.mechanism(.country)?.limit {
            lines.append(("citation", limit.citation))
        }
        let flags = rulebook.legalStatus.flags(on: report.asOf.day)
        lines.append(("law that day", flags.map(\.text).joined(separator: "; ")))
        return lines
    }

    // MARK: The countries

    /// One table where it fits, otherwise one of the limits and one of what was shipped and is
    /// held, and where even these do not, a third for the memos.
    private func countryTables(width: Int?) -> [TextTable] {
        let whole = table(limits + holds + memos)
        guard let width, whole.naturalWidth > width else { return [whole] }
        let rest = table(holds + memos)
        return TableLayout(rest).fitted(to: width).fits
            ? [table(limits), rest] : [table(limits), table(holds), table(memos)]
    }

    /// The tables of a page: of the limits, of what was shipped and is held, and of the memos.
    var countryPageTables: [TextTable] { [table(limits), table(holds), table(memos)] }

    private var limits: [CountryColumn] { [.tier, .limit, .used, .headroom, .percent, .band] }
    private var holds: [CountryColumn] {
        [
            .shipped, .shippedPercent, .held, .expiring(30, 0), .expiring(60, 1),
            .expiring(90, 2),
        ]
    }
    private var memos: [CountryColumn] { [.smallOrders, .otherGrants] }

    private enum CountryColumn {
        case tier, limit, used, headroom, percent, band
        case shipped, shippedPercent, held
        case expiring(Int, Int)
        case smallOrders, otherGrants
    }

    private func table(_ columns: [CountryColumn]) -> TextTable {
        var table = TextTable([.text("country")] + columns.map(column))
        for line in report.lines {
            let name = countries.name(of: line.country) ?? "not assigned"
            let country = TextTable.Cell("\(line.country) \(name)")
            table.append([country] + columns.map { cell($0, of: line) })
        }
        return table
    }

    private func column(_ column: CountryColumn) -> TextTable.Column {
        switch column {
        case .tier: .text("tier")
        case .limit: .number("limit")
        case .used: .number("used")
        case .headroom: .number("headroom")
        case .percent: .number("used %")
        case .band: .word("band")
        case .shipped: .number("shipped")
        case .shippedPercent: .number("shipped %")
        case .held: .number("held")
        case .expiring(let days, _): .number("expires in \(days) days")
        case .smallOrders: .number("memo: small orders")
        case .otherGrants: .number("memo: other grants")
        }
    }

    private func cell(_ column: CountryColumn, of line: CapLine) -> TextTable.Cell {
        switch column {
        case .tier:
            TextTable.Cell("\(line.tier.rawValue)" + (line.hasAgreement ? ", agreement" : ""))
        case .limit: TextTable.Cell(amounts.h100e(line.limit, rounding: .down))
        case .used: TextTable.Cell(amounts.h100e(line.used, rounding: .up))
        case .headroom: TextTable.Cell(amounts.h100e(line.headroom, rounding: .down))
        case .percent: TextTable.Cell(Percentage.text(used: line.used, limit: line.limit))
        case .band: TextTable.Cell(line.band.rawValue, line.band.emphasis)
        case .shipped: TextTable.Cell(amounts.h100e(line.shipped, rounding: .up))
        case .shippedPercent:
            TextTable.Cell(Percentage.text(used: line.shipped, limit: line.limit))
        case .held: TextTable.Cell(amounts.h100e(line.held, rounding: .up))
        case .expiring(_, let position):
            TextTable.Cell(amounts.h100e(line.expiring[position], rounding: .down))
        case .smallOrders: TextTable.Cell(amounts.h100e(line.smallOrders, rounding: .up))
        case .otherGrants: TextTable.Cell(amounts.h100e(line.otherGrants, rounding: .up))
        }
    }

    // MARK: The totals

    var grantTable: TextTable {
        var table = TextTable([.word("granted by"), .number("orders"), .number("H100e")])
        for (mechanism, tally) in grants {
            table.append([
                TextTable.Cell(mechanism.description), TextTable.Cell(grouped(tally.count)),
                TextTable.Cell(amounts.h100e(tally.asked, rounding: .up)),
            ])
        }
        return table
    }

    var refusalTable: TextTable {
        var table = TextTable([
            .word("refused by"), .word("reason"), .number("orders"), .number("H100e asked"),
        ])
        for (key, tally) in refusals {
            table.append([
                TextTable.Cell(key.mechanism.description), TextTable.Cell(key.refusal.description),
                TextTable.Cell(grouped(tally.count)),
                TextTable.Cell(amounts.h100e(tally.asked, rounding: .up)),
            ])
        }
        return table
    }

    /// The lines that prove the sums, in whole TPP; what never happened is left out.
    var reconciliation: [String] {
        let (held, smallOrders, otherGrants) = inLines
        let gone = movements.filter { $0.leavesHold && $0.tally.count > 0 }.map { movement in
            let way = movement.name == "freed" ? "freed by final shipments" : movement.name
            return " - \(way) \(AmountStyle.tpp(movement.tally.asked))"
        }
        var parts =
            "\(AmountStyle.tpp(held)) against countries, "
            + "\(AmountStyle.tpp(smallOrders)) small orders, "
            + "\(AmountStyle.tpp(otherGrants)) other grants"
        if outsideWindow != .zero {
            parts += ", \(AmountStyle.tpp(outsideWindow)) of periods that are over"
        }
        return [
            "Reconciliation in TPP: granted \(AmountStyle.tpp(granted.asked))"
                + gone.joined() + " = open holds \(AmountStyle.tpp(report.openHolds)).",
            "Open holds: \(parts).",
            report.isReconciled ? "The sums agree." : "THE SUMS DO NOT AGREE: verify the ledger.",
        ]
    }
}

extension UseBand {
    /// How much the band asks to be noticed.
    var emphasis: TextTable.Emphasis {
        switch self {
        case .open: .plain
        case .closed: .faint
        case .busy, .critical, .scarce, .exhausted: .warning
        }
    }
}
