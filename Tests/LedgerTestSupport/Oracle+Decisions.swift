// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What comes of an operation that neither is rejected nor refused by the policy, at its time,
    /// with all that fell due done.
    func outcome(of operation: Operation, at time: LedgerTime) -> Outcome {
        let caller = operation.actor.organisation
        let refusal: Refusal?
        switch operation.action {
        case .reserve(let reservation): return .decided(decide(reservation, at: time))
        case .grantStatus(let grant): refusal = refused(grant, at: time)
        case .changeStatus(let change):
            let isRevoked = status(change.grant, caller)?.isRevoked ?? false
            refusal = isRevoked ? .statusRevoked : nil
        case .attestInstalled(let attestation):
            let latest = facts.attestedDays[facts.ultimateParent(of: attestation.party)]
            if let latest, attestation.asOf < latest { return .refused(.attestationSuperseded) }
            return .attested(gaps(attestation))
        case .ship, .release, .extend, .giveBack, .retire, .revoke:
            return .moved(move(operation, at: time))
        case .transferWeights(let transfer): return .determined(determine(transfer, at: time))
        case .decideProposal(let decision):
            refusal = refused(decision, operation.actor, at: time)
        case .createLedger, .party, .block, .attestSecurity, .signAgreement, .endAgreement,
            .adoptRulebook, .adoptDevices, .correct, .tick, .propose, .legalHold, .rotateKey:
            refusal = nil
        case .redact(let redaction): refusal = refused(redaction)
        }
        return refusal.map(Outcome.refused) ?? .accepted
    }

    private func gaps(_ attestation: InstalledAttestation) -> [InstalledGap] {
        facts.installedFindings(attestation).filter { $0.known != $0.attested }.map {
            InstalledGap(
                country: $0.country,
                known: TPP(rawValue: $0.known),
                attested: TPP(rawValue: $0.attested)
            )
        }
    }

    /// Why a proposal can not be decided so, or why what it proposes is refused now.
    private func refused(
        _ decision: ProposalDecision,
        _ actor: Actor,
        at time: LedgerTime
    ) -> Refusal? {
        guard let proposal = proposal(decision.proposal, actor.organisation) else { return nil }
        if !proposal.isOpen { return .proposalClosed }
        guard decision.step == .approve else { return nil }
        if isSamePerson(actor, proposal.actor) { return .samePerson }
        return outcome(of: Self.proposed(proposal), at: time).refusal
    }

    private func refused(_ grant: StatusGrant, at time: LedgerTime) -> Refusal? {
        guard let rulebook = facts.adoption(at: time)?.rulebook else { return nil }
        if grant.kind == .universal, !facts.isEligible(grant.party, rulebook, on: time.day) {
            return .notEligible
        }
        let group = facts.ultimateParent(of: grant.party)
        for status in facts.statuses
        where status.kind == grant.kind && !status.isRevoked
            && status.dates.overlaps(grant.dates)
        {
            let isSameHolder =
                grant.kind == .universal
                ? facts.ultimateParent(of: status.party) == group : status.party == grant.party
            if isSameHolder { return .statusExists }
        }
        return nil
    }

    /// Decides a reservation that was not rejected.
    func decide(_ reservation: Reservation, at time: LedgerTime) -> Decision {
        let day = time.day
        guard let rulebook = facts.adoption(at: time)?.rulebook,
            let consignee = facts.parties[reservation.consignee],
            let worth = worth(of: reservation, rulebook, on: day)
        else { preconditionFailure("a reservation must be rejected before it is decided") }
        let question = Question(
            reservation: reservation,
            consignee: consignee,
            asked: worth.controlled,
            // Without "up to" the whole order is the only unit.
            unit: reservation.isUpTo ? worth.unit : worth.controlled,
            rulebook: rulebook,
            day: day
        )
        guard worth.hasControlled else { return decideUncontrolled(question) }

        var isLapsed = false
        var reached: [Reached] = []
        for mechanism in rulebook.mechanisms {
            switch ask(mechanism, question) {
            case .doesNotApply: continue
            case .isNotAttested: isLapsed = true
            case .refuses(let refusal):
                return Decision(
                    refusal: refusal,
                    mechanism: mechanism.kind,
                    asked: TPP(rawValue: question.asked),
                    attestationLapsed: isLapsed
                )
            case .isReached(let step):
                reached.append(step)
                if step.takes < question.asked, mechanism.goesOnWhenFull { continue }
                var decision = decide(question, reached)
                decision.attestationLapsed = isLapsed
                return decision
            }
        }
        preconditionFailure("the last mechanism must not hand on")
    }

    /// Of the mechanisms that an order reaches, the one that can take the most takes it, the
    /// earliest on ties.
    private func decide(_ question: Question, _ reached: [Reached]) -> Decision {
        let most = reached.map(\.takes).max() ?? 0
        let isGranted = most > 0
        let decider =
            isGranted ? reached.firstIndex { $0.takes == most } ?? 0 : reached.count - 1
        var decision = Decision(
            refusal: isGranted ? nil : .limitReached,
            mechanism: reached[decider].mechanism,
            asked: TPP(rawValue: question.asked),
            granted: TPP(rawValue: most)
        )
        for (index, step) in reached.enumerated() {
            for (name, use) in step.limits {
                let left = use.limit - use.used - (index == decider ? most : 0)
                decision.tests.append(
                    LimitTest(
                        mechanism: step.mechanism,
                        name: name,
                        used: TPP(rawValue: use.used),
                        limit: TPP(rawValue: use.limit),
                        left: TPP(rawValue: max(0, left))
                    )
                )
            }
        }
        let first = reached[..<decider].reduce(0) { $0 + $1.limits.count }
        for offset in reached[decider].limits.indices {
            let least = decision.bindingTest.map { decision.tests[$0].left }
            if least.map({ decision.tests[first + offset].left < $0 }) ?? true {
                decision.bindingTest = first + offset
            }
        }
        if !isGranted, let binding = decision.bindingTest {
            decision.roomByInstalling =
                reached[decider].limits[binding - first].use
                .roomByInstalling(for: question.asked).map(TPP.init(rawValue:))
        }
        return decision
    }
}
