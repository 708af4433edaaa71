// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// The dated country lists, the countries and the devices.
@Suite struct CountryTests {
    @Test(arguments: ShippedRulebook.all)
    func tiersByDay(shipped: ShippedRulebook) throws {
        let book = try shipped.load()
        let cases: [(String, String, CountryTier)] = [
            ("US", "2025-01-13", .home), ("NO", "2025-01-13", .allied),
            ("TW", "2026-07-23", .allied), ("GB", "2030-01-01", .allied),
            ("KH", "2025-01-13", .concern), ("KH", "2026-02-02", .concern),
            ("KH", "2026-02-03", .capped), ("KH", "2026-07-23", .capped),
            ("CN", "2025-01-13", .concern), ("HK", "2025-01-13", .concern),
            ("HK", "2026-07-23", .concern), ("MO", "2025-01-13", .concern),
            ("MO", "2026-07-23", .concern), ("AE", "2025-01-13", .capped),
            ("PL", "2026-07-23", .capped), ("CH", "2025-01-13", .capped),
        ]
        for (code, text, tier) in cases {
            #expect(
                book.tier(of: try country(code), on: try day(text)) == tier,
                "\(code) on \(text)"
            )
        }
    }

    @Test(arguments: ShippedRulebook.all)
    func listsAreThoseOfTheDay(shipped: ShippedRulebook) throws {
        let book = try shipped.load()
        let january = book.countries.listed(.concern, on: try day("2025-01-13"))
        let july = book.countries.listed(.concern, on: try day("2026-07-23"))
        #expect(january.count == 24)  // 23 of D:5, and Macau.
        #expect(july.count == 23)  // 22 of D:5, and Macau.
        #expect(Set(january).subtracting(july) == [try country("KH")])
        #expect(
            july.map(\.description)
                == """
                AF BY CD CF CN CU ER HT IQ IR KP LB LY MM MO NI RU SD SO SS SY VE ZW
                """.split(separator: " ").map(String.init)
        )
        #expect(book.countries.listed(.home, on: try day("2025-01-13")) == [try country("US")])
        #expect(
            book.countries.listed(.allied, on: try day("2025-01-13")).map(\.description)
                == "AU BE CA DE DK ES FI FR GB IE IT JP KR NL NO NZ SE TW"
                .split(separator: " ").map(String.init)
        )
        #expect(book.countries.listed(.capped, on: try day("2025-01-13")).isEmpty)
    }

    @Test func hongKongCountsAsChina() throws {
        let book = try ShippedRulebook.codified.load()
        #expect(book.countries.counted(try country("HK")) == (try country("CN")))
        #expect(book.countries.counted(try country("MO")) == (try country("MO")))
    }

    @Test func theTableHasEveryCountryOnce() throws {
        let table = CountryTable.shipped
        #expect(table.countries.count == 249)
        #expect(table.countries.map(\.code) == table.countries.map(\.code).sorted())
        #expect(table.name(of: try country("NO")) == "Norway")
        #expect(table.name(of: try country("CI")) == "Côte d'Ivoire")
        #expect(table.name(of: try country("XX")) == nil)
        #expect(table.name(of: try country("UK")) == nil)
    }

    @Test func brokenCountryTablesAreRefused() {
        let cases: [(String, String)] = [
            ("name,code\n", "t.csv:1:1: found the header \"name,code\"; expected code,name"),
            ("", "t.csv:1:1: found no header; expected code,name"),
            (
                "code,name\nno,Norway\n",
                "t.csv:2:1: code: found \"no\"; expected two capital letters, each code once"
            ),
            (
                "code,name\nNO,Norway\nNO,Norway\n",
                "t.csv:3:1: code: found \"NO\"; expected two capital letters, each code once"
            ),
            ("code,name\nNO\n", "t.csv:2:1: found 1 cells; expected 2"),
            ("code,name\nNO,\n", "t.csv:2:4: name: found nothing; expected a name"),
            ("code,name\nNO,\"Norway\n", "t.csv:2:4: found no closing quote; expected one"),
            (
                "code,name\nNO,\"Nor\"way\n",
                "t.csv:2:9: found text after a closing quote; expected a comma"
            ),
            (
                "code,name\nNO,Nor\"way\n",
                "t.csv:2:7: found a quote inside a cell; expected it in quotes"
            ),
        ]
        for (text, expected) in cases {
            let error = #expect(throws: RulebookError.self) {
                try CountryTable.load(bytes: Array(text.utf8), fileName: "t.csv")
            }
            #expect(error?.description == expected)
        }
    }

    @Test func carriageReturnsByteOrderMarksAndCommentsAreRead() throws {
        let text = "\u{feff}# a comment, with a comma\r\ncode,name\r\nNO,\"Nor\"\"way, far\"\r\n"
        let table = try CountryTable.load(bytes: Array(text.utf8), fileName: "t.csv")
        #expect(table.name(of: try country("NO")) == "Nor\"way, far")
    }
}

/// The device catalogue and which devices count.
@Suite struct DeviceTests {
    let catalogue: DeviceCatalogue
    let control: ControlRule

    init() throws {
        catalogue = try DeviceCatalogue.load(
            bytes: ShippedFile.devices.bytes,
            fileName: ShippedFile.devices.fileName
        )
        control = try ShippedRulebook.codified.load().control
    }

    func rating(_ name: String, on text: String = "2026-06-01") throws -> DeviceRating {
        let device = try #require(DeviceIdentifier(name))
        return try #require(catalogue.rating(of: device, on: try day(text)))
    }

    @Test(
        arguments: [
            ("H100 SXM5", 15_832, true), ("H100 PCIe", 12_104, true), ("H200 SXM", 15_832, true),
            ("A100", 4_992, true), ("B200", 36_000, true), ("GB200", 40_000, true),
            ("GB300", 60_000, true), ("MI300X", 20_919, true), ("H20", 2_368, false),
            ("L4", 1_936, true), ("L2", 1_544, false), ("L20", 1_912, false), ("L40", 2_896, false),
            ("L40S", 5_864, true), ("A10", 2_000, false), ("MI210", 2_896, false),
            ("RTX 4090", 5_285, false), ("RTX 5090", 6_704, false), ("RTX 5090 D", 4_752, false),
            ("TPU v5e", 3_152, false), ("TPU v5p", 7_344, true), ("Gaudi 3", 26_848, true),
            ("R200 (Rubin)", 140_000, true),
        ] as [(String, Int64, Bool)]
    )
    func ratingsAndControl(name: String, tpp: Int64, isControlled: Bool) throws {
        let rating = try rating(name)
        #expect(rating.tpp == TPP(rawValue: tpp))
        #expect(control.isControlled(rating) == isControlled)
    }

    @Test func densitiesAreExact() throws {
        #expect(try rating("H20").density == PerformanceDensity(hundredths: 291))
        #expect(try rating("L4").density == PerformanceDensity(hundredths: 658))
        #expect(try rating("TPU v4").density == nil)
    }

    @Test func everyRowHasASource() {
        #expect(catalogue.ratings.count == 54)
        #expect(catalogue.ratings.allSatisfy { !$0.source.isEmpty })
    }

    @Test func thresholdsAreInclusive() throws {
        let cases: [(Int64, Int64?, Bool, Bool)] = [
            (4_800, nil, true, true), (4_799, nil, true, false), (4_799, 592, true, true),
            (4_799, 591, true, false), (1_600, 592, true, true), (1_599, 9_999, true, false),
            (100_000, 9_999, false, false),
        ]
        for (tpp, density, isForDataCenters, expected) in cases {
            #expect(
                control.isControlled(
                    tpp: TPP(rawValue: tpp),
                    density: density.map(PerformanceDensity.init(hundredths:)),
                    isForDataCenters: isForDataCenters
                ) == expected
            )
        }
    }

    @Test func unknownDensitiesCountWhenTheRulebookSaysSo() throws {
        let file = RuleFile(.codified).replacing(
            "unknown-density: not-controlled",
            with: "unknown-density: controlled"
        )
        let book = try Rulebook.load(bytes: Array(file.text.utf8), fileName: "rules.yaml")
        #expect(book.control.isControlled(try rating("TPU v5e")))
        #expect(!book.control.isControlled(try rating("T4")))
        #expect(!book.control.isControlled(try rating("H20")))
    }

    @Test func reratingActsFromItsDayAndTheFirstRatingBefore() throws {
        let text = """
            device,vendor,from,tpp,performance_density,data_center,source,note
            B300,NVIDIA,2026-02-01,56000,34.4,yes,second sheet,
            B300,NVIDIA,2025-01-01,54000,33.17,yes,first sheet,
            """
        let catalogue = try DeviceCatalogue.load(bytes: Array(text.utf8), fileName: "d.csv")
        let device = try #require(DeviceIdentifier("B300"))
        #expect(catalogue.rating(of: device, on: try day("2024-12-31"))?.tpp.rawValue == 54_000)
        #expect(catalogue.rating(of: try #require(DeviceIdentifier("B200")), on: .latest) == nil)
        #expect(catalogue.rating(of: device, on: try day("2026-01-31"))?.tpp.rawValue == 54_000)
        #expect(catalogue.rating(of: device, on: try day("2026-02-01"))?.tpp.rawValue == 56_000)
    }

    @Test func everyWrongCellIsFound() {
        let header = "device,vendor,from,tpp,performance_density,data_center,source,note\n"
        let text =
            header + "A,V,2025-02-30,0,5.923,maybe,,\n"
            + " B,V,2025-01-01,1000000000001,,yes,s,\n" + "A,V,2025-01-01,4800,,yes,s,n\n"
            + "A,V,2025-01-01,4800,,yes,s,n\n"
        let error = #expect(throws: RulebookError.self) {
            try DeviceCatalogue.load(bytes: Array(text.utf8), fileName: "d.csv")
        }
        #expect(
            error?.description == """
                d.csv:2:5: from: found "2025-02-30"; expected a date that exists, such as 2025-01-13
                d.csv:2:16: tpp: found "0"; expected whole TPP from 1 to 1000000000000, digits only
                d.csv:2:18: performance_density: found "5.923"; expected a density with at most two \
                decimals, such as 5.92, or nothing
                d.csv:2:24: data_center: found "maybe"; expected yes or no
                d.csv:2:30: source: found nothing; expected text of 1 to 2000 bytes without control \
                characters
                d.csv:3:1: device: found " B"; expected \(identifierShape)
                d.csv:3:17: tpp: found "1000000000001"; expected whole TPP from 1 to 1000000000000, \
                digits only
                d.csv:5:1: device: "A" is rated twice from 2025-01-01
                """
        )
        let none = #expect(throws: RulebookError.self) {
            try DeviceCatalogue.load(bytes: Array(header.utf8), fileName: "d.csv")
        }
        #expect(none?.description == "d.csv:1:1: found no device; expected at least one")
    }
}
