// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Looks up what an operation that is no reservation names, and rejects what can not be.
    ///
    /// - Parameters:
    ///   - action: What is asked.
    ///   - actor: Whose own organisation its references mean.
    ///   - time: The time at which it counts.
    /// - Throws: What is wrong with it.
    func examine(
        _ action: Action,
        by actor: Actor,
        at time: LedgerTime
    ) throws(Rejection) {
        switch action {
        case .createLedger:
            guard state.next == 0, pending.isEmpty else {
                throw Rejection(
                    .ledgerExists,
                    field: "operation",
                    found: "a second creation",
                    expected: "a log without entries"
                )
            }
        case .party(let record): try examine(record)
        case .block(let block): _ = try party(block.party, field: "party")
        case .grantStatus(let grant):
            _ = try party(grant.party, field: "party")
            if case .national(let country) = grant.kind {
                try checkCountry(country, field: "country")
            }
            guard moment != nil else { throw noRulebook() }
        case .changeStatus(let change): _ = try status(change.grant, by: actor)
        case .attestSecurity(let attestation):
            _ = try party(attestation.party, field: "party")
        case .attestInstalled(let attestation): try examine(attestation, on: time.day)
        case .signAgreement(let signing):
            try checkCountry(signing.country, field: "country")
        case .endAgreement(let end): try examine(end, by: actor, on: time.day)
        case .adoptRulebook(let adoption): try examine(adoption)
        case .adoptDevices(let adoption): try examine(adoption)
        case .ship(let shipment): try examine(shipment.hold, by: actor)
        case .release(let release): try examine(release.hold, by: actor)
        case .extend(let extended):
            try examine(extended.hold, by: actor)
            try checkDeadline(extended.deadline, at: time)
        case .giveBack(let goods): try examine(goods.hold, by: actor)
        case .retire(let retirement): try examine(retirement.hold, by: actor)
        case .revoke(let revocation): try examine(revocation.hold, by: actor)
        case .correct(let correction): try examine(correction, by: actor)
        case .transferWeights(let transfer):
            _ = try party(transfer.recipient, field: "recipient")
            try checkCountry(transfer.destination, field: "destination")
            guard moment != nil else { throw noRulebook() }
        case .tick, .rotateKey: break
        case .propose(let proposal): try examine(proposal.action, by: actor, at: time)
        case .decideProposal(let decision): try examine(decision, by: actor, at: time)
        case .redact(let redaction): try examine(redaction)
        case .legalHold(let hold): try examine(hold, by: actor)
        case .reserve: preconditionFailure("a reservation is decided, not examined")
        }
    }

    // MARK: - Holds and entries

    private func examine(
        _ hold: OperationReference,
        by actor: Actor
    ) throws(Rejection) {
        guard state.hold(hold, by: actor.organisation) != nil else {
            throw Rejection(
                .unknownReference,
                field: "hold",
                found: hold.id.text,
                expected: "the id of an operation of \(hold.organisation ?? actor.organisation) "
                    + "that reserved"
            )
        }
    }

    func checkDeadline(_ deadline: LedgerTime, at time: LedgerTime) throws(Rejection) {
        guard deadline > time else {
            throw Rejection(
                .malformedField,
                field: "deadline",
                found: deadline.description,
                expected: "a time after the operation's, \(time)"
            )
        }
    }

    private func examine(_ correction: Correction, by actor: Actor) throws(Rejection) {
        switch correction.target {
        case .entry(let number): try require(entry: number)
        case .operation(let reference): try require(operation: reference, by: actor)
        }
    }

    /// Checks that there is an entry of a number.
    func require(entry number: EntryNumber) throws(Rejection) {
        guard number.rawValue < state.next else {
            throw Rejection(
                .unknownReference,
                field: "entry",
                found: number.description,
                expected: "the number of an entry below \(state.next)"
            )
        }
    }

    /// Checks that there is an operation of a name.
    func require(operation reference: OperationReference, by actor: Actor) throws(Rejection) {
        guard state.found(reference, by: actor.organisation) != nil else {
            throw Rejection(
                .unknownReference,
                field: "operation",
                found: reference.id.text,
                expected: "the id of an operation of "
                    + "\(reference.organisation ?? actor.organisation)"
            )
        }
    }

    private func examine(
        _ decision: ProposalDecision,
        by actor: Actor,
        at time: LedgerTime
    ) throws(Rejection) {
        guard let number = state.found(decision.proposal, by: actor.organisation)?.number,
            let proposal = state.proposals[number]
        else {
            throw Rejection(
                .unknownReference,
                field: "proposal",
                found: decision.proposal.id.text,
                expected: "the id of an operation that proposed"
            )
        }
        guard decision.step == .approve, let action = proposal.action else { return }
        try examine(action, by: proposal.proposer, at: time)
    }

    // MARK: - Parties and the law

    private func examine(_ record: PartyRecord) throws(Rejection) {
        try checkCountry(record.site, field: "site")
        try checkCountry(record.headquarters, field: "headquarters")
        guard let parent = record.parent else { return }
        // A party that names itself closes a circle, registered or not.
        guard !state.parties.closesCycle(record.id, parent: parent) else {
            throw Rejection(
                .parentCycle,
                field: "parent",
                found: parent.text,
                expected: "a party that does not itself belong to \(record.id)"
            )
        }
        _ = try party(parent, field: "parent")
    }

    func status(
        _ grant: OperationReference,
        by actor: Actor
    ) throws(Rejection) -> StatusState {
        guard let number = state.found(grant, by: actor.organisation)?.number,
            let status = state.statuses.state(grantedBy: number)
        else {
            throw Rejection(
                .unknownReference,
                field: "grant",
                found: grant.id.text,
                expected: "the id of an operation that granted a status"
            )
        }
        return status
    }

    private func examine(
        _ attestation: InstalledAttestation,
        on day: CivilDate
    ) throws(Rejection) {
        _ = try party(attestation.party, field: "party")
        for amount in attestation.amounts { try checkCountry(amount.country, field: "installed") }
        guard attestation.asOf < day else {
            throw Rejection(
                .dateOutOfRange,
                field: "as_of",
                found: attestation.asOf.description,
                expected: "a day before the operation's, \(day)"
            )
        }
        var sum: Int64 = 0
        for amount in attestation.amounts {
            guard amount.amount <= .maximumAmount else {
                throw Rejection(
                    .amountOverflow,
                    field: "installed",
                    found: amount.amount.description,
                    expected: "at most \(TPP.maximumAmount) in \(amount.country)"
                )
            }
            sum += amount.amount.rawValue
        }
        guard sum <= table.maximumSum - state.bound else {
            throw Rejection(
                .amountOverflow,
                field: "installed",
                found: "\(sum) TPP",
                expected: "at most \(table.maximumSum - state.bound) TPP in all, all that the "
                    + "ledger's sums have room for"
            )
        }
    }

    private func examine(
        _ end: AgreementEnd,
        by actor: Actor,
        on day: CivilDate
    ) throws(Rejection) {
        guard let number = state.found(end.agreement, by: actor.organisation)?.number,
            let agreement = state.agreements.state(signedBy: number)
        else {
            throw Rejection(
                .unknownReference,
                field: "agreement",
                found: end.agreement.id.text,
                expected: "the id of an operation that signed an agreement"
            )
        }
        guard end.until >= day else {
            throw Rejection(
                .dateOutOfRange,
                field: "until",
                found: end.until.description,
                expected: "the operation's day, \(day), or a later one"
            )
        }
        if let until = agreement.until, end.until > until {
            throw Rejection(
                .dateOutOfRange,
                field: "until",
                found: end.until.description,
                expected: "not after the agreement's own end, \(until)"
            )
        }
    }

    private func examine(_ adoption: RulebookAdoption) throws(Rejection) {
        do {
            _ = try Rulebook.load(bytes: adoption.bytes, fileName: "rulebook")
        } catch {
            throw Rejection(
                .invalidRulebook,
                field: "rulebook",
                found: "\(error)",
                expected: "a valid rulebook: run 'headroom rulebook validate'"
            )
        }
    }

    private func examine(_ adoption: DeviceAdoption) throws(Rejection) {
        do {
            _ = try DeviceCatalogue.load(bytes: adoption.bytes, fileName: "devices")
        } catch {
            throw Rejection(
                .invalidDevices,
                field: "devices",
                found: "\(error)",
                expected: "a valid device catalogue"
            )
        }
    }
}
