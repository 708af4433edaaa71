// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

/// Runs a generated stream through the core and compares it with the oracle, entry by entry.
struct OracleAgreement {
    let stream: GeneratedStream
    /// How many operations are decided at once, drawn anew for each batch.
    let batchCounts: ClosedRange<Int>

    /// Says where the core first differs, or `nil` if it never does.
    func firstDifference() throws -> String? {
        var oracle = stream.makeOracle()
        let expected = stream.steps.map { oracle.apply($0.operation, now: $0.now) }
        var core = LedgerCore(key: HashKey(first: stream.seed, second: 7))
        var answers: [CoreAnswer] = []
        var entries: [Entry] = []
        for batch in batches() {
            let effects = try core.decide(batch.map(\.operation), now: batch[0].now)
            answers += effects.answers
            entries += effects.entries
        }
        for (position, step) in stream.steps.enumerated() {
            if let difference = difference(answers[position], expected[position]) {
                return "step \(position), \(step.operation): \(difference)"
            }
        }
        for (found, wanted) in zip(entries, oracle.entries) where found != wanted {
            return "entry \(wanted.number):\n  found    \(found)\n  expected \(wanted)"
        }
        return entries.count == oracle.entries.count
            ? nil : "\(entries.count) entries, \(oracle.entries.count) expected"
    }

    private func difference(_ answer: CoreAnswer, _ expected: OracleAnswer) -> String? {
        switch (answer, expected) {
        case (.recorded(let number), .entry(let entry)) where number == entry.number: nil
        case (.replay(let number), .replay(let first)) where number == first: nil
        case (.rejected(let rejection), .rejected(let code)) where rejection.code == code: nil
        default: "answered \(answer), expected \(expected)"
        }
    }

    /// Cuts the stream into batches whose operations share a clock, or bring a time of their own.
    func batches() -> [[GeneratedStep]] {
        var random = SplitMix64(seed: stream.seed &* 31)
        var batches: [[GeneratedStep]] = []
        var wanted = 0
        for step in stream.steps {
            let fits =
                batches.last.map {
                    $0.count < wanted && (step.now == $0[0].now || step.operation.time != nil)
                } ?? false
            if fits {
                batches[batches.count - 1].append(step)
            } else {
                batches.append([step])
                wanted = Int.random(in: batchCounts, using: &random)
            }
        }
        return batches
    }
}

@Suite("The core decides as the oracle does")
struct OracleAgreementTests {
    @Test("one at a time", arguments: StreamProfile.allCases, 0..<40)
    func oneAtATime(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 250)
        let difference = try OracleAgreement(stream: stream, batchCounts: 1...1).firstDifference()
        #expect(difference == nil, "seed \(seed), profile \(profile)")
    }

    @Test("in batches of any size", arguments: StreamProfile.allCases, 1_000..<1_100)
    func inBatches(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 90)
        let difference = try OracleAgreement(stream: stream, batchCounts: 1...64).firstDifference()
        #expect(difference == nil, "seed \(seed), profile \(profile)")
    }

    /// How many streams the long form runs: set by scripts/nightly.d/streams.
    private static let nightlyCount =
        ProcessInfo.processInfo.environment["HEADROOM_STREAMS"].flatMap(Int.init) ?? 0

    @Test("in the long form", .enabled(if: nightlyCount > 0), arguments: StreamProfile.allCases)
    func longForm(profile: StreamProfile) throws {
        for seed in 100_000..<(100_000 + Self.nightlyCount) {
            let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 300)
            let difference = try OracleAgreement(stream: stream, batchCounts: 1...256)
                .firstDifference()
            #expect(difference == nil, "seed \(seed), profile \(profile)")
        }
    }

    @Test("a check says what the next reservation gets", arguments: 3_000..<3_060)
    func checks(seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: .tightCaps, count: 120)
        var oracle = stream.makeOracle()
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        var random = SplitMix64(seed: UInt64(seed))
        for step in stream.steps {
            if case .reserve(let reservation) = step.operation.action {
                var asked = step.operation
                asked.id = OperationIdentifier(checked: "check")
                // Far enough ahead, now and then, for days to change and holds to fall due.
                let ahead = random.next() % 4 == 0 ? Int64(random.next() % 90) : 0
                let now = LedgerTime(
                    millisecondsSince1970: step.now.millisecondsSince1970
                        + ahead * LedgerTime.millisecondsPerDay
                )
                let expected = oracle.check(
                    reservation,
                    by: asked.actor,
                    time: asked.time,
                    now: now ?? step.now
                )
                switch (try core.check(asked, now: now ?? step.now), expected) {
                case (.decided(let found), .decision(let wanted)):
                    #expect(found == wanted, "seed \(seed)")
                case (.refused(let found), .refused(let wanted)):
                    #expect(found == wanted, "seed \(seed)")
                case (.rejected(let rejection), .rejected(let code)):
                    #expect(rejection.code == code, "seed \(seed)")
                case (let found, let wanted):
                    Issue.record("seed \(seed): \(found), expected \(wanted)")
                }
            }
            _ = try core.decide([step.operation], now: step.now)
            _ = oracle.apply(step.operation, now: step.now)
        }
    }
}
