// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Takes an operation that is no reservation.
    ///
    /// Nothing is pending.
    mutating func record(_ asked: AskedOperation) throws(Rejection) -> CoreAnswer {
        move(to: asked.time)
        try examine(asked.operation.action, by: asked.actor, at: asked.time)
        bringDue(by: asked.time, actor: asked.actor)
        let number = next
        let outcome = outcome(of: asked)
        let redacted = redacted(by: asked.operation)
        let hold = standingHold(of: asked)
        let entry = Entry(
            number: number,
            time: asked.time,
            actor: asked.actor,
            rulebook: state.rulebooks.adoption(at: asked.time),
            content: .operation(
                OperationRecord(
                    id: asked.operation.id,
                    action: asked.operation.action,
                    outcome: outcome
                )
            )
        )
        commit(
            entry,
            indexing: .hashes(asked.hashes)
        )
        newestTime = asked.time
        if !redacted.isEmpty, outcome == .accepted {
            decided.redactions.append(DecidedRedaction(approval: number, entries: redacted))
        }
        switch outcome {
        case .moved(let move):
            if move.refusal == nil, let hold { refreshSlots(of: hold) }
        case .refused, .determined: break
        case .accepted, .attested, .decided:
            if asked.operation.action.changesRoutes { invalidate() }
        }
        bringDue(by: asked.time, actor: asked.actor)
        return .recorded(number)
    }

    /// The hold that an operation names, if it names one that can still change.
    private func standingHold(of asked: AskedOperation) -> Hold? {
        guard let reference = asked.operation.action.hold,
            case .standing(let hold)? = state.hold(reference, by: asked.actor.organisation)
        else { return nil }
        return hold
    }
}

extension Action {
    /// Whether routes and limits depend on it once it has taken effect.
    fileprivate var changesRoutes: Bool {
        switch self {
        case .correct, .tick, .propose, .redact, .legalHold, .rotateKey: false
        default: true
        }
    }
}
