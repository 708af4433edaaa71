// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What a mechanism is asked.
    struct Question {
        var reservation: Reservation
        var consignee: PartyRecord
        /// The order's controlled TPP.
        var asked: Int64
        /// What can be granted of it is so many TPP, or twice that, and so on.
        var unit: Int64
        var rulebook: OracleRulebook
        var day: CivilDate
    }

    /// A mechanism that tested an order against its limits, of which it may have none.
    struct Reached {
        var mechanism: MechanismKind
        var limits: [(name: LimitName, use: OracleUse)]
        /// How much of what was asked it can take, in whole units.
        var takes: Int64
    }

    /// What a mechanism answers.
    enum MechanismAnswer {
        case doesNotApply
        case isNotAttested
        case refuses(Refusal)
        case isReached(Reached)
    }

    /// Asks a mechanism.
    func ask(_ mechanism: OracleRulebook.Mechanism, _ question: Question) -> MechanismAnswer {
        switch mechanism.kind {
        case .concern:
            let tiers = tiers(mechanism.places, question)
            return tiers.contains(.concern) ? .refuses(.countryOfConcern) : .doesNotApply
        case .prohibited:
            return prohibition(question.reservation, mechanism, question.rulebook)
                .map(MechanismAnswer.refuses) ?? .doesNotApply
        case .domestic:
            let tiers = tiers([.destination], question)
            return tiers == [.home] ? takesAll(mechanism, question) : .doesNotApply
        case .allied:
            let isAllied = tiers(mechanism.places, question)
                .allSatisfy { $0 == .allied || $0 == .home }
            return isAllied ? takesAll(mechanism, question) : .doesNotApply
        case .universalVEU:
            if let answer = askForStatus(mechanism, question) { return answer }
            let destination = tiers([.destination], question)
            if destination == [.home] || destination == [.allied] {
                return takesAll(mechanism, question)
            }
            return test(mechanism, question)
        case .nationalVEU: return askForStatus(mechanism, question) ?? test(mechanism, question)
        case .smallOrder:
            let counted = question.rulebook.counted(question.reservation.destination)
            if mechanism.unavailable[counted]?.contains(question.day) ?? false {
                return .doesNotApply
            }
            let whole = uses(mechanism, question).first?.use.limit ?? 0
            return question.asked <= whole ? test(mechanism, question) : .doesNotApply
        case .country: return test(mechanism, question)
        case .uncontrolled: return .doesNotApply
        }
    }

    /// An order without a controlled line: the prohibitions alone can refuse it.
    func decideUncontrolled(_ question: Question) -> Decision {
        for mechanism in question.rulebook.mechanisms where mechanism.kind == .prohibited {
            if let refusal = prohibition(question.reservation, mechanism, question.rulebook) {
                return Decision(refusal: refusal, mechanism: .prohibited, asked: .zero)
            }
        }
        return Decision(refusal: nil, mechanism: .uncontrolled, asked: .zero)
    }

    private func tiers(_ places: Set<OracleRulebook.Place>, _ question: Question)
        -> Set<OracleRulebook.Tier>
    {
        tiers(
            places,
            question.consignee,
            question.reservation.destination,
            question.rulebook,
            on: question.day
        )
    }

    private func prohibition(
        _ reservation: Reservation,
        _ mechanism: OracleRulebook.Mechanism,
        _ rulebook: OracleRulebook
    ) -> Refusal? {
        if mechanism.prohibitions.contains(.endUse), rulebook.endUses[reservation.endUse] ?? false {
            return .prohibitedEndUse
        }
        let isBlocked = facts.blocked.contains(reservation.consignee)
        return mechanism.prohibitions.contains(.consigneeBlocked) && isBlocked
            ? .partyBlocked : nil
    }

    /// `nil` when a status helps that day.
    private func askForStatus(
        _ mechanism: OracleRulebook.Mechanism,
        _ question: Question
    ) -> MechanismAnswer? {
        let active = facts.activeStatuses(
            mechanism.kind,
            of: question.consignee.id,
            in: question.reservation.destination,
            question.rulebook,
            on: question.day
        )
        if active.isEmpty { return .doesNotApply }
        let helps = active.contains {
            facts.isAttestedEnough($0, question.rulebook, on: question.day)
        }
        return helps ? nil : .isNotAttested
    }

    private func takesAll(
        _ mechanism: OracleRulebook.Mechanism,
        _ question: Question
    ) -> MechanismAnswer {
        .isReached(Reached(mechanism: mechanism.kind, limits: [], takes: question.asked))
    }

    /// Tests all limits of a mechanism.
    private func test(
        _ mechanism: OracleRulebook.Mechanism,
        _ question: Question
    ) -> MechanismAnswer {
        let limits = uses(mechanism, question)
        var takes = question.asked
        for (_, use) in limits {
            let units = max(0, use.limit - use.used) / question.unit
            takes = min(takes, units * question.unit)
        }
        return .isReached(Reached(mechanism: mechanism.kind, limits: limits, takes: takes))
    }

    private func uses(
        _ mechanism: OracleRulebook.Mechanism,
        _ question: Question
    ) -> [(name: LimitName, use: OracleUse)] {
        mechanism.limits.map { limit in
            let name = facts.name(
                of: limit,
                mechanism.kind,
                consignee: question.consignee.id,
                destination: question.rulebook.counted(question.reservation.destination),
                on: question.day
            )
            let use = facts.use(of: name, limit, mechanism, question.rulebook, on: question.day)
            return (name, use)
        }
    }
}
