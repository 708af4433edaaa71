// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

extension Rulebook {
    /// The way of an order with a controlled line through the mechanisms.
    ///
    /// A pure function: no state, no clock. Safe to call from any thread.
    public func route(for facts: RouteFacts) -> Route {
        var reached: [RouteAlternative] = []
        var lapsed = false
        for rule in mechanisms {
            switch rule.terms {
            case .concern, .prohibited:
                if let refusal = refusal(by: rule, of: facts) {
                    return Route(
                        course: .refused(rule.kind, refusal, citation: rule.citation),
                        attestationLapsed: lapsed
                    )
                }
                continue
            case .universalVEU:
                lapsed = lapsed || standing(facts.universalVEU) == .attestationLapsed
            case .nationalVEU:
                lapsed = lapsed || standing(facts.nationalVEU) == .attestationLapsed
            case .domestic, .allied, .smallOrder, .country: break
            }
            guard var alternative = alternative(by: rule, of: facts) else { continue }
            alternative.attestationLapsed = lapsed
            reached.append(alternative)
            // One that only smaller orders enter can not end the way of the larger ones.
            if alternative.whenFull == .refuse, alternative.maximumOrder == nil { break }
        }
        return Route(course: .alternatives(reached), attestationLapsed: lapsed)
    }

    /// Why an order without a controlled line is refused, or `nil` if it is granted as
    /// ``LedgerModel/MechanismKind/uncontrolled``: only what is prohibited stands against it.
    public func refusalOfUncontrolledOrder(
        endUse: EndUseIdentifier,
        isConsigneeBlocked: Bool
    ) -> Refusal? {
        guard case .prohibited(let tests)? = mechanism(.prohibited)?.terms else { return nil }
        return prohibition(tests, endUse: endUse, isConsigneeBlocked: isConsigneeBlocked)
    }

    /// The refusal of a mechanism that only refuses, if it applies.
    private func refusal(by rule: MechanismRule, of facts: RouteFacts) -> Refusal? {
        switch rule.terms {
        case .concern(let tests):
            let isOfConcern = tests.contains { place in
                tier(of: facts.country(at: place), on: facts.day) == .concern
            }
            return isOfConcern ? .countryOfConcern : nil
        case .prohibited(let tests):
            return prohibition(
                tests,
                endUse: facts.endUse,
                isConsigneeBlocked: facts.isConsigneeBlocked
            )
        case .domestic, .allied, .universalVEU, .nationalVEU, .smallOrder, .country: return nil
        }
    }

    /// The first prohibition that holds: the end use before the block.
    private func prohibition(
        _ tests: [Prohibition],
        endUse code: EndUseIdentifier?,
        isConsigneeBlocked: Bool
    ) -> Refusal? {
        if tests.contains(.endUse), code.flatMap(endUse)?.isProhibited == true {
            return .prohibitedEndUse
        }
        return tests.contains(.consigneeBlocked) && isConsigneeBlocked ? .partyBlocked : nil
    }

    /// The alternative of a mechanism that can grant, if it applies.
    private func alternative(
        by rule: MechanismRule,
        of facts: RouteFacts
    ) -> RouteAlternative? {
        let destination = countries.counted(facts.destination)
        switch rule.terms {
        case .concern, .prohibited: return nil
        case .domestic:
            guard tier(of: destination, on: facts.day) == .home else { return nil }
            return make(rule, [])
        case .allied(let tests):
            let allNear = tests.allSatisfy { place in
                isHomeOrAllied(facts.country(at: place), on: facts.day)
            }
            return allNear ? make(rule, []) : nil
        case .universalVEU(let shares, _):
            guard standing(facts.universalVEU) == .current else { return nil }
            if isHomeOrAllied(destination, on: facts.day) { return make(rule, []) }
            return make(rule, shares.map { Self.limit($0, in: destination) })
        case .nationalVEU(let limited):
            guard standing(facts.nationalVEU) == .current else { return nil }
            return make(rule, [.nationalVEU(limited.limit, destination)])
        case .smallOrder(let limited, let unavailable):
            guard !unavailable.contains(where: { $0.contains(destination, on: facts.day) }) else {
                return nil
            }
            let year = Int32(clamping: facts.day.year)
            return make(
                rule,
                [.smallOrder(limited.limit, year: year)],
                maximumOrder: limited.limit.limit(on: facts.day)
            )
        case .country(let limited):
            return make(rule, [.country(limited.limit, destination)])
        }
    }

    /// A status as the rulebook sees it: an attestation may not be needed.
    private func standing(_ standing: StatusStanding) -> StatusStanding {
        switch (standing, statuses.securityAttestation.value) {
        case (.attestationLapsed, .notRequired): .current
        case (let standing, _): standing
        }
    }

    private static func limit(_ share: ShareRule, in destination: CountryCode) -> RouteLimit {
        switch share.scope {
        case .country: .countryShare(share, destination)
        case .allOutside: .outsideShare(share)
        }
    }

    /// Without limits a mechanism takes the order, so nothing comes after it.
    private func make(
        _ rule: MechanismRule,
        _ limits: [RouteLimit],
        maximumOrder: TPP? = nil
    ) -> RouteAlternative {
        RouteAlternative(
            mechanism: rule.kind,
            limits: limits,
            whenFull: limits.isEmpty ? .refuse : rule.whenFull ?? .refuse,
            maximumOrder: maximumOrder,
            citation: rule.citation
        )
    }
}
