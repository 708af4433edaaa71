// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// What an order is worth, in TPP.
    struct Worth: Hashable, Sendable {
        /// All its lines.
        var all: Int64 = 0
        /// The lines that count.
        var controlled: Int64 = 0
        var hasControlled = false
        /// What one unit of its last line is worth: a device, or one TPP.
        var unit: Int64 = 1
    }

    /// What an order is worth today; `nil` if that does not fit, or a device is unknown.
    mutating func worth(of reservation: Reservation, _ rules: RulesOfDay) -> Worth? {
        var worth = Worth()
        for line in reservation.lines {
            let amount: Int64
            var counts = true
            worth.unit = 1
            switch line {
            case .devices(let id, let quantity):
                guard let device = device(id) else { return nil }
                let (product, overflow) = device.tpp.multipliedReportingOverflow(by: quantity)
                guard !overflow else { return nil }
                worth.unit = device.tpp
                amount = product
                counts = device.isControlled
            case .tpp(let tpp): amount = tpp.rawValue
            case .h100e(let claim):
                // Whole TPP, rounded up.
                let factor = Int128(rules.rulebook.file.tppPerH100e.value)
                let exact = (Int128(claim.thousandths) * factor + 999) / 1_000
                guard let fitting = Int64(exactly: exact) else { return nil }
                amount = fitting
            }
            let (sum, overflow) = worth.all.addingReportingOverflow(amount)
            guard !overflow else { return nil }
            worth.all = sum
            if counts {
                worth.controlled += amount
                worth.hasControlled = true
            }
        }
        return worth
    }

    /// Decides a reservation that must not be rejected.
    mutating func decide(
        _ reservation: Reservation,
        of consignee: PartyIndex,
        worth: Worth,
        isProhibitedEndUse: Bool,
        _ rules: RulesOfDay,
        into decision: inout ExpectedDecision
    ) {
        let destination = CountryPlace(reservation.destination)
        decision.begin(asked: worth.hasControlled ? worth.controlled : 0)
        // Without "up to" the whole order is the only unit.
        let unit = reservation.isUpTo ? worth.unit : worth.controlled
        for position in rules.rulebook.gates.indices {
            let gate = rules.rulebook.gates[position]
            let first = decision.tests.count
            // Of an order in which nothing counts only the prohibitions are asked.
            guard worth.hasControlled || gate.kind == .prohibited else { continue }
            switch gate.kind {
            case .concern:
                if isOfConcern(gate.places, consignee, destination, rules) {
                    return decision.refuse(.countryOfConcern, by: .concern)
                }
                continue
            case .prohibited:
                // The end use before the block.
                if gate.testsEndUse, isProhibitedEndUse {
                    return decision.refuse(.prohibitedEndUse, by: .prohibited)
                }
                if gate.testsBlock, parties[Int(consignee)].isBlocked {
                    return decision.refuse(.partyBlocked, by: .prohibited)
                }
                continue
            case .domestic: guard rules.tier(destination) == .home else { continue }
            case .allied:
                guard areHomeOrAllied(gate.places, consignee, destination, rules) else { continue }
            case .universalVEU, .nationalVEU:
                switch standing(gate.kind, consignee, destination, rules) {
                case .absent: continue
                case .lapsed:
                    decision.attestationLapsed = true
                    continue
                case .current: test(position, consignee, destination, rules, &decision)
                }
            case .smallOrder:
                guard isSmall(worth.controlled, position, destination, rules) else { continue }
                test(position, consignee, destination, rules, &decision)
            case .country: test(position, consignee, destination, rules, &decision)
            case .uncontrolled: continue
            }
            let takes = decision.reach(gate.kind, testsFrom: first, unit: unit)
            if takes < worth.controlled, gate.goesOnWhenFull { continue }
            return decision.conclude()
        }
        precondition(!worth.hasControlled, "a rulebook's last mechanism must not hand on")
    }

    // MARK: - What mechanisms ask

    func isOfConcern(
        _ places: PlaceSet,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Bool {
        !allSatisfy(places, consignee, destination, rules) { $0 != .concern }
    }

    private func areHomeOrAllied(
        _ places: PlaceSet,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Bool {
        allSatisfy(places, consignee, destination, rules, \.isHomeOrAllied)
    }

    /// Whether all places of an order are so today.
    private func allSatisfy(
        _ places: PlaceSet,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay,
        _ isSo: (Tier) -> Bool
    ) -> Bool {
        let party = Int(consignee)
        if places.contains(.destination), !isSo(rules.tier(destination)) { return false }
        if places.contains(.site), !isSo(rules.tier(parties[party].site)) { return false }
        if places.contains(.headquarters), !isSo(rules.tier(parties[party].headquarters)) {
            return false
        }
        guard places.contains(.ultimateParentHeadquarters) else { return true }
        return isSo(rules.tier(parties[Int(ultimateParent(of: consignee))].headquarters))
    }

    private enum Standing {
        case absent
        /// There is one, and nothing but the missing attestation of its holder is against it.
        case lapsed
        case current
    }

    private func standing(
        _ mechanism: MechanismKind,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Standing {
        var standing = Standing.absent
        for index in candidates(mechanism, consignee, destination, rules)
        where isActive(index, rules) {
            if isAttestedEnough(index, rules) { return .current }
            standing = .lapsed
        }
        return standing
    }

    /// Whether small orders are to be had, and this is one: at most the whole yearly limit.
    private func isSmall(
        _ asked: Int64,
        _ position: Int,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Bool {
        guard asked <= rules.allowances[position] else { return false }
        let unavailable = rules.rulebook.mechanisms[position].unavailable
        guard !unavailable.isEmpty else { return true }
        let counted = rules.counted(destination).code
        return !unavailable.contains { rows in
            rows.days.contains(day) && rows.countries.contains(counted)
        }
    }

    /// Adds the limits of a mechanism, in order, as they stand.
    private mutating func test(
        _ position: Int,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay,
        _ decision: inout ExpectedDecision
    ) {
        let counted = rules.counted(destination)
        switch rules.rulebook.gates[position].kind {
        case .universalVEU:
            // The shares bind outside home and allied only.
            if rules.tier(destination).isHomeOrAllied { return }
            let account = account(of: ultimateParent(of: consignee))
            for share in rules.rulebook.mechanisms[position].shares {
                let place = share.scope == .country ? counted : nil
                decision.tests.append(
                    ExpectedTest(
                        mechanism: .universalVEU,
                        key: place.map { .countryShare(account, $0) } ?? .outsideShare(account),
                        use: shareUse(account, share, place, rules)
                    )
                )
            }
        case .nationalVEU:
            let use = nationalUse(consignee, counted, rules, position)
            decision.tests.append(
                ExpectedTest(mechanism: .nationalVEU, key: .national(consignee, counted), use: use)
            )
        case .smallOrder:
            let account = account(of: ultimateParent(of: consignee))
            let use = smallOrderUse(account, rules, position)
            decision.tests.append(
                ExpectedTest(
                    mechanism: .smallOrder,
                    key: .smallOrder(account, year: Int32(day.year)),
                    use: use
                )
            )
        case .country:
            let use = countryUse(counted, rules, position)
            decision.tests.append(
                ExpectedTest(mechanism: .country, key: .country(counted), use: use)
            )
        case .concern, .prohibited, .domestic, .allied, .uncontrolled: break
        }
    }
}
