// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

/// What the entries add up to for one limit.
struct FoldedUse {
    /// The flows of the charges that its window covers.
    var flows = ChargeFlows()
    /// What of the returned and retired frees its room.
    var credited: (returned: Int128, retired: Int128) = (0, 0)
    /// Of a share, by how much attestations changed what was known as installed.
    var attested: Int128?
    /// Of a share, by how much more would be gone than there was: what is installed is never below 0.
    var keptAtZero: Int128?

    /// What is used of the limit.
    var used: Int128 {
        flows.granted.amount - flows.unshipped - credited.returned - credited.retired
            + (attested ?? 0) + (keptAtZero ?? 0)
    }
}

extension ChargeFold {
    /// What the entries add up to at a moment, by limit as a rulebook defines it: all whose charges
    /// are limited by a window.
    func windowUses(_ rulebook: Rulebook, on day: CivilDate) -> [LimitName: FoldedUse] {
        var uses: [LimitName: FoldedUse] = [:]
        for (key, flows) in charges.rows {
            guard let kind = key.subject.kind, let mechanism = rulebook.mechanism(kind),
                let limit = mechanism.limit,
                let name = name(of: key.subject, rulebook, in: Int32(clamping: day.year))
            else { continue }
            var use = uses[name] ?? FoldedUse()
            if limit.window.coveredDays(today: day)?.contains(key.day) ?? false {
                use.flows += flows
                if mechanism.credits?.creditsReturns ?? false {
                    use.credited.returned += flows.returned.amount
                }
                if mechanism.credits?.creditsRetirements ?? false {
                    use.credited.retired += flows.retired.amount
                }
            }
            uses[name] = use
        }
        return uses
    }

    private func name(
        of subject: Subject,
        _ rulebook: Rulebook,
        in year: Int32
    ) -> LimitName? {
        switch subject {
        case .country(let country): .country(rulebook.countries.counted(country))
        case .smallOrder(let account):
            .smallOrder(group: groups.owner(of: groups.root(of: account)), year: year)
        case .nationalVEU(let party, let country):
            .nationalVEU(party: party, country: rulebook.countries.counted(country))
        case .other: nil
        }
    }

    /// What the entries add up to for a share: what its group was granted towards the countries
    /// meant and has installed there.
    func shareUse(
        of group: PartyIdentifier,
        in isMeant: (CountryCode) -> Bool
    ) -> FoldedUse {
        var use = FoldedUse(attested: 0, keptAtZero: 0)
        guard let account = groups.existingAccount(of: group) else { return use }
        for (key, flows) in groupCharges.rows
        where groups.root(of: key.account) == account && isMeant(key.country) {
            use.flows += flows
            use.credited.returned += flows.returned.amount
            use.credited.retired += flows.retired.amount
        }
        for (country, moves) in installed[account] ?? [:] where isMeant(country) {
            let changes = moves.reduce(Int128(0)) { $0 + Int128($1.change) }
            let attested = moves.filter(\.isAttested).reduce(Int128(0)) { $0 + Int128($1.change) }
            use.attested = (use.attested ?? 0) + attested
            use.keptAtZero = (use.keptAtZero ?? 0) + Int128(moves.installed()) - changes
        }
        return use
    }

    /// All flows together.
    var total: ChargeFlows {
        charges.rows.reduce(into: ChargeFlows()) { $0 += $1.flows }
    }

    /// How many holds are open.
    var openCount: Int64 { Int64(holds.values.count { $0.isOpen }) }
}

extension ChargeFold.Subject {
    /// The mechanism whose limit it counts in.
    fileprivate var kind: MechanismKind? {
        switch self {
        case .country: .country
        case .smallOrder: .smallOrder
        case .nationalVEU: .nationalVEU
        case .other: nil
        }
    }
}
