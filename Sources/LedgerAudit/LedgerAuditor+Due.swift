// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Something that must happen by itself.
struct ExpectedEvent: Hashable, Sendable {
    var time: LedgerTime
    var content: EntryContent
    /// Whose operation brought it about; `nil` where it was only the time.
    var cause: Actor?
    /// The charge of a hold that expires.
    var charge: Int?
}

/// Limits to be looked at when everything else of an instant is done.
struct PendingLook: Sendable {
    var time: LedgerTime
    var keys: Set<LimitKey> = []
    /// Whether all are looked at, small-order ones apart.
    var isFull = false
    /// Whether the small-order limits of all groups are looked at.
    var takesInSmallOrders = false
}

extension LedgerAuditor {
    /// What must happen next by itself up to a time, if anything.
    ///
    /// In order of time; at one instant a day that begins, then holds at their deadline in order of
    /// their grants, then one look at all limits.
    mutating func nextDue(by time: LedgerTime) -> ExpectedEvent? {
        while true {
            if outstandingPosition < outstanding.count { return outstanding[outstandingPosition] }
            let deadline = books.nextDeadline()
            let turn = books.day < time.day ? books.nextTurningDay(through: time.day) : nil
            var instant = pendingLook?.time ?? .latest
            if let deadline { instant = min(instant, deadline.time) }
            if let turn { instant = min(instant, LedgerTime(startOf: turn)) }
            guard deadline != nil || turn != nil || pendingLook != nil, instant <= time else {
                if books.day < time.day { books.enter(time.day) }
                return nil
            }
            if let turn, LedgerTime(startOf: turn) == instant {
                begin(turn)
            } else if let deadline, deadline.time == instant {
                let freed = TPP(rawValue: books.charges[deadline.charge].open)
                return ExpectedEvent(
                    time: instant,
                    content: .expiry(HoldExpiry(hold: deadline.entry, freed: freed)),
                    charge: deadline.charge
                )
            } else {
                takeLook()
            }
        }
    }

    /// Lets something happen that was found to be in the log.
    mutating func happened(_ event: ExpectedEvent) {
        guard let charge = event.charge else {
            outstandingPosition += 1
            return
        }
        books.close(charge)
        var look = pendingLook ?? PendingLook(time: event.time)
        touched.removeAll(keepingCapacity: true)
        touch(charge)
        look.keys.formUnion(touched)
        pendingLook = look
    }

    private mutating func begin(_ day: CivilDate) {
        let before = books.rules?.rulebook.entry
        books.enter(day)
        var look = pendingLook ?? PendingLook(time: LedgerTime(startOf: day))
        look.isFull = true
        // Time alone lifts no group above its small orders: it takes another rulebook.
        if books.rules?.rulebook.entry != before { look.takesInSmallOrders = true }
        pendingLook = look
    }

    /// Notes the limits that a change of a hold can move.
    mutating func touch(_ index: Int) {
        guard let rules = books.rules else { return }
        let charge = books.charges[index]
        let account = books.root(of: charge.account)
        switch charge.mechanism {
        case .country: touched.append(.country(rules.counted(charge.place)))
        case .nationalVEU: touched.append(.national(charge.party, rules.counted(charge.place)))
        case .smallOrder: touched.append(.smallOrder(account, year: Int32(books.day.year)))
        case .concern, .prohibited, .domestic, .allied, .universalVEU, .uncontrolled: break
        }
        guard !books.watchedGroups.isEmpty,
            books.watchedGroups.contains(books.accounts[Int(account)].owner)
        else { return }
        touched += books.shareKeys(of: account, rules)
    }

    // MARK: - Looks

    /// Looks at the limits that an operation touched.
    mutating func lookAfter(_ entry: Entry) {
        if pendingLook == nil, touched.count == 1 {
            guard let rules = books.rules else { return }
            look(at: touched[0], rules, time: entry.time, cause: entry.actor)
            return
        }
        var look = pendingLook ?? PendingLook(time: entry.time)
        look.keys.formUnion(touched)
        pendingLook = look
        takeLook(cause: entry.actor)
    }

    private mutating func takeLook(cause: Actor? = nil) {
        guard let look = pendingLook else { return }
        pendingLook = nil
        if books.day < look.time.day { books.enter(look.time.day) }
        guard let rules = books.rules else { return }
        var keys = look.keys
        if look.isFull {
            keys.formUnion(standings.keys)
            keys.formUnion(books.standingKeys(rules))
        }
        if look.takesInSmallOrders { keys.formUnion(books.smallOrderKeys()) }
        for key in keys { self.look(at: key, rules, time: look.time, cause: cause) }
        guard outstanding.count > 1 else { return }
        // Of one limit the breach or cure stands before the threshold, as it was found.
        let inOrder = outstanding.enumerated().sorted { one, other in
            guard let first = one.element.limitName, let second = other.element.limitName,
                first != second
            else { return one.offset < other.offset }
            return first < second
        }
        outstanding = inOrder.map(\.element)
    }

    /// Compares a limit with how it stood at the last look, and notes what must be told of it.
    private mutating func look(
        at key: LimitKey,
        _ rules: RulesOfDay,
        time: LedgerTime,
        cause: Actor?
    ) {
        if outstandingPosition == outstanding.count, outstandingPosition > 0 {
            outstanding.removeAll(keepingCapacity: true)
            outstandingPosition = 0
        }
        let before = standings.isEmpty ? .quiet : standings[key] ?? .quiet
        func note(_ change: LimitChange, _ use: LimitUse) {
            let event = LimitEvent(
                name: books.name(of: key),
                change: change,
                used: TPP(rawValue: use.used),
                limit: TPP(rawValue: use.limit)
            )
            outstanding.append(ExpectedEvent(time: time, content: .limit(event), cause: cause))
        }
        guard let use = books.watchedUse(of: key, rules) else {
            if before.isInBreach { note(.unwatched, LimitUse(used: 0, limit: 0)) }
            standings[key] = nil
            return
        }
        let after = LimitStanding(
            isInBreach: use.used > use.limit,
            percent: percent(reachedBy: use, of: key, rules)
        )
        guard after != before else { return }
        standings[key] = after == .quiet ? nil : after
        if after.isInBreach != before.isInBreach {
            note(after.isInBreach ? .breached : .cured, use)
        }
        if after.percent > before.percent { note(.crossed(percent: after.percent), use) }
    }

    /// The highest threshold that a use reaches, in percent; 0 for none, and of a limit of which
    /// the rulebook watches none.
    private func percent(reachedBy use: LimitUse, of key: LimitKey, _ rules: RulesOfDay) -> UInt8 {
        guard use.used > 0 else { return 0 }
        let kind: WatchedLimit
        switch key {
        case .country: kind = .country
        case .national: kind = .nationalVEU
        case .countryShare, .outsideShare: kind = .share
        case .smallOrder: return 0
        }
        let hundredfold = Int128(use.used) * 100
        var reached: UInt8 = 0
        for percent in rules.rulebook.thresholds {
            guard hundredfold >= Int128(percent) * Int128(use.limit) else { break }
            reached = UInt8(clamping: percent)
        }
        return reached > 0 && rules.rulebook.file.thresholds.limits.contains(kind) ? reached : 0
    }
}

extension ExpectedEvent {
    /// The limit that the event is about.
    fileprivate var limitName: LimitName? {
        if case .limit(let event) = content { event.name } else { nil }
    }
}
