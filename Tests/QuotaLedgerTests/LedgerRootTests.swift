// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

/// A ledger over a log in memory, with a clock that stands still.
func makeLedger(
    _ log: InMemoryEntryLog,
    at time: LedgerTime = .earliest
) throws -> Ledger {
    try Ledger.open(log, secret: testSecret(), clock: { time })
}

/// The secret of every ledger in these tests, so that roots can be compared.
func testSecret() throws -> LedgerSecret {
    try #require(LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }))
}

@Suite("The same operations give the same root")
struct LedgerRootTests {
    /// Operations that all bring their time, so that no clock matters.
    private func operations(seed: Int) -> [Operation] {
        var stream = GeneratedStream(seed: UInt64(seed), profile: .reservations, count: 600)
        var oracle = stream.makeOracle()
        for position in stream.steps.indices {
            let step = stream.steps[position]
            if step.operation.time == nil {
                stream.steps[position].operation.time = max(step.now, oracle.newestTime)
            }
            _ = oracle.apply(stream.steps[position].operation, now: step.now)
        }
        return stream.operations
    }

    private func root(of operations: [Operation], batchCount: Int) throws -> LedgerHash {
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log)
        var rest = operations[...]
        while !rest.isEmpty {
            _ = try ledger.submit(Array(rest.prefix(batchCount)))
            rest = rest.dropFirst(batchCount)
        }
        return try log.frontier().root
    }

    @Test("in batches of 1, 7 and 8,192", arguments: 0..<8)
    func batchesDoNotMatter(seed: Int) throws {
        let operations = operations(seed: seed)
        let one = try root(of: operations, batchCount: 1)
        #expect(try root(of: operations, batchCount: 7) == one, "seed \(seed)")
        #expect(try root(of: operations, batchCount: 8_192) == one, "seed \(seed)")
    }

    @Test("after a recovery at any point", arguments: 20..<28)
    func recoveryDoesNotMatter(seed: Int) throws {
        let operations = operations(seed: seed)
        let undisturbed = try root(of: operations, batchCount: 50)
        let log = InMemoryEntryLog()
        var random = SplitMix64(seed: UInt64(seed))
        var rest = operations[...]
        while !rest.isEmpty {
            let ledger = try makeLedger(log)
            let count = Int.random(in: 1...120, using: &random)
            let asked = Array(rest.prefix(count))
            let answers = try ledger.submit(asked)
            // What was recorded is asked again: it must be told as a replay, with the same entry.
            let again = zip(asked, answers).filter { $1.entry != nil }
            for ((_, first), second) in zip(again, try ledger.submit(again.map(\.0))) {
                #expect(second == first.entry.map(LedgerAnswer.replayed), "seed \(seed)")
            }
            rest = rest.dropFirst(count)
        }
        #expect(try log.frontier().root == undisturbed, "seed \(seed)")
    }
}
