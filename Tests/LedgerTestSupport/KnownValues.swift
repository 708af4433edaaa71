// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

// Values that a test writes down and knows to be right.

extension CivilDate {
    /// A day that is known to exist.
    public static func of(_ year: Int, _ month: Int, _ day: Int) -> CivilDate {
        guard let date = CivilDate(year: year, month: month, day: day) else {
            preconditionFailure("\(year)-\(month)-\(day) must be a day between 1970 and 9999")
        }
        return date
    }
}

extension CountryCode {
    /// A code that is known to be two capital letters.
    public static func of(_ code: String) -> CountryCode {
        guard let country = CountryCode(code) else {
            preconditionFailure("'\(code)' must be two capital letters")
        }
        return country
    }
}

extension LedgerTime {
    /// The start of a day plus some milliseconds.
    public static func of(
        _ year: Int,
        _ month: Int,
        _ day: Int,
        milliseconds: Int64 = 0
    ) -> LedgerTime {
        LedgerTime(startOf: .of(year, month, day)).adding(milliseconds: milliseconds)
    }

    /// This instant moved by milliseconds, which must lead to another between 1970 and 9999.
    public func adding(milliseconds: Int64) -> LedgerTime {
        let moved = millisecondsSince1970 + milliseconds
        guard let time = LedgerTime(millisecondsSince1970: moved) else {
            preconditionFailure("\(moved) must lie between 1970 and 9999")
        }
        return time
    }
}

extension DateRange {
    /// A range that is known to end after it begins.
    public static func of(_ from: CivilDate, until: CivilDate? = nil) -> DateRange {
        guard let range = DateRange(from: from, until: until) else {
            preconditionFailure("\(from) must lie before the end of the range")
        }
        return range
    }
}
