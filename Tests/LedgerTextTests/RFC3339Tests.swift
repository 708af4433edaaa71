// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText
import Testing

@Suite struct RFC3339Tests {
    private func milliseconds(_ text: String) -> Int64? {
        RFC3339.instant(text)?.millisecondsSince1970
    }

    @Test(arguments: 0..<8) func agreesWithFoundationOnRandomInstants(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let seconds = Int64.random(in: 0...253_402_300_799, using: &random)
            let fraction = Int64.random(in: 0...999, using: &random)
            let offset = Int.random(in: -1_079...1_079, using: &random)
            let zone = try #require(TimeZone(secondsFromGMT: offset * 60))
            let style = Date.ISO8601FormatStyle(timeZone: zone)
                .year().month().day().timeZone(separator: .colon).time(
                    includingFractionalSeconds: false
                )
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            // Foundation writes "Z" for UTC and colons in offsets.
            let text = date.formatted(style)
            let year = try #require(Int(text.prefix(4)))
            guard text.utf8.count <= 25, (1970...9999).contains(year), !text.hasPrefix("10000")
            else { continue }
            let digits = String(1_000 + fraction).dropFirst()
            let withFraction = String(text.prefix(19)) + "." + digits + text.dropFirst(19)
            #expect(milliseconds(text) == seconds * 1_000, "seed \(seed), round \(round): \(text)")
            #expect(
                milliseconds(withFraction) == seconds * 1_000 + fraction,
                "seed \(seed), round \(round): \(withFraction)"
            )
        }
    }

    @Test(arguments: 0..<4) func readsBackWhatItWrites(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            let number = Int64.random(
                in: 0...LedgerTime.latest.millisecondsSince1970,
                using: &random
            )
            let time = try #require(LedgerTime(millisecondsSince1970: number))
            var bytes: [UInt8] = []
            RFC3339.append(time, to: &bytes)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text == time.description)
            #expect(RFC3339.instant(text) == time, "seed \(seed)")
            #expect(RFC3339.date(String(text.prefix(10))) == time.day)
        }
    }

    @Test func readsEveryFormOfAnInstant() {
        let expected: Int64 = 1_736_760_600_000
        for text in [
            "2025-01-13T09:30:00Z", "2025-01-13t09:30:00z", "2025-01-13T09:30:00.0Z",
            "2025-01-13T09:30:00.000000000Z", "2025-01-13T10:30:00+01:00",
            "2025-01-13T09:30:00-00:00", "2025-01-12T23:45:00-09:45", "2025-01-14T09:29:00+23:59",
        ] {
            #expect(milliseconds(text) == expected, "\(text)")
        }
        #expect(milliseconds("2025-01-13T09:30:00.5Z") == expected + 500)
        #expect(milliseconds("2025-01-13T09:30:00.05Z") == expected + 50)
        #expect(milliseconds("2025-01-13T09:30:00.0070+00:00") == expected + 7)
        #expect(milliseconds("1970-01-01T00:00:00Z") == 0)
        #expect(RFC3339.instant("9999-12-31T23:59:59.999Z") == LedgerTime.latest)
        #expect(milliseconds("1970-01-01T01:00:00+01:00") == 0)
        #expect(milliseconds("2024-02-29T00:00:00Z") != nil)
    }

    @Test(arguments: [
        "", "2025-01-13", "2025-01-13T09:30Z", "2025-01-13T09:30:00", "2025-01-13 09:30:00Z",
        "2025-01-13T09:30:60Z", "2025-01-13T24:00:00Z", "2025-01-13T09:60:00Z",
        "2025-02-29T00:00:00Z", "2025-00-13T09:30:00Z", "2025-13-13T09:30:00Z",
        "2025-01-00T09:30:00Z", "2025-01-32T09:30:00Z", "2025-1-13T09:30:00Z",
        "2025-01-13T09:30:00.Z", "2025-01-13T09:30:00.0001Z", "2025-01-13T09:30:00.123",
        "2025-01-13T09:30:00,5Z", "2025-01-13T09:30:00+0100", "2025-01-13T09:30:00+01",
        "2025-01-13T09:30:00+24:00", "2025-01-13T09:30:00+01:60", "2025-01-13T09:30:00ZZ",
        "2025-01-13T09:30:00Z ", " 2025-01-13T09:30:00Z", "2025-01-13T09:30:00*01:00",
        "+025-01-13T09:30:00Z", "1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00",
        "1969-12-31T23:30:00-01:00", "9999-12-31T23:30:00-01:00", "10000-01-01T00:00:00Z",
        "2025-01-13T09:30:0-Z", "2025/01/13T09:30:00Z", "2025-01-13T09-30-00Z",
        "２025-01-13T09:30:00Z", "2025-01-13T09:30:00.1234567890123456789Z",
    ])
    func rejectsWhatIsNoInstant(text: String) {
        #expect(RFC3339.instant(text) == nil)
    }

    @Test func aDateIsAnInstantOnlyWhereThatIsSaid() {
        #expect(RFC3339.startOfDay("2025-01-13")?.millisecondsSince1970 == 1_736_726_400_000)
        #expect(RFC3339.date("2025-01-13")?.description == "2025-01-13")
        for text in ["2025-01-13T00:00:00Z", "2025-01-1", "2025-01-133", "2025-02-30", ""] {
            #expect(RFC3339.date(text) == nil)
            #expect(RFC3339.startOfDay(text) == nil)
        }
    }

    @Test(arguments: 0..<8) func noMutationOfAnInstantTraps(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Array("2025-01-13T09:30:00.123+01:00".utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes.insert(random.pick(Array("0123456789:-+.TZ".utf8)), at: index)
                }
            }
            guard let time = RFC3339.instant(bytes.span) else { continue }
            #expect(RFC3339.instant(time.description) == time, "seed \(seed): \(bytes)")
        }
    }
}
