// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// How much of a limit is used, and how much it allows.
public struct OracleUse: Hashable, Sendable {
    /// What is used, in TPP.
    public var used: Int64
    /// What is allowed, in TPP; of a share the whole part of p times the base over q.
    public var limit: Int64
    /// The share and its base, of a share.
    var share: (part: Int64, whole: Int64, base: Int64)?

    /// Makes a use.
    public init(used: Int64, limit: Int64) {
        self.used = used
        self.limit = limit
    }

    /// Whether a grant of `asked` passes.
    func takes(_ asked: Int64) -> Bool {
        guard let share else { return used + asked <= limit }
        let wanted = (Int128(used) + Int128(asked)) * Int128(share.whole)
        return wanted <= Int128(share.part) * Int128(share.base)
    }

    /// The least that, installed elsewhere, would let a grant of `asked` pass.
    func roomByInstalling(for asked: Int64) -> Int64? {
        guard let share, share.part > 0 else { return nil }
        let wanted = (Int128(used) + Int128(asked)) * Int128(share.whole)
        let missing = wanted - Int128(share.part) * Int128(share.base)
        let (quotient, remainder) = missing.quotientAndRemainder(dividingBy: Int128(share.part))
        return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
    }

    /// Two uses are equal when their numbers are.
    public static func == (left: OracleUse, right: OracleUse) -> Bool {
        left.used == right.used && left.limit == right.limit
    }

    /// Hashes the numbers.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(used)
        hasher.combine(limit)
    }
}

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
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> OracleUse {
        switch name {
        case .countryShare(let group, let destination):
            let theirs = charges.filter { $0.account == group }.map(\.country)
            let meant = knownCountries(group).union(theirs)
                .filter { rulebook.counted($0) == destination }
            return share(of: group, limit, in: meant)
        case .outsideShare(let group):
            let theirs = charges.filter { $0.account == group }.map(\.country)
            let outside = knownCountries(group).union(theirs).filter {
                let tier = rulebook.tier($0, on: day)
                return tier != .home && tier != .allied
            }
            return share(of: group, limit, in: outside)
        case .country(let destination):
            var use = windowed(limit, rulebook, .country, on: day) {
                rulebook.counted($0.country) == destination
            }
            if rulebook.tier(destination, on: day) == .capped,
                agreements.contains(where: {
                    rulebook.counted($0.country) == destination
                        && hasAgreement(with: $0.country, on: day)
                })
            {
                use.limit *= rulebook.agreementMultiplier
            }
            return use
        case .nationalVEU(let party, let destination):
            return windowed(limit, rulebook, .nationalVEU, on: day) {
                $0.party == party && rulebook.counted($0.country) == destination
            }
        case .smallOrder(let group, let year):
            // The year of the name, which for a decision is the year of its day.
            var yearDay = day
            if case .calendarYear = limit { yearDay = .of(Int(year), 1, 1) }
            return windowed(limit, rulebook, .smallOrder, on: yearDay) { $0.account == group }
        }
    }

    private func share(
        of group: PartyIdentifier,
        _ limit: OracleRulebook.Limit,
        in countries: Set<CountryCode>
    ) -> OracleUse {
        let part: Int64
        let whole: Int64
        switch limit {
        case .countryShare(let numerator, let denominator),
            .outsideShare(let numerator, let denominator):
            (part, whole) = (numerator, denominator)
        default: preconditionFailure("a share must be defined by a share")
        }
        let base = base(group)
        let used =
            countries.reduce(0) { $0 + installedAmount(group, in: $1) }
            + held(group, towards: countries)
        var use = OracleUse(used: used, limit: Int64(Int128(part) * Int128(base) / Int128(whole)))
        use.share = (part, whole, base)
        return use
    }

    private func windowed(
        _ limit: OracleRulebook.Limit,
        _ rulebook: OracleRulebook,
        _ kind: MechanismKind,
        on day: CivilDate,
        where isMeant: (Charge) -> Bool
    ) -> OracleUse {
        let allowed: Int64
        let counts: (CivilDate) -> Bool
        switch limit {
        case .period(let from, let until, let amount):
            guard from <= day, day < until else { return OracleUse(used: 0, limit: 0) }
            allowed = rulebook.tpp(amount)
            counts = { from <= $0 && $0 < until }
        case .calendarYear(let amount):
            allowed = rulebook.tpp(amount)
            let year = day.year
            counts = { $0.year == year }
        case .rolling(let months, let amount):
            allowed = rulebook.tpp(amount)
            counts = { $0.adding(months: months).map { day < $0 } ?? true }
        case .schedule(let steps):
            allowed = steps.last { $0.from <= day }.map { rulebook.tpp($0.amount) } ?? 0
            counts = { _ in true }
        case .always(let amount):
            allowed = rulebook.tpp(amount)
            counts = { _ in true }
        case .countryShare, .outsideShare: preconditionFailure("a window must not be a share")
        }
        return OracleUse(used: charged(kind, where: isMeant, counts: counts), limit: allowed)
    }
}
