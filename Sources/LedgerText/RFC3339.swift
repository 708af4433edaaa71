// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Instants and dates as RFC 3339 writes them, read and written byte by byte.
///
/// The ledger tells the years 1970 to 9999 to the millisecond and knows no leap seconds, so `:60`
/// and digits past the millisecond other than 0 are no instants of the ledger and read as `nil`.
public enum RFC3339 {
    /// Reads an instant, such as `2025-01-13T09:30:00Z` or `2025-01-13t10:30:00.250+01:00`.
    ///
    /// RFC 3339, section 5.6, `date-time`: an offset is required and is converted to UTC; the year
    /// as written and the instant in UTC both have to lie in 1970 to 9999.
    public static func instant(_ text: Span<UInt8>) -> LedgerTime? {
        guard text.count >= 20, let day = day(text), text[10] | 0x20 == UInt8(ascii: "t") else {
            return nil
        }
        let hour = twoDigits(text, at: 11)
        let minute = twoDigits(text, at: 14)
        let second = twoDigits(text, at: 17)
        guard hour < 24, minute < 60, second < 60, text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":")
        else { return nil }
        guard let (fraction, zone) = milliseconds(text), let offset = offsetMinutes(text, at: zone)
        else { return nil }
        let clock = Int64((hour * 60 + minute - offset) * 60 + second) * 1_000 + fraction
        return LedgerTime(
            millisecondsSince1970: LedgerTime(startOf: day).millisecondsSince1970 + clock
        )
    }

    /// Reads a calendar date, such as `2025-01-13`.
    public static func date(_ text: Span<UInt8>) -> CivilDate? {
        text.count == 10 ? day(text) : nil
    }

    /// Reads a calendar date as the first millisecond of that day in UTC.
    ///
    /// Only for places that say so: where an instant is asked for, a date alone is not one.
    public static func startOfDay(_ text: Span<UInt8>) -> LedgerTime? {
        date(text).map(LedgerTime.init(startOf:))
    }

    /// Reads an instant from a string; see ``instant(_:)-(Span<UInt8>)``.
    public static func instant(_ text: String) -> LedgerTime? {
        instant(Array(text.utf8).span)
    }

    /// Reads a calendar date from a string.
    public static func date(_ text: String) -> CivilDate? { date(Array(text.utf8).span) }

    /// Reads a calendar date from a string as the first millisecond of that day in UTC.
    public static func startOfDay(_ text: String) -> LedgerTime? {
        startOfDay(Array(text.utf8).span)
    }

    /// Writes an instant in UTC with milliseconds: `2025-01-13T09:30:00.000Z`.
    public static func append(_ time: LedgerTime, to bytes: inout [UInt8]) {
        append(time.day, to: &bytes)
        let rest = Int(time.millisecondsSince1970 % LedgerTime.millisecondsPerDay)
        bytes.append(UInt8(ascii: "T"))
        appendTwoDigits(rest / 3_600_000, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(rest / 60_000 % 60, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        appendTwoDigits(rest / 1_000 % 60, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        bytes.append(UInt8(ascii: "0") + UInt8(rest % 1_000 / 100))
        appendTwoDigits(rest % 100, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// Writes a calendar date: `2025-01-13`.
    public static func append(_ date: CivilDate, to bytes: inout [UInt8]) {
        let (year, month, day) = date.parts
        appendTwoDigits(year / 100, to: &bytes)
        appendTwoDigits(year % 100, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendTwoDigits(month, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendTwoDigits(day, to: &bytes)
    }
}

extension RFC3339 {
    /// What the number that is not one reads as: past every limit that is tested.
    private static let noNumber = 10_000

    /// The number that two digits stand for, or ``noNumber``.
    @inline(__always)
    private static func twoDigits(_ text: Span<UInt8>, at index: Int) -> Int {
        let tens = text[index] &- UInt8(ascii: "0")
        let ones = text[index + 1] &- UInt8(ascii: "0")
        return tens <= 9 && ones <= 9 ? Int(tens) * 10 + Int(ones) : noNumber
    }

    /// The date in the first ten bytes.
    private static func day(_ text: Span<UInt8>) -> CivilDate? {
        guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        let century = twoDigits(text, at: 0)
        let year = century * 100 + twoDigits(text, at: 2)
        return CivilDate(
            year: year,
            month: twoDigits(text, at: 5),
            day: twoDigits(text, at: 8)
        )
    }

    /// The fraction of the second that may begin at byte 19, and where it ends.
    private static func milliseconds(_ text: Span<UInt8>) -> (value: Int64, end: Int)? {
        guard text[19] == UInt8(ascii: ".") else { return (0, 19) }
        var value: Int64 = 0
        var index = 20
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            if index < 23 {
                value = value * 10 + Int64(digit)
            } else if digit != 0 {
                return nil
            }
            index += 1
        }
        switch index {
        case 20: return nil
        case 21: return (value * 100, index)
        case 22: return (value * 10, index)
        default: return (value, index)
        }
    }

    /// How many minutes local time is ahead of UTC, from the offset that ends the text.
    private static func offsetMinutes(_ text: Span<UInt8>, at index: Int) -> Int? {
        guard index < text.count else { return nil }
        if text[index] | 0x20 == UInt8(ascii: "z") {
            return index + 1 == text.count ? 0 : nil
        }
        guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":") else { return nil }
        let hours = twoDigits(text, at: index + 1)
        let minutes = twoDigits(text, at: index + 4)
        guard hours < 24, minutes < 60 else { return nil }
        switch text[index] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    private static func appendTwoDigits(_ number: Int, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
