// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// A reservation that has its route, and waits for its batch to be decided.
struct PendingReservation: Sendable {
    var asked: AskedOperation
    var amount: TPP
    var way: Way
    /// Its place in the kernel's batch, if limits decide.
    var place: Int?
    /// Its place among the answers, where its number goes.
    var answer: Int

    enum Way: Sendable {
        /// The ledger's policy is against it.
        case forbidden(Refusal)
        /// No controlled line; a refusal if the end use or the party is against it.
        case uncontrolled(Refusal?)
        /// A resolved route, by position.
        case route(Int)
    }
}

/// What a reservation weighs and by which way it goes.
struct ReservationClaim {
    var amount: TPP
    var way: PendingReservation.Way
    /// The size of a unit in TPP, if the order asks for "up to".
    var unit: Int64?
}

extension LedgerCore {
    /// Takes a new reservation into the batch, or rejects it without a trace.
    mutating func reserve(
        _ reservation: Reservation,
        _ asked: AskedOperation
    ) throws(Rejection) -> CoreAnswer {
        move(to: asked.time)
        let facts = try lookUp(reservation, asked)
        try checkBound(facts.amount)
        bringDue(by: asked.time, actor: asked.actor)
        var claim = claim(reservation, facts)
        if let refusal = policyRefusal(of: asked.operation.action, by: asked.actor) {
            claim.way = .forbidden(refusal)
        }
        pendingNames[asked.name] = pending.count
        pending.append(
            PendingReservation(
                asked: asked,
                amount: claim.amount,
                way: claim.way,
                place: append(claim),
                answer: answers.count
            )
        )
        newestTime = asked.time
        pendingSum += claim.amount.rawValue
        if let deadline = reservation.deadline {
            earliestPendingDeadline = min(earliestPendingDeadline, deadline)
        }
        // Its number is filled in when its batch is decided.
        return .recorded(next)
    }

    /// Puts a claim into the kernel's batch, if limits decide; returns its place there.
    mutating func append(_ claim: ReservationClaim) -> Int? {
        guard case .route(let position) = claim.way, let route = routes.routes[position].route
        else { return nil }
        let amount = claim.amount.rawValue
        if let unit = claim.unit {
            batch.append(.claimUpTo(route: route, unit: unit, count: amount / unit))
        } else {
            batch.append(.claim(route: route, amount: amount))
        }
        return batch.count - 1
    }

    /// Rejects an amount for which the ledger's sums have no room.
    ///
    /// The largest of the sums is all that was ever granted or attested together; while that fits,
    /// none can wrap. What is pending may yet be refused, so a shortage is judged without it.
    mutating func checkBound(_ amount: TPP) throws(Rejection) {
        if amount.rawValue > table.maximumSum - state.bound - pendingSum { flush() }
        let room = table.maximumSum - state.bound - pendingSum
        guard amount.rawValue <= room else {
            throw Rejection(
                .amountOverflow,
                field: "lines",
                found: amount.description,
                expected: "at most \(room) TPP, all that the ledger's sums have room for"
            )
        }
    }

    /// Resolves the way of a reservation whose names are all known.
    mutating func claim(_ reservation: Reservation, _ facts: ReservationFacts) -> ReservationClaim {
        guard facts.isControlled else {
            let refusal = moment?.rulebook.refusalOfUncontrolledOrder(
                endUse: reservation.endUse,
                isConsigneeBlocked: state.parties[facts.party].isBlocked
            )
            return ReservationClaim(amount: .zero, way: .uncontrolled(refusal))
        }
        let key = RouteKey(
            party: facts.party,
            destination: reservation.destination,
            isProhibited: catalogue.endUses[reservation.endUse] ?? false,
            isSmall: catalogue.smallOrderLimit.map { facts.amount <= $0 } ?? false
        )
        let position =
            routes.position(of: key)
            ?? routes.add(resolve(reservation, facts), for: key)
        var claim = ReservationClaim(amount: facts.amount, way: .route(position))
        if reservation.isUpTo {
            claim.unit =
                if case .devices(_, let quantity)? = reservation.lines.first {
                    facts.amount.rawValue / quantity
                } else { 1 }
        }
        return claim
    }

    private mutating func resolve(
        _ reservation: Reservation,
        _ facts: ReservationFacts
    ) -> ResolvedRoute {
        guard let moment else { preconditionFailure("a route must have a rulebook in force") }
        let party = state.parties[facts.party]
        let group = state.parties.ultimateParent(of: facts.party)
        let route = moment.rulebook.route(
            for: RouteFacts(
                day: moment.day,
                destination: reservation.destination,
                site: party.record.site,
                headquarters: party.record.headquarters,
                ultimateParentHeadquarters: state.parties[group].record.headquarters,
                endUse: reservation.endUse,
                isConsigneeBlocked: party.isBlocked,
                universalVEU: universalStanding(of: facts.party, at: moment),
                nationalVEU: state.nationalStanding(
                    of: facts.party,
                    destination: reservation.destination,
                    at: moment
                )
            )
        )
        let account = state.parties.account(of: facts.party)
        var resolved = ResolvedRoute(
            attestationLapsed: route.attestationLapsed,
            account: account
        )
        if case .refused(let mechanism, let refusal, _) = route.course {
            resolved.refusal = (mechanism, refusal)
            return resolved
        }
        let groupName = state.parties.identifier(of: group)
        func position(of limit: RouteLimit) -> Int {
            slot(
                for: limit,
                party: facts.party,
                account: account,
                name: limit.name(party: party.record.id, group: groupName),
                at: moment
            )
        }
        // Whatever mechanism grants, the hold counts in the shares of a Universal VEU's group.
        let shared = shares(of: facts.party, towards: reservation.destination, at: moment)
            .map { position(of: $0) }
            .map { slots.slots[$0].used }
        var alternatives: [AllocationTable.Alternative] = []
        for alternative in route.alternatives(forOrderOf: facts.amount) {
            let positions = alternative.limits.map { position(of: $0) }
            resolved.mechanisms.append(alternative.mechanism)
            resolved.lapsedBefore.append(alternative.attestationLapsed)
            resolved.slots.append(positions)
            let tested = positions.map { slots.slots[$0].used }
            alternatives.append(
                AllocationTable.Alternative(
                    limits: positions.map { slots.slots[$0].limit },
                    charges: tested + shared.filter { !tested.contains($0) }
                )
            )
        }
        resolved.route = table.addRoute(alternatives)
        resolved.charges = alternatives.map(\.charges)
        return resolved
    }

    /// How the statuses of a party's group stand today; asked once a group.
    private mutating func universalStanding(
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
    private mutating func shares(
        of party: PartyIndex,
        towards destination: CountryCode,
        at moment: LegalMoment
    ) -> [RouteLimit] {
        guard !moment.rulebook.isHomeOrAllied(destination, on: moment.day),
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

    private mutating func slot(
        for limit: RouteLimit,
        party: PartyIndex,
        account: AccountIndex,
        name: LimitName,
        at moment: LegalMoment
    ) -> Int {
        let key: SlotKey =
            switch limit {
            case .country(_, let country): .country(country)
            case .smallOrder: .smallOrder(account)
            case .nationalVEU(_, let country):
                .national(NationalKey(party: party, country: country))
            case .countryShare(let share, let country):
                .countryShare(
                    account,
                    country,
                    numerator: share.numerator,
                    denominator: share.denominator
                )
            case .outsideShare(let share):
                .outsideShare(
                    account,
                    numerator: share.numerator,
                    denominator: share.denominator
                )
            }
        if let position = slots.position(of: key), slots.slots[position].stamp == stamp {
            return position
        }
        let used = state.used(of: limit, party: party, account: account, at: moment)
        let bound = state.bound(of: limit, account: account, at: moment)
        return slots.slot(for: key, rule: limit, name: name, stamp: stamp, table: &table) {
            (used, bound)
        }
    }
}
