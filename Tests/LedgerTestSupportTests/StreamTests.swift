// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// What must hold of the oracle whatever it is asked.
@Suite struct StreamTests {
    private static let seeds = Array(UInt64(1)...25)

    @Test(arguments: seeds, StreamProfile.allCases)
    func grantsFitAndRefusalsLeaveNoTrace(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps {
            let before = oracle
            guard case .entry(let entry) = oracle.apply(step.operation, now: step.now) else {
                #expect(oracle.entries == before.entries, "seed \(seed), \(profile)")
                continue
            }
            // Behind an operation's own entry stand the events that it brought about, if any.
            let own = oracle.entries.lastIndex {
                if case .operation = $0.content { true } else { false }
            }
            #expect(own.map { oracle.entries[$0] } == entry, "seed \(seed), \(profile)")
            guard case .operation(let record) = entry.content,
                case .decided(let decision) = record.outcome
            else { continue }
            let deciding = decision.tests.filter { $0.mechanism == decision.mechanism }
            #expect(
                decision.bindingTest.map { decision.tests[$0].left } == deciding.map(\.left).min(),
                "seed \(seed), \(profile), entry \(entry.number)"
            )
            for test in decision.tests {
                let after = oracle.use(of: test.name)
                let isTaken = decision.isGranted && test.mechanism == decision.mechanism
                if isTaken {
                    #expect(
                        test.used.rawValue + decision.granted.rawValue <= test.limit.rawValue
                            && test.left.rawValue
                                == test.limit.rawValue - test.used.rawValue
                                - decision.granted.rawValue,
                        "seed \(seed), \(profile), entry \(entry.number): \(test)"
                    )
                }
                // A share counts every hold; the other limits only what they granted.
                let counts: Bool =
                    switch test.name {
                    case .countryShare, .outsideShare: decision.isGranted
                    default: isTaken
                    }
                let expected = test.used.rawValue + (counts ? decision.granted.rawValue : 0)
                #expect(
                    after == OracleUse(used: expected, limit: test.limit.rawValue),
                    "seed \(seed), \(profile), entry \(entry.number): \(test)"
                )
            }
        }
    }

    @Test(arguments: seeds, StreamProfile.allCases)
    func theLogIsInOrderAndItsHoldsBalance(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        var newest = LedgerTime.earliest
        var holds: [EntryNumber: FollowedHold] = [:]
        for (index, entry) in oracle.entries.enumerated() {
            #expect(entry.number.rawValue == UInt64(index), "seed \(seed), \(profile)")
            #expect(entry.time >= newest, "seed \(seed), \(profile), entry \(index)")
            newest = entry.time
            for (number, hold) in holds where hold.isOpen {
                guard let deadline = hold.deadline, deadline < entry.time else { continue }
                Issue.record("seed \(seed), \(profile): hold \(number) is late at entry \(index)")
            }
            let finding = FollowedHold.follow(entry, in: &holds)
            #expect(finding == nil, "seed \(seed), \(profile), entry \(index)")
        }
        for (number, hold) in holds {
            #expect(oracle.balance(of: number) == hold.balance, "seed \(seed), \(profile)")
        }
    }

    @Test(arguments: Array(seeds.prefix(10)), StreamProfile.allCases)
    func checksReplaysAndThePastAgree(seed: UInt64, profile: StreamProfile) {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 100)
        var oracle = stream.makeOracle()
        var uses: [(EntryNumber, LimitName, OracleUse?)] = []
        for step in stream.steps {
            let before = oracle
            let answer = oracle.apply(step.operation, now: step.now)
            guard case .entry(let entry) = answer else { continue }
            #expect(
                oracle.apply(step.operation, now: step.now) == .replay(entry.number),
                "seed \(seed), \(profile)"
            )
            guard case .operation(let record) = entry.content,
                case .reserve(let reservation) = record.action,
                case .decided(let decision) = record.outcome
            else { continue }
            #expect(
                before.check(reservation, time: step.operation.time, now: step.now)
                    == .decision(decision),
                "seed \(seed), \(profile), entry \(entry.number)"
            )
            if let name = decision.tests.first?.name {
                uses.append((entry.number, name, oracle.use(of: name)))
            }
        }
        for (number, name, use) in uses {
            #expect(oracle.use(of: name, asOf: number) == use, "seed \(seed), \(profile), \(name)")
        }
    }

    @Test func theSameSeedGivesTheSameStream() {
        for profile in StreamProfile.allCases {
            let first = GeneratedStream(seed: 7, profile: profile, count: 80)
            let second = GeneratedStream(seed: 7, profile: profile, count: 80)
            let other = GeneratedStream(seed: 8, profile: profile, count: 80)
            #expect(first.steps == second.steps)
            #expect(first.rulebooks == second.rulebooks)
            #expect(first.steps != other.steps)
        }
    }
}
