// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// Folds everything anew from the charges and the changes of what is installed, and compares it
    /// with the sums that are kept: of each limit, of what groups hold and own, and of all.
    ///
    /// O(charges). The sums and the fold share nothing but the charges themselves.
    mutating func checkSums(after entry: EntryNumber) throws(AuditError) {
        var held: Int64 = 0
        var open: [OpenKey: Int64] = [:]
        for charge in charges {
            held += charge.open + charge.shipped
            let key = OpenKey(account: root(of: charge.account), place: charge.place)
            open[key, default: 0] += charge.open
        }
        try Self.require(heldSum, held, of: nil, after: entry)
        for index in accounts.indices where accounts[index].joined < 0 {
            for holding in accounts[index].holdings {
                let name = LimitName.countryShare(
                    group: parties[Int(accounts[index].owner)].id,
                    country: holding.place.code
                )
                let key = OpenKey(account: AccountIndex(index), place: holding.place)
                try Self.require(holding.open, open[key] ?? 0, of: name, after: entry)
                let installed = holding.changes.sorted { $0.isBefore($1) }
                    .reduce(0) { max(0, $0 + $1.delta) }
                try Self.require(holding.installed, installed, of: name, after: entry)
            }
        }
        guard let rules else { return }
        let folded = foldedUses(rules)
        for (key, used) in folded {
            guard let use = watchedUse(of: key, rules) else { continue }
            try Self.require(use.used, used, of: name(of: key), after: entry)
        }
        for key in standingKeys(rules) + smallOrderKeys() where folded[key] == nil {
            switch key {
            case .country, .national, .smallOrder:
                guard let use = watchedUse(of: key, rules) else { continue }
                try Self.require(use.used, 0, of: name(of: key), after: entry)
            case .countryShare, .outsideShare: continue
            }
        }
    }

    private struct OpenKey: Hashable {
        var account: AccountIndex
        var place: CountryPlace
    }

    /// What is used of every limit in TPP that has a charge: by going through all charges.
    private func foldedUses(_ rules: RulesOfDay) -> [LimitKey: Int64] {
        var used: [LimitKey: Int64] = [:]
        let year = Int32(day.year)
        for charge in charges {
            guard let position = rules.rulebook.position(of: charge.mechanism) else { continue }
            let mechanism = rules.rulebook.mechanisms[position]
            guard let window = mechanism.window else { continue }
            let place = rules.counted(charge.place)
            let key: LimitKey
            switch charge.mechanism {
            case .country: key = .country(place)
            case .nationalVEU: key = .national(charge.party, place)
            case .smallOrder: key = .smallOrder(root(of: charge.account), year: year)
            case .concern, .prohibited, .domestic, .allied, .universalVEU, .uncontrolled: continue
            }
            var amount: Int64 = 0
            if window.counts(charge.day, on: day) {
                amount = charge.open + charge.shipped
                if mechanism.creditsReturns { amount -= charge.returned }
                if mechanism.creditsRetirements { amount -= charge.retired }
            }
            used[key, default: 0] += amount
        }
        return used
    }

    private static func require(
        _ kept: Int64,
        _ folded: Int64,
        of name: LimitName?,
        after entry: EntryNumber
    ) throws(AuditError) {
        guard kept != folded else { return }
        throw .disagrees(name, summed: kept, folded: folded, after: entry)
    }
}
