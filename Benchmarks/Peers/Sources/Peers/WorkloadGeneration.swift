// SPDX-License-Identifier: Apache-2.0

extension WorkloadName {
    static let largestAmount = 16

    /// Where the parties sit: with a hot share of `hotShare` in ten, that many groups of ten are in
    /// the first country; the others are spread evenly.
    ///
    /// A group sits in one country.
    private func routes(_ shape: WorkloadShape, hotShare: Int) -> [LimitTriple] {
        (0..<shape.partyCount).map { party in
            let group = party / WorkloadShape.partiesPerGroup
            let isHot = group % 10 < hotShare
            let country = isHot ? 0 : group % shape.countryCount
            return LimitTriple(
                party: Int32(party),
                group: Int32(shape.group(ofParty: party)),
                country: Int32(shape.country(country))
            )
        }
    }

    private func claims(_ shape: WorkloadShape) -> [PeerClaim] {
        var numbers = SeededNumbers(seed: shape.seed)
        return (0..<shape.claimCount).map { _ in
            PeerClaim(
                party: Int32(numbers.below(shape.partyCount)),
                amount: Int64(1 + numbers.below(Self.largestAmount))
            )
        }
    }

    /// Room for everyone, twice over, in all limits.
    func roomy(_ shape: WorkloadShape, hotShare: Int) -> PeerWorkload {
        let routes = routes(shape, hotShare: hotShare)
        let claims = claims(shape)
        var allowed = [Int64](repeating: 0, count: shape.limitCount)
        for claim in claims {
            let route = routes[Int(claim.party)]
            for limit in [route.party, route.group, route.country] {
                allowed[Int(limit)] += 2 * claim.amount
            }
        }
        return PeerWorkload(
            name: rawValue,
            rule: .all,
            routes: routes,
            allowed: allowed,
            claims: claims,
            groupCount: shape.groupCount,
            countryCount: shape.countryCount,
            isGrantedInAnyOrder: [Bool](repeating: true, count: claims.count)
        )
    }

    /// Seven in eight parties and groups have used up their limits before the stream begins, so that
    /// most claims are tested against all three; a country's limit is `room` times what would
    /// exhaust it, or a quarter of that if 0.
    ///
    /// Limits of one kind are all the same, as in a rulebook.
    func fallThrough(_ shape: WorkloadShape, hotShare: Int, room: Int64) -> PeerWorkload {
        let routes = routes(shape, hotShare: hotShare)
        var claims = claims(shape)
        let ownLimit = Int64(Self.largestAmount)
        var demand = [Int64](repeating: 0, count: shape.countryCount)
        for claim in claims {
            let country = Int(routes[Int(claim.party)].country) - shape.country(0)
            demand[country] += claim.amount
        }
        let most = demand.max() ?? 0
        let countryLimit = max(1, room > 0 ? most * room : most / 4)
        if room == 0 {
            // Small claims at the end take what larger ones left over: exactly zero remains.
            for position in claims.indices.suffix(claims.count / 8) { claims[position].amount = 1 }
        }
        let allowed =
            [Int64](repeating: ownLimit, count: shape.partyCount + shape.groupCount)
            + [Int64](repeating: countryLimit, count: shape.countryCount)
        return PeerWorkload(
            name: rawValue,
            rule: .first,
            routes: routes,
            allowed: allowed,
            history: history(shape, ownLimit: ownLimit),
            claims: claims,
            groupCount: shape.groupCount,
            countryCount: shape.countryCount,
            isGrantedInAnyOrder: room > 0
                ? [Bool](repeating: true, count: claims.count) : nil
        )
    }

    /// Claims that use up the limits of most parties, and then of most groups.
    private func history(_ shape: WorkloadShape, ownLimit: Int64) -> [PeerClaim] {
        let parties = (0..<shape.partyCount).filter { $0 % 8 != 3 }
        // The first party of each group is among those above: its next claim is its group's.
        let heads = (0..<shape.groupCount).filter { $0 % 8 != 3 }
            .map { $0 * WorkloadShape.partiesPerGroup }
        return (parties + heads).map { PeerClaim(party: Int32($0), amount: ownLimit) }
    }

    /// Rounds of claims, each round on limits of its own, that are drained to exactly zero.
    ///
    /// In a round, five parties share groups and countries so that three of them are doomed: one on
    /// its own limit, one on its group's, one on its country's. A doomed claim asks for all that the
    /// honest ones have left of the round's limits by then, and has room in two of its three. Honest claims fit together exactly, and the doomed
    /// ones never take anything, so in whatever order they are decided one at a time, every honest
    /// claim is granted and every doomed one refused.
    func draining(_ shape: WorkloadShape) -> PeerWorkload {
        var draining = DrainingRounds(shape)
        while draining.claims.count < shape.claimCount { draining.addRounds() }
        return draining.workload(name: rawValue)
    }
}
