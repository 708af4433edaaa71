// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook
import Testing

/// Devices and countries as a rulebook sees them.
@Suite struct CatalogueReportTests {
    private let columns = DeviceCatalogue.columns.joined(separator: ",")

    private func catalogue(_ rows: String...) throws -> DeviceCatalogue {
        let text = ([columns] + rows).joined(separator: "\n") + "\n"
        return try DeviceCatalogue.load(bytes: Array(text.utf8), fileName: "devices")
    }

    private func adopted(_ catalogues: DeviceCatalogue...) throws -> [AdoptedCatalogue] {
        try catalogues.enumerated().map { position, catalogue in
            AdoptedCatalogue(
                entry: EntryNumber(rawValue: UInt64(10 + position)),
                time: try Fixtures.noon("2025-0\(position + 1)-01"),
                catalogue: catalogue
            )
        }
    }

    private func report(_ adopted: [AdoptedCatalogue]) throws -> DeviceReport {
        DeviceReport(
            try #require(adopted.last).catalogue,
            adopted: adopted,
            under: try ShippedRulebook.brief.load()
        )
    }

    private let first = "A,V,2024-01-01,16000,,yes,sheet,"
    private let second = "A,V,2025-06-01,17000,,yes,sheet,"
    private let other = "B,V,2024-01-01,1000,,yes,sheet,"

    @Test func aRatingIsKnownSinceTheAdoptionFromWhichItNeverLeft() throws {
        let report = try report(
            adopted(
                catalogue(first, other),
                catalogue(other),
                catalogue(first, second, other),
                catalogue(first, second, other)
            )
        )
        #expect(
            report.ratings().csv == """
                device,vendor,from,tpp,performance_density,data_center,controlled,entry,source,note
                A,V,2024-01-01,16000,,yes,yes,12,sheet,
                A,V,2025-06-01,17000,,yes,yes,12,sheet,
                B,V,2024-01-01,1000,,yes,no,10,sheet,

                """
        )
    }

    @Test func aDayShowsTheRatingThatHoldsOnIt() throws {
        let report = try report(adopted(catalogue(first, second, other)))
        let device = { (day: String) in
            try report.ratings(on: Fixtures.day(day)).rows.map { $0[3] }
        }
        #expect(try device("2025-05-31") == [.count(16_000), .count(1_000)])
        #expect(try device("2025-06-01") == [.count(17_000), .count(1_000)])
        // A rating counts before its first day if it is the first.
        #expect(try device("2020-01-01") == [.count(16_000), .count(1_000)])
    }

    @Test func theHistorySaysWhatEachAdoptionChanged() throws {
        let rerated = "A,V,2024-01-01,16500,,yes,sheet,"
        let report = try report(
            adopted(
                catalogue(other),
                catalogue(first, other),
                catalogue(first, "B,V,2024-01-01,1000,,yes,sheet,other"),
                catalogue(rerated, second),
                catalogue("A,V,2024-01-01,16500,,no,sheet,", "C,V,2024-01-01,1,,yes,sheet,"),
                catalogue(other)
            )
        )
        let history = { (device: String) in
            report.history(of: DeviceIdentifier(checked: device)).csv
        }
        #expect(
            history("A") == """
                entry,time,change
                11,2025-02-01T12:00:00.000Z,"rated 16,000 TPP from 2024-01-01"
                13,2025-04-01T12:00:00.000Z,"rated 16,500 TPP from 2024-01-01, not 16,000; rated \
                17,000 TPP from 2025-06-01"
                14,2025-05-01T12:00:00.000Z,no longer rated from 2025-06-01; from 2024-01-01: other \
                details
                15,2025-06-01T12:00:00.000Z,no longer in the catalogue

                """
        )
        #expect(
            history("B") == """
                entry,time,change
                10,2025-01-01T12:00:00.000Z,"rated 1,000 TPP from 2024-01-01"
                12,2025-03-01T12:00:00.000Z,from 2024-01-01: other details
                13,2025-04-01T12:00:00.000Z,no longer in the catalogue
                15,2025-06-01T12:00:00.000Z,"rated 1,000 TPP from 2024-01-01"

                """
        )
    }

    @Test func theReasonSaysWhichTestDecides() throws {
        let report = try report(
            adopted(
                catalogue(
                    "A,V,2024-01-01,4800,,yes,s,",
                    "B,V,2024-01-01,4799,5.92,yes,s,",
                    "C,V,2024-01-01,4799,5.91,yes,s,",
                    "D,V,2024-01-01,4799,,yes,s,",
                    "E,V,2024-01-01,1599,9.00,yes,s,",
                    "F,V,2024-01-01,9999,9.00,no,s,"
                )
            )
        )
        let found = report.catalogue.ratings.map { (report.isControlled($0), report.reason($0)) }
        let expected = [
            (true, "4,800 TPP, at least 4,800"),
            (true, "4,799 TPP, at least 1,600, and a density of 5.92, at least 5.92"),
            (false, "4,799 TPP, at least 1,600, and a density of 5.91, less than 5.92"),
            (
                false,
                "4,799 TPP, at least 1,600, and its density is not known, which counts as too little"
            ), (false, "1,599 TPP, less than 1,600"), (false, "not made for data centers"),
        ]
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
        #expect(found.count == expected.count)
    }

    @Test func aCountryHasTheTierAndTheCapOfTheDay() throws {
        let country = try Fixtures.country("KH")
        let agreement = DatedAgreement(
            country: country,
            entry: EntryNumber(rawValue: 9),
            from: try Fixtures.day("2026-03-01"),
            until: try Fixtures.day("2026-04-01")
        )
        let limits = try ["2026-02-02", "2026-02-03", "2026-03-01", "2026-04-01"].map { day in
            let report = CountryCatalogue(
                on: try Fixtures.day(day),
                under: try ShippedRulebook.brief.load(),
                agreements: [agreement]
            )
            return report.limit(of: country)?.rawValue
        }
        #expect(limits == [nil, 791_600_000, 1_583_200_000, 791_600_000])
    }

    @Test func aCountryThatCountsAsAnotherHasItsLists() throws {
        let report = CountryCatalogue(
            on: try Fixtures.day("2025-06-01"),
            under: try ShippedRulebook.brief.load()
        )
        let (china, hongKong) = (try Fixtures.country("CN"), try Fixtures.country("HK"))
        #expect(report.lists(with: hongKong) == report.lists(with: china))
        #expect(report.lists(with: hongKong).rows.count == 1)
        let concern = report.countries(in: .concern)
        #expect(
            concern.rows.first { $0[0] == .text("HK") } == [
                .text("HK"), .text("Hong Kong"), .text("concern"), .text("CN"),
                .text("2025-01-01"), .none, .flag(false), .amount(nil),
            ]
        )
        let counts = [CountryTier.home, .allied, .concern, .capped]
            .map { report.countries(in: $0).rows.count }
        #expect(counts[0] == 1)
        #expect(counts[1] == 18)
        #expect(counts.reduce(0, +) == report.countries().rows.count)
        #expect(report.countries().rows.count == 249)
    }
}
