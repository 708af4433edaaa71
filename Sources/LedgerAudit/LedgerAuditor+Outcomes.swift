// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension LedgerAuditor {
    /// Judges the entry of any operation but a reservation, and takes in what it changes.
    mutating func judgeOther(
        _ record: OperationRecord,
        of entry: Entry,
        _ key: OperationKey
    ) throws(AuditError) {
        let action = record.action
        let caller = key.organisation
        if let plain = namesItsOwn(action, entry.actor.organisation) {
            throw diverges(
                entry,
                .form,
                "a reference to an operation of the caller's own",
                expected: "its id alone",
                found: plain
            )
        }
        if let rejection = rejection(of: action, by: caller, entry) {
            throw shouldHaveBeenRejected(rejection, entry)
        }
        let proposal: AuditedProposal? =
            if case .decideProposal(let decision) = action {
                self.proposal(decision.proposal, caller)
            } else { nil }
        let isOnRedaction = proposal?.action.kind == .redact
        books.retention.see(
            entry,
            isKept: (proposed(action) ?? action).isOfRetention
                || isOnRedaction && action.isApproval && record.outcome == .accepted
        )
        var expected = expectedOutcome(of: action, by: caller, entry.actor)
        // Who proposed or decided may have been taken out: then it can not be told whether they were
        // one person, and either answer may be right.
        if let proposal, proposal.isRedacted || entry.isRedacted {
            tally.personsNotCompared += 1
            if record.outcome != expected {
                unknownPersonsAreSame = true
                expected = expectedOutcome(of: action, by: caller, entry.actor)
                unknownPersonsAreSame = false
            }
        }
        if isOnRedaction, record.outcome != expected,
            books.retention.mayBeRight(record.outcome.refusal, expected: expected.refusal)
        {
            tally.redactionsNotJudged += 1
            expected = record.outcome
        }
        try compare(expected, record, entry)
        if isOnRedaction, expected == .accepted { try checkIsRedacted(proposal, entry) }
        take(action, expected, key, entry)
    }

    private func expectedOutcome(
        of action: Action,
        by caller: Int32,
        _ actor: Actor
    ) -> Outcome {
        refusalByPolicy(of: action, by: caller, actor).map(Outcome.refused)
            ?? outcome(of: action, by: caller, actor)
    }

    private func proposed(_ action: Action) -> Action? {
        if case .propose(let proposal) = action { proposal.action } else { nil }
    }

    /// What was approved to be redacted is redacted.
    private func checkIsRedacted(
        _ proposal: AuditedProposal?,
        _ entry: Entry
    ) throws(AuditError) {
        guard entry.number.rawValue < entryCount,
            case .redact(let redaction)? = proposal?.action,
            case .decideProposal(let decision)? = entry.operationAction, decision.step == .approve,
            let left = redaction.entries.first(where: {
                !books.retention.unexplained.contains($0)
            })
        else { return }
        throw diverges(
            entry,
            .redaction,
            "what it approves",
            expected: "entry \(left) without what is personal",
            found: "all of entry \(left)"
        )
    }

    func compare(
        _ expected: Outcome,
        _ record: OperationRecord,
        _ entry: Entry
    ) throws(AuditError) {
        guard record.outcome != expected else { return }
        let isOtherAnswer = record.outcome.refusal != expected.refusal
        throw diverges(
            entry,
            isOtherAnswer ? .verdict : .outcome,
            isOtherAnswer ? "the answer" : "what came of it",
            expected: described(expected),
            found: described(record.outcome)
        )
    }

    // MARK: - The policy

    /// What the policy says against an operation, before all other refusals.
    func refusalByPolicy(
        _ kind: ActionKind,
        hold: OperationReference?,
        _ actor: Actor
    ) -> Refusal? {
        guard books.policy.permits(kind, to: actor.role) else { return .notPermitted }
        // References of the caller's own name no organisation.
        if actor.role == .vendor, let hold, hold.organisation != nil { return .notPermitted }
        return books.policy.needsTwoPeople(kind) ? .needsApproval : nil
    }

    private func refusalByPolicy(
        of action: Action,
        by caller: Int32,
        _ actor: Actor
    ) -> Refusal? {
        switch action {
        case .createLedger: return nil
        case .propose(let proposal):
            return books.policy.permits(proposal.action.kind, to: actor.role) ? nil : .notPermitted
        case .decideProposal(let decision):
            guard let proposal = proposal(decision.proposal, caller) else { return nil }
            // Who has proposed may withdraw, in whatever role.
            if decision.step == .decline, isSamePerson(actor, proposal) { return nil }
            return books.policy.permits(proposal.action.kind, to: actor.role) ? nil : .notPermitted
        case .correct(let correction):
            if actor.role == .vendor, case .entry = correction.target { return .notPermitted }
            var named: OperationReference?
            if case .operation(let reference) = correction.target { named = reference }
            return refusalByPolicy(.correct, hold: named, actor)
        default: return refusalByPolicy(action.kind, hold: hold(of: action), actor)
        }
    }

    func proposal(_ reference: OperationReference, _ caller: Int32) -> AuditedProposal? {
        books.key(reference, callersOwn: caller).flatMap { books.proposals[$0] }
    }

    private func isSamePerson(_ actor: Actor, _ proposal: AuditedProposal) -> Bool {
        guard actor.organisation == proposal.actor.organisation else { return false }
        if unknownPersonsAreSame { return true }
        // Two who were both taken out are told by the same word, and need not be one.
        let isTold = !(proposal.isRedacted && actor.person == .redacted)
        return isTold && actor.person == proposal.actor.person
    }

    // MARK: - What must come of it

    private func outcome(of action: Action, by caller: Int32, _ actor: Actor) -> Outcome {
        switch action {
        case .ship, .release, .extend, .giveBack, .retire, .revoke:
            return .moved(move(action, by: caller))
        case .transferWeights(let transfer): return .determined(determination(transfer))
        case .attestInstalled(let attestation): return outcome(of: attestation)
        case .decideProposal(let decision):
            guard let proposal = proposal(decision.proposal, caller), proposal.isOpen else {
                return .refused(.proposalClosed)
            }
            guard decision.step == .approve else { return .accepted }
            if isSamePerson(actor, proposal) { return .refused(.samePerson) }
            let proposer = books.knownNumber(of: proposal.actor.organisation) ?? caller
            return outcome(of: proposal.action, by: proposer, proposal.actor).refusal
                .map(Outcome.refused) ?? .accepted
        case .grantStatus(let grant): return refusal(of: grant).map(Outcome.refused) ?? .accepted
        case .changeStatus(let change):
            let index = books.key(change.grant, callersOwn: caller)
                .flatMap { books.statusIndices[$0] }
            let isRevoked = index.map { books.statuses[$0].isRevoked } ?? false
            return isRevoked ? .refused(.statusRevoked) : .accepted
        case .createLedger, .party, .block, .attestSecurity, .signAgreement, .endAgreement,
            .adoptRulebook, .adoptDevices, .reserve, .correct, .tick, .propose, .legalHold,
            .rotateKey:
            return .accepted
        case .redact(let redaction):
            let open = books.proposals.values.filter(\.isOpen).map(\.entry)
            return books.retention.refusal(of: redaction, openProposals: Set(open))
                .map(Outcome.refused) ?? .accepted
        }
    }

    private func refusal(of grant: StatusGrant) -> Refusal? {
        guard let rules = books.rules, let party = books.party(grant.party) else {
            return nil
        }
        guard books.isEligible(grant.kind, party, rules) else { return .notEligible }
        let group = books.ultimateParent(of: party)
        let exists = books.statuses.contains { status in
            guard status.kind == grant.kind, !status.isRevoked,
                status.dates.overlaps(grant.dates)
            else { return false }
            return grant.kind == .universal
                ? books.ultimateParent(of: status.party) == group : status.party == party
        }
        return exists ? .statusExists : nil
    }

    private func outcome(of attestation: InstalledAttestation) -> Outcome {
        guard let party = books.party(attestation.party) else { return .accepted }
        let index = books.parties[Int(books.ultimateParent(of: party))].account
        let account = index < 0 ? nil : books.accounts[Int(index)]
        if let latest = account?.attestedDay, attestation.asOf < latest {
            return .refused(.attestationSuperseded)
        }
        let findings = books.findings(attestation, account).filter { $0.known != $0.attested }
        return .attested(
            findings.map { finding in
                InstalledGap(
                    country: finding.place.code,
                    known: TPP(rawValue: finding.known),
                    attested: TPP(rawValue: finding.attested)
                )
            }
        )
    }

    /// The answer to a transfer of model weights.
    private func determination(_ transfer: WeightsTransfer) -> WeightsDetermination {
        guard let rules = books.rules, let recipient = books.party(transfer.recipient)
        else { preconditionFailure("a transfer that is not rejected must have all it names") }
        let rule = rules.rulebook.file.modelWeights
        if transfer.isPublished, rule.published == .notControlled {
            return .notControlled(.published)
        }
        if transfer.trainingOperations < rule.threshold.value {
            return .notControlled(.belowThreshold)
        }
        if transfer.trainingOperations < rule.floor.value { return .notControlled(.belowFloor) }
        let party = books.parties[Int(recipient)]
        let ultimate = books.parties[Int(books.ultimateParent(of: recipient))]
        func isRefused(_ condition: ModelWeightsRefusal, _ holds: Bool) -> Bool {
            holds && rule.refusals.contains(condition)
        }
        let destination = rules.tier(CountryPlace(transfer.destination))
        if isRefused(.destinationOfConcern, destination == .concern)
            || isRefused(.recipientOfConcern, rules.tier(party.site) == .concern)
        {
            return .refused(.countryOfConcern)
        }
        if isRefused(.recipientBlocked, party.isBlocked) { return .refused(.partyBlocked) }
        let isTrusted = [party, ultimate].allSatisfy {
            rules.tier($0.headquarters).isHomeOrAllied
        }
        if isRefused(.headquartersNotHomeOrAllied, !isTrusted) {
            return .refused(.headquartersNotTrusted)
        }
        if isRefused(.storageNotAttested, !books.isAttested(recipient)) {
            return .refused(.storageNotAttested)
        }
        return .permitted
    }
}
