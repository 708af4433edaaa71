// SPDX-License-Identifier: Apache-2.0

/// A day of the proleptic Gregorian calendar in UTC, from 1970-01-01 to 9999-12-31.
///
/// Stored as days since 1970-01-01, so comparing and counting days are integer operations. The
/// conversions are those of Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
public struct CivilDate: Hashable, Sendable {
    /// Days since 1970-01-01.
    public let daysSince1970: Int32

    /// Makes a date from days since 1970-01-01, or `nil` outside 1970 to 9999.
    public init?(daysSince1970: Int32) {
        guard daysSince1970 >= 0, daysSince1970 <= CivilDate.latest.daysSince1970 else {
            return nil
        }
        self.daysSince1970 = daysSince1970
    }

    init(uncheckedDays: Int32) { daysSince1970 = uncheckedDays }

    /// Makes a date from its parts, or `nil` if there is no such day between 1970 and 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1970...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.dayCount(year: year, month: month)
        else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSince1970 = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// The first day that can be told: 1970-01-01.
    public static let earliest = CivilDate(uncheckedDays: 0)
    /// The last day that can be told: 9999-12-31.
    public static let latest = CivilDate(uncheckedDays: 2_932_896)

    /// How many days a month has; `month` is 1 to 12.
    public static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The year, month (1 to 12) and day (1 to 31).
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSince1970) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The calendar year.
    public var year: Int { parts.year }

    /// This date moved by whole days, or `nil` outside 1970 to 9999.
    public func adding(days: Int) -> CivilDate? {
        Int32(exactly: Int(daysSince1970) + days).flatMap(CivilDate.init(daysSince1970:))
    }

    /// This date moved by whole months; the day of the month is kept, clamped to the month's last
    /// day (31 January plus one month is 28 or 29 February).
    ///
    /// `nil` outside 1970 to 9999.
    public func adding(months: Int) -> CivilDate? {
        let (year, month, day) = parts
        let index = year * 12 + (month - 1) + months
        guard index >= 0 else { return nil }
        let newYear = index / 12
        let newMonth = index % 12 + 1
        guard newYear <= 9999 else { return nil }
        return CivilDate(
            year: newYear,
            month: newMonth,
            day: min(day, CivilDate.dayCount(year: newYear, month: newMonth))
        )
    }
}

extension CivilDate: Comparable {
    /// The earlier day comes first.
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSince1970 < right.daysSince1970
    }
}

extension CivilDate: LosslessStringConvertible {
    /// Reads an ISO 8601 calendar date, `2025-01-13`.
    public init?(_ text: String) {
        var bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-")
        else { return nil }
        bytes = bytes.map { $0 &- UInt8(ascii: "0") }
        for index in [0, 1, 2, 3, 5, 6, 8, 9] where bytes[index] > 9 { return nil }
        let digits = bytes.map(Int.init)
        self.init(
            year: digits[0] * 1_000 + digits[1] * 100 + digits[2] * 10 + digits[3],
            month: digits[5] * 10 + digits[6],
            day: digits[8] * 10 + digits[9]
        )
    }

    /// The date in ISO 8601 form, `2025-01-13`.
    public var description: String {
        let (year, month, day) = parts
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
    }
}

/// A number in decimal with leading zeros.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
