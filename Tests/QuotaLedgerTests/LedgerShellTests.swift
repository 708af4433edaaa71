// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

/// A log that fails at one append, before or after it went through.
final class FailingLog: EntryLog {
    enum Failure: Sendable {
        /// Nothing was appended, and the store says so.
        case refused
        /// The batch went through, and the store can not tell.
        case unknown
        /// Another writer has taken the log over.
        case fenced
    }

    private let log: InMemoryEntryLog
    private let failure: Failure
    private let appendsLeft: Mutex<Int>

    init(over log: InMemoryEntryLog, after appendCount: Int, _ failure: Failure) {
        self.log = log
        self.failure = failure
        appendsLeft = Mutex(appendCount)
    }

    func takeOver() throws(EntryLogError) -> LogHead { try log.takeOver() }
    func head() throws(EntryLogError) -> LogHead { try log.head() }
    func frontier() throws(EntryLogError) -> MerkleFrontier { try log.frontier() }

    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting head: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        let isDue = appendsLeft.withLock { left in
            left -= 1
            return left == -1
        }
        guard isDue else { return try log.append(batch, replacing: redacted, expecting: head) }
        switch failure {
        case .refused: throw .storage(advice: "no space is left on the disk")
        case .unknown:
            _ = try log.append(batch, replacing: redacted, expecting: head)
            throw .outcomeUnknown(cause: "the sync failed")
        case .fenced:
            _ = try log.takeOver()
            return try log.append(batch, replacing: redacted, expecting: head)
        }
    }

    func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: number, body)
    }
}

@Suite("The ledger around the core")
struct LedgerShellTests {
    /// Orders of one stream without times, so that callers may interleave in any way.
    private func operations(seed: Int, count: Int) -> [Operation] {
        GeneratedStream(seed: UInt64(seed), profile: .reservations, count: count).operations.map {
            var operation = $0
            operation.time = nil
            return operation
        }
    }

    @Test("every caller of many gets its own answer, once", arguments: 0..<4)
    func callers(seed: Int) throws {
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log, at: .of(2025, 3, 1))
        let operations = operations(seed: seed, count: 400)
        // The first ones register what the others need.
        _ = try ledger.submit(Array(operations.prefix(40)))
        let rest = Array(operations.dropFirst(40))
        let answers = Mutex<[Int: LedgerAnswer]>([:])
        DispatchQueue.concurrentPerform(iterations: rest.count) { index in
            // Two callers ask for the same thing: one of them is told that it is a replay.
            for _ in 0..<2 {
                guard let answer = try? ledger.submit([rest[index]]).first else { continue }
                answers.withLock { known in
                    guard let first = known[index] else { return known[index] = answer }
                    if let entry = first.entry {
                        #expect(answer == .replayed(entry), "seed \(seed), operation \(index)")
                    }
                }
            }
        }
        #expect(answers.withLock { $0.count } == rest.count)
        var numbers: Set<EntryNumber> = []
        for case .recorded(let entry) in answers.withLock({ Array($0.values) }) {
            #expect(numbers.insert(entry.number).inserted, "seed \(seed)")
            #expect(try log.entry(entry.number) == entry, "seed \(seed)")
        }
        #expect(try log.head().next >= UInt64(numbers.count))
    }

    @Test(
        "after a failed append nothing is answered as done, and asking again decides nothing twice",
        arguments: [FailingLog.Failure.refused, .unknown, .fenced],
        [0, 1, 3]
    )
    func failedAppend(failure: FailingLog.Failure, after appendCount: Int) throws {
        let operations = operations(seed: 11, count: 300)
        let undisturbed = InMemoryEntryLog()
        let reference = try makeLedger(undisturbed, at: .of(2025, 3, 1))
        for operation in operations { _ = try reference.submit([operation]) }

        let log = InMemoryEntryLog()
        let failing = FailingLog(over: log, after: appendCount, failure)
        let ledger = try Ledger.open(failing, secret: testSecret(), clock: { .of(2025, 3, 1) })
        var answered = 0
        var failed = 0
        for operation in operations {
            do {
                _ = try ledger.submit([operation])
                #expect(failed == 0, "a closed ledger answers nothing")
                answered += 1
            } catch {
                failed += 1
            }
        }
        #expect(failed > 0)
        #expect(throws: LedgerError.self) { try ledger.capReport() }
        #expect(throws: LedgerError.self) { try ledger.check(operations[0]) }

        // What was answered is in the log; asking everything again ends where it should.
        let reopened = try makeLedger(log, at: .of(2025, 3, 1))
        for (position, operation) in operations.enumerated() {
            let answer = try reopened.submit([operation])
            if position < answered, case .recorded(let entry)? = answer.first {
                Issue.record("entry \(entry.number) was answered, lost and decided again")
            }
        }
        #expect(try log.frontier().root == undisturbed.frontier().root)
    }

    @Test func aClosedLedgerTakesNothing() throws {
        let ledger = try makeLedger(InMemoryEntryLog())
        ledger.close()
        #expect(throws: LedgerError.self) {
            try ledger.submit(operations(seed: 1, count: 1))
        }
    }

    @Test func moreEntriesThanABatchHoldsAreAppendedInSeveral() throws {
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log, at: .of(2025, 3, 1))
        let actor = Actor(
            organisation: OrganisationIdentifier(checked: "A"),
            person: PersonIdentifier(checked: "p"),
            role: .operator
        )
        let many = (0..<70_000).map { index in
            Operation(
                id: OperationIdentifier(checked: "party-\(index)"),
                actor: actor,
                action: .party(
                    PartyRecord(
                        id: PartyIdentifier(checked: "P\(index)"),
                        name: "P",
                        site: .of("DE"),
                        headquarters: .of("DE")
                    )
                )
            )
        }
        #expect(try ledger.submit(many).count == many.count)
        #expect(try log.head().next == UInt64(many.count))
        #expect(try LedgerCore.recovered(from: log).next.rawValue == UInt64(many.count))
    }
}
