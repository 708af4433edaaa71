// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// What a rule file that is not well gets: file, line, column, field, what was found and expected.
@Suite struct RuleFileErrorTests {
    let file = RuleFile(.codified)

    /// The first line that has `part` in the file, as a prefix of a finding: `line:column: `.
    func at(_ file: RuleFile, _ part: String, column: Int) -> String {
        "\(file.line(of: part)):\(column): "
    }

    @Test func theErrorNamesTheFile() {
        let error = #expect(throws: RulebookError.self) {
            try Rulebook.load(bytes: Array("- a\n".utf8), fileName: "my rules.yaml")
        }
        #expect(error?.fileName == "my rules.yaml")
        #expect(
            error?.description
                == "my rules.yaml:1:1: found a list; expected a group of fields"
        )
    }

    @Test(arguments: ["NO", "\"NO\"", "'NO'"])
    func norwayIsNotFalse(written: String) throws {
        let edited = file.replacing("NO,", with: "\(written),")
        let book = try Rulebook.load(bytes: Array(edited.text.utf8), fileName: "rules.yaml")
        #expect(book.tier(of: try country("NO"), on: try day("2025-06-01")) == .allied)
    }

    @Test func wordsThatYAMLTakesForTypesAreText() throws {
        let edited = file.replacing("code: research", with: "code: no")
            .replacing("code: inference", with: "code: 012")
            .replacing("code: government", with: "code: ~")
        let book = try Rulebook.load(bytes: Array(edited.text.utf8), fileName: "rules.yaml")
        for code in ["no", "012", "~"] {
            #expect(book.endUse(try endUse(code))?.isProhibited == false)
        }
    }

    @Test(arguments: ["true", "false", "No", "NO", "YES", "y", "1", "on"])
    func yesAndNoHaveOneSpelling(word: String) {
        let edited = file.replacing("prohibited: no", with: "prohibited: \(word)")
        #expect(
            edited.problems == [
                at(edited, "prohibited: \(word)", column: 17)
                    + "end-uses[1].prohibited: found \"\(word)\"; expected yes or no"
            ]
        )
    }

    @Test func duplicateKeys() {
        let edited = file.replacing("version: 1\n", with: "version: 1\nname: twice\n")
        #expect(
            edited.problems == [
                at(edited, "name: diffusion", column: 1)
                    + "found the key \"name\" more than once in one group of fields (the first is "
                    + "here); expected it once"
            ]
        )
        let quoted = file.replacing(
            "  returned: yes\n",
            with: "  returned: yes\n      \"returned\": no\n"
        )
        #expect(quoted.problems.count == 1)
        #expect(
            quoted.problems.first?.contains("found the key \"returned\" more than once") == true
        )
    }

    @Test func anchorsAndAliases() {
        let edited = file.replacing("citation: 90 FR", with: "citation: &law 90 FR")
            .replacing("citation: 90 FR 4544, RIN", with: "citation: *law # 90 FR 4544, RIN")
        let tail =
            "; expected values written out: anchors and aliases are not used, and text "
            + "begins no word so"
        #expect(
            edited.problems == [
                at(edited, "&law", column: 13) + "found a word that begins with &" + tail,
                at(edited, "*law", column: 15) + "found a word that begins with *" + tail,
            ]
        )
    }

    @Test(arguments: [
        ("version: 1", "version: !!int 1"), ("version: 1", "version: !!str 1"),
        ("version: 1", "version: ! 1"), ("version: 1", "version: !mine 1"),
        ("version: 1", "version: !!int \"1\""), ("[80, 90, 95, 100]", "!!seq [80, 90, 95, 100]"),
        ("unit:\n", "unit: !!map\n"),
    ])
    func tags(old: String, new: String) {
        let problems = file.replacing(old, with: new).problems
        #expect(problems.contains { $0.contains("found a tag (!)") }, "\(problems)")
    }

    @Test func textMayHaveAmpersandsStarsAndExclamationMarks() {
        let edited = file.replacing(
            "citation: 90 FR 4544, RIN",
            with: "citation: Arnold & Porter, AT&T, 2 * 3, Wow!, \"! x\", 90 FR 4544, RIN"
        ).replacing(
            "# Which devices",
            with: "# *** &c: a comment may say *anything ***\n# Which devices"
        )
        #expect(edited.problems == [])
    }

    @Test func unknownAndMissingKeys() {
        let edited = file.replacing("  tpp-per-h100e: 15,825", with: "  tpp-per-h100: 15,825")
        #expect(
            edited.problems == [
                at(edited, "tpp-per-h100:", column: 3)
                    + "unit.tpp-per-h100: there is no such field; expected tpp-per-h100e or citation",
                at(edited, "tpp-per-h100:", column: 3)
                    + "unit.tpp-per-h100e: the field is missing",
            ]
        )
        let gone = file.removing(from: "thresholds:", upTo: "model-weights:")
        #expect(gone.problems == ["4:1: thresholds: the field is missing"])
    }

    @Test func everyFindingOfAFileIsShown() {
        let edited = file.replacing("day: 2025-01-13", with: "day: 2025-02-29")
            .replacing("dense-tpp: 1,600", with: "dense-tpp: 1600")
            .replacing("counts-as: CN", with: "counts-as: China")
            .replacing("multiplier: 2", with: "multiplier: 0")
            .replacing("share: 7/100", with: "share: 107/100")
            .replacing("amount: 949,500,000 TPP", with: "amount: 949,500,000")
            .replacing("operations: 10^26", with: "operations: 10^39")
        #expect(
            edited.problems == [
                at(edited, "day: 2025-02-29", column: 8)
                    + "effective.day: found \"2025-02-29\"; expected a date that exists, such as "
                    + "2025-01-13",
                at(edited, "dense-tpp", column: 14)
                    + "control.dense-tpp: found \"1600\"; expected a whole number from 1 to "
                    + "1,000,000,000,000, written like 4,800",
                at(edited, "counts-as", column: 18)
                    + "countries.aliases[1].counts-as: found \"China\"; expected the two capital "
                    + "letters of an ISO 3166-1 country, such as NO",
                at(edited, "multiplier", column: 15)
                    + "agreements.multiplier: found \"0\"; expected a whole number from 1 to 1,000, "
                    + "written like 2",
                at(edited, "107/100", column: 16)
                    + "mechanisms[5].limits[1].share: found \"107/100\"; expected a share above 0 "
                    + "and at most 1, written like 7/100",
                at(edited, "949,500,000", column: 19)
                    + "mechanisms[6].limit.steps[2].amount: found \"949,500,000\"; expected an "
                    + "amount above 0 such as 790,000,000 TPP or 50,000 H100e, at most "
                    + "4,611,686,018,427,387,904 TPP",
                at(edited, "10^39", column: 17)
                    + "model-weights.threshold.operations: found \"10^39\"; expected a number of "
                    + "operations such as 10^26, below 2^128",
            ]
        )
    }

    @Test(arguments: [
        "790000000 TPP", "790_000_000 TPP", "79,000,0000 TPP", "790,000,00 TPP", "',790,000 TPP'",
        "0790,000,000 TPP", "007 TPP", "0 TPP", "-1 TPP", "+1 TPP", "1.5 TPP", "1e9 TPP",
        "790,000,000  TPP", "790,000,000TPP", "790,000,000 tpp", "790,000,000 H100", "TPP",
        "9,999,999,999,999,999,999 TPP", "4,611,686,018,427,387,905 TPP", "0.0001 H100e",
        "1,000. H100e", ".5 H100e", "50,000.1234 H100e", "９ TPP", "[1 TPP]", "{a: 1 TPP}", "",
    ])
    func amountsWithOneForm(text: String) {
        let edited = file.replacing("amount: 790,000,000 TPP", with: "amount: \(text)")
        let problems = edited.problems
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.contains("mechanisms[8].limit.amount: found") == true)
    }

    @Test func amountsInBracesAreExplained() {
        let edited = file.replacing(
            "        - from: 2025-01-01\n          amount: 633,000,000 TPP",
            with: "        - {from: 2025-01-01, amount: 633,000,000 TPP}"
        )
        let problems = edited.problems
        #expect(
            problems.contains { $0.contains("write each field on its own line") },
            "\(problems)"
        )
    }

    @Test func equivalentsHaveThreeDecimalsAndRoundDown() throws {
        let edited = file.replacing("amount: 790,000,000 TPP", with: "amount: 49,921.011 H100e")
        let book = try Rulebook.load(bytes: Array(edited.text.utf8), fileName: "rules.yaml")
        #expect(
            book.mechanism(.country)?.limit?.limit(on: try day("2025-06-01"))
                == TPP(rawValue: 789_999_999)
        )
    }

    @Test(arguments: [
        "2025-13-01", "2025-00-10", "2025-1-1", "2025-02-29", "1969-12-31", "20250101",
        "2025-01-01T00:00:00Z", "none", "tomorrow",
    ])
    func datesThatDoNotExist(text: String) {
        let edited = file.replacing("until: 2028-01-01", with: "until: \(text)")
        #expect(
            edited.problems == [
                at(edited, "amount: 790,000,000", column: 14).replacingLine(
                    by: edited.line(of: "amount: 790,000,000") - 1
                ) + "mechanisms[8].limit.until: found \"\(text)\"; expected a date that exists, "
                    + "such as 2025-01-13"
            ]
        )
    }

    @Test func severalDocuments() {
        let edited = RuleFile(text: file.text + "---\nname: another\n")
        #expect(edited.problems.count == 1)
        #expect(edited.problems.first?.contains("but found another document") == true)
    }

    @Test func tooManyBytes() {
        let padding = String(repeating: "#", count: 60_001 - file.text.utf8.count)
        let edited = RuleFile(text: file.text + padding)
        #expect(edited.problems == ["1:1: found 60001 bytes; expected at most 60000"])
        #expect(RuleFile(text: String(edited.text.dropLast())).problems == [])
    }

    @Test func bytesThatAreNotText() {
        var bytes = Array("a: b\ncd: é".utf8)
        bytes.append(0xff)
        #expect(
            RuleFile.problems(bytes)
                == ["2:6: found bytes that are not UTF-8; expected UTF-8 text"]
        )
        #expect(RuleFile.problems([0xff, 0xfe, 0x61, 0x00]).count == 1)
        #expect(RuleFile.problems(Array("a: \u{0}".utf8)).count == 1)
    }

    @Test func nothing() {
        for text in ["", "\n", "# only a comment\n", "---\n", "\u{feff}"] {
            #expect(RuleFile(text: text).problems.count == 1, "\(text.debugDescription)")
        }
    }

    @Test func carriageReturnsAndByteOrderMarksAreRead() {
        let text =
            "\u{feff}"
            + file.text.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        #expect(RuleFile(text: text).problems == [])
    }

    /// What opens a level, again and again.
    enum Opening: String, CaseIterable {
        case bracket = "["
        case brace = "{"
        case item = "- "
        case key = "? "
        case keyInBracket = "[? "
        case itemAndTab = "-\t"
        case keyOnItsLine = "a:\n"
        case itemOnItsLine = "-\n"

        var text: String {
            guard rawValue.hasSuffix("\n") else {
                return String(repeating: rawValue, count: 15_000)
            }
            return (0..<300).map { String(repeating: " ", count: $0) + rawValue }.joined()
        }
    }

    @Test(arguments: Opening.allCases)
    func depthIsBounded(opening: Opening) {
        let problems = RuleFile(text: opening.text).problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains("nesting that is too deep") == true)
    }

    @Test func keysThatAreNotTextAreNotRead() {
        let edited = RuleFile(text: "? [a, b]\n: c\n" + file.text)
        #expect(
            edited.problems == ["1:3: found a key that is not text; expected a field's name"]
        )
    }

    @Test func closedSetsNameTheirWords() {
        let edited = file.replacing("window: schedule", with: "window: quarterly")
        #expect(
            edited.problems.contains(
                at(edited, "window: quarterly", column: 15)
                    + "mechanisms[6].limit.window: found \"quarterly\"; expected period, "
                    + "calendar-year, rolling, schedule or none"
            )
        )
        let kind = file.replacing("kind: allied", with: "kind: friends")
        #expect(
            kind.problems == [
                at(kind, "kind: friends", column: 11)
                    + "mechanisms[4].kind: found \"friends\"; expected concern, prohibited, domestic, "
                    + "allied, uveu, nveu, small-order or country"
            ]
        )
        let uncontrolled = file.replacing("kind: allied", with: "kind: uncontrolled")
        #expect(uncontrolled.problems.count == 1)
    }

    @Test func openPointsOfferOnlyWhatCanBeDecided() {
        let edited = file.replacing("choice: charge-destination", with: "choice: charge-nothing")
        #expect(
            edited.problems == [
                at(edited, "charge-nothing", column: 13)
                    + "open-points.allied-headquarters-at-capped-site.choice: this version can not "
                    + "decide by \"charge-nothing\"; expected charge-destination"
            ]
        )
        let unknown = file.replacing("choice: credited", with: "choice: perhaps")
        #expect(
            unknown.problems == [
                at(unknown, "perhaps", column: 13)
                    + "open-points.unused-hold.choice: found \"perhaps\"; expected credited"
            ]
        )
    }

    @Test func findingsShowNoControlCharactersAndNoEndlessText() {
        let long = String(repeating: "x", count: 200)
        let edited = file.replacing("version: 1", with: "version: \"1\\n\\e[31m\(long)\"")
        let problems = edited.problems
        #expect(problems.count == 1)
        #expect(problems.first?.contains("\"1??[31mxxx") == true)
        #expect((problems.first ?? "").utf8.count < 200)
    }

    @Test func aNewerFormatIsNamed() {
        let edited = file.replacing("headroom-rulebook-1", with: "headroom-rulebook-2")
        #expect(
            edited.problems == [
                "4:9: format: found \"headroom-rulebook-2\"; expected headroom-rulebook-1"
            ]
        )
    }
}

extension RuleFile {
    init(text: String) { self.text = text }
}

extension String {
    /// This place, on another line.
    func replacingLine(by line: Int) -> String {
        "\(line)" + drop { $0 != ":" }
    }
}
