// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// How a limit stands today; `nil` if the rulebook does not define it, or it is no longer one
    /// that is looked at.
    mutating func watchedUse(of key: LimitKey, _ rules: RulesOfDay) -> LimitUse? {
        switch key {
        case .country(let place):
            guard rules.counted(place) == place,
                let position = rules.rulebook.position(of: .country)
            else { return nil }
            return countryUse(place, rules, position)
        case .national(let party, let place):
            guard rules.counted(place) == place,
                let position = rules.rulebook.position(of: .nationalVEU)
            else { return nil }
            return nationalUse(party, place, rules, position)
        case .smallOrder(let account, let year):
            guard accounts[Int(account)].joined < 0, Int(year) == day.year,
                let position = rules.rulebook.position(of: .smallOrder)
            else { return nil }
            return smallOrderUse(account, rules, position)
        case .countryShare(let account, let place):
            guard isWatched(account), rules.counted(place) == place,
                !rules.tier(place).isHomeOrAllied,
                let share = rules.rulebook.share(.country)
            else { return nil }
            return shareUse(account, share, place, rules)
        case .outsideShare(let account):
            guard isWatched(account), let share = rules.rulebook.share(.allOutside) else {
                return nil
            }
            return shareUse(account, share, nil, rules)
        }
    }

    private func isWatched(_ account: AccountIndex) -> Bool {
        accounts[Int(account)].joined < 0 && watchedGroups.contains(accounts[Int(account)].owner)
    }

    /// The allocation of a country that counts as itself; an agreement multiplies that of a capped
    /// one.
    mutating func countryUse(
        _ place: CountryPlace,
        _ rules: RulesOfDay,
        _ position: Int
    ) -> LimitUse {
        let mechanism = rules.rulebook.mechanisms[position]
        var used: Int64 = 0
        let members = rules.rulebook.members[place.index]
        if members.isEmpty {
            used = countryBooks[place.index].used(by: mechanism, on: day, mark: mark)
        } else {
            for member in members {
                used += countryBooks[member.index].used(by: mechanism, on: day, mark: mark)
            }
        }
        var limit = rules.allowances[position]
        if rules.hasAgreement[place.index], rules.tier(place) == .capped {
            limit *= rules.rulebook.file.agreementMultiplier.value
        }
        return LimitUse(used: used, limit: limit)
    }

    /// The allocation of a National VEU in a country that counts as itself.
    mutating func nationalUse(
        _ party: PartyIndex,
        _ place: CountryPlace,
        _ rules: RulesOfDay,
        _ position: Int
    ) -> LimitUse {
        let mechanism = rules.rulebook.mechanisms[position]
        var used: Int64 = 0
        let members = rules.rulebook.members[place.index]
        for member in members.isEmpty ? [place] : members {
            guard let index = nationalIndices[NationalKey(party: party, place: member)] else {
                continue
            }
            used += nationalBooks[index].used(by: mechanism, on: day, mark: mark)
        }
        return LimitUse(used: used, limit: rules.allowances[position])
    }

    /// The small-order allowance of a group this year.
    mutating func smallOrderUse(
        _ account: AccountIndex,
        _ rules: RulesOfDay,
        _ position: Int
    ) -> LimitUse {
        let mechanism = rules.rulebook.mechanisms[position]
        let used = accounts[Int(account)].smallOrders.used(by: mechanism, on: day, mark: mark)
        return LimitUse(used: used, limit: rules.allowances[position])
    }

    /// A share of a group's base, in a country or in all that are neither home nor allied.
    ///
    /// Used is what is installed there and every open hold of the group towards it, whatever
    /// mechanism granted it; a group that never had an account has nothing.
    func shareUse(
        _ account: AccountIndex?,
        _ share: ShareRule,
        _ place: CountryPlace?,
        _ rules: RulesOfDay
    ) -> LimitUse {
        var used: Int64 = 0
        var base: Int64 = 0
        if let account {
            for holding in accounts[Int(account)].holdings {
                base += holding.installed
                let counted = rules.counted(holding.place)
                let isMeant =
                    place.map { $0 == counted } ?? !rules.tier(counted).isHomeOrAllied
                if isMeant { used += holding.installed + holding.open }
            }
        }
        return LimitUse(
            used: used,
            numerator: share.numerator,
            denominator: share.denominator,
            base: base
        )
    }

    // MARK: - Names

    func name(of key: LimitKey) -> LimitName {
        switch key {
        case .country(let place): .country(place.code)
        case .national(let party, let place):
            .nationalVEU(party: parties[Int(party)].id, country: place.code)
        case .smallOrder(let account, let year): .smallOrder(group: group(account), year: year)
        case .countryShare(let account, let place):
            .countryShare(group: group(account), country: place.code)
        case .outsideShare(let account): .outsideShare(group: group(account))
        }
    }

    private func group(_ account: AccountIndex) -> PartyIdentifier {
        parties[Int(accounts[Int(account)].owner)].id
    }

    /// Whether a limit is called so.
    func isNamed(_ key: LimitKey, _ name: LimitName) -> Bool {
        switch (key, name) {
        case (.country(let place), .country(let country)): place.code == country
        case (.national(let party, let place), .nationalVEU(let named, let country)):
            place.code == country && parties[Int(party)].id == named
        case (.smallOrder(let account, let year), .smallOrder(let named, let namedYear)):
            year == namedYear && group(account) == named
        case (.countryShare(let account, let place), .countryShare(let named, let country)):
            place.code == country && group(account) == named
        case (.outsideShare(let account), .outsideShare(let named)): group(account) == named
        default: false
        }
    }

    // MARK: - Which limits there are

    /// The shares of a group, in every country in which it ever had something.
    func shareKeys(of account: AccountIndex, _ rules: RulesOfDay) -> [LimitKey] {
        [.outsideShare(account)]
            + accounts[Int(account)].holdings.map { holding in
                .countryShare(account, rules.counted(holding.place))
            }
    }

    /// Every limit but the small-order ones with a charge, or of a watched group.
    func standingKeys(_ rules: RulesOfDay) -> [LimitKey] {
        var keys: [LimitKey] = []
        for index in countryBooks.indices where !countryBooks[index].days.isEmpty {
            keys.append(.country(rules.counted(CountryPlace(index: index))))
        }
        for key in nationalIndices.keys {
            keys.append(.national(key.party, rules.counted(key.place)))
        }
        for group in watchedGroups where parties[Int(group)].account >= 0 {
            keys += shareKeys(of: parties[Int(group)].account, rules)
        }
        return keys
    }

    /// The small-order limits of this year with a charge, ever.
    func smallOrderKeys() -> [LimitKey] {
        let year = Int32(day.year)
        return accounts.indices.compactMap { index in
            accounts[index].joined < 0 && !accounts[index].smallOrders.days.isEmpty
                ? .smallOrder(AccountIndex(index), year: year) : nil
        }
    }
}
