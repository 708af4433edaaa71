// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How much a limit allows, in the unit in which the rulebook states it.
public struct LimitAmount: Hashable, Sendable {
    /// The amount that the ledger counts with.
    public let tpp: TPP
    /// The H100-equivalents that the rulebook says, or `nil` when it says TPP.
    ///
    /// The TPP are theirs by the rulebook's factor, rounded down.
    public let stated: H100Equivalent?

    /// Makes an amount.
    public init(tpp: TPP, stated: H100Equivalent? = nil) {
        self.tpp = tpp
        self.stated = stated
    }
}

/// A step of a schedule: from a day on, a cumulative ceiling.
public struct ScheduleStep: Hashable, Sendable {
    /// The first day of the step.
    public let from: CivilDate
    /// The ceiling from then on.
    public let amount: LimitAmount

    /// Makes a step.
    public init(from: CivilDate, amount: LimitAmount) {
        self.from = from
        self.amount = amount
    }
}

/// Which charges a limit counts, and how much it allows: the closed set of windows.
///
/// Charges are dated by the UTC day of their decision.
public enum WindowRule: Hashable, Sendable {
    /// The days of a range; outside it the limit is 0 and nothing is used.
    case period(from: CivilDate, until: CivilDate, amount: LimitAmount)
    /// The calendar year of the day.
    case calendarYear(amount: LimitAmount)
    /// The last months: a charge of day D counts while today is before D plus the months.
    case rolling(months: Int, amount: LimitAmount)
    /// A cumulative ceiling that steps on days; use is never reset.
    case schedule([ScheduleStep])
    /// Every charge, for ever.
    case allTime(amount: LimitAmount)

    /// How much is allowed on a day: 0 outside a period and before a schedule's first step.
    public func limit(on day: CivilDate) -> TPP {
        switch self {
        case .period(let from, let until, let amount):
            from <= day && day < until ? amount.tpp : .zero
        case .schedule(let steps): steps.last { $0.from <= day }?.amount.tpp ?? .zero
        case .calendarYear(let amount), .rolling(_, let amount), .allTime(let amount): amount.tpp
        }
    }

    /// Whether a charge of one day counts on another, which is not earlier.
    public func covers(chargeDay: CivilDate, today: CivilDate) -> Bool {
        coveredDays(today: today)?.contains(chargeDay) ?? false
    }

    /// The days whose charges count today, or `nil` when none do.
    ///
    /// Windows move forward with the days: a day that has left a window never comes back. O(1).
    public func coveredDays(today: CivilDate) -> DateRange? {
        switch self {
        case .period(let from, let until, _):
            from <= today && today < until ? DateRange(from: from, until: until) : nil
        case .calendarYear:
            CivilDate(year: today.year, month: 1, day: 1).flatMap {
                DateRange(from: $0, until: $0.adding(months: 12))
            }
        case .rolling(let months, _):
            DateRange(from: Self.firstDay(within: months, of: today), until: nil)
        case .schedule, .allTime: DateRange(from: .earliest, until: nil)
        }
    }

    /// The first day which, moved on by the months, lies after today.
    ///
    /// Months are clamped to the month's last day, so up to four days of a long month end on the
    /// same day of a short one and the search takes that many steps.
    private static func firstDay(within months: Int, of today: CivilDate) -> CivilDate {
        guard var day = today.adding(months: -months) else { return .earliest }
        while let end = day.adding(months: months), end <= today, let next = day.adding(days: 1) {
            day = next
        }
        return day
    }
}
