// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A hold as the entries of a log tell of it, followed with nothing but additions.
struct FollowedHold {
    var granted: Int64
    var deadline: LedgerTime?
    var isOpen = true
    var open: Int64
    var out: Int64 = 0
    var returned: Int64 = 0
    var retired: Int64 = 0
    var freed: Int64 = 0

    var balance: HoldBalance {
        HoldBalance(
            open: TPP(rawValue: open),
            out: TPP(rawValue: out),
            returned: TPP(rawValue: returned),
            retired: TPP(rawValue: retired)
        )
    }

    /// Takes in an entry; what is wrong with it, if anything is.
    static func follow(_ entry: Entry, in holds: inout [EntryNumber: FollowedHold]) -> String? {
        switch entry.content {
        case .limit: return nil
        case .expiry(let expiry):
            guard var hold = holds[expiry.hold] else { return "expiry of nothing" }
            guard hold.isOpen, hold.deadline == entry.time else { return "expiry at a wrong time" }
            hold.close()
            holds[expiry.hold] = hold
            return hold.freed == expiry.freed.rawValue ? nil : "freed \(hold.freed)"
        case .operation(let record):
            switch (record.action, record.outcome) {
            case (.reserve(let reservation), .decided(let decision)) where decision.isGranted:
                holds[entry.number] = FollowedHold(
                    granted: decision.granted.rawValue,
                    deadline: reservation.deadline,
                    open: decision.granted.rawValue
                )
                return nil
            case (_, .moved(let move)):
                guard var hold = holds[move.hold] else {
                    return move.refusal == .notGranted ? nil : "a move of nothing"
                }
                // Of a hold that is over nothing is shown.
                let isOver = !hold.isOpen && hold.out == 0
                if move.before != (isOver ? .zero : hold.balance) {
                    return "before is not \(hold.balance)"
                }
                if move.refusal == nil { hold.take(move, record.action) }
                holds[move.hold] = hold
                let sum = hold.open + hold.out + hold.returned + hold.retired + hold.freed
                let parts = [hold.open, hold.out, hold.returned, hold.retired, hold.freed]
                return sum == hold.granted && parts.allSatisfy { $0 >= 0 } ? nil : "\(hold)"
            default: return nil
            }
        }
    }

    private mutating func take(_ move: HoldMove, _ action: Action) {
        let amount = move.amount.rawValue
        switch action {
        case .ship(let shipment):
            open -= amount
            out += amount
            if shipment.isFinal || open == 0 { close() }
        case .extend(let longer): deadline = longer.deadline
        case .giveBack:
            out -= amount
            returned += amount
        case .retire:
            out -= amount
            retired += amount
        default: close()
        }
    }

    private mutating func close() {
        freed = open
        open = 0
        isOpen = false
    }
}
