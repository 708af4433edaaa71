// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Operation {
    /// The operation with its own organisation left out where it names an earlier one: whether a
    /// default is written out makes no other content.
    var normalized: Operation {
        guard let plain = action.normalized(for: actor.organisation) else { return self }
        return Operation(id: id, actor: actor, time: time, action: plain)
    }
}

extension Action {
    /// The action without a default that it writes out; `nil` if it is plain already.
    fileprivate func normalized(for own: OrganisationIdentifier) -> Action? {
        func plain(_ reference: OperationReference) -> OperationReference? {
            reference.organisation == own ? OperationReference(id: reference.id) : nil
        }
        switch self {
        case .changeStatus(var change):
            guard let grant = plain(change.grant) else { return nil }
            change.grant = grant
            return .changeStatus(change)
        case .endAgreement(var end):
            guard let agreement = plain(end.agreement) else { return nil }
            end.agreement = agreement
            return .endAgreement(end)
        case .correct(var correction):
            guard case .operation(let reference) = correction.target, let own = plain(reference)
            else { return nil }
            correction.target = .operation(own)
            return .correct(correction)
        case .decideProposal(var decision):
            guard let proposal = plain(decision.proposal) else { return nil }
            decision.proposal = proposal
            return .decideProposal(decision)
        case .legalHold(var hold):
            switch hold.step {
            case .place(.operation(let reference)):
                guard let own = plain(reference) else { return nil }
                hold.step = .place(.operation(own))
            case .lift(let reference):
                guard let own = plain(reference) else { return nil }
                hold.step = .lift(own)
            case .place: return nil
            }
            return .legalHold(hold)
        case .propose(let proposal):
            return proposal.action.normalized(for: own).map { .propose(Proposal(action: $0)) }
        case .ship(var shipment):
            guard let hold = plain(shipment.hold) else { return nil }
            shipment.hold = hold
            return .ship(shipment)
        case .release:
            return hold.flatMap(plain).map { .release(HoldRelease(hold: $0)) }
        case .extend(var extended):
            guard let hold = plain(extended.hold) else { return nil }
            extended.hold = hold
            return .extend(extended)
        case .giveBack(var goods):
            guard let hold = plain(goods.hold) else { return nil }
            goods.hold = hold
            return .giveBack(goods)
        case .retire(var retirement):
            guard let hold = plain(retirement.hold) else { return nil }
            retirement.hold = hold
            return .retire(retirement)
        case .revoke(var revocation):
            guard let hold = plain(revocation.hold) else { return nil }
            revocation.hold = hold
            return .revoke(revocation)
        default: return nil
        }
    }
}
