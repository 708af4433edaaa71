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
        _ rules: RulesOfDay,
        into decision: inout ExpectedDecision
    ) {
        let destination = CountryPlace(reservation.destination)
        decision.begin(asked: worth.hasControlled ? worth.controlled : 0)
        guard worth.hasControlled else {
            for mechanism in rules.rulebook.mechanisms where mechanism.kind == .prohibited {
                guard let refusal = prohibition(mechanism, reservation.endUse, consignee, rules)
                else { continue }
                decision.refuse(refusal, by: .prohibited)
                return
            }
            return
        }
        // Without "up to" the whole order is the only unit.
        let unit = reservation.isUpTo ? worth.unit : worth.controlled
        for position in rules.rulebook.mechanisms.indices {
            let mechanism = rules.rulebook.mechanisms[position]
            let first = decision.tests.count
            switch mechanism.kind {
            case .concern:
                if isOfConcern(mechanism, consignee, destination, rules) {
                    return decision.refuse(.countryOfConcern, by: .concern)
                }
                continue
            case .prohibited:
                if let refusal = prohibition(mechanism, reservation.endUse, consignee, rules) {
                    return decision.refuse(refusal, by: .prohibited)
                }
                continue
            case .domestic: guard rules.tier(destination) == .home else { continue }
            case .allied:
                guard
                    mechanism.places.allSatisfy({ place in
                        tier(at: place, consignee, destination, rules).isHomeOrAllied
                    })
                else { continue }
            case .universalVEU, .nationalVEU:
                switch standing(mechanism.kind, consignee, destination, rules) {
                case .absent: continue
                case .lapsed:
                    decision.attestationLapsed = true
                    continue
                case .current: break
                }
                test(mechanism, position, consignee, destination, rules, &decision)
            case .smallOrder:
                guard isSmall(worth.controlled, mechanism, position, destination, rules) else {
                    continue
                }
                test(mechanism, position, consignee, destination, rules, &decision)
            case .country: test(mechanism, position, consignee, destination, rules, &decision)
            case .uncontrolled: continue
            }
            let takes = decision.reach(mechanism.kind, testsFrom: first, unit: unit)
            if takes < worth.controlled, mechanism.goesOnWhenFull { continue }
            return decision.conclude()
        }
        preconditionFailure("a rulebook's last mechanism must not hand on")
    }

    // MARK: - What mechanisms ask

    /// What a place of an order is today.
    func tier(
        at place: OrderPlace,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Tier {
        switch place {
        case .destination: rules.tier(destination)
        case .site: rules.tier(parties[Int(consignee)].site)
        case .headquarters: rules.tier(parties[Int(consignee)].headquarters)
        case .ultimateParentHeadquarters:
            rules.tier(parties[Int(ultimateParent(of: consignee))].headquarters)
        }
    }

    func isOfConcern(
        _ mechanism: AuditedMechanism,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Bool {
        mechanism.places.contains { tier(at: $0, consignee, destination, rules) == .concern }
    }

    /// The end use before the block.
    private func prohibition(
        _ mechanism: AuditedMechanism,
        _ endUse: EndUseIdentifier,
        _ consignee: PartyIndex,
        _ rules: RulesOfDay
    ) -> Refusal? {
        if mechanism.testsEndUse, rules.rulebook.endUses[endUse] ?? false {
            return .prohibitedEndUse
        }
        return mechanism.testsBlock && parties[Int(consignee)].isBlocked ? .partyBlocked : nil
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
        _ mechanism: AuditedMechanism,
        _ position: Int,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Bool {
        guard asked <= rules.allowances[position] else { return false }
        guard !mechanism.unavailable.isEmpty else { return true }
        let counted = rules.counted(destination).code
        return !mechanism.unavailable.contains { rows in
            rows.days.contains(day) && rows.countries.contains(counted)
        }
    }

    /// Adds the limits of a mechanism, in order, as they stand.
    private mutating func test(
        _ mechanism: AuditedMechanism,
        _ position: Int,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay,
        _ decision: inout ExpectedDecision
    ) {
        let counted = rules.counted(destination)
        switch mechanism.kind {
        case .universalVEU:
            // The shares bind outside home and allied only.
            if rules.tier(destination).isHomeOrAllied { return }
            let account = account(of: ultimateParent(of: consignee))
            for share in mechanism.shares {
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
