// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// Folds everything anew from the charges and the changes of what is installed, and compares it
    /// with the sums that are kept: of each limit, of what groups hold and own, and of all.
    ///
    /// O(charges). The sums and the fold share nothing but the charges themselves.
    mutating func checkSums(after entry: EntryNumber) throws(AuditError) {
        try checkHoldings(after: entry)
        guard let rules else { return }
        let folded = FoldedUses(of: self, rules)
        for index in countryBooks.indices {
            let place = CountryPlace(index: index)
            try check(.country(place), folded.countries[index], rules, entry)
        }
        for key in nationalIndices.keys {
            let counted = NationalKey(party: key.party, place: rules.counted(key.place))
            let used = folded.nationals[counted] ?? 0
            try check(.national(counted.party, counted.place), used, rules, entry)
        }
        let year = Int32(day.year)
        for index in accounts.indices {
            let key = LimitKey.smallOrder(AccountIndex(index), year: year)
            try check(key, folded.smallOrders[index], rules, entry)
        }
    }

    /// What groups hold and have installed, and all that is held.
    private func checkHoldings(after entry: EntryNumber) throws(AuditError) {
        var held: Int64 = 0
        var open: [UInt64: Int64] = [:]
        func key(_ account: AccountIndex, _ place: CountryPlace) -> UInt64 {
            UInt64(account) << 16 | UInt64(place.rawValue)
        }
        for charge in charges {
            held += charge.open + charge.shipped
            guard charge.open > 0 else { continue }
            open[key(root(of: charge.account), charge.place), default: 0] += charge.open
        }
        try Self.require(heldSum, held, of: nil, after: entry)
        for index in accounts.indices where accounts[index].joined < 0 {
            for holding in accounts[index].holdings {
                let folded = open[key(AccountIndex(index), holding.place)] ?? 0
                let installed = holding.changes.sorted { $0.isBefore($1) }
                    .reduce(0) { max(0, $0 + $1.delta) }
                guard holding.open != folded || holding.installed != installed else { continue }
                let name = LimitName.countryShare(
                    group: parties[Int(accounts[index].owner)].id,
                    country: holding.place.code
                )
                try Self.require(holding.open, folded, of: name, after: entry)
                try Self.require(holding.installed, installed, of: name, after: entry)
            }
        }
    }

    private mutating func check(
        _ key: LimitKey,
        _ folded: Int64,
        _ rules: RulesOfDay,
        _ entry: EntryNumber
    ) throws(AuditError) {
        guard let use = watchedUse(of: key, rules), use.used != folded else { return }
        try Self.require(use.used, folded, of: name(of: key), after: entry)
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

/// What is used of every limit in TPP today, by going through all charges.
private struct FoldedUses {
    /// By country, as the rulebook counts countries.
    private(set) var countries = [Int64](repeating: 0, count: CountryPlace.count)
    private(set) var nationals: [NationalKey: Int64] = [:]
    /// By account.
    private(set) var smallOrders: [Int64]

    init(of books: AuditBooks, _ rules: RulesOfDay) {
        smallOrders = [Int64](repeating: 0, count: books.accounts.count)
        for charge in books.charges {
            guard let position = rules.rulebook.position(of: charge.mechanism),
                let window = rules.rulebook.mechanisms[position].window,
                window.counts(charge.day, on: books.day)
            else { continue }
            var amount = charge.open + charge.shipped
            if rules.rulebook.mechanisms[position].creditsReturns { amount -= charge.returned }
            if rules.rulebook.mechanisms[position].creditsRetirements { amount -= charge.retired }
            let place = rules.counted(charge.place)
            switch charge.mechanism {
            case .country: countries[place.index] += amount
            case .nationalVEU:
                nationals[NationalKey(party: charge.party, place: place), default: 0] += amount
            case .smallOrder: smallOrders[Int(books.root(of: charge.account))] += amount
            case .concern, .prohibited, .domestic, .allied, .universalVEU, .uncontrolled: break
            }
        }
    }
}
