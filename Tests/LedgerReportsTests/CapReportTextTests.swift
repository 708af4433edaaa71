// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite struct CapReportTextTests {
    /// The report without its header.
    private func body(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .drop { !$0.isEmpty }.dropFirst().joined(separator: "\n")
    }

    @Test func at80ColumnsThereAreTwoTablesAndAWrappedHeader() throws {
        #expect(
            try Fixtures.threeCountries().text(width: 80) == """
                Cap report, as if enforced
                ledger        ledger.example.org, advisory
                run on        2025-06-02T12:00:00.000Z
                data through  entry 41, 2025-05-31T12:00:00.000Z
                as of         2025-06-01T12:00:00.000Z
                rulebook      diffusion-2025-brief version 1, adopted by entry 1
                source        White House fact sheet of 13 January 2025; 90 FR 4544 (15 January
                              2025)
                unit          H100e; 1 H100e is 15,832 TPP (NVIDIA H100 data sheet, SXM, 1,979
                              TFLOPS FP8 dense times 8 bits; 1 H100 SXM is 1 H100e)
                limit         50,000.000 H100e (791,600,000 TPP) a country from 2025-01-01 until
                              2028-01-01 (that day not included); times 2 for a capped one with
                              an agreement
                citation      White House fact sheet of 13 January 2025, up to 50,000 advanced
                              GPUs per country; 2025 to 2027 as in 15 CFR 742.6(b)(10)(iii)(B)
                law that day  published since 2025-01-15; effective since 2025-01-13; to be
                              complied with since 2025-05-15; not enforced since 2025-05-13; not
                              rescinded

                country      tier             limit        used    headroom  used %  band
                -----------  ---------  -----------  ----------  ----------  ------  ---------
                AE United    capped,    100,000.000  50,000.001  49,999.999    50.0  open
                Arab         agreement
                Emirates
                GS South     capped      50,000.000  50,000.000       0.000   100.0  exhausted
                Georgia and
                the South
                Sandwich
                Islands
                JP Japan     allied      50,000.000       0.000  50,000.000     0.0  open
                SA Saudi     capped      50,000.000  45,275.392   4,724.608    90.5  critical
                Arabia

                                                                     expires  expires  expires
                                                                       in 30    in 60    in 90
                country              shipped  shipped %        held     days     days     days
                ----------------  ----------  ---------  ----------  -------  -------  -------
                AE United Arab    20,000.000       20.0  30,000.001    1.000    2.000    2.000
                Emirates
                GS South Georgia       0.000        0.0  50,000.000    0.000    0.000    0.000
                and the South
                Sandwich Islands
                JP Japan               0.000        0.0       0.000    0.000    0.000    0.000
                SA Saudi Arabia        0.000        0.0  45,275.392    0.000    0.000    0.000

                                                                     memo:
                                                                     small  memo: other
                country                                             orders       grants
                -----------------------------------------------  ---------  -----------
                AE United Arab Emirates                          1,699.091        0.000
                GS South Georgia and the South Sandwich Islands      0.000        0.000
                JP Japan                                             0.000  315,816.069
                SA Saudi Arabia                                      0.000        0.000

                granted by   orders        H100e
                -----------  ------  -----------
                allied            1  315,816.069
                small-order       3    1,699.091
                country          12  146,033.351

                refused by  reason         orders  H100e asked
                ----------  -------------  ------  -----------
                concern     concern             1        1.000
                country     limit-reached       2      100.000

                Reconciliation in TPP: granted 7,338,900,001 - expired 12,000,000 - shipped
                316,640,000 = open holds 7,010,260,001.
                Open holds: 1,983,360,000 against countries, 26,900,001 small orders,
                5,000,000,000 other grants.
                The sums agree.

                """
        )
    }

    @Test func at60ColumnsEveryCountryIsABlock() throws {
        #expect(
            body(try Fixtures.threeCountries().text(width: 60)) == """
                country   AE United Arab Emirates
                tier      capped, agreement
                limit     100,000.000
                used      50,000.001
                headroom  49,999.999
                used %    50.0
                band      open

                country   GS South Georgia and the South Sandwich Islands
                tier      capped
                limit     50,000.000
                used      50,000.000
                headroom  0.000
                used %    100.0
                band      exhausted

                country   JP Japan
                tier      allied
                limit     50,000.000
                used      0.000
                headroom  50,000.000
                used %    0.0
                band      open

                country   SA Saudi Arabia
                tier      capped
                limit     50,000.000
                used      45,275.392
                headroom  4,724.608
                used %    90.5
                band      critical

                country             AE United Arab Emirates
                shipped             20,000.000
                shipped %           20.0
                held                30,000.001
                expires in 30 days  1.000
                expires in 60 days  2.000
                expires in 90 days  2.000

                country             GS South Georgia and the South Sandwich
                                    Islands
                shipped             0.000
                shipped %           0.0
                held                50,000.000
                expires in 30 days  0.000
                expires in 60 days  0.000
                expires in 90 days  0.000

                country             JP Japan
                shipped             0.000
                shipped %           0.0
                held                0.000
                expires in 30 days  0.000
                expires in 60 days  0.000
                expires in 90 days  0.000

                country             SA Saudi Arabia
                shipped             0.000
                shipped %           0.0
                held                45,275.392
                expires in 30 days  0.000
                expires in 60 days  0.000
                expires in 90 days  0.000

                                                    memo:
                                                    small  memo: other
                country                            orders       grants
                ------------------------------  ---------  -----------
                AE United Arab Emirates         1,699.091        0.000
                GS South Georgia and the South      0.000        0.000
                Sandwich Islands
                JP Japan                            0.000  315,816.069
                SA Saudi Arabia                     0.000        0.000

                granted by   orders        H100e
                -----------  ------  -----------
                allied            1  315,816.069
                small-order       3    1,699.091
                country          12  146,033.351

                refused by  reason         orders  H100e asked
                ----------  -------------  ------  -----------
                concern     concern             1        1.000
                country     limit-reached       2      100.000

                Reconciliation in TPP: granted 7,338,900,001 - expired
                12,000,000 - shipped 316,640,000 = open holds 7,010,260,001.
                Open holds: 1,983,360,000 against countries, 26,900,001
                small orders, 5,000,000,000 other grants.
                The sums agree.

                """
        )
    }

    @Test func at100ColumnsOnlyLongNamesWrap() throws {
        #expect(
            body(try Fixtures.threeCountries().text(width: 100)).hasPrefix(
                """
                country                   tier                     limit        used    headro\
                om  used %  band
                ------------------------  -----------------  -----------  ----------  --------\
                --  ------  ---------
                AE United Arab Emirates   capped, agreement  100,000.000  50,000.001  49,999.9\
                99    50.0  open
                GS South Georgia and the  capped              50,000.000  50,000.000       0.0\
                00   100.0  exhausted
                South Sandwich Islands
                JP Japan                  allied              50,000.000       0.000  50,000.0\
                00     0.0  open
                SA Saudi Arabia           capped              50,000.000  45,275.392   4,724.6\
                08    90.5  critical

                """
            )
        )
    }

    @Test func at220ColumnsAndInFilesThereIsOneTable() throws {
        let report = try Fixtures.threeCountries()
        #expect(body(report.text(width: 220)) == body(report.text()))
        #expect(
            body(report.text()).hasPrefix(
                """
                                                                                                  \
                                                                                             expir\
                es  expires  expires      memo:
                                                                                                  \
                                                                                               in \
                30    in 60    in 90      small  memo: other
                country                                          tier                     limit   \
                     used    headroom  used %  band          shipped  shipped %        held     da\
                ys     days     days     orders       grants
                -----------------------------------------------  -----------------  -----------  -\
                ---------  ----------  ------  ---------  ----------  ---------  ----------  -----\
                --  -------  -------  ---------  -----------
                AE United Arab Emirates                          capped, agreement  100,000.000  5\
                0,000.001  49,999.999    50.0  open       20,000.000       20.0  30,000.001    1.0\
                00    2.000    2.000  1,699.091        0.000
                GS South Georgia and the South Sandwich Islands  capped              50,000.000  5\
                0,000.000       0.000   100.0  exhausted       0.000        0.0  50,000.000    0.0\
                00    0.000    0.000      0.000        0.000
                JP Japan                                         allied              50,000.000   \
                    0.000  50,000.000     0.0  open            0.000        0.0       0.000    0.0\
                00    0.000    0.000      0.000  315,816.069
                SA Saudi Arabia                                  capped              50,000.000  4\
                5,275.392   4,724.608    90.5  critical        0.000        0.0  45,275.392    0.0\
                00    0.000    0.000      0.000        0.000

                """
            )
        )
    }

    @Test func withoutAnyUseThereIsNoTableAndNoZero() throws {
        #expect(
            body(try Fixtures.report([], mode: .binding).text(width: 80)) == """
                No country has any use yet.

                Reconciliation in TPP: granted 0 = open holds 0.
                Open holds: 0 against countries, 0 small orders, 0 other grants.
                The sums agree.

                """
        )
    }

    @Test func oneCountryIsOneRow() throws {
        let report = try Fixtures.report([Fixtures.line("AE", limit: 791_600_000, used: 1)])
        let lines = report.text(width: 80).split(separator: "\n").map(String.init)
        #expect(lines.count { $0.hasPrefix("AE") } == 2)
        #expect(
            lines.contains(
                "AE United Arab Emirates  capped  50,000.000  0.001  49,999.999    <0.1  open"
            )
        )
    }

    @Test func theTitleSaysWhetherItBinds() throws {
        let line = try Fixtures.line("AE", limit: 1, used: 1)
        #expect(try Fixtures.report([line]).text().hasPrefix("Cap report, as if enforced\n"))
        #expect(
            try Fixtures.report([line], mode: .binding).text().hasPrefix("Cap report, binding\n")
        )
    }

    @Test func sumsThatDoNotAgreeAreSaidLoudly() throws {
        let line = try Fixtures.line("AE", limit: 100, used: 50)
        let text = try Fixtures.report([line], openHolds: 60, isReconciled: false).text()
        #expect(
            text.hasSuffix(
                """
                Open holds: 50 against countries, 0 small orders, 0 other grants, 10 of periods \
                that are over.
                THE SUMS DO NOT AGREE: verify the ledger.

                """
            )
        )
    }

    @Test(arguments: [
        (0 as Int64, 1_000 as Int64, "0.0", "open"), (1, 10_000, "<0.1", "open"),
        (10, 10_000, "0.1", "open"), (799_999, 1_000_000, "79.9", "open"),
        (800_000, 1_000_000, "80.0", "busy"), (899_999, 1_000_000, "89.9", "busy"),
        (900_000, 1_000_000, "90.0", "critical"), (949_999, 1_000_000, "94.9", "critical"),
        (950_000, 1_000_000, "95.0", "scarce"), (999_999, 1_000_000, "99.9", "scarce"),
        (1_000_000, 1_000_000, "100.0", "exhausted"), (30_000, 1_000, "3,000.0", "exhausted"),
        (0, 0, "-", "closed"), (1, 0, "-", "exhausted"),
        (4_611_686_018_427_387_903, 4_611_686_018_427_387_904, "99.9", "scarce"),
    ])
    func percentagesAreExactAndAgreeWithTheBands(
        used: Int64,
        limit: Int64,
        percent: String,
        band: String
    ) throws {
        let report = try Fixtures.report([Fixtures.line("AE", limit: limit, used: used)])
        let row = try #require(report.text().split(separator: "\n").first { $0.hasPrefix("AE") })
        let words = row.split(separator: " ")
        let place = try #require(words.firstIndex { $0 == band })
        #expect(words[place - 1] == percent)
    }

    @Test func colorsComeOnlyWithTheAnsiStyle() throws {
        let report = try Fixtures.threeCountries()
        #expect(!report.text(width: 80).contains("\u{1b}"))
        #expect(report.text(width: 80, style: .ansi).contains("\u{1b}[33mexhausted\u{1b}[0m"))
    }

    @Test(arguments: [
        ("2025-01-12", "not yet published (from 2025-01-15); not yet effective (from 2025-01-13)"),
        ("2025-01-13", "not yet published (from 2025-01-15); effective since 2025-01-13"),
        (
            "2025-05-12",
            "not yet to be complied with (from 2025-05-15); not enforced; not rescinded"
        ),
        ("2025-05-13", "(from 2025-05-15); not enforced since 2025-05-13; not rescinded"),
        ("2025-05-15", "to be complied with since 2025-05-15; not enforced since 2025-05-13"),
    ])
    func theLawIsToldAsOfTheDay(day: String, text: String) throws {
        var rendering = try Fixtures.report([])
        rendering.report.asOf = try Fixtures.noon(day)
        #expect(rendering.text().contains(text))
    }

    @Test func theLimitIsDerivedInWords() throws {
        var rendering = try Fixtures.report([])
        rendering.report.rulebook = try ShippedRulebook.codified.load()
        #expect(
            rendering.text().contains(
                """
                limit         49,921.011 H100e (790,000,000 TPP) a country from 2025-01-01 until \
                2028-01-01 (that day not included); times 2 for a capped one with an agreement
                """
            )
        )
    }
}
