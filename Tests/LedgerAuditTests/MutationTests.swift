// SPDX-License-Identifier: Apache-2.0

import LedgerAudit
import LedgerModel
import LedgerTestSupport
import Testing

/// One change of a right log, anywhere in it: the audit must name that entry, or one behind it.
@Suite("A change of any one entry is found") struct MutationTests {
    /// Changes an entry so that it can not be right; `nil` if it has nothing of the kind.
    private static let changes: [(name: String, change: @Sendable (Entry) -> Entry?)] = [
        (
            "one TPP more used",
            { entry in
                guard var decision = entry.decision, !decision.tests.isEmpty else { return nil }
                let last = decision.tests.count - 1
                let used = decision.tests[last].used.rawValue + 1
                decision.tests[last].used = TPP(rawValue: used)
                return entry.deciding(decision)
            }
        ),
        (
            "a grant refused",
            { entry in
                guard var decision = entry.decision, decision.isGranted else { return nil }
                decision.refusal = .limitReached
                decision.granted = .zero
                return entry.deciding(decision)
            }
        ),
        (
            "a refusal granted",
            { entry in
                guard var decision = entry.decision, decision.refusal != nil else { return nil }
                decision.refusal = nil
                decision.granted = decision.asked
                return entry.deciding(decision)
            }
        ),
        (
            "the note turned round",
            { entry in
                guard var decision = entry.decision else { return nil }
                decision.attestationLapsed.toggle()
                return entry.deciding(decision)
            }
        ),
        (
            "one TPP more open before",
            { entry in
                guard case .moved(var move)? = entry.record?.outcome else { return nil }
                move.before.open = TPP(rawValue: move.before.open.rawValue + 1)
                var changed = entry
                changed.record?.outcome = .moved(move)
                return changed
            }
        ),
        (
            "accepted instead of refused, or the other way round",
            { entry in
                var changed = entry
                switch entry.record?.outcome {
                case .accepted: changed.record?.outcome = .refused(.notPermitted)
                case .refused: changed.record?.outcome = .accepted
                default: return nil
                }
                return changed
            }
        ),
        (
            "one TPP more freed by an expiry, or used in an event",
            { entry in
                var changed = entry
                switch entry.content {
                case .expiry(var expiry):
                    expiry.freed = TPP(rawValue: expiry.freed.rawValue + 1)
                    changed.content = .expiry(expiry)
                case .limit(var event):
                    event.used = TPP(rawValue: event.used.rawValue + 1)
                    changed.content = .limit(event)
                case .operation: return nil
                }
                return changed
            }
        ),
        (
            "the rulebook turned round",
            { entry in
                var changed = entry
                changed.rulebook = entry.rulebook == nil ? EntryNumber(rawValue: 0) : nil
                return changed
            }
        ),
    ]

    @Test(arguments: StreamProfile.allCases, 700..<704)
    func isFoundWhereItIs(profile: StreamProfile, seed: Int) {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 150)
        let entries = oracleEntries(of: stream)
        var random = SplitMix64(seed: UInt64(seed))
        for (name, change) in Self.changes {
            let places = entries.indices.filter { change(entries[$0]) != nil }
            for _ in 0..<4 where !places.isEmpty {
                let place = random.pick(places)
                var changed = entries
                if let entry = change(entries[place]) { changed[place] = entry }
                guard case .failure(.diverges(let divergence)) = audit(changed) else {
                    Issue.record("seed \(seed), \(profile), entry \(place): \(name) is not found")
                    continue
                }
                #expect(
                    divergence.entry == entries[place].number,
                    "seed \(seed), \(profile), \(name): \(divergence)"
                )
            }
        }
    }

    /// An event left out is missed by the next operation at the latest.
    @Test(arguments: StreamProfile.allCases, 720..<723)
    func anEventLeftOutIsFound(profile: StreamProfile, seed: Int) {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 150)
        let entries = oracleEntries(of: stream)
        guard let lastOperation = entries.lastIndex(where: { $0.record != nil }) else { return }
        for place in entries.indices[..<lastOperation] where entries[place].record == nil {
            var changed = entries
            changed.remove(at: place)
            guard case .failure(.diverges) = audit(AuditedHistory.renumbered(changed)) else {
                Issue.record("seed \(seed), \(profile): entry \(place) is not missed")
                continue
            }
        }
    }
}

extension Entry {
    fileprivate func deciding(_ decision: Decision) -> Entry {
        var changed = self
        changed.decision = decision
        return changed
    }
}
