// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// Which days a window covers, and how much it allows on each.
@Suite struct WindowTests {
    let amount = LimitAmount(tpp: TPP(rawValue: 100))

    func rolling(_ months: Int) -> WindowRule { .rolling(months: months, amount: amount) }

    @Test func periodIsZeroOutside() throws {
        let window = WindowRule.period(
            from: try day("2025-01-01"),
            until: try day("2028-01-01"),
            amount: amount
        )
        let cases: [(String, Int64, Bool)] = [
            ("2024-12-31", 0, false), ("2025-01-01", 100, true), ("2027-12-31", 100, true),
            ("2028-01-01", 0, false),
        ]
        for (text, limit, covers) in cases {
            let today = try day(text)
            #expect(window.limit(on: today).rawValue == limit)
            #expect(window.covers(chargeDay: try day("2025-01-01"), today: today) == covers)
            #expect((window.coveredDays(today: today) != nil) == covers)
        }
        #expect(!window.covers(chargeDay: try day("2024-12-31"), today: try day("2025-01-01")))
    }

    @Test func calendarYearStartsAnew() throws {
        let window = WindowRule.calendarYear(amount: amount)
        #expect(window.covers(chargeDay: try day("2025-01-01"), today: try day("2025-12-31")))
        #expect(!window.covers(chargeDay: try day("2025-12-31"), today: try day("2026-01-01")))
        #expect(
            window.coveredDays(today: try day("2028-02-29"))
                == DateRange(from: try day("2028-01-01"), until: try day("2029-01-01"))
        )
        #expect(
            window.coveredDays(today: .latest)
                == DateRange(from: try day("9999-01-01"), until: nil)
        )
        #expect(window.limit(on: try day("2025-06-01")).rawValue == 100)
    }

    /// Each case: months, charge, the first day on which it counts no more.
    @Test(arguments: [
        (24, "2025-01-13", "2027-01-13"), (24, "2024-02-29", "2026-02-28"),
        (48, "2024-02-29", "2028-02-29"), (1, "2025-01-31", "2025-02-28"),
        (1, "2025-01-28", "2025-02-28"), (1, "2024-01-31", "2024-02-29"),
        (1, "2025-02-28", "2025-03-28"), (6, "2025-08-31", "2026-02-28"),
        (12, "2027-02-28", "2028-02-28"),
    ])
    func rollingCountsWhileTodayIsBeforeTheDayPlusTheMonths(
        months: Int,
        charge: String,
        end: String
    ) throws {
        let (charge, end) = (try day(charge), try day(end))
        let last = try #require(end.adding(days: -1))
        #expect(rolling(months).covers(chargeDay: charge, today: charge))
        #expect(rolling(months).covers(chargeDay: charge, today: last))
        #expect(!rolling(months).covers(chargeDay: charge, today: end))
    }

    /// The days that a window says it covers are those of the definition, one by one.
    @Test(arguments: [1, 2, 3, 5, 11, 12, 13, 24, 48])
    func rollingDaysAgreeWithTheDefinition(months: Int) throws {
        let first = try day("2023-11-01")
        var disagreements: [String] = []
        for offset in 0..<900 {
            let today = try #require(first.adding(days: offset))
            let covered = try #require(rolling(months).coveredDays(today: today))
            for back in max(0, months * 28 - 4)...(months * 31 + 4) {
                guard let charge = today.adding(days: -back),
                    let end = charge.adding(months: months)
                else { continue }
                if covered.contains(charge) != (today < end) {
                    disagreements.append("\(charge) on \(today)")
                }
            }
            #expect(covered.contains(today))
        }
        #expect(disagreements.isEmpty)
    }

    @Test func rollingAtTheEndsOfTime() throws {
        #expect(
            rolling(24).coveredDays(today: try day("1970-06-01"))
                == DateRange(from: .earliest, until: nil)
        )
        #expect(rolling(24).covers(chargeDay: .latest, today: .latest))
        #expect(!rolling(24).covers(chargeDay: try day("9997-12-31"), today: .latest))
        #expect(rolling(24).covers(chargeDay: try day("9998-01-01"), today: .latest))
    }

    @Test func scheduleStepsAndNeverForgets() throws {
        let window = WindowRule.schedule([
            ScheduleStep(from: try day("2025-01-01"), amount: LimitAmount(tpp: TPP(rawValue: 10))),
            ScheduleStep(from: try day("2025-04-01"), amount: LimitAmount(tpp: TPP(rawValue: 30))),
        ])
        let cases: [(String, Int64)] = [
            ("2024-12-31", 0), ("2025-01-01", 10), ("2025-03-31", 10), ("2025-04-01", 30),
            ("2099-01-01", 30),
        ]
        for (text, limit) in cases {
            let today = try day(text)
            #expect(window.limit(on: today).rawValue == limit)
            #expect(window.covers(chargeDay: .earliest, today: today))
            #expect(window.coveredDays(today: today) == DateRange(from: .earliest, until: nil))
        }
    }

    @Test func noWindowCoversEverything() throws {
        let window = WindowRule.allTime(amount: amount)
        #expect(window.limit(on: .earliest).rawValue == 100)
        #expect(window.covers(chargeDay: .earliest, today: .latest))
    }
}
