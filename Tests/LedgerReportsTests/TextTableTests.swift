// SPDX-License-Identifier: Apache-2.0

import LedgerReports
import Testing

@Suite struct TextTableTests {
    private func table(_ rows: [[TextTable.Cell]]) -> TextTable {
        var table = TextTable([.text("name"), .number("amount"), .word("band")])
        for row in rows { table.append(row) }
        return table
    }

    @Test func columnsAreAlignedAndNoLineEndsWithABlank() {
        let lines = table([["Japan", "1.000", "open"], ["Oman", "12,345.678", ""]])
            .lines(width: nil)
        #expect(
            lines == [
                "name       amount  band",
                "-----  ----------  ----",
                "Japan       1.000  open",
                "Oman   12,345.678",
            ]
        )
    }

    @Test func aTableWithoutRowsIsItsHeadings() {
        #expect(table([]).lines(width: 80) == ["name  amount  band", "----  ------  ----"])
    }

    @Test func theWidestTextColumnWrapsAtBlanks() {
        let lines = table([["South Georgia and the South Sandwich Islands", "1.000", "open"]])
            .lines(width: 34)
        #expect(
            lines == [
                "name                amount  band",
                "------------------  ------  ----",
                "South Georgia and    1.000  open",
                "the South Sandwich",
                "Islands",
            ]
        )
    }

    @Test func wordsAreBrokenWhenNothingElseFits() {
        let lines = table([["Llanfairpwllgwyngyll", "1.000", "open"]]).lines(width: 24)
        #expect(
            lines == [
                "name        amount  band",
                "----------  ------  ----",
                "Llanfairpw   1.000  open",
                "llgwyngyll",
            ]
        )
    }

    @Test func rowsBecomeBlocksWhereNoTableFits() {
        let lines = table([
            ["Oman and the Rest of the World", "123,456,789.012", "open"], ["Peru", "0.000", ""],
        ]).lines(width: 24)
        #expect(
            lines == [
                "name    Oman and the",
                "        Rest of the",
                "        World",
                "amount  123,456,789.012",
                "band    open",
                "",
                "name    Peru",
                "amount  0.000",
            ]
        )
    }

    @Test(arguments: [30, 60, 80, 100, 200])
    func noLineIsWiderThanTheWidth(width: Int) {
        let lines = table([
            ["Bonaire, Sint Eustatius and Saba", "50,000.000", "exhausted"],
            ["Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "1.000", "open"],
        ]).lines(width: width)
        #expect(lines.allSatisfy { $0.count <= width && $0.last != " " })
    }

    @Test func wideCharactersTakeTwoColumnsAndMarksNone() {
        let lines = table([
            ["日本電気", "1.000", "open"], ["e\u{301}cole", "2.000", "open"],
            ["한국", "3.000", "open"], ["🇯🇵 JP", "4.000", "open"],
        ]).lines(width: nil)
        #expect(
            lines == [
                "name      amount  band",
                "--------  ------  ----",
                "日本電気   1.000  open",
                "e\u{301}cole      2.000  open",
                "한국       3.000  open",
                "🇯🇵 JP      4.000  open",
            ]
        )
    }

    @Test func wideCharactersWrapByTheirWidth() {
        let lines = table([["日本電気株式会社", "1.000", "open"]]).lines(width: 24)
        #expect(lines[2...] == ["日本電気株   1.000  open", "式会社"])
    }

    @Test func controlCharactersAreShownAndNotSent() {
        let lines = table([["a\u{1b}[2Jb\nc\u{202e}d", "1", ""]]).lines(width: nil)
        #expect(lines[2] == #"a\u{1B}[2Jb\nc\u{202E}d       1"#)
    }

    @Test func stylesAreGivenOnlyWhenAskedFor() {
        var table = TextTable([.word("band"), .number("n")])
        table.append([TextTable.Cell("scarce", .warning), TextTable.Cell("1", .faint)])
        #expect(
            table.lines(width: nil, style: .ansi) == [
                "\u{1b}[1mband\u{1b}[0m    \u{1b}[1mn\u{1b}[0m",
                "------  -",
                "\u{1b}[33mscarce\u{1b}[0m  \u{1b}[2m1\u{1b}[0m",
            ]
        )
        #expect(table.lines(width: nil) == ["band    n", "------  -", "scarce  1"])
    }

    @Test func headingsStandAtTheBottomOfTheirLines() {
        var table = TextTable([.word("to"), .number("expires in 30 days")])
        table.append(["AE", "1.000"])
        #expect(
            table.lines(width: nil) == [
                "    expires", "      in 30", "to     days", "--  -------", "AE    1.000",
            ]
        )
    }
}
