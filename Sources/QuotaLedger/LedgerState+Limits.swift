// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// The day and the rulebook under which a question is asked.
struct LegalMoment: Sendable {
    var day: CivilDate
    var adopted: AdoptedRulebook

    var rulebook: Rulebook { adopted.rulebook }

    /// The countries that count as one: itself, and its aliases.
    func countries(countedAs country: CountryCode) -> [CountryCode] {
        let aliases = rulebook.countries.aliases
        let itself = aliases.contains { $0.country == country } ? [] : [country]
        return itself + aliases.filter { $0.countsAs == country }.map(\.country)
    }
}

extension LedgerState {
    /// What is used of a limit, folded from the charges over the days that its window covers.
    func used(
        of limit: RouteLimit,
        party: PartyIndex,
        account: AccountIndex,
        at moment: LegalMoment
    ) -> Int64 {
        switch limit {
        case .country(let rule, let country):
            return sum(charges(ofCountry: country, at: moment), rule, .country, at: moment)
        case .smallOrder(let rule, _):
            return sum(smallOrders[account].map { [$0] } ?? [], rule, .smallOrder, at: moment)
        case .nationalVEU(let rule, let country):
            let key = NationalKey(party: party, country: country)
            return sum(charges(of: key, at: moment), rule, .nationalVEU, at: moment)
        case .countryShare(_, let country):
            let base = installed[account]
            return moment.countries(countedAs: country).reduce(0) {
                $0 + held(by: account, in: $1) + (base?.installed(in: $1) ?? 0)
            }
        case .outsideShare:
            let base = installed[account]
            return knownCountries(of: account)
                .filter { !moment.rulebook.isHomeOrAllied($0, on: moment.day) }
                .reduce(0) {
                    $0 + held(by: account, in: $1) + (base?.installed(in: $1) ?? 0)
                }
        }
    }

    /// The charges behind a watched limit.
    func charges(of key: WatchKey, at moment: LegalMoment) -> [DayTotals] {
        switch key {
        case .country(let country): charges(ofCountry: country, at: moment)
        case .national(let key): charges(of: key, at: moment)
        case .smallOrder(let account, _): smallOrders[account].map { [$0] } ?? []
        case .countryShare, .outsideShare: []
        }
    }

    private func charges(ofCountry country: CountryCode, at moment: LegalMoment) -> [DayTotals] {
        moment.countries(countedAs: country).compactMap { countries[$0] }
    }

    private func charges(of key: NationalKey, at moment: LegalMoment) -> [DayTotals] {
        moment.countries(countedAs: key.country).compactMap {
            nationals[NationalKey(party: key.party, country: $0)]
        }
    }

    private func sum(
        _ charges: [DayTotals],
        _ rule: LimitRule,
        _ kind: MechanismKind,
        at moment: LegalMoment
    ) -> Int64 {
        guard let days = rule.window.coveredDays(today: moment.day) else { return 0 }
        let credits = moment.rulebook.mechanism(kind)?.credits
        return charges.reduce(0) { $0 + $1.sum(over: days, credits: credits) }
    }

    /// What the open holds of a group amount to in a country.
    func held(by account: AccountIndex, in country: CountryCode) -> Int64 {
        held[HeldKey(account: account, country: country).word]
    }

    /// Reads what a grant to a group changes; see ``OperationIndex/bringNear(_:)``.
    func bringNear(_ account: AccountIndex, _ country: CountryCode) -> UInt64 {
        let charged = smallOrders.read(account) { $0.newest } ?? 0
        let key = HeldKey(account: account, country: country)
        return held.bringNear(key.word) &+ UInt64(bitPattern: charged)
    }

    /// The countries in which a group has or had anything installed, or holds anything, in order.
    func knownCountries(of account: AccountIndex) -> [CountryCode] {
        let base = installed[account]
        return Self.allCountries.filter { country in
            base?.movesByCountry[country] != nil
                || held(by: account, in: country) != 0
        }
    }

    /// Every assigned code, in order: enough to find what a group has without a list of its own.
    private static let allCountries = CountryTable.shipped.countries.map(\.code).sorted()

    /// How much a limit allows; of a share, its base.
    func bound(
        of limit: RouteLimit,
        account: AccountIndex,
        at moment: LegalMoment
    ) -> Int64 {
        switch limit {
        case .country(let rule, let country):
            let plain = rule.limit(on: moment.day)
            let isRaised =
                moment.rulebook.tier(of: country, on: moment.day) == .capped
                && moment.countries(countedAs: country)
                    .contains { agreements.holds(for: $0, on: moment.day) }
            guard isRaised else { return plain.rawValue }
            let raised = plain.multiplied(by: moment.rulebook.agreementMultiplier.value)
            return min(raised ?? .maximumSum, .maximumSum).rawValue
        case .smallOrder(let rule, _), .nationalVEU(let rule, _):
            return rule.limit(on: moment.day).rawValue
        case .countryShare, .outsideShare: return installed[account]?.total ?? 0
        }
    }

    /// How the group's Universal VEU statuses stand: the best one counts.
    func universalStanding(of party: PartyIndex, at moment: LegalMoment) -> StatusStanding {
        let group = parties.ultimateParent(of: party)
        return best(
            statuses.universal.filter { parties.ultimateParent(of: $0.party) == group },
            at: moment
        )
    }

    /// How a party's National VEU statuses for a destination stand.
    func nationalStanding(
        of party: PartyIndex,
        destination: CountryCode,
        at moment: LegalMoment
    ) -> StatusStanding {
        best(nationals(of: party, destination: destination, at: moment), at: moment)
    }

    private func best(_ candidates: [StatusState], at moment: LegalMoment) -> StatusStanding {
        var best = StatusStanding.absent
        for status in candidates where status.isActive(on: moment.day) {
            guard isEligible(status.grant.kind, party: status.party, at: moment) else { continue }
            if isAttested(status.party, at: moment) { return .current }
            best = .attestationLapsed
        }
        return best
    }

    /// The status by which a mechanism grants today: of those that help the one that took effect
    /// first; `nil` of a mechanism that needs none.
    func helpingStatus(
        of mechanism: MechanismKind,
        party: PartyIndex,
        destination: CountryCode,
        at moment: LegalMoment
    ) -> EntryNumber? {
        let candidates: [StatusState]
        switch mechanism {
        case .universalVEU:
            let group = parties.ultimateParent(of: party)
            candidates = statuses.universal.filter {
                parties.ultimateParent(of: $0.party) == group
            }
        case .nationalVEU:
            candidates = nationals(of: party, destination: destination, at: moment)
        default: return nil
        }
        return candidates.filter {
            $0.isActive(on: moment.day)
                && isEligible($0.grant.kind, party: $0.party, at: moment)
                && isAttested($0.party, at: moment)
        }.first?.entry
    }

    /// Whether a party's security attestation is current, or none is needed.
    func isAttested(_ party: PartyIndex, at moment: LegalMoment) -> Bool {
        moment.rulebook.statuses.securityAttestation.value == .notRequired
            || statuses.isAttested(party, on: moment.day)
    }

    private func nationals(
        of party: PartyIndex,
        destination: CountryCode,
        at moment: LegalMoment
    ) -> [StatusState] {
        statuses.national(of: party).filter {
            guard case .national(let country) = $0.grant.kind else { return false }
            return moment.rulebook.countries.counted(country)
                == moment.rulebook.countries.counted(destination)
        }
    }

    /// Whether a party meets the conditions of a status.
    func isEligible(_ kind: StatusKind, party: PartyIndex, at moment: LegalMoment) -> Bool {
        let group = parties.ultimateParent(of: party)
        return moment.rulebook.isEligible(
            for: kind,
            headquarters: parties[party].record.headquarters,
            ultimateParentHeadquarters: parties[group].record.headquarters,
            on: moment.day
        )
    }
}
