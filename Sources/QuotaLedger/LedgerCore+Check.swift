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

    /// What ``check(_:now:)`` and ``remedies(for:now:)`` say of an operation: what falls due until then
    /// is worked out once for both.
    ///
    /// - Parameters:
    ///   - operation: A reservation; its time may lie before the newest entry and then counts as
    ///     that entry's.
    ///   - now: The clock's time, for an operation that brings none.
    /// - Returns: The answer, and the remedies.
    /// - Throws: ``LedgerError/index(_:)`` if it can not be told which operations are known; the core
    ///   is to be thrown away then.
    public mutating func checkWithRemedies(
        _ operation: Operation,
        now: LedgerTime
    ) throws(LedgerError) -> (answer: CheckAnswer, remedies: [Remedy]) {
        let before = state
        settle(by: max(operation.time ?? now, newestTime))
        let answer = try check(operation, now: now)
        let remedies = try remedies(for: operation, now: now)
        restore(before)
        return (answer, remedies)
    }

    private mutating func check(
        _ reservation: Reservation,
        of operation: Operation,
        now: LedgerTime
    ) throws(Rejection) -> CheckAnswer {
        let prepared = preparer.prepare(operation)
        if case .rejection(let rejection) = prepared.fault { throw rejection }
        if let found = state.found(prepared.hashes.name),
            case .replay(let number) = try replay(operation, prepared.hashes.content, of: found)
        {
            return .replay(number)
        }
        guard let asked = prepared.reservation else {
            preconditionFailure("a reservation is prepared as one")
        }
        let time = max(operation.time ?? now, newestTime)
        move(to: time)
        let facts = try lookUp(reservation, at: time)
        try checkBound(facts.amount)
        if let refusal = policyRefusal(of: operation.action, by: operation.actor) {
            return .refused(refusal)
        }
        return .decided(preview(asked, facts, at: time))
    }

    /// Decides as if what is due had happened, and takes everything back.
    private mutating func preview(
        _ asked: PreparedReservation,
        _ facts: ReservationFacts,
        at time: LedgerTime
    ) -> Decision {
        // Copied only when something may happen: a copy makes the next write copy the tables.
        let before = state.mayBeDue(by: time) ? state : nil
        if let before {
            state = before.settled(by: time)
            invalidate()
            move(to: time)
        }
        let claim = claim(asked, facts)
        let decision = previewDecision(of: claim, asked, facts, at: time)
        if let before {
            state = before
            invalidate()
        }
        return decision
    }

    /// Decides with the state as it is, and takes back what was granted.
    mutating func previewDecision(
        of claim: ReservationClaim,
        _ asked: PreparedReservation,
        _ facts: ReservationFacts,
        at time: LedgerTime
    ) -> Decision {
        let waiting = PendingReservation(
            operation: 0,
            place: append(claim),
            way: claim.way,
            party: facts.party,
            amount: claim.amount,
            time: time,
            name: Hash128(low: 0, high: 0)
        )
        defer { decided = DecidedEntries() }
        guard waiting.place >= 0 else {
            return Decision(decision(on: waiting), tests: [])
        }
        table.decide(batch, into: &result)
        batch.removeAll(keepingCapacity: true)
        let decision = Decision(decision(on: waiting), tests: decided.tests)
        takeBack(decision.granted, of: facts.party, towards: asked.destination)
        return decision
    }

    /// Takes back what the only claim of a batch was granted.
    private mutating func takeBack(
        _ granted: TPP,
        of party: PartyIndex,
        towards destination: CountryCode
    ) {
        guard case .taken(alternative: let taken) = result.outcome(at: 0), let moment else {
            return
        }
        var cells = Set<CellIndex>()
        for test in result.tests(at: 0) where Int(test.alternative) == taken {
            cells.insert(slots.slots[Int(test.limit.rawValue)].used)
        }
        let account = state.parties.account(of: party)
        let group = state.parties.ultimateParent(of: party)
        for share in shares(of: party, towards: destination, at: moment) {
            let slot = slot(for: share, party: party, account: account, group: group, at: moment)
            cells.insert(slots.slots[slot].used)
        }
        for cell in cells {
            table.setValue(table.value(of: cell) - granted.rawValue, of: cell)
        }
    }
}
