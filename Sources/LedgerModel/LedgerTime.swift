// SPDX-License-Identifier: Apache-2.0

/// An instant of the ledger: UTC, in whole milliseconds since 1970-01-01T00:00:00Z, to the end of
/// the year 9999.
///
/// Leap seconds do not exist, as in POSIX time.
public struct LedgerTime: Hashable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let millisecondsSince1970: Int64

    /// Makes an instant, or `nil` outside 1970 to 9999.
    public init?(millisecondsSince1970: Int64) {
        guard millisecondsSince1970 >= 0,
            millisecondsSince1970 <= LedgerTime.latest.millisecondsSince1970
        else { return nil }
        self.millisecondsSince1970 = millisecondsSince1970
    }

    /// The first millisecond of a day.
    public init(startOf day: CivilDate) {
        millisecondsSince1970 = Int64(day.daysSince1970) * LedgerTime.millisecondsPerDay
    }

    private init(uncheckedMilliseconds: Int64) { millisecondsSince1970 = uncheckedMilliseconds }

    /// The length of every UTC day.
    public static let millisecondsPerDay: Int64 = 86_400_000
    /// The first instant that can be told.
    public static let earliest = LedgerTime(uncheckedMilliseconds: 0)
    /// The last instant that can be told: 9999-12-31T23:59:59.999Z.
    public static let latest = LedgerTime(
        uncheckedMilliseconds: (Int64(CivilDate.latest.daysSince1970) + 1) * millisecondsPerDay - 1
    )

    /// The UTC day that holds this instant.
    public var day: CivilDate {
        CivilDate(
            uncheckedDays: Int32(millisecondsSince1970 / LedgerTime.millisecondsPerDay)
        )
    }
}

extension LedgerTime: Comparable {
    /// The earlier instant comes first.
    public static func < (left: LedgerTime, right: LedgerTime) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }
}

extension LedgerTime: CustomStringConvertible {
    /// The instant in RFC 3339 form with milliseconds, `2025-01-13T09:30:00.000Z`.
    public var description: String {
        let rest = Int(millisecondsSince1970 % LedgerTime.millisecondsPerDay)
        let clock =
            padded(rest / 3_600_000, 2) + ":" + padded(rest / 60_000 % 60, 2) + ":"
            + padded(rest / 1_000 % 60, 2) + "." + padded(rest % 1_000, 3)
        return day.description + "T" + clock + "Z"
    }
}

/// A range of UTC days: `from` inclusive, `until` exclusive; without `until` it has no end.
public struct DateRange: Hashable, Sendable {
    /// The first day.
    public let from: CivilDate
    /// The first day that is not part of it any more, or `nil` for no end.
    public let until: CivilDate?

    /// Makes a range, or `nil` if `until` is not after `from`.
    public init?(from: CivilDate, until: CivilDate?) {
        if let until, until <= from { return nil }
        self.from = from
        self.until = until
    }

    /// Whether a day lies in the range.
    public func contains(_ day: CivilDate) -> Bool {
        guard day >= from else { return false }
        return until.map { day < $0 } ?? true
    }

    /// Whether two ranges share a day.
    public func overlaps(_ other: DateRange) -> Bool {
        let startsBeforeOtherEnds = other.until.map { from < $0 } ?? true
        let otherStartsBeforeEnd = until.map { other.from < $0 } ?? true
        return startsBeforeOtherEnds && otherStartsBeforeEnd
    }
}
