// SPDX-License-Identifier: Apache-2.0

/// Builds the stream of ``WorkloadName/draining`` round by round.
///
/// The cast of a round, over groups G and H and countries X and Y of its own:
///
/// | party | own limit | group | country | |
/// |---|---|---|---|---|
/// | 0 | what it asks | G | X | honest |
/// | 1 | what it asks | G | X | honest |
/// | 2 | 0 | G | X | doomed on its own limit |
/// | 3 | ample | H, 0 left | X | doomed on its group's |
/// | 4 | ample | G | Y, 0 left | doomed on its country's |
struct DrainingRounds {
    private static let honestClaims = 24
    private static let doomedClaims = 24
    private static let roundsAtOnce = 8

    private var numbers: SeededNumbers
    private var routes: [LimitTriple] = []
    private var roundCount = 0
    private var ownAllowed: [Int64] = []
    private var groupAllowed: [Int64] = []
    private var countryAllowed: [Int64] = []
    private var isHonest: [Bool] = []
    private(set) var claims: [PeerClaim] = []
    private let claimCount: Int

    init(_ shape: WorkloadShape) {
        numbers = SeededNumbers(seed: shape.seed)
        claimCount = shape.claimCount
        claims.reserveCapacity(
            shape.claimCount
                + Self.roundsAtOnce * (Self.honestClaims + Self.doomedClaims)
        )
    }

    /// Adds some rounds whose claims take turns at random, so that whoever decides several claims at
    /// once decides some of the same round.
    mutating func addRounds() {
        let rounds = (0..<Self.roundsAtOnce).map { _ in makeRound() }
        var turns = rounds.indices.flatMap { [Int](repeating: $0, count: rounds[$0].count) }
        for place in turns.indices.dropLast() {
            turns.swapAt(place, place + numbers.below(turns.count - place))
        }
        var next = [Int](repeating: 0, count: rounds.count)
        for round in turns {
            let (claim, honest) = rounds[round][next[round]]
            next[round] += 1
            claims.append(claim)
            isHonest.append(honest)
        }
    }

    private mutating func makeRound() -> [(claim: PeerClaim, isHonest: Bool)] {
        let firstParty = routes.count
        // Provisional indices within their kind; they are moved up at the end.
        let group = Int32(2 * roundCount)
        let country = Int32(2 * roundCount)
        for (groupOffset, countryOffset) in [(0, 0), (0, 0), (0, 0), (1, 0), (0, 1)] {
            routes.append(
                LimitTriple(
                    party: Int32(routes.count),
                    group: group + Int32(groupOffset),
                    country: country + Int32(countryOffset)
                )
            )
        }
        roundCount += 1
        var honest: [PeerClaim] = []
        var asked: [Int64] = [0, 0]
        for number in 0..<Self.honestClaims {
            let amount = Int64(1 + numbers.below(WorkloadName.largestAmount))
            honest.append(PeerClaim(party: Int32(firstParty + number % 2), amount: amount))
            asked[number % 2] += amount
        }
        let total = asked[0] + asked[1]
        ownAllowed += [asked[0], asked[1], 0, total, total]
        groupAllowed += [total, 0]
        countryAllowed += [total, 0]
        return mix(honest, total: total, firstParty: firstParty)
    }

    /// Puts a doomed claim beside each honest one, on either side, as large as what is left then.
    private mutating func mix(
        _ honest: [PeerClaim],
        total: Int64,
        firstParty: Int
    ) -> [(claim: PeerClaim, isHonest: Bool)] {
        var round: [(claim: PeerClaim, isHonest: Bool)] = []
        var left = total
        for (number, claim) in honest.enumerated() {
            let isDoomedFirst = numbers.next() & 1 == 0
            if !isDoomedFirst { round.append((claim, true)) }
            let party = Int32(firstParty + 2 + number % 3)
            let room = isDoomedFirst ? left : left - claim.amount
            round.append((PeerClaim(party: party, amount: max(1, room)), false))
            if isDoomedFirst { round.append((claim, true)) }
            left -= claim.amount
        }
        return round
    }

    consuming func workload(name: String) -> PeerWorkload {
        let groupBase = Int32(routes.count)
        let countryBase = groupBase + Int32(groupAllowed.count)
        for index in routes.indices {
            routes[index].group += groupBase
            routes[index].country += countryBase
        }
        return PeerWorkload(
            name: name,
            rule: .all,
            routes: routes,
            allowed: ownAllowed + groupAllowed + countryAllowed,
            // Cut in the middle of a round: what is left out only leaves more room.
            claims: Array(claims.prefix(claimCount)),
            groupCount: groupAllowed.count,
            countryCount: countryAllowed.count,
            isGrantedInAnyOrder: Array(isHonest.prefix(claimCount))
        )
    }
}
