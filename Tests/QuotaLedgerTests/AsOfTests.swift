// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("As of any entry the ledger stands as the oracle says")
struct AsOfTests {
    private static let profiles: [StreamProfile] = [.lifeCycle, .breaches, .lawChanges]

    /// "All as of any entry or time": what is used and allowed, what is held, what is installed and
    /// what is in breach, after entries drawn at random.
    @Test("limits, holds, bases and breaches", arguments: profiles, 7_000..<7_030)
    func standings(profile: StreamProfile, seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 150)
        var oracle = stream.makeOracle()
        for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
        var random = SplitMix64(seed: UInt64(seed))
        let wanted = Set((0..<6).map { _ in random.below(oracle.entries.count) })
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        for (position, entry) in oracle.entries.enumerated() {
            try core.replay(entry)
            guard wanted.contains(position) else { continue }
            compareLimits(core, oracle, asOf: entry.number)
            compareHolds(core, oracle, asOf: entry.number)
            try compareBases(core, oracle, asOf: entry.number)
            // Within the events of one look the ledger knows what is still to be written.
            let next = oracle.entries.dropFirst(position + 1).first
            if case .limit? = next?.content { continue }
            #expect(core.limitsInBreach == oracle.limitsInBreach(asOf: entry.number))
        }
    }

    private func compareLimits(
        _ core: borrowing LedgerCore,
        _ oracle: Oracle,
        asOf number: EntryNumber
    ) {
        let found = core.limitStandings.filter { $0.value.used > .zero }
        let expected = (oracle.watchedUses(asOf: number) ?? [:]).filter { $0.value.used > 0 }
        #expect(Set(found.keys) == Set(expected.keys), "entry \(number)")
        for (name, use) in expected {
            let standing = LimitStanding(
                used: TPP(rawValue: use.used),
                limit: TPP(rawValue: use.limit)
            )
            #expect(found[name] == standing, "\(name) as of entry \(number)")
        }
    }

    private func compareHolds(
        _ core: borrowing LedgerCore,
        _ oracle: Oracle,
        asOf number: EntryNumber
    ) {
        for entry in oracle.entries.prefix(Int(number.rawValue) + 1) {
            guard case .operation(let record) = entry.content, case .reserve = record.action,
                record.outcome.refusal == nil
            else { continue }
            let expected = oracle.balance(of: entry.number, asOf: number)
            let found = core.balance(of: entry.number)
            if let found {
                #expect(found == expected, "hold \(entry.number) as of entry \(number)")
            } else {
                #expect(expected?.open == .zero, "hold \(entry.number) as of entry \(number)")
                #expect(expected?.out == .zero, "hold \(entry.number) as of entry \(number)")
            }
        }
    }

    private func compareBases(
        _ core: borrowing LedgerCore,
        _ oracle: Oracle,
        asOf number: EntryNumber
    ) throws {
        var groups: Set<PartyIdentifier> = []
        for entry in oracle.entries.prefix(Int(number.rawValue) + 1) {
            guard case .operation(let record) = entry.content,
                case .party(let party) = record.action
            else { continue }
            groups.insert(party.id)
        }
        for group in groups {
            for country in ["US", "AE", "IN", "SA", "PL", "KH", "DE"].map(CountryCode.of) {
                let expected = try #require(
                    oracle.installed(of: group, in: country, asOf: number)
                )
                // A group is named by its ultimate parent; of a member the oracle knows nothing.
                guard expected > 0 else { continue }
                #expect(core.installed(of: group, in: country) == TPP(rawValue: expected))
            }
        }
    }
}
