// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension LedgerCore {
    /// What comes of an operation that is no reservation and was not rejected, with everything done
    /// that was due before it.
    func outcome(of asked: AskedOperation) -> Outcome {
        let action = asked.operation.action
        if let refusal = policyRefusal(of: action, by: asked.actor) { return .refused(refusal) }
        switch action {
        case .ship, .release, .extend, .giveBack, .retire, .revoke:
            return .moved(move(action, by: asked.actor))
        case .transferWeights(let transfer): return .determined(determination(of: transfer))
        case .attestInstalled(let attestation): return outcome(of: attestation)
        case .decideProposal(let decision): return outcome(of: decision, by: asked.actor)
        default: return refusal(of: action, by: asked.actor).map(Outcome.refused) ?? .accepted
        }
    }

    /// Why the ledger's policy does not let someone do something, if it does not.
    func policyRefusal(of action: Action, by actor: Actor) -> Refusal? {
        let policy = state.policy
        switch action {
        case .createLedger: return nil
        case .propose(let proposal):
            return policy.permits(proposal.action.kind, to: actor.role) ? nil : .notPermitted
        case .decideProposal(let decision):
            guard let number = state.found(decision.proposal, by: actor.organisation)?.number,
                let proposal = state.proposals[number]
            else { return nil }
            let isWithdrawal =
                decision.step == .decline && proposal.proposer.isSamePerson(as: actor)
            return isWithdrawal || policy.permits(proposal.kind, to: actor.role)
                ? nil : .notPermitted
        default:
            guard policy.permits(action.kind, to: actor.role), isOwnBusiness(action, of: actor)
            else { return .notPermitted }
            return policy.needsTwoPeople(action.kind) ? .needsApproval : nil
        }
    }

    /// Whether a vendor keeps to what is its own.
    ///
    /// References of one's own organisation have been made plain before.
    private func isOwnBusiness(_ action: Action, of actor: Actor) -> Bool {
        guard actor.role == .vendor else { return true }
        switch action {
        case .correct(let correction):
            guard case .operation(let reference) = correction.target else { return false }
            return reference.organisation == nil
        default: return action.hold.map { $0.organisation == nil } ?? true
        }
    }

    /// Why the rules do not allow an operation that either takes effect or does not.
    private func refusal(of action: Action, by actor: Actor) -> Refusal? {
        switch action {
        case .grantStatus(let grant):
            guard let moment, let party = state.parties.index(of: grant.party) else { return nil }
            guard state.isEligible(grant.kind, party: party, at: moment) else {
                return .notEligible
            }
            return state.statuses.overlaps(grant, party: party, parties: state.parties)
                ? .statusExists : nil
        case .changeStatus(let change):
            let number = state.found(change.grant, by: actor.organisation)?.number
            let status = number.flatMap(state.statuses.state(grantedBy:))
            return status?.isRevoked ?? false ? .statusRevoked : nil
        case .redact(let redaction): return refusal(of: redaction)
        default: return nil
        }
    }

    private func outcome(of attestation: InstalledAttestation) -> Outcome {
        let base =
            state.parties.index(of: attestation.party)
            .flatMap(state.parties.existingAccount(of:))
            .flatMap { state.installed[$0] } ?? InstalledBase()
        return base.isSuperseded(attestation.asOf)
            ? .refused(.attestationSuperseded) : .attested(base.gaps(of: attestation))
    }

    private func outcome(of decision: ProposalDecision, by actor: Actor) -> Outcome {
        guard let number = state.found(decision.proposal, by: actor.organisation)?.number,
            let proposal = state.proposals[number], let action = proposal.action
        else { return .refused(.proposalClosed) }
        guard decision.step == .approve else { return .accepted }
        guard !proposal.proposer.isSamePerson(as: actor) else { return .refused(.samePerson) }
        return refusal(of: action, by: proposal.proposer).map(Outcome.refused) ?? .accepted
    }

    // MARK: - Holds

    private func move(_ action: Action, by actor: Actor) -> HoldMove {
        guard let reference = action.hold,
            let named = state.hold(reference, by: actor.organisation)
        else { preconditionFailure("what an operation names has been looked up") }
        let hold: Hold
        switch named {
        case .refused(let number):
            return HoldMove(refusal: .notGranted, hold: number, before: .zero)
        case .past(let number): return pastMove(action, hold: number)
        case .standing(let standing): hold = standing
        }
        var move = HoldMove(hold: hold.number, before: hold.balance)
        switch action {
        case .ship(let shipment):
            let amount = shipment.part.amount(ofRest: hold.open)
            move.amount = TPP(rawValue: amount)
            move.refusal = refusal(ofShipping: amount, of: hold)
            if move.refusal == nil, shipment.isFinal {
                move.freed = TPP(rawValue: hold.open - amount)
            }
        case .release, .revoke:
            move.refusal = hold.isOpen ? nil : .holdClosed
            if hold.isOpen { move.freed = TPP(rawValue: hold.open) }
        case .extend(let extended):
            let isLater = hold.deadline.map { $0 < extended.deadline } ?? false
            move.refusal = !hold.isOpen ? .holdClosed : isLater ? nil : .deadlineNotLater
        case .giveBack(let goods): takeBack(goods.part, of: hold, &move)
        case .retire(let retirement): takeBack(retirement.part, of: hold, &move)
        default: preconditionFailure("only operations on holds are asked here")
        }
        return move
    }

    private func takeBack(_ part: HoldPart, of hold: Hold, _ move: inout HoldMove) {
        let amount = part.amount(ofRest: hold.out)
        move.amount = TPP(rawValue: amount)
        move.refusal = amount == 0 || amount > hold.out ? .exceedsShipped : nil
    }

    /// What comes of an operation on a hold that has nothing open or out.
    private func pastMove(_ action: Action, hold: EntryNumber) -> HoldMove {
        var move = HoldMove(refusal: .holdClosed, hold: hold, before: .zero)
        switch action {
        case .ship(let shipment): move.amount = TPP(rawValue: shipment.part.amount(ofRest: 0))
        case .giveBack(let goods):
            move.refusal = .exceedsShipped
            move.amount = TPP(rawValue: goods.part.amount(ofRest: 0))
        case .retire(let retirement):
            move.refusal = .exceedsShipped
            move.amount = TPP(rawValue: retirement.part.amount(ofRest: 0))
        default: break
        }
        return move
    }

    private func refusal(ofShipping amount: Int64, of hold: Hold) -> Refusal? {
        guard hold.isOpen else { return .holdClosed }
        guard amount <= hold.open else { return .exceedsHold }
        guard let moment else { return nil }
        let party = state.parties[hold.party]
        let group = state.parties.ultimateParent(of: hold.party)
        let facts = RouteFacts(
            day: moment.day,
            destination: hold.country,
            site: party.record.site,
            headquarters: party.record.headquarters,
            ultimateParentHeadquarters: state.parties[group].record.headquarters,
            endUse: nil,
            isConsigneeBlocked: party.isBlocked
        )
        let isControlled = hold.mechanism != .uncontrolled
        return moment.rulebook.refusalOfShipment(facts, isControlled: isControlled)
            ?? (isStatusActive(of: hold, at: moment) ? nil : .statusInactive)
    }

    /// Whether the status that granted a hold, if one did, still helps.
    private func isStatusActive(of hold: Hold, at moment: LegalMoment) -> Bool {
        guard hold.status != Hold.noStatus else { return true }
        guard let status = state.statuses.state(grantedBy: hold.status) else { return false }
        return status.isActive(on: moment.day) && state.isAttested(status.party, at: moment)
    }

    // MARK: - Model weights

    private func determination(of transfer: WeightsTransfer) -> WeightsDetermination {
        guard let moment, let index = state.parties.index(of: transfer.recipient) else {
            preconditionFailure("what an operation names has been looked up")
        }
        let recipient = state.parties[index]
        let group = state.parties.ultimateParent(of: index)
        return moment.rulebook.determination(
            of: WeightsFacts(
                day: moment.day,
                isPublished: transfer.isPublished,
                trainingOperations: transfer.trainingOperations,
                destination: transfer.destination,
                site: recipient.record.site,
                headquarters: recipient.record.headquarters,
                ultimateParentHeadquarters: state.parties[group].record.headquarters,
                isRecipientBlocked: recipient.isBlocked,
                isStorageAttested: state.statuses.isAttested(index, on: moment.day)
            )
        )
    }
}

extension HoldPart {
    /// The amount in TPP, if what is left is so much.
    fileprivate func amount(ofRest rest: Int64) -> Int64 {
        switch self {
        case .rest: rest
        case .amount(let amount): amount.rawValue
        }
    }
}

extension Actor {
    fileprivate func isSamePerson(as other: Actor) -> Bool {
        organisation == other.organisation && person == other.person
    }
}

extension Action {
    /// The reservation that an operation on a hold names.
    var hold: OperationReference? {
        switch self {
        case .ship(let shipment): shipment.hold
        case .release(let release): release.hold
        case .extend(let extended): extended.hold
        case .giveBack(let goods): goods.hold
        case .retire(let retirement): retirement.hold
        case .revoke(let revocation): revocation.hold
        default: nil
        }
    }
}
