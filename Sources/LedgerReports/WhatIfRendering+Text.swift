// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension WhatIfRendering {
    /// The report for people.
    ///
    /// - Parameters:
    ///   - width: The columns of the terminal; `nil` for as many as it takes, as for a file.
    ///   - style: How parts are stressed.
    /// - Returns: Text that ends with a line feed.
    public func text(width: Int? = nil, style: TextStyle = .plain) -> String {
        func title(_ text: String) -> String {
            var line = PaddedLine(style: style)
            line.add(TextTable.Cell(text, .strong), 0)
            return line.text
        }
        var sections = [
            [title("What if \(report.other.name) decided, \(header.basis)")]
                + headerTable.lines(width: width, style: style),
            wrapped(conclusion, width: width ?? .max),
        ]
        for (heading, list) in titledLists where !list.rows.isEmpty {
            sections.append([title(heading)] + list.table.lines(width: width, style: style))
        }
        return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var titledLists: [(String, Listing)] {
        [
            ("Orders", summary), (moveTitle, orders),
            ("What parties are granted", parties), ("What destinations are granted", destinations),
            ("Allocations of countries", countryLimits),
            ("Limits of groups and parties", partyLimits),
            ("Operations after the grant and others", operations),
        ]
    }

    private var moveTitle: String {
        let moved = report.tally?.movedCount ?? 0
        let shown = report.tally?.moved.count ?? 0
        let rest = Int64(shown) < moved ? ", the first \(grouped(shown)); --all shows all" : ""
        return "Orders that would be answered otherwise: \(grouped(moved))\(rest)"
    }

    var header: ReportHeader {
        ReportHeader(
            creation: report.creation,
            through: report.through,
            throughTime: report.throughTime,
            asOf: report.asOf,
            rulebook: report.present,
            adoption: report.adoption,
            runOn: runOn
        )
    }

    private var headerTable: TextTable {
        var table = TextTable([.word(""), .text("")])
        func add(_ label: String, _ text: String) {
            table.append([TextTable.Cell(label, .faint), TextTable.Cell(text)])
        }
        for (label, text) in header.lines { add(label, text) }
        add("compared with", "\(report.other.name) version \(report.other.version)")
        add("source", report.other.source)
        add("question", questionText)
        return table
    }

    /// Which question is answered, in words.
    var questionText: String {
        switch report.question {
        case .instead(let from):
            let effective = report.other.effective.value
            let start = max(from ?? effective, effective)
            return "had it been in force since \(start), wherever a rulebook was: every operation "
                + "decided again in the order of the log"
        case .adopted:
            return
                "were it adopted now: nothing is decided again, today's charges are counted by it"
        }
    }

    /// What it comes to, in a sentence.
    var conclusion: String {
        guard report.changesAnything else { return "Nothing would be otherwise." }
        var parts: [String] = []
        if let tally = report.tally {
            parts.append(ordersSentence(tally))
            let dropped = tally.operations.filter { $0.key.before == nil }
                .reduce(Int64(0)) { $0 + $1.value }
            if dropped > 0 {
                parts.append(
                    "\(grouped(dropped)) later operations would be dropped, because what they "
                        + "rest on would not be there."
                )
            }
        }
        let arising = report.limits.filter { $0.breach == .arises }.map { "\($0.name)" }
        if arising.isEmpty {
            parts.append("No limit would come into breach.")
        } else {
            let named = arising.prefix(Self.namedBreachCount).joined(separator: ", ")
            let more = arising.count - Self.namedBreachCount
            parts.append(
                "In breach would come: " + named + (more > 0 ? " and \(grouped(more)) more." : ".")
            )
        }
        return parts.joined(separator: " ")
    }

    /// How many orders would be answered otherwise, and how.
    private func ordersSentence(_ tally: ReadjudicationTally) -> String {
        guard tally.movedCount > 0 else { return "No order would be answered otherwise." }
        let words: [(OrderChange, String)] = [
            (.grantedToRefused, "granted ones refused"),
            (.refusedToGranted, "refused ones granted"),
            (.mechanism, "granted by another mechanism"), (.amount, "granted for another amount"),
            (.reason, "refused for another reason"), (.rejected, "rejected"),
        ]
        let told = words.compactMap { change, words -> String? in
            let count = tally.orders[change]?.orders ?? 0
            return count == 0 ? nil : "\(grouped(count)) \(words)"
        }
        return
            "Of \(grouped(tally.orderCount)) orders \(grouped(tally.movedCount)) would be answered "
            + "otherwise: \(told.joined(separator: ", "))."
    }

    /// The most limits that the sentence names.
    private static let namedBreachCount = 10
}

// MARK: - For programs

extension WhatIfRendering {
    /// The version of the schema of ``value``; it grows when a name changes its meaning.
    public static let schemaVersion: Int64 = 1

    /// The report as a tree; the schema is in docs/reference/what-if.md.
    public var value: ReportValue {
        var members = header.members(report: "what-if", schema: Self.schemaVersion)
        members.append(
            .init(
                "compared_with",
                .members([
                    "name": .text(report.other.name.text),
                    "version": .integer(report.other.version),
                    "title": .text(report.other.title), "source": .text(report.other.source),
                    "effective": .text(report.other.effective.value.description),
                    "tpp_per_h100e": .integer(report.other.tppPerH100e.value),
                ])
            )
        )
        members.append(.init("question", questionValue))
        members.append(.init("changes_anything", .boolean(report.changesAnything)))
        if let tally = report.tally {
            members += [
                .init("order_count", .integer(tally.orderCount)),
                .init("moved_count", .integer(tally.movedCount)),
                .init("listed_count", .integer(Int64(tally.moved.count))),
            ]
            for list in [summary, orders, parties, destinations, operations] {
                members.append(.init(list.name, list.value))
            }
        }
        for list in [countryLimits, partyLimits] { members.append(.init(list.name, list.value)) }
        return .object(members)
    }

    private var questionValue: ReportValue {
        switch report.question {
        case .instead(let from):
            let effective = report.other.effective.value
            return .members([
                "kind": .text("instead"),
                "from": .text(max(from ?? effective, effective).description),
            ])
        case .adopted: return .members(["kind": .text("adopted"), "from": .null])
        }
    }
}
