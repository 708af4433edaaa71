// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What comes of an operation on a hold that is neither rejected nor refused by the policy.
    func move(_ operation: Operation, at time: LedgerTime) -> HoldMove {
        guard let reference = Self.hold(of: operation.action),
            let entry = reservation(reference, operation.actor.organisation)
        else { preconditionFailure("an operation on a hold must name a reservation") }
        guard let charge = facts.charges.first(where: { $0.entry == entry }) else {
            return HoldMove(refusal: .notGranted, hold: entry, before: .zero)
        }
        // Of a hold that is over nothing more is told than that it was granted.
        let isOver = !charge.isOpen && charge.balance.out == .zero
        var move = HoldMove(hold: entry, before: isOver ? .zero : charge.balance)
        switch operation.action {
        case .ship(let shipment):
            let amount = Self.amount(shipment.part, rest: charge.open)
            move.amount = TPP(rawValue: amount)
            move.refusal = refused(shipment: amount, charge, at: time)
            if move.refusal == nil, shipment.isFinal {
                move.freed = TPP(rawValue: charge.open - amount)
            }
        case .release, .revoke:
            move.refusal = charge.isOpen ? nil : .holdClosed
            if charge.isOpen { move.freed = TPP(rawValue: charge.open) }
        case .extend(let longer):
            if !charge.isOpen {
                move.refusal = .holdClosed
            } else if charge.deadline.map({ longer.deadline <= $0 }) ?? true {
                move.refusal = .deadlineNotLater
            }
        case .giveBack(let goods): takeAway(goods.part, charge, &move)
        case .retire(let retirement): takeAway(retirement.part, charge, &move)
        default: preconditionFailure("only operations on holds move them")
        }
        return move
    }

    private static func amount(_ part: HoldPart, rest: Int64) -> Int64 {
        switch part {
        case .rest: rest
        case .amount(let amount): amount.rawValue
        }
    }

    /// A return or a retirement.
    private func takeAway(_ part: HoldPart, _ charge: OracleFacts.Charge, _ move: inout HoldMove) {
        let amount = Self.amount(part, rest: charge.out)
        move.amount = TPP(rawValue: amount)
        if amount == 0 || amount > charge.out { move.refusal = .exceedsShipped }
    }

    private func refused(
        shipment amount: Int64,
        _ charge: OracleFacts.Charge,
        at time: LedgerTime
    ) -> Refusal? {
        if !charge.isOpen { return .holdClosed }
        if amount > charge.open { return .exceedsHold }
        guard let rulebook = facts.adoption(at: time)?.rulebook,
            let consignee = facts.parties[charge.party]
        else { preconditionFailure("a hold must have a rulebook and a consignee") }
        if charge.mechanism != .uncontrolled,
            let concern = rulebook.mechanisms.first(where: { $0.kind == .concern }),
            tiers(concern.places, consignee, charge.country, rulebook, on: time.day)
                .contains(.concern)
        {
            return .countryOfConcern
        }
        if rulebook.mechanisms.contains(where: {
            $0.kind == .prohibited && $0.prohibitions.contains(.consigneeBlocked)
        }), facts.blocked.contains(charge.party) {
            return .partyBlocked
        }
        return isStatusInactive(charge, rulebook, on: time.day) ? .statusInactive : nil
    }

    /// Whether the very status that granted a hold does not help now; eligibility is not asked.
    private func isStatusInactive(
        _ charge: OracleFacts.Charge,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Bool {
        guard let key = charge.status, let status = facts.statuses.first(where: { $0.key == key })
        else { return false }
        return status.isRevoked || status.isSuspended || !status.dates.contains(day)
            || !facts.isAttestedEnough(status, rulebook, on: day)
    }

    /// What the places of an order are on a day.
    func tiers(
        _ places: Set<OracleRulebook.Place>,
        _ consignee: PartyRecord,
        _ destination: CountryCode,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Set<OracleRulebook.Tier> {
        let ultimate = facts.parties[facts.ultimateParent(of: consignee.id)]
        return Set(
            places.map { place in
                let country =
                    switch place {
                    case .destination: destination
                    case .site: consignee.site
                    case .headquarters: consignee.headquarters
                    case .ultimateParentHeadquarters:
                        ultimate?.headquarters ?? consignee.headquarters
                    }
                return rulebook.tier(country, on: day)
            }
        )
    }
}
