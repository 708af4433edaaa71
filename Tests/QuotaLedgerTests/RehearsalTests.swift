// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Testing

@Suite("Answering as a ledger would, without writing")
struct RehearsalTests {
    /// Operations that all bring their time, some of them asked twice.
    private func operations(seed: Int, _ profile: StreamProfile) -> [Operation] {
        let stream = GeneratedStream(seed: UInt64(seed), profile: profile, count: 150)
        var oracle = stream.makeOracle()
        var random = SplitMix64(seed: UInt64(seed))
        var operations: [Operation] = []
        for step in stream.steps {
            var operation = step.operation
            operation.time = operation.time ?? max(step.now, oracle.newestTime)
            _ = oracle.apply(operation, now: step.now)
            operations.append(operation)
            if let again = operations.randomElement(using: &random), random.below(5) == 0 {
                operations.append(again)
            }
        }
        return operations
    }

    @Test(
        "it answers what the ledger answers, and the log stays as it is",
        arguments: StreamProfile.allCases,
        0..<3
    )
    func answersAreTheLedgers(profile: StreamProfile, seed: Int) throws {
        let operations = operations(seed: 31_000 + seed, profile)
        var random = SplitMix64(seed: UInt64(seed))
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log)
        let begin = 1 + random.below(operations.count / 2)
        _ = try ledger.submit(Array(operations[..<begin]))
        let head = try log.head()
        var rehearsal = Rehearsal(of: log, from: try LedgerCore.recovered(from: log))
        var rest = operations[begin...]
        var rehearsed: [RehearsedAnswer] = []
        while !rest.isEmpty {
            let batch = Array(rest.prefix(1 + random.below(60)))
            rest = rest.dropFirst(batch.count)
            rehearsed += try rehearsal.answers(to: batch, now: .earliest)
        }
        #expect(try log.head() == head, "seed \(seed)")
        let answers = try ledger.submit(Array(operations[begin...]))
        #expect(rehearsed.count == answers.count)
        for (answer, expected) in zip(rehearsed, answers) {
            #expect(isSame(answer, expected, end: head.next), "seed \(seed)")
        }
    }

    /// Whether an answer is the ledger's, whose log ended at an entry when the rehearsal began.
    private func isSame(
        _ answer: RehearsedAnswer,
        _ expected: LedgerAnswer,
        end: UInt64
    ) -> Bool {
        switch (answer, expected) {
        case (.recorded(let entry), .recorded(let other)): entry == other
        case (.replayed(let entry), .replayed(let other)):
            entry == other && entry.number.rawValue < end
        case (.repeated(let outcome), .replayed(let other)):
            withoutTests(self.outcome(of: other)) == outcome && other.number.rawValue >= end
        case (.rejected(let rejection), .rejected(let other)):
            // A message names the entry that has the id, if it is decided already.
            rejection.code == other.code && rejection.found == other.found
        default: false
        }
    }

    private func outcome(of entry: Entry) -> Outcome? {
        guard case .operation(let record) = entry.content else { return nil }
        return record.outcome
    }

    private func withoutTests(_ outcome: Outcome?) -> Outcome? {
        guard case .decided(let decision)? = outcome else { return outcome }
        return .decided(
            Decision(
                refusal: decision.refusal,
                mechanism: decision.mechanism,
                asked: decision.asked,
                granted: decision.granted
            )
        )
    }
}
