// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("Deciding a log again under another rulebook")
struct ReadjudicatorTests {
    /// A generated log, by the oracle.
    private struct World {
        var stream: GeneratedStream
        var entries: [Entry]
        /// The adopted files that are valid, with their entries.
        var adoptions: [(entry: Entry, bytes: [UInt8])]

        init(_ profile: StreamProfile, seed: Int) {
            stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 120)
            var oracle = stream.makeOracle()
            for step in stream.steps { _ = oracle.apply(step.operation, now: step.now) }
            entries = oracle.entries
            adoptions = oracle.entries.compactMap { entry in
                guard case .operation(let record) = entry.content, record.outcome.refusal == nil,
                    case .adoptRulebook(let adoption) = record.action
                else { return nil }
                return (entry, adoption.bytes)
            }
        }

        /// Whether a rulebook could be adopted by the approval of a proposal.
        var proposesRulebooks: Bool {
            entries.contains { entry in
                guard case .operation(let record) = entry.content,
                    case .propose(let proposal) = record.action,
                    case .adoptRulebook = proposal.action
                else { return false }
                return true
            }
        }

        /// Whether no adoption waits for its effective day, the file's own included: in between
        /// there is no rulebook for another one to replace.
        func isPlain(under other: [UInt8]) -> Bool {
            guard let first = adoptions.first?.entry.time.day,
                let effective = stream.rulebooks[other]?.effective, effective <= first
            else { return false }
            return adoptions.allSatisfy { adoption in
                (stream.rulebooks[adoption.bytes]?.effective ?? .latest) <= adoption.entry.time.day
            }
        }
    }

    /// Entries in batches of any size.
    private func batches(of entries: [Entry], seed: Int) -> [ArraySlice<Entry>] {
        var random = SplitMix64(seed: UInt64(seed))
        var rest = entries[...]
        var batches: [ArraySlice<Entry>] = []
        while !rest.isEmpty {
            batches.append(rest.prefix(1 + random.below(40)))
            rest = rest.dropFirst(batches[batches.count - 1].count)
        }
        return batches
    }

    @Test("with the rulebook that is in force it gives the log, byte for byte")
    func theSameRulebookChangesNothing() throws {
        var compared = Compared()
        for profile in StreamProfile.allCases {
            for seed in 11_000..<11_012 {
                let world = World(profile, seed: seed)
                guard let bytes = world.adoptions.first?.bytes, !world.proposesRulebooks else {
                    continue
                }
                // The log up to the adoption of a second file.
                let end = world.adoptions.first { $0.bytes != bytes }?.entry.number.rawValue
                let count = Int(end ?? UInt64(world.entries.count))
                compared.worlds += 1
                compared.answers += count
                try compareWithItself(Array(world.entries.prefix(count)), under: bytes, seed: seed)
            }
        }
        #expect(compared.worlds >= 40 && compared.answers >= 1_500, "\(compared)")
    }

    private func compareWithItself(_ entries: [Entry], under bytes: [UInt8], seed: Int) throws {
        var other = try Readjudicator(rulebook: bytes)
        var decided: [Entry] = []
        for batch in batches(of: entries, seed: seed) {
            decided += try other.decide(batch.filter { $0.operation != nil }).decided
        }
        // Events behind the last operation are those of whatever comes next.
        let expected = entries.prefix(decided.count)
        #expect(decided.count >= (entries.lastIndex { $0.operation != nil } ?? 0) + 1)
        for (entry, same) in zip(decided, expected) {
            #expect(try leaf(entry) == leaf(same), "seed \(seed)")
        }
    }

    /// The leaf of an entry, which commits to all its bytes.
    private func leaf(_ entry: Entry) throws -> LedgerHash {
        var buffer = ByteBuffer(capacity: 256)
        try EntryCodec.encode(entry, into: &buffer)
        return try LeafHasher(secret: testSecret()).leaf(of: buffer.bytes)
    }

    /// How many worlds of the comparison with the oracle could be compared, and how many of their
    /// answers were not the log's.
    private struct Compared {
        var worlds = 0
        var answers = 0
        var changes = 0
    }

    @Test("with another one it gives what the oracle says of the same operations")
    func anotherRulebookIsAsTheOracleSays() throws {
        var compared = Compared()
        for profile in StreamProfile.allCases {
            for seed in 12_000..<12_030 {
                let world = World(profile, seed: seed)
                for file in world.stream.rulebooks.keys where world.isPlain(under: file) {
                    compared.worlds += 1
                    try compare(world, under: file, seed: seed, &compared)
                }
            }
        }
        #expect(compared.worlds >= 50, "\(compared)")
        #expect(compared.answers >= 3_000, "\(compared)")
        #expect(compared.changes >= 200, "\(compared)")
    }

    private func compare(
        _ world: World,
        under file: [UInt8],
        seed: Int,
        _ compared: inout Compared
    ) throws {
        var oracle = world.stream.makeOracle()
        var expected: [OracleAnswer] = []
        for entry in world.entries {
            guard var operation = entry.operation else { continue }
            operation.action = operation.action.adopting(file, among: world.stream.rulebooks)
            expected.append(oracle.apply(operation, now: entry.time))
        }
        var other = try Readjudicator(rulebook: file)
        var position = 0
        for batch in batches(of: world.entries, seed: seed) {
            try other.decide(batch) { entry, answer in
                compared.answers += 1
                switch (answer, expected[position]) {
                case (.recorded(let outcome), .entry(let same)):
                    #expect(
                        outcome == same.outcome,
                        "\(world.stream.profile), seed \(seed), entry \(entry.number)"
                    )
                    if outcome != entry.outcome { compared.changes += 1 }
                case (.rejected(let rejection), .rejected(let code)):
                    #expect(rejection.code == code)
                    compared.changes += 1
                default:
                    Issue.record(
                        """
                        \(world.stream.profile), seed \(seed), entry \(entry.number): \
                        \(answer), the oracle says \(expected[position])
                        """
                    )
                }
                position += 1
            }
        }
        #expect(position == expected.count)
    }
}

extension Entry {
    /// The operation that it answers, at its time.
    fileprivate var operation: LedgerModel.Operation? {
        guard case .operation(let record) = content else { return nil }
        return Operation(id: record.id, actor: actor, time: time, action: record.action)
    }

    fileprivate var outcome: Outcome? {
        guard case .operation(let record) = content else { return nil }
        return record.outcome
    }
}

extension Action {
    /// The same action, but of a valid rulebook file another one.
    fileprivate func adopting(
        _ file: [UInt8],
        among known: [[UInt8]: OracleRulebook]
    ) -> Action {
        switch self {
        case .adoptRulebook(let adoption) where known[adoption.bytes] != nil:
            .adoptRulebook(RulebookAdoption(bytes: file))
        case .propose(let proposal):
            .propose(Proposal(action: proposal.action.adopting(file, among: known)))
        default: self
        }
    }
}
