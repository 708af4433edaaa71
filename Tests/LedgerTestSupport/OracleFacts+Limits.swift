// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleFacts {
    /// What a limit is called for an order.
    func name(
        of limit: OracleRulebook.Limit,
        _ kind: MechanismKind,
        consignee: PartyIdentifier,
        destination: CountryCode,
        on day: CivilDate
    ) -> LimitName {
        let group = ultimateParent(of: consignee)
        switch (kind, limit) {
        case (_, .countryShare): return .countryShare(group: group, country: destination)
        case (_, .outsideShare): return .outsideShare(group: group)
        case (.smallOrder, _): return .smallOrder(group: group, year: Int32(day.year))
        case (.nationalVEU, _): return .nationalVEU(party: consignee, country: destination)
        default: return .country(destination)
        }
    }

    /// The use of a limit by its definition, on a day.
    func use(
        of name: LimitName,
        _ limit: OracleRulebook.Limit,
        _ mechanism: OracleRulebook.Mechanism,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> OracleUse {
        switch name {
        case .countryShare(let group, let destination):
            let used = owned(group, rulebook)[destination] ?? 0
            return share(limit, used: used, base: base(group))
        case .outsideShare(let group):
            let used = ownedOutside(owned(group, rulebook), rulebook, on: day)
            return share(limit, used: used, base: base(group))
        case .country, .nationalVEU:
            let used = used(mechanism, limit, rulebook, on: day)[name] ?? 0
            return OracleUse(used: used, limit: allowed(name, limit, rulebook, on: day))
        case .smallOrder(_, let year):
            // The year of the name, which for a decision is the year of its day.
            let yearDay = CivilDate.of(Int(year), 1, 1)
            let used = used(mechanism, limit, rulebook, on: yearDay)[name] ?? 0
            return OracleUse(used: used, limit: allowed(name, limit, rulebook, on: yearDay))
        }
    }

    /// Every limit that is looked at on a day, with its use.
    func watchedUses(_ rulebook: OracleRulebook, on day: CivilDate) -> [LimitName: OracleUse] {
        var uses: [LimitName: OracleUse] = [:]
        for mechanism in rulebook.mechanisms where mechanism.kind != .universalVEU {
            for limit in mechanism.limits {
                for (name, used) in used(mechanism, limit, rulebook, on: day) {
                    let allowed = allowed(name, limit, rulebook, on: day)
                    uses[name] = OracleUse(used: used, limit: allowed)
                }
            }
        }
        let shares = rulebook.mechanisms.filter { $0.kind == .universalVEU }.flatMap(\.limits)
        for group in watchedGroups(on: day) where !shares.isEmpty {
            let owned = owned(group, rulebook)
            let base = base(group)
            for limit in shares {
                if case .outsideShare = limit {
                    let used = ownedOutside(owned, rulebook, on: day)
                    uses[.outsideShare(group: group)] = share(limit, used: used, base: base)
                    continue
                }
                for (country, used) in owned where isOutside(country, rulebook, on: day) {
                    let name = LimitName.countryShare(group: group, country: country)
                    uses[name] = share(limit, used: used, base: base)
                }
            }
        }
        // In breach at the last look, and perhaps nothing is left that counts in it.
        for name in inBreach where uses[name] == nil && isSubject(name, rulebook, on: day) {
            guard let (mechanism, limit) = definition(of: name, rulebook) else { continue }
            uses[name] = use(of: name, limit, mechanism, rulebook, on: day)
        }
        return uses
    }

    /// What a limit of this name is in a rulebook, if it defines one.
    func definition(
        of name: LimitName,
        _ rulebook: OracleRulebook
    ) -> (mechanism: OracleRulebook.Mechanism, limit: OracleRulebook.Limit)? {
        for mechanism in rulebook.mechanisms {
            for limit in mechanism.limits {
                switch (name, mechanism.kind, limit) {
                case (.countryShare, .universalVEU, .countryShare),
                    (.outsideShare, .universalVEU, .outsideShare),
                    (.nationalVEU, .nationalVEU, _), (.smallOrder, .smallOrder, _),
                    (.country, .country, _):
                    return (mechanism, limit)
                default: continue
                }
            }
        }
        return nil
    }

    /// Whether a limit's subject is one of those that are looked at on a day.
    private func isSubject(
        _ name: LimitName,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Bool {
        switch name {
        case .country(let country), .nationalVEU(_, let country):
            rulebook.counted(country) == country
        case .smallOrder(let group, let year):
            ultimateParent(of: group) == group && Int32(day.year) == year
        case .countryShare(let group, let country):
            watchedGroups(on: day).contains(group) && rulebook.counted(country) == country
                && isOutside(country, rulebook, on: day)
        case .outsideShare(let group): watchedGroups(on: day).contains(group)
        }
    }

    // MARK: Shares

    /// The groups of which a member has a Universal VEU status that is neither ended nor revoked.
    private func watchedGroups(on day: CivilDate) -> Set<PartyIdentifier> {
        let watched = statuses.filter {
            $0.kind == .universal && !$0.isRevoked && $0.dates.contains(day)
        }
        return Set(watched.map { ultimateParent(of: $0.party) })
    }

    private func isOutside(
        _ country: CountryCode,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Bool {
        let tier = rulebook.tier(country, on: day)
        return tier != .home && tier != .allied
    }

    /// What a group has installed and holds in each country, as the rulebook counts countries, 0 of
    /// those in which it has or holds nothing any more.
    private func owned(
        _ group: PartyIdentifier,
        _ rulebook: OracleRulebook
    ) -> [CountryCode: Int64] {
        var owned: [CountryCode: Int64] = [:]
        for country in knownCountries(group) {
            owned[rulebook.counted(country), default: 0] += installedAmount(group, in: country)
        }
        for charge in charges where charge.account == group {
            owned[rulebook.counted(charge.country), default: 0] += charge.open
        }
        return owned
    }

    private func ownedOutside(
        _ owned: [CountryCode: Int64],
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Int64 {
        var sum: Int64 = 0
        for (country, amount) in owned where isOutside(country, rulebook, on: day) {
            sum += amount
        }
        return sum
    }

    private func share(_ limit: OracleRulebook.Limit, used: Int64, base: Int64) -> OracleUse {
        switch limit {
        case .countryShare(let part, let whole), .outsideShare(let part, let whole):
            let allowed = Int64(Int128(part) * Int128(base) / Int128(whole))
            var use = OracleUse(used: used, limit: allowed)
            use.share = (part, whole, base)
            return use
        default: preconditionFailure("a share must be defined by a share")
        }
    }

    // MARK: Windows

    /// What is used on a day of each limit of a mechanism that has a charge, also one that does not
    /// count that day: open and shipped, less what came back or is gone if that is credited.
    private func used(
        _ mechanism: OracleRulebook.Mechanism,
        _ limit: OracleRulebook.Limit,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> [LimitName: Int64] {
        var used: [LimitName: Int64] = [:]
        for charge in charges where charge.mechanism == mechanism.kind {
            let country = rulebook.counted(charge.country)
            let name: LimitName =
                switch mechanism.kind {
                case .nationalVEU: .nationalVEU(party: charge.party, country: country)
                case .smallOrder: .smallOrder(group: charge.account, year: Int32(day.year))
                default: .country(country)
                }
            var amount: Int64 = 0
            if limit.covers(charge.day, on: day) {
                amount = charge.open + charge.shipped
                if mechanism.credits.contains(.returned) { amount -= charge.returned }
                if mechanism.credits.contains(.retired) { amount -= charge.retired }
            }
            used[name, default: 0] += amount
        }
        return used
    }

    /// How much a limit allows on a day.
    private func allowed(
        _ name: LimitName,
        _ limit: OracleRulebook.Limit,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Int64 {
        let plain = limit.allowed(rulebook, on: day)
        guard case .country(let destination) = name,
            rulebook.tier(destination, on: day) == .capped,
            agreements.contains(where: {
                rulebook.counted($0.country) == destination
                    && hasAgreement(with: $0.country, on: day)
            })
        else { return plain }
        return plain * rulebook.agreementMultiplier
    }
}

extension OracleRulebook.Limit {
    /// Whether a charge of a day counts on another.
    fileprivate func covers(_ chargeDay: CivilDate, on day: CivilDate) -> Bool {
        switch self {
        case .period(let from, let until, _):
            let period = DateRange.of(from, until: until)
            return period.contains(day) && period.contains(chargeDay)
        case .calendarYear: return chargeDay.year == day.year
        case .rolling(let months, _):
            return chargeDay.adding(months: months).map { day < $0 } ?? true
        case .schedule, .always: return true
        case .countryShare, .outsideShare: preconditionFailure("a window must not be a share")
        }
    }

    fileprivate func allowed(_ rulebook: OracleRulebook, on day: CivilDate) -> Int64 {
        switch self {
        case .period(let from, let until, let amount):
            return from <= day && day < until ? rulebook.tpp(amount) : 0
        case .calendarYear(let amount), .rolling(_, let amount), .always(let amount):
            return rulebook.tpp(amount)
        case .schedule(let steps):
            return steps.last { $0.from <= day }.map { rulebook.tpp($0.amount) } ?? 0
        case .countryShare, .outsideShare: preconditionFailure("a window must not be a share")
        }
    }
}
