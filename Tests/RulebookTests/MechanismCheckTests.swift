// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// Rulebooks whose mechanisms or limits could never apply are refused.
@Suite struct MechanismCheckTests {
    let file = RuleFile(.codified)

    /// The file with the blocks of its mechanisms in another order, or left out or doubled.
    func reordered(_ kinds: [String]) throws -> RuleFile {
        let start = try #require(file.text.range(of: "\nmechanisms:\n")).upperBound
        let end = try #require(file.text.range(of: "\n# Where the text leaves")).lowerBound
        let blocks = ("\n" + file.text[start..<end]).components(separatedBy: "\n  - kind: ")
        let chosen = try kinds.map { kind in
            try #require(blocks.first { $0.hasPrefix(kind + "\n") })
        }
        var edited = file
        edited.text.replaceSubrange(
            start..<end,
            with: chosen.map { "  - kind: " + $0 + "\n" }.joined()
        )
        return edited
    }

    /// What the findings say, without their lines.
    func problems(_ file: RuleFile) -> [String] {
        file.problems.map { line in
            String(line.split(separator: " ", maxSplits: 1).last ?? "")
        }
    }

    let all = [
        "concern", "prohibited", "domestic", "allied", "uveu", "nveu", "small-order", "country",
    ]

    @Test func theOrderOfTheShippedFileIsWell() throws {
        #expect(problems(try reordered(all)) == [])
        #expect(problems(try reordered(["concern", "prohibited", "country"])) == [])
    }

    @Test func aMechanismListedTwice() throws {
        #expect(
            problems(try reordered(Array(all.dropLast()) + ["nveu", "country"]))
                == ["mechanisms[8].kind: \"nveu\" is listed twice"]
        )
    }

    @Test func nothingComesBehindTheCountry() throws {
        #expect(
            problems(try reordered(Array(all.dropLast(2)) + ["country", "small-order"])) == [
                "mechanisms[8].kind: can never apply: country, before it, always applies and has "
                    + "to be last",
                "mechanisms[8].kind: hands full orders to the next mechanism, and there is none",
            ]
        )
    }

    @Test func nothingComesBehindACountryThatHandsOn() throws {
        let kinds = all.filter { $0 != "allied" } + ["allied"]
        let edited = try reordered(kinds).replacing(
            "  - kind: country\n    when-full: refuse",
            with: "  - kind: country\n    when-full: next"
        )
        #expect(
            problems(edited).contains(
                "mechanisms[8].kind: can never apply: country, before it, always applies and has "
                    + "to be last"
            )
        )
    }

    @Test func aProhibitionStopsSomeOrdersAndNotAll() {
        var none = file
        none.text = file.text.replacing("prohibited: yes", with: "prohibited: no")
            .replacing("tests: [end-use, consignee-blocked]", with: "tests: [end-use]")
        #expect(
            problems(none) == [
                "mechanisms[2].kind: can never apply: it tests the end use alone, and none is "
                    + "prohibited"
            ]
        )
        var all = file
        all.text = file.text.replacing("prohibited: no\n", with: "prohibited: yes\n")
        #expect(
            problems(all) == [
                "mechanisms[2].kind: refuses every order: all end uses of the list are prohibited"
            ]
        )
    }

    @Test func theLastMechanismRefuses() {
        let edited = file.replacing(
            "  - kind: country\n    when-full: refuse",
            with: "  - kind: country\n    when-full: next"
        )
        #expect(
            problems(edited)
                == [
                    "mechanisms[8].kind: hands full orders to the next mechanism, and there is none"
                ]
        )
    }

    @Test func refusalsStandBeforeLimits() throws {
        #expect(
            problems(try reordered(["prohibited", "uveu", "concern", "country"]))
                == [
                    "mechanisms[3].kind: refuses always, so it has to stand before uveu, which has "
                        + "limits"
                ]
        )
    }

    @Test func prohibitedCountryAndConcernAreNeeded() throws {
        #expect(
            problems(try reordered(["domestic", "allied", "uveu"])) == [
                "mechanisms[1].kind: no mechanism of the list is concern, but countries.concern "
                    + "lists countries",
                "mechanisms[1].kind: no mechanism of the list is country; expected one",
                "mechanisms[1].kind: no mechanism of the list is prohibited; expected one",
            ]
        )
        let empty = file.replacing("mechanisms:\n", with: "mechanisms: []\nmore:\n")
        #expect(
            problems(empty).contains("mechanisms: found an empty list; expected at least one item")
        )
    }

    @Test func domesticBehindAnAlliedThatTakesHomeToo() throws {
        var kinds = all
        kinds.swapAt(2, 3)
        #expect(problems(try reordered(kinds)) == [])
        var edited = try reordered(kinds)
        let tests = "tests: [destination, site, headquarters, ultimate-parent-headquarters]"
        edited = edited.replacing(
            "kind: allied\n    \(tests)",
            with: "kind: allied\n    tests: [destination]"
        )
        #expect(
            problems(edited) == [
                "mechanisms[4].kind: can never apply: allied, before it, takes every order to home "
                    + "and allied"
            ]
        )
    }

    @Test(arguments: [("home", "domestic", 3), ("allied", "allied", 4), ("concern", "concern", 1)])
    func listsThatAMechanismNeeds(list: String, kind: String, number: Int) {
        let next = ["home": "  allied:", "allied": "  concern:", "concern": "# The closed list"]
        let missing = file.removing(from: "  \(list):", upTo: next[list] ?? "")
        #expect(problems(missing) == ["countries.\(list): the field is missing"])
        let empty = missing.replacing("countries:\n", with: "countries:\n  \(list): []\n")
        #expect(
            problems(empty) == [
                "mechanisms[\(number)].kind: can never apply: the list countries.\(list) has no "
                    + "country on or after 2025-01-13"
            ]
        )
        let ended = missing.replacing(
            "countries:\n",
            with: """
                countries:
                  \(list):
                    - from: 2020-01-01
                      until: 2025-01-13
                      countries: [AQ]
                      citation: ended before the rulebook begins

                """
        )
        #expect(problems(ended) == problems(empty))
    }

    @Test func countriesStandOnOneListADay() {
        let twice = file.replacing("[AU, BE,", with: "[AU, AU, KH,")
        #expect(
            problems(twice) == [
                "countries.allied[1].countries[2]: AU is already on the list allied on a day of this "
                    + "row",
                "countries.concern[2].countries[1]: KH is already on the list allied on a day of "
                    + "this row",
            ]
        )
        let alias = file.replacing("countries: [MO]", with: "countries: [MO, HK]")
        #expect(
            problems(alias)
                == ["countries.concern[3].countries[2]: HK counts as CN; expected it on no list"]
        )
        let itself = file.replacing("counts-as: CN", with: "counts-as: HK")
        #expect(
            problems(itself) == [
                "countries.aliases[1].country: HK is listed twice or counts as an alias; expected it "
                    + "once"
            ]
        )
        let unknown = file.replacing("[KH]", with: "[XX]")
        #expect(
            problems(unknown).first?.hasPrefix("countries.concern[2].countries[1]: found \"XX\"")
                == true
        )
        let ended = file.replacing("until: 2026-02-03", with: "until: 2025-01-01")
        #expect(
            problems(ended)
                == ["countries.concern[2].until: found 2025-01-01; expected a day after from"]
        )
    }

    @Test func limitsThatAreNeverMoreThanZero() {
        let zero = file.replacing("26,900,000 TPP", with: "0 TPP")
        #expect(problems(zero).count == 1)
        #expect(
            problems(zero).first?.hasPrefix("mechanisms[7].limit.amount: found \"0 TPP\"") == true
        )
        let backwards = file.replacing("until: 2028-01-01", with: "until: 2025-01-01")
        #expect(
            problems(backwards)
                == ["mechanisms[8].limit.until: found 2025-01-01; expected a day after from"]
        )
        let over = file.replacing(
            "      from: 2025-01-01\n      until: 2028-01-01",
            with: "      from: 2024-01-01\n      until: 2025-01-13"
        )
        #expect(
            problems(over) == [
                "mechanisms[8].limit: the period is over on 2025-01-13, before the rulebook begins "
                    + "on 2025-01-13: the limit would be 0 for ever"
            ]
        )
        let endless = file.removing(from: "until: 2028-01-01", upTo: "amount: 790,000,000")
        #expect(problems(endless) == ["mechanisms[8].limit.until: the field is missing"])
    }

    @Test func sharesThatCouldNeverBind() {
        let swapped = file.replacing("share: 7/100", with: "share: 25/100")
        #expect(
            problems(swapped) == [
                "mechanisms[5].limits[2].share: is not above the share of one country, which could "
                    + "never bind"
            ]
        )
        for share in ["0/100", "101/100", "7", "7 %", "0.07", "7/0", "7/100/1", "-7/100"] {
            let wrong = file.replacing("share: 7/100", with: "share: \(share)")
            #expect(problems(wrong).count == 1, "\(share)")
        }
        let twice = file.replacing("kind: outside-share", with: "kind: country-share")
        #expect(
            problems(twice) == ["mechanisms[5].limits[2].kind: \"country-share\" is listed twice"]
        )
    }

    @Test func schedulesAscend() {
        let days = file.replacing("- from: 2025-04-01", with: "- from: 2025-01-01")
        #expect(
            problems(days) == [
                "mechanisms[6].limit.steps[2].from: found 2025-01-01; expected a day after 2025-01-01"
            ]
        )
        let amounts = file.replacing("949,500,000 TPP", with: "94,950,000 TPP")
        #expect(
            problems(amounts) == [
                "mechanisms[6].limit.steps[2].amount: is less than the step before; a cumulative "
                    + "ceiling does not fall"
            ]
        )
    }

    @Test func smallOrdersGoByTheYear() {
        let edited = file.replacing("window: calendar-year", with: "window: rolling")
        #expect(
            problems(edited) == [
                "mechanisms[7].limit.window: found \"rolling\"; expected calendar-year: the "
                    + "small-order allowance is kept by group and year"
            ]
        )
    }

    @Test func everyWindowKindCanBeWritten() throws {
        let windows: [(String, WindowRule)] = [
            (
                "window: rolling\n      months: 6\n      amount: 5 TPP",
                .rolling(months: 6, amount: LimitAmount(tpp: TPP(rawValue: 5)))
            ),
            (
                "window: calendar-year\n      amount: 5 TPP",
                .calendarYear(amount: LimitAmount(tpp: TPP(rawValue: 5)))
            ),
            (
                "window: none\n      amount: 5 TPP",
                .allTime(amount: LimitAmount(tpp: TPP(rawValue: 5)))
            ),
            (
                "window: schedule\n      steps:\n        - from: 2025-01-01\n          amount: 5 TPP",
                .schedule([
                    ScheduleStep(
                        from: try day("2025-01-01"),
                        amount: LimitAmount(tpp: TPP(rawValue: 5))
                    )
                ])
            ),
        ]
        for (text, window) in windows {
            let edited = file.replacing(
                "window: period\n      from: 2025-01-01\n      until: 2028-01-01\n"
                    + "      amount: 790,000,000 TPP",
                with: text
            )
            let book = try Rulebook.load(bytes: Array(edited.text.utf8), fileName: "rules.yaml")
            #expect(book.mechanism(.country)?.limit?.window == window)
        }
    }

    @Test func multipliersAndThresholds() {
        let large = file.replacing(
            "amount: 790,000,000 TPP",
            with: "amount: 4,000,000,000,000,000,000 TPP"
        )
        #expect(
            problems(large) == [
                "mechanisms[8].limit: times the agreement multiplier is more than "
                    + "4,611,686,018,427,387,904 TPP"
            ]
        )
        let falling = file.replacing("[80, 90, 95, 100]", with: "[80, 95, 90, 101]")
        #expect(
            problems(falling) == [
                "thresholds.percent[3]: found 90; expected more than 95: they ascend",
                "thresholds.percent[4]: found \"101\"; expected a whole number from 1 to 100, written "
                    + "like 80",
            ]
        )
        let dense = file.replacing("dense-tpp: 1,600", with: "dense-tpp: 4,801")
        #expect(
            problems(dense) == [
                "control.dense-tpp: is above tpp, so the density could never count; expected at most "
                    + "it"
            ]
        )
    }

    @Test func availabilityAndItsListGoTogether() {
        let listless = file.replacing("choice: everywhere", with: "choice: except-listed")
        #expect(
            problems(listless) == [
                "mechanisms[7].kind: lists no unavailable countries, but "
                    + "open-points.small-order-availability is except-listed"
            ]
        )
        let unread = file.replacing(
            "  - kind: small-order\n",
            with: "  - kind: small-order\n    unavailable:\n      - from: 2025-01-01\n"
                + "        countries: [SA]\n        citation: x\n"
        )
        #expect(
            problems(unread) == [
                "mechanisms[7].kind: lists unavailable countries, but "
                    + "open-points.small-order-availability is everywhere; expected except-listed"
            ]
        )
    }

    @Test func listsOfWordsHaveEachOnce() {
        let twice = file.replacing("[end-use, consignee-blocked]", with: "[end-use, end-use]")
        #expect(problems(twice) == ["mechanisms[2].tests[2]: \"end-use\" is listed twice"])
        let uses = file.replacing("code: inference", with: "code: research")
        #expect(problems(uses) == ["end-uses[4].code: \"research\" is listed twice"])
        let days = file.replacing("[02-01, 08-01]", with: "[02-01, 02-01, 02-29]")
        #expect(
            problems(days) == [
                "watched[1].days[2]: 02-01 is listed twice",
                "watched[1].days[3]: found \"02-29\"; expected a month and day such as 02-01",
            ]
        )
    }
}

extension String {
    /// The parts between separators; of a text without it, the text.
    func components(separatedBy separator: String) -> [String] {
        var parts: [String] = []
        var rest = self
        while let range = rest.range(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = String(rest[range.upperBound...])
        }
        return parts + [rest]
    }
}
