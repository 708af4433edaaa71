// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What the ledger's policy says against an operation that is not rejected: before all other
    /// refusals.
    func refusedByPolicy(_ operation: Operation) -> Refusal? {
        let actor = operation.actor
        switch operation.action {
        case .createLedger: return nil
        case .propose(let proposal):
            return facts.policy.permits(proposal.action.kind, to: actor.role) ? nil : .notPermitted
        case .decideProposal(let decision):
            guard let proposal = proposal(decision.proposal, actor.organisation) else { return nil }
            // Who has proposed may withdraw, in whatever role.
            if decision.step == .decline, isSamePerson(actor, proposal.actor) { return nil }
            return facts.policy.permits(proposal.action.kind, to: actor.role) ? nil : .notPermitted
        default:
            guard facts.policy.permits(operation.action.kind, to: actor.role) else {
                return .notPermitted
            }
            if actor.role == .vendor, !isOwn(operation) { return .notPermitted }
            return facts.policy.needsTwoPeople(operation.action.kind) ? .needsApproval : nil
        }
    }

    /// Same organisation and person, in whatever role.
    func isSamePerson(_ one: Actor, _ other: Actor) -> Bool {
        one.organisation == other.organisation && one.person == other.person
    }

    /// Whether what an operation names is the caller's: its hold, or what it corrects.
    private func isOwn(_ operation: Operation) -> Bool {
        let caller = operation.actor.organisation
        if case .correct(let correction) = operation.action {
            guard case .operation(let reference) = correction.target else { return false }
            return reference.organisation ?? caller == caller
        }
        guard let hold = Self.hold(of: operation.action) else { return true }
        return hold.organisation ?? caller == caller
    }
}
