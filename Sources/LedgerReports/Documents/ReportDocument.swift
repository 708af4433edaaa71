// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

/// A report as the parts from which every form of it is made: text for people, CSV, a tree for JSON
/// and a page.
///
/// A figure stands in it once, so all forms say the same. The columns of the lists, the schemas and
/// how each figure is derived are in docs/reference/reports.md. Pure: the same report and the same
/// arguments give the same bytes.
public struct ReportDocument {
    /// A list of the report, with what is said around it.
    struct Part {
        var heading: String
        /// Sentences above the list.
        var notes: [String] = []
        var list: Listing
        /// What is said where the list has no row.
        var ifEmpty: String
        /// What a page draws above the list.
        var drawings: [ReportPage.Block] = []
        /// Whether people see the list where it has no row; otherwise it is left out.
        var isShownEmpty = true
    }

    /// What JSON calls it, and the command line.
    let name: String
    /// What people call it, such as `Exception report`.
    let title: String
    let header: ReportHeader
    /// What the report is about, below the header.
    var facts: [(label: String, text: String)] = []
    /// The few figures that matter most.
    var keyFigures: [(label: String, value: String)] = []
    /// What it comes to, a sentence each.
    var conclusion: [String] = []
    /// What JSON has besides the header and the lists.
    var members: [ReportValue.Member] = []
    var parts: [Part]

    /// The version of the schema of ``value``; it grows when a name changes its meaning.
    public static let schemaVersion: Int64 = 1

    /// The names of its lists, the one that matters most first.
    public var listNames: [String] { parts.map(\.list.name) }

    /// A list of it as CSV; every row begins with what the whole is of.
    ///
    /// - Parameter name: One of ``listNames``; the first unless given.
    /// - Returns: `nil` if it has no list of that name.
    public func csv(list name: String? = nil) -> String? {
        let part = name.map { name in parts.first { $0.list.name == name } } ?? parts.first
        return part?.list.csv(beginningWith: header.context)
    }

    /// The report as a tree; its schema is in docs/reference/schemas.
    public var value: ReportValue {
        .object(
            header.members(report: name, schema: Self.schemaVersion) + members
                + parts.map { .init($0.list.name, $0.list.value) }
        )
    }
}

// MARK: - For people

extension ReportDocument {
    /// The report for people.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; `nil` for as many as it takes, as for a file.
    ///   - style: How parts are stressed.
    /// - Returns: Text that ends with a line feed.
    public func text(width: Int? = nil, style: TextStyle = .plain) -> String {
        func strong(_ text: String) -> String {
            var line = PaddedLine(style: style)
            line.add(TextTable.Cell(text, .strong), 0)
            return line.text
        }
        func paragraphs(_ texts: [String]) -> [String] {
            texts.flatMap { wrapped(plainText($0), width: width ?? .max) }
        }
        var sections = [
            [strong("\(title), \(header.basis)")] + headerTable.lines(width: width, style: style)
        ]
        if !conclusion.isEmpty { sections.append(paragraphs(conclusion)) }
        for part in parts where part.isShownEmpty || !part.list.rows.isEmpty {
            let body =
                part.list.rows.isEmpty
                ? paragraphs([part.ifEmpty])
                : paragraphs(part.notes) + part.list.table.lines(width: width, style: style)
            sections.append([strong(part.heading)] + body)
        }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var headerTable: TextTable {
        var table = TextTable([.word(""), .text("")])
        for (label, text) in header.lines + facts {
            table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
        }
        return table
    }

    /// The report as one HTML file that needs nothing else.
    public var html: String {
        var sections = parts.filter { $0.isShownEmpty || !$0.list.rows.isEmpty }
            .map { ReportPage.Section($0.heading, blocks(of: $0)) }
        if !conclusion.isEmpty { sections.insert(.init("Summary", [.lines(conclusion)]), at: 0) }
        return ReportPage(
            title: title,
            ledger: header.creation.origin.text,
            asOf: header.asOf.description,
            basis: header.basis,
            keyFigures: keyFigures,
            facts: header.lines + facts,
            sections: sections,
            closing: header.closing
        ).html
    }

    private func blocks(of part: Part) -> [ReportPage.Block] {
        guard !part.list.rows.isEmpty else { return part.drawings + [.empty(part.ifEmpty)] }
        // A table is a landmark as its section is, and must not have the same name.
        let unit =
            part.list.hasAmounts ? (part.list.amounts == nil ? ", TPP" : ", H100e") : ": list"
        return part.notes.map(ReportPage.Block.paragraph) + part.drawings + [
            .table(PageTable(part.list.table, caption: part.heading + unit))
        ]
    }
}

extension Listing {
    /// Whether any of its columns is an amount.
    fileprivate var hasAmounts: Bool {
        columns.contains { column in
            if case .amount = column.kind { column.isInTable } else { false }
        }
    }
}
