// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Something that happens by itself once an operation brings the time.
enum DueEvent: Sendable {
    /// A hold expires.
    case expiry(Hold, at: LedgerTime)
    /// A limit came into breach, was cured, or a threshold of it was crossed; `actor` is whose
    /// operation brought it about, if it was not the time alone.
    case limit(LimitEvent, at: LedgerTime, actor: Actor?)

    var time: LedgerTime {
        switch self {
        case .expiry(_, let time), .limit(_, let time, _): time
        }
    }
}

extension LedgerState {
    /// What happens next by itself up to a time; `nil` when the state is as it is at that time.
    ///
    /// In order of due time; at one instant the law of a day that begins, then windows, then the
    /// expiries of holds, then one look at the limits. Asking changes nothing that counts; what is
    /// answered has to be applied before the next question.
    mutating func nextDue(by time: LedgerTime) -> DueEvent? {
        while true {
            if let event = watch.outstanding.last {
                return .limit(event, at: watch.outstandingTime, actor: watch.outstandingActor)
            }
            let hold = holds.nextDue(by: time)
            let day = nextDay(through: time.day)
            var instant = watch.pending?.time ?? .latest
            if let deadline = hold?.deadline { instant = min(instant, deadline) }
            if let day { instant = min(instant, LedgerTime(startOf: day)) }
            guard hold != nil || day != nil || watch.pending != nil, instant <= time else {
                enter(time.day)
                return nil
            }
            if let day, LedgerTime(startOf: day) == instant {
                begin(day)
            } else if let hold, hold.deadline == instant {
                return .expiry(hold, at: instant)
            } else {
                takeLook()
            }
        }
    }

    /// Whether anything can happen by itself up to a time; false is sure, and cheap.
    func mayBeDue(by time: LedgerTime) -> Bool {
        watch.day < time.day || !watch.isSettled || holds.mayBeDue(by: time)
    }

    /// Lets what ``nextDue(by:)`` answered happen.
    mutating func apply(_ due: DueEvent) {
        switch due {
        case .limit: watch.eventWritten()
        case .expiry(let hold, let time):
            holds.expireNext()
            free(hold.open, of: hold, at: time)
            tallies.expiries.add(TPP(rawValue: hold.open))
        }
    }

    /// The state as it will be when everything has happened that does up to a time.
    func settled(by time: LedgerTime) -> LedgerState {
        var later = self
        while let due = later.nextDue(by: time) { later.apply(due) }
        return later
    }

    // MARK: - Days

    /// The next day after the latest on which a limit can change by itself.
    private mutating func nextDay(through last: CivilDate) -> CivilDate? {
        guard watch.day < last else { return nil }
        if case .unknown = watch.nextDay {
            var days = watch.states.keys.compactMap(nextWindowDay(of:))
            if let lawDay = watch.nextLawDay { days.append(lawDay) }
            watch.nextDay = days.min().map(LimitWatch.NextDay.day) ?? .none
        }
        guard case .day(let day) = watch.nextDay, day <= last else { return nil }
        return day
    }

    /// The next day on which the window of a limit moves.
    private func nextWindowDay(of key: WatchKey) -> CivilDate? {
        guard let moment = watch.moment, let limit = limit(of: key, at: moment) else { return nil }
        let window: WindowRule
        switch limit {
        case .country(let rule, _), .nationalVEU(let rule, _), .smallOrder(let rule, _):
            window = rule.window
        case .countryShare, .outsideShare: return nil
        }
        switch window {
        case .period(let from, let until, _): return [from, until].first { $0 > watch.day }
        case .calendarYear: return CivilDate(year: watch.day.year + 1, month: 1, day: 1)
        case .schedule(let steps): return steps.first { $0.from > watch.day }?.from
        case .allTime: return nil
        case .rolling(let months, _):
            guard let first = window.coveredDays(today: watch.day)?.from else { return nil }
            return charges(of: key, at: moment)
                .compactMap { $0.firstDay(notBefore: first)?.adding(months: months) }.min()
        }
    }

    /// Takes in the beginning of a day on which something changes.
    private mutating func begin(_ day: CivilDate) {
        let before = watch.moment?.adopted
        enter(day)
        let isOtherRulebook = before !== watch.moment?.adopted
        watch.look(at: LedgerTime(startOf: day)) { look in
            look.isFull = true
            if isOtherRulebook { look.takesInSmallOrders = true }
        }
    }

    /// Goes on to a day; nothing changed on the days in between.
    private mutating func enter(_ day: CivilDate) {
        guard watch.day < day else { return }
        watch.day = day
        watch.nextDay = .unknown
        refreshMoment(at: LedgerTime(startOf: day))
        refreshGroups()
    }

    /// Brings the rulebook in force up to an instant of the latest day.
    mutating func refreshMoment(at time: LedgerTime) {
        watch.moment = rulebooks.inForce(at: time).map {
            LegalMoment(day: watch.day, adopted: $0)
        }
    }

    /// Finds the groups whose shares are watched on the latest day, and returns those for which
    /// that has changed.
    @discardableResult
    mutating func refreshGroups() -> Set<PartyIndex> {
        let before = watch.groups
        watch.groups = Set(
            statuses.universal
                .filter { !$0.isRevoked && $0.grant.dates.contains(watch.day) }
                .map { parties.ultimateParent(of: $0.party) }
        )
        return before.symmetricDifference(watch.groups)
    }
}
