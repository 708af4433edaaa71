// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension LedgerAuditor {
    /// The hold that an operation names, if it is one on holds.
    func hold(of action: Action) -> OperationReference? {
        switch action {
        case .ship(let shipment): shipment.hold
        case .release(let release): release.hold
        case .extend(let longer): longer.hold
        case .giveBack(let goods): goods.hold
        case .retire(let retirement): retirement.hold
        case .revoke(let revocation): revocation.hold
        default: nil
        }
    }

    /// The answer to the reservation that a reference names.
    func reservation(_ reference: OperationReference, _ caller: Int32) -> Answered? {
        guard let key = books.key(reference, callersOwn: caller),
            let answered = books.answer(to: key), answered.kind == .reserve
        else { return nil }
        return answered
    }

    /// What must come of an operation on a hold.
    func move(_ action: Action, by caller: Int32) -> HoldMove {
        guard let reference = hold(of: action), let named = reservation(reference, caller) else {
            preconditionFailure("an operation on a hold that is not rejected must name one")
        }
        guard named.charge >= 0 else {
            return HoldMove(refusal: .notGranted, hold: named.entry, before: .zero)
        }
        let charge = books.charges[Int(named.charge)]
        // Of a hold that is over nothing more is told than that it was granted.
        let isOver = !charge.isOpen && charge.out == 0
        var move = HoldMove(hold: named.entry, before: isOver ? .zero : charge.balance)
        switch action {
        case .ship(let shipment):
            let amount = amount(shipment.part, rest: charge.open)
            move.amount = TPP(rawValue: amount)
            move.refusal = refusal(ofShipping: amount, charge)
            if move.refusal == nil, shipment.isFinal {
                move.freed = TPP(rawValue: charge.open - amount)
            }
        case .release, .revoke:
            if charge.isOpen {
                move.freed = TPP(rawValue: charge.open)
            } else {
                move.refusal = .holdClosed
            }
        case .extend(let longer):
            let isLater = charge.deadline.map { longer.deadline > $0 } ?? false
            move.refusal = !charge.isOpen ? .holdClosed : isLater ? nil : .deadlineNotLater
        case .giveBack(let goods): takeAway(goods.part, charge, &move)
        case .retire(let retirement): takeAway(retirement.part, charge, &move)
        default: preconditionFailure("only operations on holds move them")
        }
        return move
    }

    private func amount(_ part: HoldPart, rest: Int64) -> Int64 {
        switch part {
        case .rest: rest
        case .amount(let amount): amount.rawValue
        }
    }

    /// A return or a retirement.
    private func takeAway(_ part: HoldPart, _ charge: Charge, _ move: inout HoldMove) {
        let amount = amount(part, rest: charge.out)
        move.amount = TPP(rawValue: amount)
        if amount == 0 || amount > charge.out { move.refusal = .exceedsShipped }
    }

    private func refusal(ofShipping amount: Int64, _ charge: Charge) -> Refusal? {
        if !charge.isOpen { return .holdClosed }
        if amount > charge.open { return .exceedsHold }
        guard let rules = books.rules else {
            preconditionFailure("where there is a hold there must be a rulebook")
        }
        let gates = rules.rulebook.gates
        if charge.mechanism != .uncontrolled,
            let position = rules.rulebook.position(of: .concern),
            books.isOfConcern(gates[position].places, charge.party, charge.place, rules)
        {
            return .countryOfConcern
        }
        if let position = rules.rulebook.position(of: .prohibited),
            gates[position].testsBlock, books.parties[Int(charge.party)].isBlocked
        {
            return .partyBlocked
        }
        guard charge.status >= 0 else { return nil }
        // The very status that granted it; eligibility is not asked again.
        let status = books.statuses[Int(charge.status)]
        let helps =
            !status.isRevoked && !status.isSuspended && status.dates.contains(books.day)
            && books.isAttestedEnough(Int(charge.status), rules)
        return helps ? nil : .statusInactive
    }

    /// Takes in what an operation on a hold moved.
    mutating func take(_ action: Action, _ move: HoldMove, by caller: Int32, _ entry: Entry) {
        guard move.refusal == nil, let reference = hold(of: action),
            let named = reservation(reference, caller), named.charge >= 0
        else { return }
        let index = Int(named.charge)
        let amount = move.amount.rawValue
        switch action {
        case .ship(let shipment):
            books.ship(amount, under: index, isFinal: shipment.isFinal, by: entry.number)
        case .release, .revoke: books.close(index)
        case .extend(let longer): books.extend(index, to: longer.deadline)
        case .giveBack: books.giveBack(amount, under: index, by: entry.number)
        case .retire: books.retire(amount, under: index, by: entry.number)
        default: break
        }
        touch(index)
    }
}
