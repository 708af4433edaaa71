// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import Rulebook

extension LedgerCore {
    /// What would let a reservation through that is refused as the next operation.
    ///
    /// Each remedy was tried on a copy of the state, which is as it was afterwards. A smaller order
    /// comes first, then a wait, an agreement, statuses and what to install; each at most once, but
    /// for statuses. One that lets only a part through is among them if that is more than a smaller
    /// order gets by itself.
    ///
    /// O(charges + open holds of the group and the country).
    ///
    /// - Parameters:
    ///   - operation: A reservation; its time may lie before the newest entry and then counts as
    ///     that entry's.
    ///   - now: The clock's time, for an operation that brings none.
    /// - Returns: The remedies; none for what is granted, rejected, refused by the ledger's policy or
    ///   answered before, and for what nothing helps.
    /// - Throws: ``LedgerError/index(_:)`` if it can not be told which operations are known; the core
    ///   is to be thrown away then.
    public mutating func remedies(
        for operation: Operation,
        now: LedgerTime
    ) throws(LedgerError) -> [Remedy] {
        guard case .reserve(let reservation) = operation.action,
            policyRefusal(of: operation.action, by: operation.actor) == nil
        else { return [] }
        let prepared = preparer.prepare(operation)
        guard prepared.fault == nil, state.found(prepared.hashes.name) == nil else {
            if let failure = state.failure { throw failure }
            return []
        }
        let before = state
        let time = max(operation.time ?? now, newestTime)
        settle(by: time)
        let found = remedies(for: reservation, at: time)
        restore(before)
        return found
    }

    private mutating func remedies(
        for reservation: Reservation,
        at time: LedgerTime
    ) -> [Remedy] {
        guard let refused = supposedDecision(on: reservation, at: time), !refused.isGranted,
            let moment, let party = state.parties.index(of: reservation.consignee)
        else { return [] }
        let order = RefusedOrder(
            reservation: reservation,
            decision: refused,
            party: party,
            time: time,
            moment: moment
        )
        let settled = state
        let less = largest(below: order)
        var remedies: [Remedy] = []
        if let less { remedies.append(order.remedy(.askLess, less)) }
        if let wait = wait(for: order) { remedies.append(wait) }
        restore(settled)
        for (step, change) in supposals(for: order) {
            change(&state)
            invalidate()
            let answer = wholeOrLargest(of: order)
            restore(settled)
            guard let answer, answer.decision.granted > less?.decision.granted ?? .zero else {
                continue
            }
            remedies.append(order.remedy(step, answer))
        }
        return remedies
    }

    // MARK: - Trying

    /// What an order would get with the state as it is; `nil` if it would be rejected.
    mutating func supposedDecision(
        on reservation: Reservation,
        at time: LedgerTime
    ) -> Decision? {
        let operation = Operation(
            id: OperationIdentifier(checked: "supposed"),
            actor: .nobody,
            action: .reserve(reservation)
        )
        guard let prepared = preparer.prepare(operation).reservation else { return nil }
        move(to: time)
        do throws(Rejection) {
            let facts = try lookUp(reservation, at: time)
            try checkBound(facts.amount)
            return previewDecision(of: claim(prepared, facts), prepared, facts, at: time)
        } catch {
            return nil
        }
    }

    /// Lets happen what happens by itself by a time.
    mutating func settle(by time: LedgerTime) {
        while let due = state.nextDue(by: time) { state.apply(due) }
        invalidate()
    }

    /// Goes back to a state that was kept.
    mutating func restore(_ earlier: LedgerState) {
        state = earlier
        invalidate()
    }

    private mutating func wholeOrLargest(of order: RefusedOrder) -> SupposedAnswer? {
        guard let decision = supposedDecision(on: order.reservation, at: order.time) else {
            return nil
        }
        return decision.isGranted
            ? SupposedAnswer(reservation: order.reservation, decision: decision)
            : largest(below: order)
    }

    /// The largest order like a refused one that is granted, if there is one.
    ///
    /// What decides is the same for all orders that are small, and for all that are not; and within
    /// a class a larger one never fits where a smaller one does not. So the most that "up to" gets in
    /// a class is the largest of its class.
    private mutating func largest(below order: RefusedOrder) -> SupposedAnswer? {
        let (unit, count) = order.units
        guard unit > 0, count > 1 else { return nil }
        let small = catalogue.smallOrderLimit?.rawValue ?? 0
        let isSmall = (count - 1) <= small / unit
        for most in isSmall ? [count - 1] : [count - 1, small / unit] where most > 0 {
            guard
                let part = supposedDecision(
                    on: order.reservation(of: most, isUpTo: true),
                    at: order.time
                ),
                part.isGranted
            else { continue }
            let fitting = part.granted.rawValue / unit
            if most > small / unit, fitting <= small / unit { continue }
            let reservation = order.reservation(of: fitting)
            guard let decision = supposedDecision(on: reservation, at: order.time),
                decision.isGranted
            else { continue }
            return SupposedAnswer(reservation: reservation, decision: decision)
        }
        return nil
    }
}

/// An order with the answer that it would get.
struct SupposedAnswer {
    var reservation: Reservation
    var decision: Decision
}

/// An order that is refused, for which remedies are tried.
struct RefusedOrder {
    var reservation: Reservation
    var decision: Decision
    var party: PartyIndex
    var time: LedgerTime
    var moment: LegalMoment

    /// The size of a unit in TPP, and how many of them were asked: devices of the only line, or
    /// single TPP.
    var units: (size: Int64, count: Int64) {
        let asked = decision.asked.rawValue
        if reservation.lines.count == 1,
            case .devices(_, let quantity) = reservation.lines[0], quantity > 0
        {
            return (asked / quantity, quantity)
        }
        return (asked > 0 ? 1 : 0, asked)
    }

    /// An order of fewer units.
    func reservation(of count: Int64, isUpTo: Bool = false) -> Reservation {
        var smaller = reservation
        smaller.isUpTo = isUpTo
        if reservation.lines.count == 1, case .devices(let device, _) = reservation.lines[0] {
            smaller.lines = [.devices(device, quantity: count)]
        } else {
            smaller.lines = [.tpp(TPP(rawValue: count))]
        }
        return smaller
    }

    /// The least that a grant of it is: a unit if it asks for "up to", else all.
    func least(of decision: Decision) -> Int64 {
        guard reservation.isUpTo else { return decision.asked.rawValue }
        let (_, count) = units
        return max(1, decision.asked.rawValue / max(1, count))
    }

    func remedy(
        _ step: Remedy.Step,
        _ answer: SupposedAnswer,
        at time: LedgerTime? = nil
    ) -> Remedy {
        Remedy(
            step: step,
            time: time ?? self.time,
            reservation: answer.reservation,
            isWhole: answer.reservation.lines == reservation.lines
                && answer.decision.granted == answer.decision.asked,
            decision: answer.decision
        )
    }
}

extension LedgerModel.Actor {
    /// Stands for whoever supposes something: nothing of it reaches the log.
    static let nobody = Actor(
        organisation: OrganisationIdentifier(checked: "nobody"),
        person: PersonIdentifier(checked: "nobody"),
        role: .operator
    )
}
