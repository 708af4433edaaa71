// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What comes of an operation that is not rejected, at its time, with all that fell due done.
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
            let account = facts.ultimateParent(of: attestation.party)
            let latest = facts.attestedDays[account]
            refusal = latest.map { attestation.asOf < $0 } ?? false ? .attestationSuperseded : nil
        case .createLedger, .party, .block, .attestSecurity, .signAgreement, .endAgreement,
            .adoptRulebook, .adoptDevices:
            refusal = nil
        }
        return refusal.map(Outcome.refused) ?? .accepted
    }

    private func refused(_ grant: StatusGrant, at time: LedgerTime) -> Refusal? {
        guard let rulebook = facts.adoption(at: time)?.rulebook else { return nil }
        if grant.kind == .universal, !isEligible(grant.party, rulebook, on: time.day) {
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

    /// Headquarters, or the ultimate parent's headquarters, in home or allied.
    private func isEligible(
        _ party: PartyIdentifier,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Bool {
        if rulebook.anyoneCanBeUniversal { return true }
        for holder in [party, facts.ultimateParent(of: party)] {
            guard let record = facts.parties[holder] else { continue }
            let tier = rulebook.tier(record.headquarters, on: day)
            if tier == .home || tier == .allied { return true }
        }
        return false
    }

    /// Decides a reservation that was not rejected.
    func decide(_ reservation: Reservation, at time: LedgerTime) -> Decision {
        let day = time.day
        guard let rulebook = facts.adoption(at: time)?.rulebook,
            let consignee = facts.parties[reservation.consignee],
            let worth = worth(of: reservation, rulebook, on: day)
        else { preconditionFailure("a reservation must be rejected before it is decided") }

        let asked = TPP(rawValue: worth.controlled)
        var decision = Decision(refusal: .limitReached, mechanism: .country, asked: asked)
        if !worth.hasControlled {
            decision.mechanism = .uncontrolled
            decision.refusal = nil
            if rulebook.mechanisms.contains(where: { $0.kind == .prohibited }),
                let refusal = prohibition(reservation, rulebook)
            {
                decision.mechanism = .prohibited
                decision.refusal = refusal
            }
            return decision
        }

        for mechanism in rulebook.mechanisms {
            let answer = ask(
                mechanism,
                Question(
                    reservation: reservation,
                    consignee: consignee,
                    asked: worth.controlled,
                    rulebook: rulebook,
                    day: day
                )
            )
            switch answer {
            case .doesNotApply: continue
            case .isNotAttested: decision.attestationLapsed = true
            case .refuses(let refusal):
                decision.mechanism = mechanism.kind
                decision.refusal = refusal
                return decision
            case .limits(let tests, let isGranted):
                decision.mechanism = mechanism.kind
                let first = decision.tests.count
                decision.tests += tests.map(\.test)
                decision.refusal = isGranted ? nil : .limitReached
                decision.bindingTest = nil
                decision.roomByInstalling = nil
                for index in decision.tests.indices where index >= first {
                    let least = decision.bindingTest.map { decision.tests[$0].left }
                    if least.map({ decision.tests[index].left < $0 }) ?? true {
                        decision.bindingTest = index
                    }
                }
                if !isGranted, let binding = decision.bindingTest {
                    decision.roomByInstalling =
                        tests[binding - first].use.roomByInstalling(for: worth.controlled)
                        .map(TPP.init(rawValue:))
                }
                if isGranted || !mechanism.goesOnWhenFull { return decision }
            }
        }
        return decision
    }

    /// What a mechanism is asked.
    private struct Question {
        var reservation: Reservation
        var consignee: PartyRecord
        var asked: Int64
        var rulebook: OracleRulebook
        var day: CivilDate
    }

    private enum MechanismAnswer {
        case doesNotApply
        case isNotAttested
        case refuses(Refusal)
        case limits([(test: LimitTest, use: OracleUse)], isGranted: Bool)
    }

    private func ask(_ mechanism: OracleRulebook.Mechanism, _ question: Question)
        -> MechanismAnswer
    {
        switch mechanism.kind {
        case .concern:
            let tiers = tiers(mechanism.places, question)
            return tiers.contains(.concern) ? .refuses(.countryOfConcern) : .doesNotApply
        case .prohibited:
            let refusal = prohibition(question.reservation, question.rulebook)
            return refusal.map(MechanismAnswer.refuses) ?? .doesNotApply
        case .domestic:
            let tiers = tiers([.destination], question)
            return tiers == [.home] ? .limits([], isGranted: true) : .doesNotApply
        case .allied:
            let isAllied = tiers(mechanism.places, question)
                .allSatisfy { $0 == .allied || $0 == .home }
            return isAllied ? .limits([], isGranted: true) : .doesNotApply
        case .universalVEU:
            if let answer = universalVEU(question) { return answer }
            let destination = tiers([.destination], question)
            if destination == [.home] || destination == [.allied] {
                return .limits([], isGranted: true)
            }
            return test(mechanism, question)
        case .nationalVEU: return nationalVEU(question) ?? test(mechanism, question)
        case .smallOrder:
            let destination = question.reservation.destination
            let counted = question.rulebook.counted(destination)
            if mechanism.unavailable[counted]?.contains(question.day) ?? false {
                return .doesNotApply
            }
            let whole = mechanism.limits.first.map { limit in
                facts.use(
                    of: name(limit, mechanism.kind, question),
                    limit,
                    question.rulebook,
                    on: question.day
                ).limit
            }
            return question.asked <= whole ?? 0 ? test(mechanism, question) : .doesNotApply
        case .country: return test(mechanism, question)
        case .uncontrolled: return .doesNotApply
        }
    }

    private func tiers(_ places: Set<OracleRulebook.Place>, _ question: Question)
        -> Set<OracleRulebook.Tier>
    {
        let ultimate = facts.parties[facts.ultimateParent(of: question.consignee.id)]
        return Set(
            places.map { place in
                let country =
                    switch place {
                    case .destination: question.reservation.destination
                    case .site: question.consignee.site
                    case .headquarters: question.consignee.headquarters
                    case .ultimateParentHeadquarters:
                        ultimate?.headquarters ?? question.consignee.headquarters
                    }
                return question.rulebook.tier(country, on: question.day)
            }
        )
    }

    private func prohibition(_ reservation: Reservation, _ rulebook: OracleRulebook) -> Refusal? {
        if rulebook.endUses[reservation.endUse] ?? false { return .prohibitedEndUse }
        return facts.blocked.contains(reservation.consignee) ? .partyBlocked : nil
    }

    private func name(
        _ limit: OracleRulebook.Limit,
        _ kind: MechanismKind,
        _ question: Question
    ) -> LimitName {
        facts.name(
            of: limit,
            kind,
            consignee: question.consignee.id,
            destination: question.rulebook.counted(question.reservation.destination),
            on: question.day
        )
    }

    /// `nil` when the group is a Universal VEU that day.
    private func universalVEU(_ question: Question) -> MechanismAnswer? {
        let group = facts.ultimateParent(of: question.consignee.id)
        let active = facts.statuses.filter {
            $0.kind == .universal && !$0.isRevoked && !$0.isSuspended
                && $0.dates.contains(question.day)
                && facts.ultimateParent(of: $0.party) == group
                && isEligible($0.party, question.rulebook, on: question.day)
        }
        if active.isEmpty { return .doesNotApply }
        let isAttested =
            !question.rulebook.needsSecurityAttestation
            || active.contains { facts.isAttested($0.party, on: question.day) }
        return isAttested ? nil : .isNotAttested
    }

    /// `nil` when the consignee is a National VEU for the destination that day.
    private func nationalVEU(_ question: Question) -> MechanismAnswer? {
        let isActive = facts.statuses.contains {
            guard case .national(let country) = $0.kind, !$0.isRevoked else { return false }
            return question.rulebook.counted(country)
                == question.rulebook.counted(question.reservation.destination)
                && !$0.isSuspended && $0.dates.contains(question.day)
                && $0.party == question.consignee.id
        }
        if !isActive { return .doesNotApply }
        let isAttested =
            !question.rulebook.needsSecurityAttestation
            || facts.isAttested(question.consignee.id, on: question.day)
        return isAttested ? nil : .isNotAttested
    }

    /// Tests all limits of a mechanism.
    private func test(_ mechanism: OracleRulebook.Mechanism, _ question: Question)
        -> MechanismAnswer
    {
        let named = mechanism.limits.map { limit in
            let name = name(limit, mechanism.kind, question)
            return (name, facts.use(of: name, limit, question.rulebook, on: question.day))
        }
        let isGranted = named.allSatisfy { $0.1.takes(question.asked) }
        let tests = named.map { name, use in
            let left = use.limit - use.used - (isGranted ? question.asked : 0)
            let test = LimitTest(
                mechanism: mechanism.kind,
                name: name,
                used: TPP(rawValue: use.used),
                limit: TPP(rawValue: use.limit),
                left: TPP(rawValue: max(0, left))
            )
            return (test: test, use: use)
        }
        return .limits(tests, isGranted: isGranted)
    }
}
