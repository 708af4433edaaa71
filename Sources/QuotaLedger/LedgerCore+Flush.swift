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
        for position in pending.indices {
            let waiting = pending[position]
            let asked = waiting.asked
            let outcome: Outcome =
                if case .forbidden(let refusal) = waiting.way {
                    .refused(refusal)
                } else {
                    .decided(decision(on: waiting))
                }
            let number = next
            let record = OperationRecord(
                id: asked.operation.id,
                action: asked.operation.action,
                outcome: outcome
            )
            let entry = Entry(
                number: number,
                time: asked.time,
                actor: asked.actor,
                rulebook: rulebook,
                content: .operation(record)
            )
            commit(
                entry,
                indexing: .hashes(OperationHashes(name: asked.name, content: asked.content))
            )
            answers[waiting.answer] = .recorded(number)
            while !state.watch.isSettled, let due = state.nextDue(by: asked.time) {
                commit(due, actor: asked.actor)
            }
        }
        for replay in pendingReplays {
            guard case .recorded(let number) = answers[pending[replay.pending].answer] else {
                continue
            }
            answers[replay.answer] = .replay(number)
        }
        pending.removeAll(keepingCapacity: true)
        pendingNames.removeAll(keepingCapacity: true)
        pendingReplays.removeAll(keepingCapacity: true)
        batch.removeAll(keepingCapacity: true)
        earliestPendingDeadline = .latest
        pendingSum = 0
    }

    /// The decision on a reservation whose batch has been decided.
    func decision(on waiting: PendingReservation) -> Decision {
        guard case .route(let position) = waiting.way else {
            guard case .uncontrolled(let refusal?) = waiting.way else {
                return Decision(refusal: nil, mechanism: .uncontrolled, asked: .zero)
            }
            return Decision(refusal: refusal, mechanism: .prohibited, asked: .zero)
        }
        guard let place = waiting.place else {
            let route = routes.routes[position]
            let refusal = route.refusal ?? (.concern, .countryOfConcern)
            return Decision(
                refusal: refusal.reason,
                mechanism: refusal.mechanism,
                asked: waiting.amount,
                attestationLapsed: route.attestationLapsed
            )
        }
        return decision(on: waiting.amount, byRoute: position, at: place)
    }

    private func decision(
        on amount: TPP,
        byRoute position: Int,
        at place: Int
    ) -> Decision {
        let outcome = result.outcome(at: place)
        let taken: Int? =
            if case .taken(alternative: let alternative) = outcome { alternative } else { nil }
        let deciding = taken ?? max(0, routes.routes[position].mechanisms.count - 1)
        let granted = result.granted(at: place)
        var decision = Decision(
            refusal: taken == nil ? .limitReached : nil,
            mechanism: routes.routes[position].mechanisms.isEmpty
                ? .country : routes.routes[position].mechanisms[deciding],
            asked: amount,
            granted: TPP(rawValue: granted),
            attestationLapsed: routes.routes[position].lapsedBefore.isEmpty
                ? routes.routes[position].attestationLapsed
                : routes.routes[position].lapsedBefore[deciding]
        )
        var least: Int64 = .max
        var within = 0
        var before: UInt32?
        for index in result.testRange(at: place) {
            let test = result.test(at: index)
            within = test.alternative == before ? within + 1 : 0
            before = test.alternative
            let alternative = Int(test.alternative)
            let charged = alternative == taken ? granted : 0
            let left = max(0, test.allowed - test.used - charged)
            decision.tests.append(
                LimitTest(
                    mechanism: routes.routes[position].mechanisms[alternative],
                    name: slots.slots[routes.routes[position].slots[alternative][within]].name,
                    used: TPP(rawValue: test.used),
                    limit: TPP(rawValue: test.allowed),
                    left: TPP(rawValue: left)
                )
            )
            guard alternative == deciding, left < least else { continue }
            least = left
            decision.bindingTest = decision.tests.count - 1
            decision.roomByInstalling =
                taken == nil
                ? roomByInstalling(
                    test,
                    rule: slots.slots[routes.routes[position].slots[alternative][within]],
                    amount: amount
                )
                : nil
        }
        return decision
    }

    /// The least that, installed elsewhere, would make room under a share:
    /// (used + asked) * q <= p * (base + N).
    private func roomByInstalling(
        _ test: TestedLimit,
        rule slot: LimitSlot,
        amount: TPP
    ) -> TPP? {
        let share: ShareRule? =
            switch slot.rule {
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
