// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// Changing a catalogue file.
@Suite struct DeviceCatalogueFileTests {
    private let shipped = ShippedFile.devices.bytes

    private func load(_ bytes: [UInt8]) throws -> DeviceCatalogue {
        try DeviceCatalogue.load(bytes: bytes, fileName: "devices")
    }

    private func rating(
        _ device: String = "GB400",
        from: String = "2027-01-01",
        tpp: Int64 = 80_000,
        density: PerformanceDensity? = nil,
        source: String = "data sheet",
        note: String = ""
    ) throws -> DeviceRating {
        DeviceRating(
            device: DeviceIdentifier(checked: device),
            vendor: "NVIDIA",
            from: try #require(CivilDate(from)),
            tpp: TPP(rawValue: tpp),
            density: density,
            isForDataCenters: true,
            source: source,
            note: note
        )
    }

    @Test func aNewDeviceStandsAtTheEndAndNothingElseChanges() throws {
        let added = try rating()
        let changed = try DeviceCatalogue.file(shipped, with: added, fileName: "devices")
        #expect(try load(changed).ratings == load(shipped).ratings + [added])
        #expect(changed.prefix(10) == shipped.prefix(10))
        #expect(String(decoding: changed, as: UTF8.self).hasPrefix("# Devices, dated"))
    }

    @Test func aLaterRatingStandsBehindTheOthersOfItsDevice() throws {
        let added = try rating("H20", tpp: 2_400)
        let changed = try load(DeviceCatalogue.file(shipped, with: added, fileName: "devices"))
        let device = DeviceIdentifier(checked: "H20")
        #expect(changed.ratings(of: device).map(\.tpp.rawValue) == [2_368, 2_400])
        let position = try #require(changed.ratings.firstIndex(of: added))
        #expect(changed.ratings[position - 1].device == device)
        #expect(
            changed.rating(of: device, on: try #require(CivilDate("2026-12-31")))?.tpp
                == TPP(rawValue: 2_368)
        )
        #expect(changed.rating(of: device, on: added.from) == added)
    }

    @Test func aRatingFromTheSameDayTakesTheOthersPlace() throws {
        let before = try load(shipped)
        let old = try #require(before.ratings.first)
        let new = DeviceRating(
            device: old.device,
            vendor: old.vendor,
            from: old.from,
            tpp: TPP(rawValue: 15_824),
            density: old.density,
            isForDataCenters: true,
            source: "corrected"
        )
        let changed = try load(DeviceCatalogue.file(shipped, with: new, fileName: "devices"))
        #expect(changed.ratings == [new] + before.ratings.dropFirst())
    }

    @Test func theSameRatingAgainGivesTheSameBytes() throws {
        let once = try DeviceCatalogue.file(shipped, with: rating(), fileName: "devices")
        #expect(try DeviceCatalogue.file(once, with: rating(), fileName: "devices") == once)
    }

    @Test(
        arguments: [
            "plain", "with, commas", "with \"quotes\" in it", "\"quoted\"", "#number", "ends in \"",
            " blank first", "naïve 日本", ",", "\"", "''", "a;b\\c",
        ]
    )
    func everyTextComesBackAsItWas(text: String) throws {
        let added = try rating(
            density: PerformanceDensity(hundredths: 1_605),
            source: text,
            note: text
        )
        let changed = try DeviceCatalogue.file(shipped, with: added, fileName: "devices")
        #expect(try load(changed).ratings.last == added)
    }

    @Test func whatNoCatalogueCanHoldIsAnErrorThatNamesTheField() throws {
        for (wrong, field) in [
            (try rating(source: ""), "source"), (try rating(source: "two\nlines"), "source"),
            (try rating(note: String(repeating: "x", count: 2_001)), "note"),
            (try rating(tpp: 0), "tpp"), (try rating(tpp: 1_000_000_000_001), "tpp"),
        ] {
            let error = #expect(throws: RulebookError.self) {
                _ = try DeviceCatalogue.file(shipped, with: wrong, fileName: "devices")
            }
            #expect(error?.findings.map(\.field) == [field])
        }
    }

    @Test func aCatalogueThatIsTooLargeForAnEntryIsAnError() throws {
        var bytes = shipped
        let note = String(repeating: "x", count: 1_900)
        let error = #expect(throws: RulebookError.self) {
            for number in 0..<40 {
                bytes = try DeviceCatalogue.file(
                    bytes,
                    with: rating("D\(number)", note: note),
                    fileName: "devices"
                )
            }
        }
        #expect(error?.findings.first?.problem.contains("expected at most 60000") == true)
    }
}
