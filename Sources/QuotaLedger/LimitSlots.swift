// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// The subject of a limit in the kernel's table.
///
/// Countries are those that the rulebook counts: an alias has no limit of its own.
enum SlotKey: Hashable, Sendable {
    case country(CountryCode)
    case smallOrder(AccountIndex)
    case national(NationalKey)
    case countryShare(AccountIndex, CountryCode, numerator: Int64, denominator: Int64)
    case outsideShare(AccountIndex, numerator: Int64, denominator: Int64)

    /// The subject of a limit that an order of a party meets, whose group has the account.
    init(of limit: RouteLimit, party: PartyIndex, account: AccountIndex) {
        switch limit {
        case .country(_, let country): self = .country(country)
        case .smallOrder: self = .smallOrder(account)
        case .nationalVEU(_, let country):
            self = .national(NationalKey(party: party, country: country))
        case .countryShare(let share, let country):
            self = .countryShare(
                account,
                country,
                numerator: share.numerator,
                denominator: share.denominator
            )
        case .outsideShare(let share):
            self = .outsideShare(
                account,
                numerator: share.numerator,
                denominator: share.denominator
            )
        }
    }
}

/// A limit of the kernel's table with its words.
struct LimitSlot: Sendable {
    var limit: LimitIndex
    var used: CellIndex
    /// What is allowed; of a share, its base.
    var bound: CellIndex
    /// The stamp for which the words are true.
    var stamp: UInt64
}

/// The limits of the kernel's table: words that follow from the state, made when first asked for
/// and brought up to date when the day or the rules have changed.
///
/// A slot has the position that its limit has in the table.
struct LimitSlots: Sendable {
    private(set) var slots: [LimitSlot] = []
    /// The limit of each slot as the rulebook states it.
    private(set) var rules: [RouteLimit] = []
    /// The name of each slot.
    private(set) var names: [LimitName] = []
    private var countries = DenseRegister<CountryCode, Int32>(vacant: 0)
    private var smallOrders = DenseRegister<AccountIndex, Int32>(vacant: 0)
    /// The slots of the other kinds of limits.
    private var others: [SlotKey: Int32] = [:]
    private var sharesByAccount: [AccountIndex: [Int]] = [:]

    func position(of key: SlotKey) -> Int? {
        let position =
            switch key {
            case .country(let country): countries[country]
            case .smallOrder(let account): smallOrders[account]
            case .national, .countryShare, .outsideShare: others[key]
            }
        return position.map(Int.init)
    }

    /// The slots of an account's shares.
    func shares(of account: AccountIndex) -> [Int] {
        sharesByAccount.isEmpty ? [] : sharesByAccount[account] ?? []
    }

    /// The slot of a key, whose words are made true for `stamp`.
    mutating func refresh(
        _ key: SlotKey,
        rule: RouteLimit,
        name: LimitName,
        stamp: UInt64,
        words: (used: Int64, bound: Int64),
        table: inout AllocationTable
    ) -> Int {
        guard let position = position(of: key) else {
            return add(key, rule: rule, name: name, stamp: stamp, words: words, table: &table)
        }
        table.setValue(words.used, of: slots[position].used)
        table.setValue(words.bound, of: slots[position].bound)
        slots[position].stamp = stamp
        rules[position] = rule
        names[position] = name
        return position
    }

    private mutating func add(
        _ key: SlotKey,
        rule: RouteLimit,
        name: LimitName,
        stamp: UInt64,
        words: (used: Int64, bound: Int64),
        table: inout AllocationTable
    ) -> Int {
        let used = table.addCell(words.used)
        let bound = table.addCell(words.bound)
        let limit =
            switch rule {
            case .countryShare(let share, _), .outsideShare(let share):
                table.addLimit(
                    .share(
                        used: used,
                        base: bound,
                        numerator: share.numerator,
                        denominator: share.denominator
                    )
                )
            case .country, .smallOrder, .nationalVEU:
                table.addLimit(.amount(used: used, allowed: bound))
            }
        let position = slots.count
        precondition(
            Int(limit.rawValue) == position,
            "every limit of the table is that of a slot"
        )
        slots.append(LimitSlot(limit: limit, used: used, bound: bound, stamp: stamp))
        rules.append(rule)
        names.append(name)
        switch key {
        case .country(let country): countries.updateValue(Int32(position), forKey: country)
        case .smallOrder(let account): smallOrders.updateValue(Int32(position), forKey: account)
        case .national, .countryShare, .outsideShare: others[key] = Int32(position)
        }
        switch key {
        case .countryShare(let account, _, _, _), .outsideShare(let account, _, _):
            sharesByAccount[account, default: []].append(position)
        case .country, .smallOrder, .national: break
        }
        return position
    }
}
