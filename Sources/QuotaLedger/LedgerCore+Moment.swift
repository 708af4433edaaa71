// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Brings routes and limits to the day of an operation.
    ///
    /// Nothing may be pending when the day changes, or when something happened that routes and
    /// limits depend on.
    mutating func move(to time: LedgerTime) {
        let day = time.day
        guard stampDay != day else { return }
        flush()
        stamp += 1
        stampDay = day
        moment = state.rulebooks.inForce(at: time).map { LegalMoment(day: day, adopted: $0) }
        routes.removeAll()
        table.removeAllRoutes()
        guard let moment else {
            catalogue = MomentCatalogue()
            return
        }
        catalogue.standings.removeAll()
        let edition = state.deviceEdition
        guard !catalogue.isTrue(for: moment, deviceEdition: edition) else { return }
        catalogue = MomentCatalogue(
            of: moment,
            deviceEdition: edition,
            hasher: preparer.hasher
        )
    }

    /// Says that something happened that routes and limits depend on.
    mutating func invalidate() { stampDay = nil }

    /// A device as the catalogue and the rulebook see it on the day of the stamp.
    mutating func device(_ id: DeviceIdentifier) -> MomentCatalogue.Device? {
        let name = preparer.hasher.name(id)
        if let known = catalogue.device(name) { return known }
        guard let moment, let rating = state.devices?.rating(of: id, on: moment.day) else {
            return nil
        }
        let seen = MomentCatalogue.Device(
            tpp: rating.tpp,
            isControlled: moment.rulebook.control.isControlled(rating)
        )
        catalogue.add(seen, name: name)
        return seen
    }

    /// Whether anything may happen by itself by a time; false is sure.
    func mayBringDue(by time: LedgerTime) -> Bool {
        earliestPendingDeadline <= time || state.mayBeDue(by: time)
    }

    /// Writes everything that happens by itself by a time: expiries, and events of limits.
    mutating func bringDue(by time: LedgerTime, actor: Actor) {
        guard mayBringDue(by: time) else { return }
        if earliestPendingDeadline <= time { flush() }
        guard state.mayBeDue(by: time) else { return }
        flush()
        while let due = state.nextDue(by: time) { commit(due, actor: actor) }
    }

    /// Writes something that happens by itself.
    mutating func commit(_ due: DueEvent, actor: Actor) {
        let content: EntryContent
        var actor = actor
        switch due {
        case .expiry(let hold, _):
            content = .expiry(HoldExpiry(hold: hold.number, freed: TPP(rawValue: hold.open)))
        case .limit(let event, _, let cause):
            content = .limit(event)
            actor = cause ?? actor
        }
        let entry = Entry(
            number: next,
            time: due.time,
            actor: actor,
            rulebook: state.rulebooks.adoption(at: due.time),
            content: content
        )
        state.record(entry, of: due)
        decided.append(entry)
        newestTime = max(newestTime, due.time)
        if case .expiry(let hold, _) = due { release(hold) }
    }

    /// Frees the room of a hold in the words that are true for the present stamp; words of an
    /// earlier stamp are folded anew when they are next asked for.
    private mutating func release(_ hold: Hold) {
        guard stampDay != nil, let moment else { return }
        for position in slotPositions(of: hold, at: moment) {
            release(hold, in: position, at: moment)
        }
    }

    /// Brings the words that a hold counts in up to date, as far as they are true for the present
    /// stamp.
    mutating func refreshSlots(of hold: Hold) {
        guard stampDay != nil, let moment else { return }
        let account = state.parties.root(of: hold.account)
        for position in slotPositions(of: hold, at: moment) {
            let slot = slots.slots[position]
            guard slot.stamp == stamp else { continue }
            let rule = slots.rules[position]
            let used = state.used(of: rule, party: hold.party, account: account, at: moment)
            table.setValue(used, of: slot.used)
            table.setValue(state.bound(of: rule, account: account, at: moment), of: slot.bound)
        }
    }

    /// Where the limits stand that a hold counts in.
    private func slotPositions(of hold: Hold, at moment: LegalMoment) -> [Int] {
        let country = moment.rulebook.countries.counted(hold.country)
        let account = state.parties.root(of: hold.account)
        let key: SlotKey? =
            switch hold.mechanism {
            case .country: .country(country)
            case .smallOrder: .smallOrder(account)
            case .nationalVEU: .national(NationalKey(party: hold.party, country: country))
            default: nil
            }
        let shares = slots.shares(of: account)
        guard let own = key.flatMap(slots.position(of:)) else { return shares }
        return [own] + shares
    }

    private mutating func release(_ hold: Hold, in position: Int, at moment: LegalMoment) {
        let slot = slots.slots[position]
        guard slot.stamp == stamp else { return }
        let counts =
            switch slots.rules[position] {
            case .country(let rule, _), .smallOrder(let rule, _), .nationalVEU(let rule, _):
                rule.window.covers(chargeDay: hold.day, today: moment.day)
            case .countryShare(_, let country):
                moment.rulebook.countries.counted(hold.country) == country
            case .outsideShare: !moment.rulebook.isHomeOrAllied(hold.country, on: moment.day)
            }
        guard counts else { return }
        table.setValue(table.value(of: slot.used) - hold.open, of: slot.used)
    }

    /// Adds a decided entry to the state and to what is to be appended.
    mutating func commit(_ entry: Entry, indexing: Indexing) {
        do throws(LedgerError) {
            try state.record(entry, indexing: indexing)
        } catch {
            return mustFail(error)
        }
        decided.append(entry)
    }

    /// An entry that was decided now fits those before it, unless the state can not be trusted any
    /// more.
    func mustFail(_ error: LedgerError) {
        precondition(
            state.failure != nil,
            "an entry decided now must fit those before it: \(error)"
        )
    }
}
