// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OperationGenerator {
    // MARK: Policies

    /// The standard policy, the same with two people for some kinds, or an odd one.
    mutating func makePolicy() -> LedgerPolicy {
        var policy = LedgerPolicy.standard
        let drawn = random.below(100)
        if drawn < 45 { return policy }
        for kind in ActionKind.allCases
        where ActionKind.proposable.contains(kind) && random.chance(40) {
            policy.twoPeople.insert(kind)
        }
        if drawn < 75 { return policy }
        for role in Role.allCases where role != .operator || random.chance(30) {
            for _ in 0..<4 {
                // No policy says anything of the ledger's key.
                let kind = random.pick(ActionKind.allCases.filter { $0 != .rotateKey })
                policy.permissions[role, default: []].formSymmetricDifference([kind])
            }
        }
        return LedgerPolicy(permissions: policy.permissions, twoPeople: policy.twoPeople)
    }

    // MARK: Actors

    /// Someone who may do it, as a rule: in a role that the policy permits it to, of the vendor
    /// whose hold it is, another person than who proposed.
    mutating func makeActor(for action: Action) -> Actor {
        let subject = subject(of: action)
        let fitting = Role.allCases.filter { oracle.facts.policy.permits(subject.kind, to: $0) }
        let isMisfit = fitting.isEmpty || random.chance(5)
        var actor = Actor(
            organisation: OrganisationIdentifier(checked: random.pick(["acme", "bolt", "state"])),
            person: PersonIdentifier(checked: random.pick(["ann", "bob"])),
            role: random.pick(isMisfit ? Role.allCases : fitting)
        )
        if actor.role == .vendor, let owner = subject.owner, random.chance(93) {
            actor.organisation = owner
        }
        if let proposer = subject.proposer {
            if random.chance(15) {
                actor = proposer
            } else if random.chance(60), actor.person == proposer.person {
                let others = ["ann", "bob"].filter { $0 != proposer.person.text }
                actor.person = PersonIdentifier(checked: random.pick(others))
            }
        }
        return actor
    }

    /// The kind that the policy looks up for an action, whose hold or entry it is about, and who
    /// proposed what it decides on.
    private func subject(
        of action: Action
    ) -> (kind: ActionKind, owner: OrganisationIdentifier?, proposer: Actor?) {
        switch action {
        case .propose(let proposal): return (proposal.action.kind, nil, nil)
        case .decideProposal(let decision):
            let proposal = oracle.proposal(decision.proposal, Oracle.nobody.organisation)
            return (proposal?.action.kind ?? .party, nil, proposal?.actor)
        case .correct(let correction):
            guard case .operation(let reference) = correction.target else {
                return (.correct, nil, nil)
            }
            return (.correct, reference.organisation, nil)
        default: return (action.kind, Oracle.hold(of: action)?.organisation, nil)
        }
    }

    // MARK: Proposals

    /// Whether an operation is to be proposed: where the policy wants two people, and now and then
    /// where it does not.
    mutating func needsProposal(_ action: Action) -> Bool {
        if action.kind == .redact { return random.chance(92) }
        guard ActionKind.proposable.contains(action.kind) else { return false }
        let isWanted = oracle.facts.policy.twoPeople.contains(action.kind)
        return random.chance(isWanted ? 92 : 4)
    }

    /// Lets an approval follow a proposal as a rule, at once or when it comes up; in between, now
    /// and then, the same is done without asking anyone.
    mutating func planApproval(of action: Action, as proposal: OperationReference) {
        let approval = Action.decideProposal(ProposalDecision(proposal: proposal, step: .approve))
        guard random.chance(80) else { return }
        planned.insert(approval, at: 0)
        if random.chance(8) { planned.insert(approval, at: 1) }
        if case .propose(let proposal) = action, random.chance(10) {
            planned.insert(proposal.action, at: 0)
        }
    }

    /// A decision on some proposal, open as a rule.
    mutating func makeProposalDecision() -> Action {
        let proposals = oracle.facts.proposals.sorted { $0.value.entry < $1.value.entry }
        if proposals.isEmpty, random.chance(90) { return makeProposal() }
        let open = proposals.filter(\.value.isOpen)
        let pool = random.chance(80) && !open.isEmpty ? open : proposals
        var reference = makeOddReference()
        if !pool.isEmpty, !random.chance(4) {
            let key = random.pick(pool).key
            reference = OperationReference(organisation: key.organisation, id: key.id)
        }
        let step = random.pick([ProposalStep.approve, .approve, .decline])
        return .decideProposal(ProposalDecision(proposal: reference, step: step))
    }
}
