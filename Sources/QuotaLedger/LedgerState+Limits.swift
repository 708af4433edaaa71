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
    mutating func used(
        of limit: RouteLimit,
        party: PartyIndex,
        account: AccountIndex,
        at moment: LegalMoment
    ) -> Int64 {
        switch limit {
        case .country(let rule, let country):
            guard let days = rule.window.coveredDays(today: moment.day) else { return 0 }
            return moment.countries(countedAs: country)
                .reduce(0) { $0 + (countries[$1]?.sum(over: days) ?? 0) }
        case .smallOrder(let rule, _):
            guard let days = rule.window.coveredDays(today: moment.day) else { return 0 }
            return smallOrders[account]?.sum(over: days) ?? 0
        case .nationalVEU(let rule, let country):
            guard let days = rule.window.coveredDays(today: moment.day) else { return 0 }
            return moment.countries(countedAs: country).reduce(0) {
                let key = NationalKey(party: party, country: $1)
                return $0 + (nationals[key]?.sum(over: days) ?? 0)
            }
        case .countryShare(_, let country):
            let held = held(by: account)
            let base = installed[account]
            return moment.countries(countedAs: country).reduce(0) {
                $0 + (held[$1] ?? 0) + (base?.installed(in: $1) ?? 0)
            }
        case .outsideShare: return outside(account, at: moment)
        }
    }

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

    /// What a group has installed and holds in all countries that are neither home nor allied.
    private mutating func outside(_ account: AccountIndex, at moment: LegalMoment) -> Int64 {
        let held = held(by: account)
        var sum: Int64 = 0
        for (country, amount) in held
        where !moment.rulebook.isHomeOrAllied(country, on: moment.day) {
            sum += amount
        }
        guard let base = installed[account] else { return sum }
        for country in base.countries
        where !moment.rulebook.isHomeOrAllied(country, on: moment.day) {
            sum += base.installed(in: country)
        }
        return sum
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
        best(
            statuses.national(of: party).filter {
                guard case .national(let country) = $0.grant.kind else { return false }
                return moment.rulebook.countries.counted(country)
                    == moment.rulebook.countries.counted(destination)
            },
            at: moment
        )
    }

    private func best(_ candidates: [StatusState], at moment: LegalMoment) -> StatusStanding {
        var best = StatusStanding.absent
        for status in candidates where status.isActive(on: moment.day) {
            guard isEligible(status.grant.kind, party: status.party, at: moment) else { continue }
            if statuses.isAttested(status.party, on: moment.day) { return .current }
            best = .attestationLapsed
        }
        return best
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
