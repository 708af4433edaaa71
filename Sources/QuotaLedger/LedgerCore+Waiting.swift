// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Waiting until a refused order is granted.
extension LedgerCore {
    /// The first instant at which a refused order is granted if nothing is asked until then; the
    /// state is left as it is then.
    ///
    /// Tried are the days on which anything dated begins or ends, and the instants at which as much
    /// has expired since the last try as was missing then: before that no expiry can help.
    mutating func wait(for order: RefusedOrder) -> Remedy? {
        let holds = state.expiringHolds(near: order)
        var days = state.turningDays(for: order)[...]
        var position = 0
        var freed: Int64 = 0
        var missing = order.missing(in: order.decision)
        while true {
            let day = days.first.map(LedgerTime.init(startOf:))
            let deadline = position < holds.count ? holds[position].deadline : nil
            guard let instant = [day, deadline].compactMap({ $0 }).min() else { return nil }
            while position < holds.count, holds[position].deadline == instant {
                freed = freed.addingReportingOverflow(holds[position].open).partialValue
                position += 1
            }
            if day == instant { days.removeFirst() }
            guard day == instant || freed >= missing else { continue }
            settle(by: instant)
            let reservation = order.reservation(askedAt: instant)
            let decision = supposedDecision(on: reservation, at: instant)
            if let decision, decision.isGranted {
                return end(
                    of: order,
                    SupposedAnswer(reservation: reservation, decision: decision),
                    at: instant,
                    expired: holds[..<position]
                )
            }
            freed = 0
            missing = decision.map(order.missing(in:)) ?? .max
        }
    }

    /// What led to the grant of an order at the end of a wait.
    private func end(
        of order: RefusedOrder,
        _ answer: SupposedAnswer,
        at time: LedgerTime,
        expired: ArraySlice<Hold>
    ) -> Remedy? {
        guard let moment else { return nil }
        let decision = answer.decision
        var causes: [WaitCause] = []
        if moment.adopted.entry != order.moment.adopted.entry { causes.append(.rulebook) }
        if order.decision.asked > decision.asked {
            causes.append(.weight(from: order.decision.asked, to: decision.asked))
        }
        let blocking = order.blockingTest(of: decision.mechanism)
        if let blocking,
            let after = decision.tests.first(where: { blocking.isOfSameLimit(as: $0) })
        {
            causes += self.causes(from: blocking, to: after, order, expired, at: moment)
        } else {
            causes.append(.mechanism)
        }
        return order.remedy(.wait(limit: blocking?.name, causes), answer, at: time)
    }

    private func causes(
        from before: LimitTest,
        to after: LimitTest,
        _ order: RefusedOrder,
        _ expired: ArraySlice<Hold>,
        at moment: LegalMoment
    ) -> [WaitCause] {
        var causes: [WaitCause] = []
        if after.limit > before.limit {
            causes.append(.limit(from: before.limit, to: after.limit))
        }
        var count: Int64 = 0
        var freed: Int64 = 0
        for hold in expired
        where state.counts(hold, in: after.name, of: order.party, at: moment) {
            count += 1
            freed += hold.open
        }
        let gone = before.used.rawValue - after.used.rawValue - freed
        if gone > 0 { causes.append(.window(TPP(rawValue: gone))) }
        if count > 0 { causes.append(.expiries(count: count, freed: TPP(rawValue: freed))) }
        return causes
    }
}

extension RefusedOrder {
    /// The order as it can be asked at a later instant.
    fileprivate func reservation(askedAt time: LedgerTime) -> Reservation {
        guard let deadline = reservation.deadline, deadline <= time else { return reservation }
        var later = reservation
        later.deadline = nil
        return later
    }

    /// How much less would have to be used for the order to be granted, of the mechanism that needs
    /// the least; more than there is if none tests a limit.
    fileprivate func missing(in refused: Decision) -> Int64 {
        let least = least(of: refused)
        var missing: [MechanismKind: Int64] = [:]
        for test in refused.tests {
            let excess = test.used.rawValue + least - test.limit.rawValue
            missing[test.mechanism] = max(missing[test.mechanism] ?? 0, excess)
        }
        return missing.values.min() ?? .max
    }

    /// The first limit of a mechanism that stood in the way; `nil` if it tested none.
    fileprivate func blockingTest(of mechanism: MechanismKind) -> LimitTest? {
        let least = least(of: decision)
        return decision.tests.first {
            $0.mechanism == mechanism && $0.used.rawValue + least > $0.limit.rawValue
        }
    }
}

extension LimitTest {
    /// Whether another test is of the same limit, in a later calendar year perhaps.
    fileprivate func isOfSameLimit(as other: LimitTest) -> Bool {
        if case .smallOrder(let group, _) = name, case .smallOrder(group, _) = other.name {
            return mechanism == other.mechanism
        }
        return mechanism == other.mechanism && name == other.name
    }
}

// MARK: - What changes by itself

extension LedgerState {
    /// The open holds with a deadline that may count in a limit of an order, in order of their
    /// deadlines.
    fileprivate func expiringHolds(near order: RefusedOrder) -> [Hold] {
        let countries = order.moment.rulebook.countries
        let destination = countries.counted(order.reservation.destination)
        let account = parties.existingAccount(of: order.party)
        return holds.all.filter { hold in
            guard hold.isOpen, hold.deadline.map({ $0 > order.time }) ?? false else { return false }
            return hold.country == destination || countries.counted(hold.country) == destination
                || parties.root(of: hold.account) == account
        }.sorted { one, other in
            (one.deadline ?? .latest, one.number) < (other.deadline ?? .latest, other.number)
        }
    }

    /// Whether a hold counts in a limit of a party's order.
    fileprivate func counts(
        _ hold: Hold,
        in name: LimitName,
        of party: PartyIndex,
        at moment: LegalMoment
    ) -> Bool {
        let country = moment.rulebook.countries.counted(hold.country)
        func isCovered(_ kind: MechanismKind) -> Bool {
            hold.mechanism == kind
                && moment.rulebook.mechanism(kind)?.limit?.window
                    .covers(chargeDay: hold.day, today: moment.day) ?? false
        }
        let isOfGroup = parties.root(of: hold.account) == parties.existingAccount(of: party)
        return switch name {
        case .country(let subject): country == subject && isCovered(.country)
        case .smallOrder: isOfGroup && isCovered(.smallOrder)
        case .nationalVEU(_, let subject):
            hold.party == party && country == subject && isCovered(.nationalVEU)
        case .countryShare(_, let subject): isOfGroup && country == subject
        case .outsideShare:
            isOfGroup && !moment.rulebook.isHomeOrAllied(hold.country, on: moment.day)
        }
    }

    /// The days to come on which the answer to an order may change by itself, expiries apart, in
    /// ascending order.
    fileprivate func turningDays(for order: RefusedOrder) -> [CivilDate] {
        let today = order.time.day
        var days = Set(watch.lawDays(after: today, through: .latest))
        func add(_ dates: DateRange) {
            days.formUnion([dates.from, dates.until].compactMap(\.self))
        }
        let group = parties.ultimateParent(of: order.party)
        let helping =
            statuses.universal.filter { parties.ultimateParent(of: $0.party) == group }
            + statuses.national(of: order.party)
        for status in helping {
            add(status.grant.dates)
            for dates in statuses.attestedDates[status.party] ?? [] { add(dates) }
        }
        for line in order.reservation.lines {
            guard case .devices(let device, _) = line, let devices else { continue }
            days.formUnion(devices.ratings.lazy.filter { $0.device == device }.map(\.from))
        }
        let current = rulebooks.inForce(at: order.time)
        for adopted in rulebooks.adopted + rulebooks.substitutes
        where adopted === current || adopted.start > order.time {
            for rule in adopted.rulebook.mechanisms {
                if case .smallOrder(_, let unavailable) = rule.terms {
                    for row in unavailable { add(row.days) }
                }
                days.formUnion(turningDays(of: rule, under: adopted, order))
            }
        }
        return days.filter { $0 > today }.sorted()
    }

    /// The days on which the window of a mechanism's limit moves, and others.
    private func turningDays(
        of rule: MechanismRule,
        under adopted: AdoptedRulebook,
        _ order: RefusedOrder
    ) -> [CivilDate] {
        let today = order.time.day
        switch rule.limit?.window {
        case nil, .allTime: return []
        case .period(let from, let until, _): return [from, until]
        case .schedule(let steps): return steps.map(\.from)
        case .calendarYear:
            // A year later nothing of today's is left, so no later turn of the year changes anything.
            return CivilDate(year: today.year + 1, month: 1, day: 1).map { [$0] } ?? []
        case .rolling(let months, _):
            let moment = LegalMoment(day: today, adopted: adopted)
            let country = adopted.rulebook.countries.counted(order.reservation.destination)
            let key: WatchKey? =
                switch rule.kind {
                case .country: .country(country)
                case .nationalVEU: .national(NationalKey(party: order.party, country: country))
                case .smallOrder:
                    parties.existingAccount(of: order.party)
                        .map { .smallOrder($0, year: Int32(clamping: today.year)) }
                default: nil
                }
            guard let key else { return [] }
            return charges(of: key, at: moment).flatMap { $0.totals }
                .filter { $0.amount != 0 }
                .compactMap { $0.day.adding(months: months) }
        }
    }
}
