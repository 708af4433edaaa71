// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
public import LedgerModel

extension LedgerCore {
    /// What `reserve` would be answered as the next operation, with everything that falls due
    /// until then; nothing is written and no word changes.
    ///
    /// - Parameters:
    ///   - operation: A reservation; its time may lie before the newest entry and then counts as
    ///     that entry's.
    ///   - now: The clock's time, for an operation that brings none.
    /// - Returns: The decision it would get, the entry that answered it before, or what is wrong.
    /// - Throws: ``LedgerError/index(_:)`` if it can not be told which operations are known; the core
    ///   is to be thrown away then.
    public mutating func check(
        _ operation: Operation,
        now: LedgerTime
    ) throws(LedgerError) -> CheckAnswer {
        guard case .reserve(let reservation) = operation.action else {
            return .rejected(
                Rejection(
                    .malformedField,
                    field: "operation",
                    found: "another operation",
                    expected: "a reservation"
                )
            )
        }
        let answer: CheckAnswer
        do throws(Rejection) {
            answer = try check(reservation, of: operation, now: now)
        } catch {
            answer = .rejected(error)
        }
        if let failure = state.failure { throw failure }
        return answer
    }

    private mutating func check(
        _ reservation: Reservation,
        of operation: Operation,
        now: LedgerTime
    ) throws(Rejection) -> CheckAnswer {
        try OperationShape.check(operation.action)
        let name = hasher.name(operation.actor.organisation, operation.id)
        let content = try contentHash(of: operation.action)
        if case .replay(let number)? = try answered(operation, name: name, content: content) {
            return .replay(number)
        }
        let asked = AskedOperation(
            operation: operation,
            time: max(operation.time ?? now, newestTime),
            name: name,
            content: content
        )
        move(to: asked.time)
        let facts = try lookUp(reservation, asked)
        try checkBound(facts.amount)
        if let refusal = policyRefusal(of: operation.action, by: operation.actor) {
            return .refused(refusal)
        }
        return .decided(preview(reservation, facts, asked))
    }

    /// Decides as if what is due had happened, and takes everything back.
    private mutating func preview(
        _ reservation: Reservation,
        _ facts: ReservationFacts,
        _ asked: AskedOperation
    ) -> Decision {
        // Copied only when something may happen: a copy makes the next write copy the tables.
        let before = state.mayBeDue(by: asked.time) ? state : nil
        if let before {
            state = before.settled(by: asked.time)
            invalidate()
            move(to: asked.time)
        }
        let claim = claim(reservation, facts)
        let decision = previewDecision(of: claim, asked)
        if let before {
            state = before
            invalidate()
        }
        return decision
    }

    private mutating func previewDecision(
        of claim: ReservationClaim,
        _ asked: AskedOperation
    ) -> Decision {
        let waiting = PendingReservation(
            asked: asked,
            amount: claim.amount,
            way: claim.way,
            place: append(claim),
            answer: 0
        )
        guard waiting.place != nil, case .route(let position) = claim.way else {
            return decision(on: waiting)
        }
        table.decide(batch, into: &result)
        batch.removeAll(keepingCapacity: true)
        let decision = decision(on: waiting)
        if case .taken(alternative: let alternative) = result.outcome(at: 0) {
            for used in routes.routes[position].charges[alternative] {
                table.setValue(table.value(of: used) - result.granted(at: 0), of: used)
            }
        }
        return decision
    }
}
