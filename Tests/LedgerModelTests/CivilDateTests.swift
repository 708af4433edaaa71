// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import Testing

@Suite struct CivilDateTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        return calendar
    }()

    /// Every day of 400 years, which is one whole turn of the calendar.
    @Test func everyDayAgreesWithFoundation() throws {
        let last = try #require(CivilDate(year: 2370, month: 1, day: 1)).daysSince1970
        #expect(last == 146_097)
        var mismatches: [Int32] = []
        for days in 0...last {
            let date = try #require(CivilDate(daysSince1970: days))
            let instant = Foundation.Date(timeIntervalSince1970: Double(days) * 86_400)
            let expected = Self.calendar.dateComponents([.year, .month, .day], from: instant)
            let (year, month, day) = date.parts
            if year != expected.year || month != expected.month || day != expected.day
                || CivilDate(year: year, month: month, day: day) != date
                || CivilDate(date.description) != date || date.year != year
            {
                mismatches.append(days)
            }
        }
        #expect(mismatches == [])
    }

    /// The years after that, to the end of what can be told.
    @Test func everyDayOfTheCalendarIsItsOwn() {
        var expected = (year: 1970, month: 1, day: 1)
        for days in 0...CivilDate.latest.daysSince1970 {
            guard let date = CivilDate(daysSince1970: days), date.parts == expected,
                CivilDate(year: expected.year, month: expected.month, day: expected.day) == date
            else {
                Issue.record("day \(days) is not \(expected)")
                return
            }
            expected.day += 1
            if expected.day > CivilDate.dayCount(year: expected.year, month: expected.month) {
                expected = (expected.year, expected.month + 1, 1)
            }
            if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
        }
        #expect(expected == (10_000, 1, 1))
    }

    @Test(arguments: [1, 2, 3, 11, 12, 13, 23, 24, 25, 36, 48])
    func addedMonthsAgreeWithFoundation(months: Int) throws {
        var date = try #require(CivilDate(year: 2023, month: 1, day: 1))
        let end = try #require(CivilDate(year: 2029, month: 1, day: 1))
        while date < end {
            let instant = Foundation.Date(
                timeIntervalSince1970: Double(date.daysSince1970) * 86_400
            )
            let moved = try #require(
                Self.calendar.date(byAdding: .month, value: months, to: instant)
            )
            let expected = Int32(moved.timeIntervalSince1970 / 86_400)
            #expect(date.adding(months: months)?.daysSince1970 == expected, "\(date) + \(months)")
            date = try #require(date.adding(days: 1))
        }
    }

    @Test(arguments: [
        ("2025-01-31", 1, "2025-02-28"), ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"), ("2024-02-29", 24, "2026-02-28"),
        ("2024-02-29", 48, "2028-02-29"), ("2025-02-28", 12, "2026-02-28"),
        ("2023-02-28", 12, "2024-02-28"), ("2025-12-31", 2, "2026-02-28"),
        ("2025-03-31", -1, "2025-02-28"), ("2025-01-15", -1, "2024-12-15"),
        ("2025-08-31", 1, "2025-09-30"), ("2025-05-10", 0, "2025-05-10"),
        ("2099-12-31", 2, "2100-02-28"), ("9999-11-30", 1, "9999-12-30"),
    ])
    func monthsKeepTheDayAndClampIt(from: String, months: Int, to: String) throws {
        let date = try #require(CivilDate(from))
        #expect(date.adding(months: months)?.description == to)
    }

    @Test func daysAndMonthsBeyondTheCalendarAreNil() {
        #expect(CivilDate.latest.adding(days: 1) == nil)
        #expect(CivilDate.latest.adding(months: 1) == nil)
        #expect(CivilDate.earliest.adding(days: -1) == nil)
        #expect(CivilDate.earliest.adding(months: -1) == nil)
        #expect(CivilDate.earliest.adding(days: 2_932_896) == CivilDate.latest)
        #expect(CivilDate(daysSince1970: -1) == nil)
        #expect(CivilDate(daysSince1970: 2_932_897) == nil)
        #expect(CivilDate.latest.description == "9999-12-31")
    }

    @Test(arguments: [
        (2025, 2, 29), (1900, 2, 29), (2100, 2, 29), (2025, 4, 31), (2025, 0, 1), (2025, 13, 1),
        (2025, 1, 0), (2025, 1, 32), (1969, 12, 31), (10_000, 1, 1), (2025, 6, -1),
    ])
    func daysThatDoNotExistAreNil(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(arguments: [
        "", "2025-1-1", "2025-01-1", "2025/01/01", "20250101", "2025-02-30", "2025-01-01 ",
        " 2025-01-01", "2025-01-01T", "-025-01-01", "202a-01-01", "1969-12-31", "2025-01-0１",
        "+025-01-01", "2025-00-10",
    ])
    func whatIsNoDateIsNotRead(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func leapDaysExistInLeapYearsOnly() {
        #expect(CivilDate("2024-02-29") != nil)
        #expect(CivilDate("2000-02-29") != nil)
        #expect(CivilDate("2100-02-29") == nil)
        #expect(CivilDate.dayCount(year: 2028, month: 2) == 29)
        #expect(CivilDate.dayCount(year: 2026, month: 2) == 28)
    }
}
