// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Peers

@Suite struct WorkloadTests {
    @Test(arguments: WorkloadName.allCases, PeerRule.allCases)
    func theSameSeedGivesTheSameStream(_ name: WorkloadName, _ rule: PeerRule) {
        let first = testStream(name, rule, seed: 7)
        let second = testStream(name, rule, seed: 7)
        #expect(first.claims == second.claims && first.allowed == second.allowed)
        #expect(first.claims != testStream(name, rule, seed: 8).claims)
        #expect(first.claims.count == 6_000)
    }

    /// What a stream says of every order holds in the three that are tried here.
    @Test(arguments: WorkloadName.allCases, PeerRule.allCases)
    func whatIsGrantedDoesNotDependOnTheOrder(_ name: WorkloadName, _ rule: PeerRule) {
        let workload = testStream(name, rule, seed: 3)
        guard let expected = workload.isGrantedInAnyOrder else { return }
        let positions = Array(workload.claims.indices)
        var numbers = SeededNumbers(seed: 5)
        for order in [positions, positions.reversed(), positions.shuffled(using: &numbers)] {
            var loop = PlainLoop(workload)
            for position in order {
                let isGranted = loop.decide(claimAt: position) != PeerOutcome.refused
                #expect(isGranted == expected[position])
            }
        }
    }

    @Test func drainingLeavesExactlyNothing() {
        // 48 claims are a round, and 8 rounds take turns.
        let workload = testStream(.draining, .all, seed: 1, claims: 4_608)
        var loop = PlainLoop(workload)
        let outcomes = loop.decideAll()
        #expect(outcomes.count { $0 != PeerOutcome.refused } == 2_304)
        let shared = workload.partyCount..<workload.allowed.count
        #expect(shared.allSatisfy { loop.used[$0] == workload.allowed[$0] })
    }

    @Test func drainingInARowExhaustsEveryCountry() {
        let workload = testStream(.draining, .first, seed: 1)
        var loop = PlainLoop(workload)
        let outcomes = loop.decideAll()
        let countries = workload.partyCount + workload.groupCount..<workload.allowed.count
        #expect(countries.allSatisfy { loop.used[$0] == workload.allowed[$0] })
        #expect(Set(outcomes) == [-1, 0, 1, 2])
    }

    @Test func mostClaimsOfTheHotStreamGoToOneCountry() {
        let workload = testStream(.hotCountry, .all, seed: 1)
        let hot = Int32(workload.partyCount + workload.groupCount)
        let share = workload.claims.count {
            workload.routes[Int($0.party)].country == hot
        }
        #expect(share > workload.claims.count * 8 / 10)
    }
}
