// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Decides what is pending and writes its entries, each with the events of limits that it
    /// brings about behind it.
    mutating func flush() {
        guard !pending.isEmpty else { return }
        table.decide(batch, into: &result)
        let rulebook = moment?.adopted.entry
        for position in 0..<pending.count {
            if position % Self.lookAheadCount == 0 { lookAheadAtPending(from: position) }
            let waiting = pending[position]
            answers[Int(waiting.operation)] = .recorded(next)
            if case .forbidden(let refusal) = waiting.way {
                commit(refusal, of: waiting, rulebook: rulebook)
            } else {
                commit(decision(on: waiting), of: waiting, rulebook: rulebook)
            }
            if !state.watch.isSettled { commitEvents(after: waiting) }
        }
        for replay in pendingReplays {
            let original = answers[Int(pending[replay.pending].operation)]
            guard case .recorded(let number) = original else { continue }
            answers[replay.answer] = .replay(number)
        }
        pending.removeAll()
        pendingReplays.removeAll(keepingCapacity: true)
        batch.removeAll(keepingCapacity: true)
        earliestPendingDeadline = .latest
        pendingSum = 0
    }

    /// Writes a decision that was just made.
    private mutating func commit(
        _ decision: CompactDecision,
        of waiting: PendingReservation,
        rulebook: EntryNumber?
    ) {
        let prepared = decided.operations[Int(waiting.operation)].reservation
        let hashes = decided.operations[Int(waiting.operation)].hashes
        guard let prepared else { preconditionFailure("only reservations wait") }
        let number = next
        do throws(LedgerError) {
            try state.record(
                DecidedReservation(
                    number: number,
                    time: waiting.time,
                    party: waiting.party,
                    destination: prepared.destination,
                    deadline: prepared.deadline,
                    refusal: decision.refusal,
                    mechanism: decision.mechanism,
                    asked: decision.asked,
                    granted: decision.granted
                ),
                tests: decided.tests,
                at: decision.testRange,
                hashes: hashes,
                by: decided.operations[Int(waiting.operation)].operation.actor.organisation
            )
        } catch {
            return mustFail(error)
        }
        decided.append(
            decision,
            number: number,
            time: waiting.time,
            rulebook: rulebook,
            operation: waiting.operation
        )
    }

    /// Writes that the ledger's policy was against a reservation.
    private mutating func commit(
        _ refusal: Refusal,
        of waiting: PendingReservation,
        rulebook: EntryNumber?
    ) {
        let prepared = decided.operations[Int(waiting.operation)]
        let entry = Entry(
            number: next,
            time: waiting.time,
            actor: prepared.operation.actor,
            rulebook: rulebook,
            content: .operation(
                OperationRecord(
                    id: prepared.operation.id,
                    action: prepared.operation.action,
                    outcome: .refused(refusal)
                )
            )
        )
        commit(entry, indexing: .hashes(prepared.hashes))
    }

    /// Writes the events of limits that a decision brought about.
    private mutating func commitEvents(after waiting: PendingReservation) {
        let actor = decided.operations[Int(waiting.operation)].operation.actor
        state.watch.pending?.actor = actor
        while !state.watch.isSettled, let due = state.nextDue(by: waiting.time) {
            commit(due, actor: actor)
        }
    }

    /// The decision on a reservation whose batch has been decided; its tests are added to those of
    /// ``decided``.
    mutating func decision(on waiting: PendingReservation) -> CompactDecision {
        guard case .route(let route) = waiting.way else {
            guard case .uncontrolled(let refusal?) = waiting.way else {
                return CompactDecision(refusal: nil, mechanism: .uncontrolled, asked: .zero)
            }
            return CompactDecision(refusal: refusal, mechanism: .prohibited, asked: .zero)
        }
        let plan = Int(route.plan)
        guard waiting.place >= 0 else {
            let refusal = routes.plans[plan].refusal ?? (.concern, .countryOfConcern)
            var decision = CompactDecision(
                refusal: refusal.reason,
                mechanism: refusal.mechanism,
                asked: waiting.amount
            )
            decision.attestationLapsed = routes.plans[plan].attestationLapsed
            return decision
        }
        return decision(on: waiting.amount, by: plan, at: Int(waiting.place))
    }

    private mutating func decision(
        on amount: TPP,
        by plan: Int,
        at place: Int
    ) -> CompactDecision {
        let taken: Int? =
            if case .taken(alternative: let alternative) = result.outcome(at: place) {
                alternative
            } else { nil }
        let deciding = taken ?? max(0, routes.plans[plan].mechanisms.count - 1)
        let granted = result.granted(at: place)
        var decision = CompactDecision(
            refusal: taken == nil ? .limitReached : nil,
            mechanism: routes.plans[plan].deciding(taken),
            asked: amount,
            granted: TPP(rawValue: granted)
        )
        decision.attestationLapsed =
            routes.plans[plan].lapsedBefore.isEmpty
            ? routes.plans[plan].attestationLapsed : routes.plans[plan].lapsedBefore[deciding]
        decision.firstTest = UInt32(decided.tests.count)
        var least: Int64 = .max
        for index in result.testRange(at: place) {
            let test = result.test(at: index)
            let alternative = Int(test.alternative)
            let charged = alternative == taken ? granted : 0
            let left = max(0, test.allowed - test.used - charged)
            decided.tests.append(
                LimitTest(
                    mechanism: routes.plans[plan].mechanisms[alternative],
                    name: slots.names[Int(test.limit.rawValue)],
                    used: TPP(rawValue: test.used),
                    limit: TPP(rawValue: test.allowed),
                    left: TPP(rawValue: left)
                )
            )
            decision.testCount += 1
            guard alternative == deciding, left < least else { continue }
            least = left
            decision.binding = decision.testCount - 1
            guard taken == nil else { continue }
            decision.roomByInstalling =
                roomByInstalling(test, amount: amount) ?? TPP(rawValue: -1)
        }
        return decision
    }

    /// The least that, installed elsewhere, would make room under a share:
    /// (used + asked) * q <= p * (base + N).
    private func roomByInstalling(_ test: TestedLimit, amount: TPP) -> TPP? {
        let share: ShareRule? =
            switch slots.rules[Int(test.limit.rawValue)] {
            case .countryShare(let share, _), .outsideShare(let share): share
            case .country, .smallOrder, .nationalVEU: nil
            }
        guard let share else { return nil }
        let wanted = (Int128(test.used) + Int128(amount.rawValue)) * Int128(share.denominator)
        let missing = wanted - Int128(share.numerator) * Int128(test.base)
        guard missing > 0, share.numerator > 0 else { return nil }
        let least = (missing + Int128(share.numerator) - 1) / Int128(share.numerator)
        guard least <= Int128(TPP.maximumSum.rawValue) else { return nil }
        return Int64(exactly: least).map(TPP.init(rawValue:))
    }
}
