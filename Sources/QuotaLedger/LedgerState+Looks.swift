// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension LedgerState {
    /// Takes the look that is pending: what it finds is outstanding.
    mutating func takeLook() {
        guard let look = watch.pending else { return }
        watch.pending = nil
        watch.nextDay = .unknown
        if watch.day < look.time.day {
            watch.day = look.time.day
            refreshMoment(at: look.time)
            refreshGroups()
        }
        guard let moment = watch.moment else { return }
        var found: [(name: LimitName, events: [LimitEvent])] = []
        for key in keys(of: look, at: moment) {
            let events = events(of: key, at: moment)
            if let name = events.first?.name { found.append((name, events)) }
        }
        found.sort { $0.name < $1.name }
        watch.found(found.flatMap(\.events), at: look)
    }

    /// Compares a limit with how it stood at the last look, and remembers how it stands.
    private mutating func events(of key: WatchKey, at moment: LegalMoment) -> [LimitEvent] {
        let before = watch.state(of: key)
        var events: [LimitEvent] = []
        guard let reading = reading(of: key, at: moment) else {
            if before.isInBreach {
                events.append(
                    LimitEvent(name: name(of: key), change: .unwatched, used: .zero, limit: .zero)
                )
            }
            watch.set(.quiet, of: key)
            return events
        }
        let after = WatchState(
            isInBreach: reading.used > reading.limit,
            percent: watchesThresholds(of: key, at: moment)
                ? moment.rulebook.thresholds.reached(by: reading.used, of: reading.limit) : 0
        )
        guard before != after else { return [] }
        watch.set(after, of: key)
        func append(_ change: LimitChange) {
            events.append(
                LimitEvent(
                    name: name(of: key),
                    change: change,
                    used: TPP(rawValue: reading.used),
                    limit: TPP(rawValue: reading.limit)
                )
            )
        }
        if before.isInBreach != after.isInBreach { append(after.isInBreach ? .breached : .cured) }
        if after.percent > before.percent { append(.crossed(percent: after.percent)) }
        return events
    }

    private func watchesThresholds(of key: WatchKey, at moment: LegalMoment) -> Bool {
        let watched = moment.rulebook.thresholds.limits
        return switch key {
        case .country: watched.contains(.country)
        case .national: watched.contains(.nationalVEU)
        case .smallOrder: false
        case .countryShare, .outsideShare: watched.contains(.share)
        }
    }

    // MARK: - Which limits

    func keys(of look: PendingLook, at moment: LegalMoment) -> Set<WatchKey> {
        var keys = look.keys
        for account in look.accounts { keys.formUnion(self.keys(of: account, at: moment)) }
        guard look.isFull else { return keys }
        keys.formUnion(watch.states.keys)
        for country in countries.keys {
            keys.insert(.country(moment.rulebook.countries.counted(country)))
        }
        for key in nationals.keys {
            let country = moment.rulebook.countries.counted(key.country)
            keys.insert(.national(NationalKey(party: key.party, country: country)))
        }
        for group in watch.groups {
            guard let account = parties.existingAccount(of: group) else { continue }
            keys.formUnion(shareKeys(of: account, at: moment))
        }
        if look.takesInSmallOrders {
            let year = Int32(clamping: moment.day.year)
            for account in smallOrders.keys { keys.insert(.smallOrder(account, year: year)) }
        }
        return keys
    }

    /// The limits of a group, and those that stood out when it was one.
    private func keys(of account: AccountIndex, at moment: LegalMoment) -> Set<WatchKey> {
        var keys = Set(watch.states.keys.filter { $0.account == account })
        if smallOrders[account] != nil {
            keys.insert(.smallOrder(account, year: Int32(clamping: moment.day.year)))
        }
        if parties.root(of: account) == account, watch.groups.contains(parties.owner(of: account)) {
            keys.formUnion(shareKeys(of: account, at: moment))
        }
        return keys
    }

    private func shareKeys(of account: AccountIndex, at moment: LegalMoment) -> Set<WatchKey> {
        var keys: Set<WatchKey> = [.outsideShare(account)]
        for country in knownCountries(of: account) {
            keys.insert(.countryShare(account, moment.rulebook.countries.counted(country)))
        }
        return keys
    }

    // MARK: - How they stand

    /// The limit behind a key as the rulebook in force defines it; `nil` if it is not, or no
    /// longer, one that is watched.
    func limit(of key: WatchKey, at moment: LegalMoment) -> RouteLimit? {
        let rulebook = moment.rulebook
        func isCounted(_ country: CountryCode) -> Bool {
            rulebook.countries.counted(country) == country
        }
        func isWatched(_ account: AccountIndex) -> Bool {
            parties.root(of: account) == account
                && watch.groups.contains(parties.owner(of: account))
        }
        func share(_ scope: ShareScope) -> ShareRule? {
            rulebook.mechanism(.universalVEU)?.shares.first { $0.scope == scope }
        }
        switch key {
        case .country(let country):
            guard isCounted(country), let rule = rulebook.mechanism(.country)?.limit else {
                return nil
            }
            return .country(rule, country)
        case .national(let key):
            guard isCounted(key.country), let rule = rulebook.mechanism(.nationalVEU)?.limit else {
                return nil
            }
            return .nationalVEU(rule, key.country)
        case .smallOrder(let account, let year):
            guard parties.root(of: account) == account, year == Int32(clamping: moment.day.year),
                let rule = rulebook.mechanism(.smallOrder)?.limit
            else { return nil }
            return .smallOrder(rule, year: year)
        case .countryShare(let account, let country):
            guard isWatched(account), isCounted(country),
                !rulebook.isHomeOrAllied(country, on: moment.day), let share = share(.country)
            else { return nil }
            return .countryShare(share, country)
        case .outsideShare(let account):
            guard isWatched(account), let share = share(.allOutside) else { return nil }
            return .outsideShare(share)
        }
    }

    /// What is used of the limit behind a key and what it allows; `nil` if it is not watched.
    func reading(of key: WatchKey, at moment: LegalMoment) -> (used: Int64, limit: Int64)? {
        guard let limit = limit(of: key, at: moment) else { return nil }
        let party: PartyIndex
        let account: AccountIndex
        switch key {
        case .national(let key): (party, account) = (key.party, .nobody)
        case .country: (party, account) = (.nobody, .nobody)
        case .smallOrder(let own, _), .countryShare(let own, _), .outsideShare(let own):
            (party, account) = (parties.owner(of: own), own)
        }
        let used = used(of: limit, party: party, account: account, at: moment)
        let bound = bound(of: limit, account: account, at: moment)
        return switch limit {
        case .country, .smallOrder, .nationalVEU: (used, bound)
        case .countryShare(let share, _), .outsideShare(let share):
            (used, share.shownLimit(ofBase: TPP(rawValue: bound)).rawValue)
        }
    }

    func name(of key: WatchKey) -> LimitName {
        func group(_ account: AccountIndex) -> PartyIdentifier {
            parties.identifier(of: parties.owner(of: account))
        }
        return switch key {
        case .country(let country): .country(country)
        case .national(let key):
            .nationalVEU(party: parties.identifier(of: key.party), country: key.country)
        case .smallOrder(let account, let year): .smallOrder(group: group(account), year: year)
        case .countryShare(let account, let country):
            .countryShare(group: group(account), country: country)
        case .outsideShare(let account): .outsideShare(group: group(account))
        }
    }
}

extension ThresholdRule {
    /// The highest threshold that a use reaches, in percent; 0 for none.
    func reached(by used: Int64, of limit: Int64) -> UInt8 {
        guard used > 0 else { return 0 }
        let hundredfold = Int128(used) * 100
        let reached = percentages.last { hundredfold >= Int128($0) * Int128(limit) }
        return UInt8(clamping: reached ?? 0)
    }
}
