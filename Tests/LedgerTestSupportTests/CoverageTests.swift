// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// A generator that never meets a case tests nothing there.
@Suite struct CoverageTests {
    /// How often each word was seen in the streams of some seeds.
    private static func count(
        _ profiles: [StreamProfile],
        _ seeds: ClosedRange<UInt64>,
        retentionPercent: Int = 0
    ) -> [String: Int] {
        var seen: [String: Int] = [:]
        for seed in seeds {
            for profile in profiles {
                let stream = GeneratedStream(
                    seed: seed,
                    profile: profile,
                    count: 200,
                    retentionPercent: retentionPercent
                )
                var oracle = stream.makeOracle()
                for step in stream.steps {
                    let answer = oracle.apply(step.operation, now: step.now)
                    for word in words(answer) { seen[word, default: 0] += 1 }
                }
                var last: EntryContent?
                for entry in oracle.entries {
                    for word in words(entry, after: last) { seen[word, default: 0] += 1 }
                    if case .limit = entry.content { continue }
                    last = entry.content
                }
            }
        }
        return seen
    }

    private static func expect(_ words: [String], in seen: [String: Int], atLeast least: Int = 3) {
        for word in words {
            #expect(seen[word, default: 0] >= least, "\(word) was seen \(seen[word] ?? 0) times")
        }
    }

    @Test func theStreamsMeetEveryAnswer() {
        let seen = Self.count(StreamProfile.allCases, 1...32)
        let unreachable: Set<RejectionCode> = [.unknownField, .malformedInput]
        // Streams with retention are others.
        let retention: Set<Refusal> = [.onHold, .notRedactable]
        Self.expect(
            Refusal.allCases.filter { !retention.contains($0) }.map(\.description)
                + RejectionCode.allCases.filter { !unreachable.contains($0) }
                .map(\.description),
            in: seen
        )
        Self.expect(
            ["replay", "expiry", "lapsed", "exact", "one over", "install", "partly granted"]
                + ["rest", "final", "gaps", "no gaps", "approved", "declined", "of 0 TPP"]
                + MechanismKind.allCases.filter { $0 != .concern && $0 != .prohibited }
                .map { "granted by \($0)" }
                + ["nveu", "small-order", "country", "uveu"].map { "full \($0)" }
                // Rotations depend on nothing else: `RotationTests` of the audit has them.
                + ActionKind.allCases
                .filter { !ActionKind.retention.contains($0) && $0 != .rotateKey }
                .map { "done \($0)" },
            in: seen
        )
        // Each operation on holds meets each of its refusals, and what the policy says of it.
        let onClosed = ["ship", "release", "extend", "revoke"].map { "\($0) hold-closed" }
        let onHolds = ActionKind.allCases.filter { ActionKind.onHolds.contains($0) }
        Self.expect(
            onClosed
                + ["ship exceeds-hold", "return exceeds-shipped", "retire exceeds-shipped"]
                + ["ship concern", "ship party-blocked", "ship status-inactive"]
                + onHolds.flatMap { ["\($0) not-granted", "\($0) not-permitted"] }
                + ["correct not-permitted", "propose not-permitted"]
                + ["decide-proposal not-permitted", "decide-proposal status-exists"]
                + ["decide-proposal status-revoked", "decide-proposal not-eligible"]
                + ["reserve not-permitted", "party needs-approval"],
            in: seen
        )
        Self.expect(
            ["not controlled published", "not controlled below-threshold"]
                + ["not controlled below-floor", "permitted", "transfer-weights concern"]
                + ["transfer-weights party-blocked"],
            in: seen
        )
    }

    @Test func streamsWithRetentionMeetItsAnswers() {
        let seen = Self.count([.reservations, .lifeCycle], 1...6, retentionPercent: 20)
        Self.expect(
            ["on-hold", "not-redactable", "done legal-hold", "decide-proposal on-hold"]
                + ["decide-proposal not-redactable", "redact needs-approval", "approved", "replay"]
                + ["propose not-permitted", "unknown-reference", "malformed-field"],
            in: seen
        )
    }

    // Every kind of limit comes into breach and out of it, and every threshold is crossed.
    @Test func theStreamsMeetEveryChangeOfALimit() {
        let seen = Self.count([.breaches, .tightCaps, .lawChanges, .lifeCycle], 1...60)
        let kinds = ["country", "nveu", "small-order", "uveu-country", "uveu-outside"]
        Self.expect(
            kinds.flatMap { ["\($0) breached", "\($0) cured", "\($0) unwatched"] },
            in: seen
        )
        Self.expect(
            kinds.filter { $0 != "small-order" }
                .flatMap { kind in [80, 90, 95, 100].map { "\(kind) crossed \($0)" } },
            in: seen,
            atLeast: 1
        )
        #expect(seen.keys.allSatisfy { !$0.hasPrefix("small-order crossed") })
        Self.expect(["at midnight", "at an expiry", "breached and crossed at once"], in: seen)
    }

    // MARK: Words

    private static func words(_ answer: OracleAnswer) -> [String] {
        switch answer {
        case .replay: ["replay"]
        case .rejected(let code): [code.description]
        case .entry(let entry): words(of: entry)
        }
    }

    private static func words(of entry: Entry) -> [String] {
        guard case .operation(let record) = entry.content else { return [] }
        let kind = record.action.kind
        if let refusal = record.outcome.refusal {
            var words = [refusal.description, "\(kind) \(refusal)"]
            if case .decided(let decision) = record.outcome { words += self.words(decision) }
            return words
        }
        var words = ["done \(kind)"]
        switch (record.action, record.outcome) {
        case (_, .decided(let decision)): words += self.words(decision)
        case (.ship(let shipment), .moved(let move)):
            if shipment.part == .rest { words.append("rest") }
            if shipment.isFinal, move.freed > .zero { words.append("final") }
            if move.before.open == .zero { words.append("of 0 TPP") }
        case (_, .attested(let gaps)): words.append(gaps.isEmpty ? "no gaps" : "gaps")
        case (.decideProposal(let decision), _):
            words.append(decision.step == .approve ? "approved" : "declined")
        case (_, .determined(.notControlled(let reason))):
            words.append("not controlled \(reason)")
        case (_, .determined): words.append("permitted")
        default: break
        }
        return words
    }

    private static func words(_ decision: Decision) -> [String] {
        var words: [String] = []
        if decision.isGranted { words.append("granted by \(decision.mechanism)") }
        if decision.isGranted, decision.granted < decision.asked { words.append("partly granted") }
        if decision.attestationLapsed { words.append("lapsed") }
        if decision.roomByInstalling != nil { words.append("install") }
        for test in decision.tests {
            if decision.refusal != nil || test.mechanism != decision.mechanism {
                words.append("full \(test.mechanism)")
                if test.limit.rawValue - test.used.rawValue == decision.asked.rawValue - 1 {
                    words.append("one over")
                }
            } else if test.left == .zero {
                words.append("exact")
            }
        }
        return words
    }

    /// What an entry that no operation asked for shows, by the last entry before it that is not a
    /// limit's event.
    private static func words(_ entry: Entry, after last: EntryContent?) -> [String] {
        switch entry.content {
        case .operation: return []
        case .expiry: return ["expiry"]
        case .limit(let event):
            let kind = event.name.description.prefix { $0 != " " }
            var words = entry.time == LedgerTime(startOf: entry.time.day) ? ["at midnight"] : []
            if case .expiry = last { words.append("at an expiry") }
            switch event.change {
            case .breached: words.append("\(kind) breached")
            case .cured: words.append("\(kind) cured")
            case .unwatched: words.append("\(kind) unwatched")
            case .crossed(let percent):
                words.append("\(kind) crossed \(percent)")
                if event.used > event.limit { words.append("breached and crossed at once") }
            }
            return words
        }
    }
}
