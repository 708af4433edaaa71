// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// The operation as it counts: an earlier one is the caller's own unless another is named.
    static func withoutDefaults(_ operation: Operation) -> Operation {
        var plain = operation
        plain.action = withoutDefaults(operation.action, operation.actor.organisation)
        return plain
    }

    private static func withoutDefaults(
        _ action: Action,
        _ own: OrganisationIdentifier
    ) -> Action {
        let plain = { (reference: inout OperationReference) in
            if reference.organisation == own { reference.organisation = nil }
        }
        switch action {
        case .changeStatus(var change):
            plain(&change.grant)
            return .changeStatus(change)
        case .endAgreement(var end):
            plain(&end.agreement)
            return .endAgreement(end)
        case .ship(var shipment):
            plain(&shipment.hold)
            return .ship(shipment)
        case .release(var release):
            plain(&release.hold)
            return .release(release)
        case .extend(var longer):
            plain(&longer.hold)
            return .extend(longer)
        case .giveBack(var goods):
            plain(&goods.hold)
            return .giveBack(goods)
        case .retire(var retirement):
            plain(&retirement.hold)
            return .retire(retirement)
        case .revoke(var revocation):
            plain(&revocation.hold)
            return .revoke(revocation)
        case .correct(var correction):
            guard case .operation(var reference) = correction.target else { return action }
            plain(&reference)
            correction.target = .operation(reference)
            return .correct(correction)
        case .decideProposal(var decision):
            plain(&decision.proposal)
            return .decideProposal(decision)
        case .propose(let proposal):
            return .propose(Proposal(action: withoutDefaults(proposal.action, own)))
        case .legalHold(var hold):
            switch hold.step {
            case .place(.operation(var reference)):
                plain(&reference)
                hold.step = .place(.operation(reference))
            case .lift(var reference):
                plain(&reference)
                hold.step = .lift(reference)
            case .place: break
            }
            return .legalHold(hold)
        case .createLedger, .party, .block, .grantStatus, .attestSecurity, .attestInstalled,
            .redact, .signAgreement, .adoptRulebook, .adoptDevices, .reserve, .transferWeights,
            .tick, .rotateKey:
            return action
        }
    }

    /// The hold that an operation names, if it is one on holds.
    static func hold(of action: Action) -> OperationReference? {
        switch action {
        case .ship(let shipment): shipment.hold
        case .release(let release): release.hold
        case .extend(let longer): longer.hold
        case .giveBack(let goods): goods.hold
        case .retire(let retirement): retirement.hold
        case .revoke(let revocation): revocation.hold
        default: nil
        }
    }

    /// The entry of the reservation that a reference names.
    func reservation(
        _ reference: OperationReference,
        _ caller: OrganisationIdentifier
    ) -> EntryNumber? {
        let key = OracleFacts.OperationKey(reference, callersOwn: caller)
        guard let answered = facts.answered[key], case .reserve = answered.action else {
            return nil
        }
        return answered.entry
    }

    /// The status that an operation granted.
    func status(
        _ reference: OperationReference,
        _ caller: OrganisationIdentifier
    ) -> OracleFacts.Status? {
        let key = OracleFacts.OperationKey(reference, callersOwn: caller)
        return facts.statuses.first { $0.key == key }
    }

    /// The proposal that a reference names.
    func proposal(
        _ reference: OperationReference,
        _ caller: OrganisationIdentifier
    ) -> OracleFacts.OpenProposal? {
        facts.proposals[OracleFacts.OperationKey(reference, callersOwn: caller)]
    }

    /// What takes effect when a proposal is approved, as its proposer would ask it.
    static func proposed(_ proposal: OracleFacts.OpenProposal) -> Operation {
        Operation(id: proposal.id, actor: proposal.actor, action: proposal.action)
    }
}
