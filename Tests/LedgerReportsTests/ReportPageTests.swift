// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite("Reports as pages") struct ReportPageTests {
    /// The use of one country over time, with a breach in the middle.
    private func history(_ country: String) throws -> LimitHistory {
        let limit = TPP(rawValue: 791_600_000)
        return LimitHistory(
            name: .country(try Fixtures.country(country)),
            points: [
                .init(time: try Fixtures.noon("2025-02-01"), used: .zero, limit: limit),
                .init(
                    time: try Fixtures.noon("2025-03-01"),
                    used: TPP(rawValue: 900_000_000),
                    limit: limit
                ),
                .init(
                    time: try Fixtures.noon("2025-04-01"),
                    used: TPP(rawValue: 500_000_000),
                    limit: limit
                ),
                .init(
                    time: try Fixtures.noon("2025-06-01"),
                    used: TPP(rawValue: 500_000_000),
                    limit: limit
                ),
            ],
            breaches: [
                .init(from: try Fixtures.noon("2025-03-01"), until: try Fixtures.noon("2025-04-01"))
            ]
        )
    }

    private func capPage() throws -> String {
        try Fixtures.threeCountries().html(histories: [history("AE"), history("SA")])
    }

    /// Set `HEADROOM_WRITE_SNAPSHOTS=1` to write it anew after a change that is meant.
    @Test func theCapReportIsThePageThatWasLookedAt() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots/cap-report.html")
        let page = try capPage()
        if ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1" {
            try Data(page.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }

    @Test func elementsCloseInOrder() throws {
        for page in [try capPage(), try Fixtures.report([]).html(histories: [])] {
            #expect(try unclosedElements(of: page) == [])
        }
    }

    @Test func nothingIsLoadedAndNothingRuns() throws {
        let page = try capPage()
        #expect(!page.contains("<script"))
        #expect(!page.contains("<link"))
        #expect(!page.contains("<img"))
        #expect(!page.contains("@import"))
        #expect(!page.contains("url(http"))
        #expect(page.contains("Content-Security-Policy"))
        for target in page.matches(of: /(?:href|src)="([^"]*)"/) {
            #expect(target.output.1.hasPrefix("#"), "\(target.output.1)")
        }
    }

    @Test func everyDrawingHasATextAlternativeAndItsFigures() throws {
        let page = try capPage()
        let drawings = page.matches(of: /<svg[^>]*>/).map { String($0.output) }
        // One of bars, and one for each history.
        #expect(drawings.count == 3)
        for drawing in drawings { #expect(drawing.contains(#"role="img""#), "\(drawing)") }
        for named in page.matches(of: /aria-(?:labelledby|describedby)="([^"]*)"/) {
            for id in named.output.1.split(separator: " ") {
                #expect(page.components(separatedBy: "id=\"\(id)\"").count == 2, "\(id)")
            }
        }
        #expect(page.matches(of: /<details/).count >= drawings.count)
        #expect(page.matches(of: /<table/).count == page.matches(of: /<caption/).count)
        #expect(page.contains("in breach"))
    }

    @Test func identifiersAreUnique() throws {
        let ids = try capPage().matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count)
    }

    @Test func withoutDataThePageSaysSo() throws {
        let page = try Fixtures.report([]).html(histories: [])
        #expect(page.contains("no data"))
        #expect(!page.contains("<svg"))
    }

    @Test func theSameReportIsTheSamePage() throws {
        #expect(try capPage() == capPage())
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x",
        "</style><b>", "&lt;b&gt;", "\u{202e}evil\u{202c}", "a\u{0}b\u{7}c\u{1b}[31m",
        "\u{1f469}\u{200d}\u{1f4bb}", String(repeating: "long name ", count: 13), "]]>", "<!--",
    ])
    func whatALedgerHoldsIsNeverMarkup(name: String) throws {
        var writer = HTMLWriter()
        writer.documentType()
        writer.element(.p, [.init(.class, name)]) { $0.foreignText(name) }
        writer.styleSheet("p { color: red; }", [("top-left", name)])
        let page = writer.html
        let tags = page.matches(of: /<\/?([a-zA-Z!-]+)/).map { String($0.output.1) }
        #expect(tags == ["!DOCTYPE", "p", "bdi", "bdi", "p", "style", "style"])
        #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
        let attribute = try #require(page.firstMatch(of: /class="([^"]*)"/))
        #expect(!attribute.output.1.contains("<"))
        #expect(try unclosedElements(of: page) == [])
    }
}

/// The elements of a page that are not closed in order; empty for a page that is whole.
private func unclosedElements(of page: String) throws -> [String] {
    let void: Set<String> = ["meta", "!DOCTYPE", "br", "hr", "col", "wbr"]
    var open: [String] = []
    for tag in page.matches(of: /<(\/?)([a-zA-Z!][a-zA-Z0-9]*)[^>]*>/) {
        let name = String(tag.output.2)
        if void.contains(name) { continue }
        if tag.output.1.isEmpty {
            open.append(name)
        } else if open.last == name {
            open.removeLast()
        } else {
            return open + ["/" + name]
        }
    }
    return open
}
