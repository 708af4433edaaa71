// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import Testing

@Suite struct LedgerTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1, "1970-01-01T00:00:00.001Z"),
            (1_736_726_400_000, "2025-01-13T00:00:00.000Z"),
            (1_736_726_399_999, "2025-01-12T23:59:59.999Z"),
            (1_709_211_661_007, "2024-02-29T13:01:01.007Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)]
    )
    func instantsAreWrittenInUTCWithMilliseconds(milliseconds: Int64, text: String) throws {
        let time = try #require(LedgerTime(millisecondsSince1970: milliseconds))
        #expect(time.description == text)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func instantsAgreeWithFoundation(seed: UInt64) throws {
        var state = seed
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for _ in 0..<500 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let milliseconds = Int64((state >> 17) % 253_402_300_800_000)
            let time = try #require(LedgerTime(millisecondsSince1970: milliseconds))
            let read = try Date(time.description, strategy: style)
            #expect(Int64((read.timeIntervalSince1970 * 1_000).rounded()) == milliseconds)
            #expect(LedgerTime(startOf: time.day) <= time)
            #expect(time.description.hasPrefix(time.day.description))
        }
    }

    @Test func anInstantBelongsToTheDayThatHasBegun() throws {
        let day = try #require(CivilDate("2025-03-01"))
        let start = LedgerTime(startOf: day)
        #expect(start.day == day)
        let before = try #require(
            LedgerTime(millisecondsSince1970: start.millisecondsSince1970 - 1)
        )
        #expect(before.day.description == "2025-02-28")
        #expect(before < start)
    }

    @Test func instantsOutsideTheCalendarAreNil() {
        #expect(LedgerTime(millisecondsSince1970: -1) == nil)
        #expect(LedgerTime(millisecondsSince1970: 253_402_300_800_000) == nil)
        #expect(LedgerTime(millisecondsSince1970: .max) == nil)
        #expect(LedgerTime.latest.day == .latest)
        #expect(LedgerTime.earliest.day == .earliest)
    }
}

@Suite struct DateRangeTests {
    private static func day(_ number: Int32) throws -> CivilDate {
        try #require(CivilDate(daysSince1970: number))
    }

    @Test func theFirstDayCountsAndTheLastDoesNot() throws {
        let range = try #require(DateRange(from: Self.day(10), until: Self.day(12)))
        let inside = try (8...13).filter { range.contains(try Self.day($0)) }
        #expect(inside == [10, 11])
        let open = try #require(DateRange(from: Self.day(10), until: nil))
        #expect(open.contains(.latest))
        #expect(try !open.contains(Self.day(9)))
    }

    @Test func aRangeMustEndAfterItBegins() throws {
        #expect(try DateRange(from: Self.day(10), until: Self.day(10)) == nil)
        #expect(try DateRange(from: Self.day(10), until: Self.day(9)) == nil)
        #expect(try DateRange(from: Self.day(10), until: Self.day(11)) != nil)
    }

    /// Against the definition: some day lies in both.
    @Test func rangesOverlapWhenTheyShareADay() throws {
        var ranges: [DateRange] = []
        for from in Int32(0)..<6 {
            ranges.append(try #require(DateRange(from: Self.day(from), until: nil)))
            for until in (from + 1)..<8 {
                ranges.append(try #require(DateRange(from: Self.day(from), until: Self.day(until))))
            }
        }
        for left in ranges {
            for right in ranges {
                let shared = try (0..<10).contains { number in
                    let day = try Self.day(Int32(number))
                    return left.contains(day) && right.contains(day)
                }
                #expect(left.overlaps(right) == shared, "\(left) \(right)")
            }
        }
    }
}
