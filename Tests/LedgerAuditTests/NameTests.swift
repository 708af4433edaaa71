// SPDX-License-Identifier: Apache-2.0

import LedgerAudit
import LedgerModel
import LedgerTestSupport
import Testing

@Suite("No answer of the audit rests on a hash") struct NameTests {
    /// Which bits of each hash are kept: from all of them to none, so that all names collide.
    static let kept: [UInt64] = [.max, 0xff, 3 << 40 | 1, 1 << 63, 0]

    private func judged(_ entries: [Entry], keeping kept: UInt64) throws -> AuditTally {
        let log = try AuditedHistory.log(of: entries)
        let hasher = NameHasher(keeping: kept)
        return try AuditedLog(of: log, secret: AuditedHistory.secret(), hasher: hasher).tally
    }

    @Test(arguments: StreamProfile.allCases, kept)
    func aLogIsJudgedTheSameWhateverItsNamesAreHashedTo(
        profile: StreamProfile,
        kept: UInt64
    ) throws {
        let stream = GeneratedStream(seed: 700, profile: profile, count: 120)
        let entries = try ledgerEntries(of: stream, batchCount: 20)
        let tally = try judged(entries, keeping: kept)
        let alone = try audit(entries).get()
        #expect(tally == alone)
    }

    @Test(arguments: kept)
    func aSecondAnswerIsFoundWhateverItsNameIsHashedTo(kept: UInt64) throws {
        let history = try AuditedHistory()
        for id in ["A1", "S4"] {
            var entries = history.entries
            entries.append(entries[try history.number(of: id)])
            entries[entries.count - 1].time = entries[entries.count - 2].time
            let error = #expect(throws: AuditError.self) {
                try judged(AuditedHistory.renumbered(entries), keeping: kept)
            }
            guard case .diverges(let divergence)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(divergence.kind == .repeated)
            #expect(divergence.entry.rawValue == UInt64(entries.count - 1))
        }
    }

    /// Random names, some of them twice, against a dictionary; the hashes are as bad as they can be.
    @Test(arguments: kept)
    func aTableOfNamesIsADictionaryInOrder(kept: UInt64) {
        var generator = SplitMix64(seed: 5)
        var table = NameTable<Int>()
        var known: [Int: Int] = [:]
        if kept == .max { table.reserveCapacity(100) }
        for _ in 0..<600 {
            let name = Int.random(in: 0..<400, using: &generator)
            let hash = UInt64(truncatingIfNeeded: name &* 0x1E37_79B9_7F4A_7C15) & kept
            #expect(table.position(of: name, hashed: hash) == known[name])
            if Bool.random(using: &generator) {
                let added = table.add(name, hashed: hash)
                #expect(added.isNew == (known[name] == nil))
                #expect(added.position == known[name] ?? known.count)
                known[name] = added.position
            }
            if let candidate = table.candidate(hashed: hash) {
                #expect(table.names.indices.contains(candidate))
            }
        }
        #expect(table.names.count == known.count)
        for (position, name) in table.names.enumerated() { #expect(known[name] == position) }
    }
}
