// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// What a reservation weighs and by which way it goes.
struct ReservationClaim {
    var amount: TPP
    var way: PendingReservation.Way
    /// The size of a unit in TPP, if the order asks for "up to".
    var unit: Int64?
}

extension LedgerCore {
    /// Takes a new reservation into the batch, or rejects it without a trace.
    mutating func reserve(
        _ prepared: PreparedReservation,
        _ operations: [PreparedOperation],
        _ position: Int,
        at time: LedgerTime
    ) throws(Rejection) -> CoreAnswer {
        move(to: time)
        let facts: ReservationFacts
        if let known = knownFacts(of: prepared, by: lookedUpParty(position), at: time) {
            facts = known
        } else {
            guard case .reserve(let reservation) = operations[position].operation.action else {
                preconditionFailure("what is prepared as a reservation is one")
            }
            facts = try lookUp(reservation, at: time)
        }
        try checkBound(facts.amount)
        if mayBringDue(by: time) {
            bringDue(by: time, actor: operations[position].operation.actor)
        }
        var claim = claim(prepared, facts)
        if !state.reservers.contains(operations[position].operation.actor.role) {
            let operation = operations[position].operation
            let refusal = policyRefusal(of: operation.action, by: operation.actor)
            if let refusal { claim.way = .forbidden(refusal) }
        }
        pending.append(
            PendingReservation(
                operation: Int32(position),
                place: append(claim),
                way: claim.way,
                party: facts.party,
                amount: claim.amount,
                time: time,
                name: operations[position].hashes.name
            )
        )
        newestTime = time
        pendingSum += claim.amount.rawValue
        if let deadline = prepared.deadline {
            earliestPendingDeadline = min(earliestPendingDeadline, deadline)
        }
        // Its number is filled in when its batch is decided.
        return .recorded(next)
    }

    /// Puts a claim into the kernel's batch, if limits decide; returns its place there, or -1.
    mutating func append(_ claim: ReservationClaim) -> Int32 {
        guard case .route(let resolved) = claim.way, let route = resolved.route else { return -1 }
        let amount = claim.amount.rawValue
        if let unit = claim.unit {
            batch.append(.claimUpTo(route: route, unit: unit, count: amount / unit))
        } else {
            batch.append(.claim(route: route, amount: amount))
        }
        return Int32(batch.count - 1)
    }

    /// Rejects an amount for which the ledger's sums have no room.
    ///
    /// The largest of the sums is all that was ever granted or attested together; while that fits,
    /// none can wrap. What is pending may yet be refused, so a shortage is judged without it.
    mutating func checkBound(_ amount: TPP) throws(Rejection) {
        if amount.rawValue > table.maximumSum - state.bound - pendingSum { flush() }
        let room = table.maximumSum - state.bound - pendingSum
        guard amount.rawValue <= room else {
            throw Rejection(
                .amountOverflow,
                field: "lines",
                found: amount.description,
                expected: "at most \(room) TPP, all that the ledger's sums have room for"
            )
        }
    }

    /// Resolves the way of a reservation whose names are all known.
    mutating func claim(
        _ reservation: PreparedReservation,
        _ facts: ReservationFacts
    ) -> ReservationClaim {
        guard facts.isControlled else {
            let isBlocked = state.parties.isBlocked(facts.party)
            let refusal =
                isBlocked
                ? catalogue.endUses[facts.endUse].refusalOfBlocked
                : catalogue.endUses[facts.endUse].refusal
            return ReservationClaim(amount: .zero, way: .uncontrolled(refusal))
        }
        let key = RouteKey(
            party: facts.party,
            destination: reservation.destination,
            isProhibited: catalogue.endUses[facts.endUse].isProhibited,
            isSmall: catalogue.smallOrderLimit.map { facts.amount <= $0 } ?? false
        )
        let route = routes[key] ?? routes.add(resolve(key, facts), for: key)
        var claim = ReservationClaim(amount: facts.amount, way: .route(route))
        if reservation.isUpTo {
            let isOfDevices = reservation.line == .devices
            claim.unit = isOfDevices ? facts.amount.rawValue / reservation.quantity : 1
        }
        return claim
    }
}
