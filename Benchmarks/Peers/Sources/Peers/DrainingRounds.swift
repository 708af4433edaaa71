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
    private static let partiesPerRound = 5
    private static let honestClaims = 24
    private static let doomedClaims = 24

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
        claims.reserveCapacity(shape.claimCount + Self.honestClaims + Self.doomedClaims)
    }

    mutating func addRound() {
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
        ownAllowed += [asked[0], asked[1], 0, 2 * total, 2 * total]
        groupAllowed += [total, 0]
        countryAllowed += [total, 0]
        mix(honest, total: total, firstParty: firstParty)
    }

    /// Puts a doomed claim beside each honest one, on either side, as large as half of all room.
    private mutating func mix(_ honest: [PeerClaim], total: Int64, firstParty: Int) {
        for (number, claim) in honest.enumerated() {
            let doomed = PeerClaim(
                party: Int32(firstParty + 2 + number % 3),
                amount: Int64(1 + numbers.below(max(1, Int(total) / 2)))
            )
            let isDoomedFirst = numbers.next() & 1 == 0
            claims += isDoomedFirst ? [doomed, claim] : [claim, doomed]
            isHonest += isDoomedFirst ? [false, true] : [true, false]
        }
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
