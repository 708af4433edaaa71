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
        catalogue = MomentCatalogue()
        guard let rulebook = moment?.rulebook else { return }
        for endUse in rulebook.endUses { catalogue.endUses[endUse.code] = endUse.isProhibited }
        catalogue.tppPerH100e = rulebook.tppPerH100e.value
        catalogue.smallOrderLimit = rulebook.mechanism(.smallOrder)?.limit?.limit(on: day)
    }

    /// Says that something happened that routes and limits depend on.
    mutating func invalidate() { stampDay = nil }

    /// A device as the catalogue and the rulebook see it on the day of the stamp.
    mutating func device(_ id: DeviceIdentifier) -> MomentCatalogue.Device? {
        if let known = catalogue.devices[id] { return known }
        guard let moment, let rating = state.devices?.rating(of: id, on: moment.day) else {
            return nil
        }
        let seen = MomentCatalogue.Device(
            tpp: rating.tpp,
            isControlled: moment.rulebook.control.isControlled(rating)
        )
        catalogue.devices[id] = seen
        return seen
    }

    /// Writes the expiries of all holds that fall due by a time.
    mutating func expireHolds(by time: LedgerTime, actor: Actor) {
        if earliestPendingDeadline <= time { flush() }
        guard state.holds.nextDue(by: time) != nil else { return }
        flush()
        while let position = state.holds.nextDue(by: time) {
            let hold = state.holds.holds[position]
            let deadline = hold.deadline ?? time
            let entry = Entry(
                number: EntryNumber(rawValue: nextNumber),
                time: deadline,
                actor: actor,
                rulebook: state.rulebooks.inForce(at: deadline)?.entry,
                content: .expiry(
                    HoldExpiry(hold: hold.number, freed: TPP(rawValue: hold.amount))
                )
            )
            commit(entry, indexing: .done)
            newestTime = deadline
            nextNumber += 1
            release(hold)
        }
    }

    /// Frees the room of a hold in the words that are true for the present stamp; words of an
    /// earlier stamp are folded anew when they are next asked for.
    private mutating func release(_ hold: Hold) {
        guard stampDay != nil, let moment else { return }
        let country = moment.rulebook.countries.counted(hold.country)
        let key: SlotKey? =
            switch hold.mechanism {
            case .country: .country(country)
            case .smallOrder: .smallOrder(hold.account)
            case .nationalVEU: .national(NationalKey(party: hold.party, country: country))
            default: nil
            }
        if let position = key.flatMap(slots.position(of:)) {
            release(hold, in: position, at: moment)
        }
        for position in slots.shares(of: hold.account) { release(hold, in: position, at: moment) }
    }

    private mutating func release(_ hold: Hold, in position: Int, at moment: LegalMoment) {
        let slot = slots.slots[position]
        guard slot.stamp == stamp else { return }
        let counts =
            switch slot.rule {
            case .country(let rule, _), .smallOrder(let rule, _), .nationalVEU(let rule, _):
                rule.window.covers(chargeDay: hold.day, today: moment.day)
            case .countryShare(_, let country):
                moment.rulebook.countries.counted(hold.country) == country
            case .outsideShare: !moment.rulebook.isHomeOrAllied(hold.country, on: moment.day)
            }
        guard counts else { return }
        table.setValue(table.value(of: slot.used) - hold.amount, of: slot.used)
    }

    /// Adds a decided entry to the state and to what is to be appended.
    mutating func commit(_ entry: Entry, indexing: Indexing) {
        do {
            try state.record(entry, indexing: indexing)
        } catch .index(let error) {
            failure = .index(error)
        } catch {
            preconditionFailure("an entry decided now must fit the entries before it: \(error)")
        }
        entries.append(entry)
    }
}
