// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Peers

/// A small stream of each kind.
func testStream(
    _ name: WorkloadName,
    _ rule: PeerRule,
    seed: UInt64,
    claims: Int = 6_000
) -> PeerWorkload {
    name.workload(
        WorkloadShape(partyCount: 400, countryCount: 10, claimCount: claims, seed: seed),
        rule: rule
    )
}

/// Limits so tight that much is refused for want of each of the three, with claims at random: what
/// the streams of the comparison do not do.
func tightStream(_ rule: PeerRule, seed: UInt64, claims: Int = 3_000) -> PeerWorkload {
    let full = testStream(.uniform, .first, seed: seed, claims: claims)
    var numbers = SeededNumbers(seed: seed &+ 77)
    let parties = full.partyCount
    let groups = full.groupCount
    let allowed = full.allowed.indices.map { limit -> Int64 in
        let most = limit < parties ? 90 : limit < parties + groups ? 300 : 2_200
        return Int64(numbers.below(most))
    }
    return PeerWorkload(
        name: "tight",
        rule: rule,
        routes: full.routes,
        allowed: allowed,
        history: [],
        claims: full.claims,
        groupCount: groups,
        countryCount: full.countryCount,
        isGrantedInAnyOrder: nil
    )
}

/// Every kind of stream, by its name, rule and seed.
struct StreamCase: Sendable, CustomTestStringConvertible {
    var name: String
    var rule: PeerRule
    var seed: UInt64

    var workload: PeerWorkload {
        guard let known = WorkloadName(rawValue: name) else {
            return tightStream(rule, seed: seed)
        }
        return testStream(known, rule, seed: seed)
    }

    var testDescription: String { "\(name) \(rule.rawValue), seed \(seed)" }

    static let all = PeerRule.allCases.flatMap { rule in
        ["K1", "K3", "K5", "tight"].flatMap { name in
            [UInt64(1), 20_250_113].map { StreamCase(name: name, rule: rule, seed: $0) }
        }
    }
}
