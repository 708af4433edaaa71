// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite("Reports in every form") struct ReportDocumentTests {
    /// A tree as indented lines: what JSON says, without JSON's writer.
    private func lines(of value: ReportValue, _ indentation: String = "") -> [String] {
        switch value {
        case .object(let members):
            members.flatMap { member -> [String] in
                switch member.value {
                case .object, .array:
                    [indentation + member.name + ":"] + lines(of: member.value, indentation + "  ")
                default: [indentation + member.name + ": " + scalar(member.value)]
                }
            }
        case .array(let values):
            values.flatMap { [indentation + "-"] + lines(of: $0, indentation + "  ") }
        default: [indentation + scalar(value)]
        }
    }

    private func scalar(_ value: ReportValue) -> String {
        switch value {
        case .text(let text): "text \(text)"
        case .integer(let number): "integer \(number)"
        case .decimal(let digits): "decimal \(digits)"
        case .boolean(let flag): "\(flag)"
        case .object, .array, .null: "null"
        }
    }

    /// Set `HEADROOM_WRITE_SNAPSHOTS=1` to write them anew after a change that is meant.
    private func compare(_ text: String, with name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots/\(name)")
        if ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
    }

    @Test func theyAreThoseThatWereLookedAt() throws {
        for (name, document) in try SmallLedger().documents() {
            try compare(document.text(), with: "\(name).txt")
            try compare(document.text(width: 80), with: "\(name)-80.txt")
            let tables = try document.listNames.map { list in
                "\(list)\n" + (try #require(document.csv(list: list)))
            }
            try compare(tables.joined(separator: "\n"), with: "\(name).csv")
            try compare(
                lines(of: document.value).joined(separator: "\n") + "\n",
                with: "\(name).tree"
            )
            try compare(document.html, with: "\(name).html")
        }
    }

    @Test func theSchemasNameEveryMemberOfTheTrees() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/reference/schemas")
        func properties(_ schema: Any?) throws -> [String: Any] {
            let object = try #require(schema as? [String: Any])
            let properties = try #require(object["properties"] as? [String: Any])
            #expect(Set(try #require(object["required"] as? [String])) == Set(properties.keys))
            return properties
        }
        func names(_ value: ReportValue?) -> Set<String> {
            guard case .object(let members)? = value else { return [] }
            return Set(members.map(\.name))
        }
        for (name, document) in try SmallLedger().documents() {
            let file = folder.appending(path: "report-\(name).schema.json")
            let schema = try properties(JSONSerialization.jsonObject(with: Data(contentsOf: file)))
            // The command line says first whether the ledger is advisory.
            #expect(names(document.value).union(["as_if_enforced"]) == Set(schema.keys), "\(name)")
            for list in document.listNames {
                guard let row = document.value[list]?[0] else { continue }
                let items = try properties((schema[list] as? [String: Any])?["items"])
                #expect(names(row) == Set(items.keys), "\(name) \(list)")
            }
        }
    }

    @Test func everyTableInCSVHasOneHeaderAndAsManyCellsInEachRow() throws {
        for (name, document) in try SmallLedger().documents() {
            for list in document.listNames {
                let text = try #require(document.csv(list: list))
                let rows = text.split(separator: "\n")
                let columns = try #require(rows.first).split(separator: ",")
                #expect(Set(columns).count == columns.count, "\(name) \(list)")
                #expect(columns.prefix(2) == ["as_of", "through_entry"])
                for row in rows where !row.contains("\"") {
                    let cells = row.split(separator: ",", omittingEmptySubsequences: false)
                    #expect(cells.count == columns.count, "\(name) \(list)")
                }
            }
            #expect(document.csv() == document.csv(list: document.listNames[0]))
            #expect(document.csv(list: "nothing") == nil)
        }
    }

    @Test func noTextFromOutsideIsAFormulaInASpreadsheet() throws {
        var found = 0
        for (_, document) in try SmallLedger().documents() {
            for list in document.listNames {
                let text = try #require(document.csv(list: list))
                for cell in text.split(whereSeparator: { $0 == "," || $0 == "\n" })
                where cell.contains("=1+1") || cell.contains("consignee is another") {
                    #expect(cell.hasPrefix("'"), "\(cell)")
                    found += 1
                }
            }
        }
        #expect(found >= 3)
    }

    @Test func pagesLoadNothingAndHaveTextsForTheirDrawings() throws {
        var drawings = 0
        for (name, document) in try SmallLedger().documents() {
            let page = document.html
            #expect(!page.contains("<script") && !page.contains("<link"), "\(name)")
            #expect(!page.contains("<b>Gulf"), "\(name)")
            let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
            #expect(Set(ids).count == ids.count, "\(name)")
            for named in page.matches(of: /aria-labelledby="([^"]*)"/) {
                for id in named.output.1.split(separator: " ") {
                    #expect(ids.contains(String(id)), "\(name): \(id)")
                }
            }
            drawings += page.matches(of: /<svg/).count
            #expect(page.matches(of: /<table/).count == page.matches(of: /<caption/).count)
        }
        // The country's history, the party's window, the small orders.
        #expect(drawings == 3)
    }

    @Test func nothingKnownIsNotZero() throws {
        let ledger = try SmallLedger()
        let found = ledger.core.countryReport(of: try Fixtures.country("FR"))
        let report = try #require(found)
        #expect(!report.hasData)
        let document = report.document(history: nil, orders: [:], runOn: ledger.scope.asOf)
        let standing = try #require(document.value["standing"]?[0])
        #expect(standing["used"] == .null && standing["held_h100e"] == .null)
        #expect(standing["limit"] == .integer(790_000_000))
        #expect(document.text().contains("no data"))
        let known = ledger.core.partyReport(of: Fixtures.party("LATE"))
        let party = try #require(known).document(orders: [:], runOn: ledger.scope.asOf)
        #expect(party.value["small_orders"]?[0] != nil)
        #expect(party.value["nveu"] == .array([]))
    }

    @Test func theNextChargesToLeaveAWindowAreTold() throws {
        let ledger = try SmallLedger()
        let found = ledger.core.partyReport(of: Fixtures.party("GULF"))
        let report = try #require(found)
        // The regulation's window is a schedule: nothing leaves it.
        let window = try #require(report.nationalWindows.first)
        #expect(window.charges.map(\.leaves) == window.charges.map { _ in nil })
        #expect(
            window.charges.reduce(0) { $0 + $1.counted.rawValue } == window.reading.used.rawValue
        )
        let small = try #require(report.smallOrders)
        #expect(small.charges.map(\.day) == [try Fixtures.day("2026-02-10")])
        #expect(small.charges.first?.leaves == (try Fixtures.day("2027-01-01")))
    }

    @Test func whatRollsOffIsToldWithWhatStaysUsed() throws {
        let core = try SmallLedger.rolling()
        let found = core.partyReport(of: Fixtures.party("GULF"))
        let document = try #require(found).document(
            orders: [:],
            runOn: try Fixtures.noon("2026-03-02")
        )
        let days = try #require(document.value["nveu_window"]).rows
        #expect(days.map { $0["day"]?.string } == ["2025-01-31", "2026-02-28"])
        // 24 months on; the last day of a month stays one.
        #expect(days.map { $0["leaves"]?.string } == ["2027-01-31", "2028-02-28"])
        #expect(days.map { $0["used_after"]?.number } == [2_000_000_000, 0])
        #expect(document.value["nveu"]?[0]?["headroom"] == .integer(66_240_000))
        let page = document.html
        #expect(page.contains("what stays used if nothing more is granted"))
        #expect(page.contains("2027-01-31T00:00:00.000Z"))
        #expect(page.contains("2028-02-28T00:00:00.000Z"))
    }

    @Test func theFirstAttestationOfAGroupIsToldApart() throws {
        let ledger = try SmallLedger()
        let exceptions = try #require(try ledger.documents().first?.document)
        let gaps = try #require(exceptions.value["gaps"])
        let first = gaps.rows.filter { $0["first_of_group"] == .boolean(true) }
        #expect(first.compactMap { $0["country"]?.string } == ["DE", "US"])
        let later = gaps.rows.filter { $0["first_of_group"] == .boolean(false) }
        #expect(later.compactMap { $0["country"]?.string } == ["DE"])
        #expect(later.first?["difference"] == .integer(-1_000_000_000))
    }
}
