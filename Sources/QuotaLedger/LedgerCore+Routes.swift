// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Resolves the way of orders that share a key.
    mutating func resolve(_ key: RouteKey, _ facts: ReservationFacts) -> ResolvedRoute {
        guard let moment else { preconditionFailure("a route must have a rulebook in force") }
        let party = key.party
        let group = state.parties.ultimateParent(of: party)
        let groupHeadquarters = state.parties.headquarters(of: group)
        let hasStatuses = !state.statuses.isEmpty
        let standing = hasStatuses ? universalStanding(of: party, at: moment) : .absent
        let nationalStanding =
            hasStatuses
            ? state.nationalStanding(of: party, destination: key.destination, at: moment) : .absent
        let routeClass = RouteClass(
            destination: key.destination,
            site: catalogue.tier(of: state.parties.site(of: party), at: moment),
            headquarters: catalogue.tier(of: state.parties.headquarters(of: party), at: moment),
            ultimateParentHeadquarters: catalogue.tier(of: groupHeadquarters, at: moment),
            isEndUseProhibited: key.isProhibited,
            isConsigneeBlocked: state.parties.isBlocked(party),
            universalVEU: standing,
            nationalVEU: nationalStanding
        )
        let plan =
            routes.plan(of: routeClass, isSmall: key.isSmall)
            ?? routes.add(
                self.plan(key, facts, routeClass, groupHeadquarters, at: moment),
                of: routeClass,
                isSmall: key.isSmall
            )
        guard routes.plans[plan].refusal == nil else {
            return ResolvedRoute(plan: plan, route: nil)
        }
        let shared = routes.plans[plan].sharedRoute
        let route = shared ?? addRoute(plan, of: party, group: group, key.destination, at: moment)
        if routes.plans[plan].isShared { routes.plans[plan].sharedRoute = route }
        return ResolvedRoute(plan: plan, route: route)
    }

    /// The plan of orders like one of their class.
    private func plan(
        _ key: RouteKey,
        _ facts: ReservationFacts,
        _ routeClass: RouteClass,
        _ groupHeadquarters: CountryCode,
        at moment: LegalMoment
    ) -> RoutePlan {
        let route = moment.adopted.rulebook.route(
            for: RouteFacts(
                day: moment.day,
                destination: key.destination,
                site: state.parties.site(of: key.party),
                headquarters: state.parties.headquarters(of: key.party),
                ultimateParentHeadquarters: groupHeadquarters,
                endUse: catalogue.endUses[facts.endUse].code,
                isConsigneeBlocked: routeClass.isConsigneeBlocked,
                universalVEU: routeClass.universalVEU,
                nationalVEU: routeClass.nationalVEU
            )
        )
        return RoutePlan(
            route,
            forOrderOf: facts.amount,
            mayCountInShares: routeClass.universalVEU != .absent
        )
    }

    /// Adds the route of a plan for a party to the kernel's table.
    private mutating func addRoute(
        _ plan: Int,
        of party: PartyIndex,
        group: PartyIndex,
        _ destination: CountryCode,
        at moment: LegalMoment
    ) -> RouteIndex {
        let account = state.parties.account(of: party)
        // Whatever mechanism grants, the hold counts in the shares of a Universal VEU's group.
        let shared = shares(of: party, towards: destination, at: moment).map { share in
            let slot = slot(for: share, party: party, account: account, group: group, at: moment)
            return slots.slots[slot].used
        }
        var alternatives: [AllocationTable.Alternative] = []
        for alternative in routes.plans[plan].alternatives {
            var limits: [LimitIndex] = []
            var charges: [CellIndex] = []
            for limit in alternative.limits {
                let slot = slot(
                    for: limit,
                    party: party,
                    account: account,
                    group: group,
                    at: moment
                )
                limits.append(slots.slots[slot].limit)
                charges.append(slots.slots[slot].used)
            }
            for used in shared where !charges.contains(used) { charges.append(used) }
            alternatives.append(AllocationTable.Alternative(limits: limits, charges: charges))
        }
        return table.addRoute(alternatives)
    }

    /// How the statuses of a party's group stand today; asked once a group.
    mutating func universalStanding(
        of party: PartyIndex,
        at moment: LegalMoment
    ) -> StatusStanding {
        let group = state.parties.ultimateParent(of: party)
        if let known = catalogue.standings[group] { return known }
        let standing = state.universalStanding(of: party, at: moment)
        catalogue.standings[group] = standing
        return standing
    }

    /// The shares in which a hold of a party towards a country counts today.
    mutating func shares(
        of party: PartyIndex,
        towards destination: CountryCode,
        at moment: LegalMoment
    ) -> [RouteLimit] {
        guard !state.statuses.isEmpty,
            !moment.rulebook.isHomeOrAllied(destination, on: moment.day),
            let rule = moment.rulebook.mechanism(.universalVEU),
            universalStanding(of: party, at: moment) != .absent
        else { return [] }
        return rule.shares.map { share in
            switch share.scope {
            case .country:
                .countryShare(share, moment.rulebook.countries.counted(destination))
            case .allOutside: .outsideShare(share)
            }
        }
    }

    /// The slot of a limit that an order of a party meets, whose words are true for the present
    /// stamp.
    mutating func slot(
        for limit: RouteLimit,
        party: PartyIndex,
        account: AccountIndex,
        group: PartyIndex,
        at moment: LegalMoment
    ) -> Int {
        slot(
            for: limit,
            party: party,
            account: account,
            name: { state in
                limit.name(
                    party: state.parties.identifier(of: party),
                    group: state.parties.identifier(of: group)
                )
            },
            at: moment
        )
    }

    /// The slot of a limit, whose words are true for the present stamp.
    mutating func slot(
        for limit: RouteLimit,
        party: PartyIndex,
        account: AccountIndex,
        name: (LedgerState) -> LimitName,
        at moment: LegalMoment
    ) -> Int {
        let key = SlotKey(of: limit, party: party, account: account)
        if let position = slots.position(of: key), slots.slots[position].stamp == stamp {
            return position
        }
        return slots.refresh(
            key,
            rule: limit,
            name: name(state),
            stamp: stamp,
            words: (
                state.used(of: limit, party: party, account: account, at: moment),
                state.bound(of: limit, account: account, at: moment)
            ),
            table: &table
        )
    }
}

extension RoutePlan {
    /// The plan of a route for orders of a size class.
    ///
    /// - Parameters:
    ///   - route: The route of their class.
    ///   - amount: The size of one of them.
    ///   - mayCountInShares: Whether what they get counts in shares of a group.
    fileprivate init(_ route: Route, forOrderOf amount: TPP, mayCountInShares: Bool) {
        attestationLapsed = route.attestationLapsed
        if case .refused(let mechanism, let reason, _) = route.course {
            refusal = (mechanism, reason)
            return
        }
        alternatives = route.alternatives(forOrderOf: amount)
        mechanisms = alternatives.map(\.mechanism)
        lapsedBefore = alternatives.map(\.attestationLapsed)
        isShared =
            !mayCountInShares
            && alternatives.allSatisfy { alternative in
                alternative.limits.allSatisfy { limit in
                    if case .country = limit { true } else { false }
                }
            }
    }
}
