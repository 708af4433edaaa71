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
}

/// A limit of the kernel's table with its words.
struct LimitSlot: Sendable {
    var limit: LimitIndex
    var used: CellIndex
    /// What is allowed; of a share, its base.
    var bound: CellIndex
    /// The limit as the rulebook states it.
    var rule: RouteLimit
    var name: LimitName
    /// The stamp for which the words are true.
    var stamp: UInt64
}

/// The limits of the kernel's table: words that follow from the state, made when first asked for
/// and brought up to date when the day or the rules have changed.
struct LimitSlots: Sendable {
    private(set) var slots: [LimitSlot] = []
    private var positions: [SlotKey: Int] = [:]
    private var sharesByAccount: [AccountIndex: [Int]] = [:]

    func position(of key: SlotKey) -> Int? { positions[key] }

    /// The slots of an account's shares.
    func shares(of account: AccountIndex) -> [Int] { sharesByAccount[account] ?? [] }

    /// The slot of a key, whose words are true for `stamp` on return: `words` tells what is used, and
    /// what is allowed or the base, if they are not yet.
    mutating func slot(
        for key: SlotKey,
        rule: RouteLimit,
        name: LimitName,
        stamp: UInt64,
        table: inout AllocationTable,
        words: () -> (used: Int64, bound: Int64)
    ) -> Int {
        if let position = positions[key] {
            guard slots[position].stamp != stamp else { return position }
            let (used, bound) = words()
            table.setValue(used, of: slots[position].used)
            table.setValue(bound, of: slots[position].bound)
            slots[position].rule = rule
            slots[position].name = name
            slots[position].stamp = stamp
            return position
        }
        let (used, bound) = words()
        let usedCell = table.addCell(used)
        let boundCell = table.addCell(bound)
        let limit =
            switch rule {
            case .countryShare(let share, _), .outsideShare(let share):
                table.addLimit(
                    .share(
                        used: usedCell,
                        base: boundCell,
                        numerator: share.numerator,
                        denominator: share.denominator
                    )
                )
            case .country, .smallOrder, .nationalVEU:
                table.addLimit(.amount(used: usedCell, allowed: boundCell))
            }
        slots.append(
            LimitSlot(
                limit: limit,
                used: usedCell,
                bound: boundCell,
                rule: rule,
                name: name,
                stamp: stamp
            )
        )
        positions[key] = slots.count - 1
        switch key {
        case .countryShare(let account, _, _, _), .outsideShare(let account, _, _):
            sharesByAccount[account, default: []].append(slots.count - 1)
        case .country, .smallOrder, .national: break
        }
        return slots.count - 1
    }
}
