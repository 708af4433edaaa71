// SPDX-License-Identifier: Apache-2.0

import Dispatch
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

@Suite("Preparing and deciding can be apart")
struct PreparationTests {
    private let key = HashKey(first: 5, second: 6)

    private func effects(
        of stream: GeneratedStream,
        batchCount: Int,
        _ prepare: (OperationPreparer, [Operation]) -> [PreparedOperation]
    ) throws -> (answers: [CoreAnswer], entries: [Entry]) {
        var core = LedgerCore(key: key)
        var (answers, entries): ([CoreAnswer], [Entry]) = ([], [])
        var rest = stream.steps[...]
        while let first = rest.first {
            let batch = rest.prefix(batchCount)
            let prepared = prepare(core.preparer, batch.map(\.operation))
            let effects = try core.decide(prepared, now: first.now)
            answers += effects.answers
            entries += effects.entries
            rest = rest.dropFirst(batchCount)
        }
        return (answers, entries)
    }

    @Test("on several threads as on the one that decides", arguments: 0..<12)
    func preparingElsewhereChangesNothing(seed: Int) throws {
        let stream = GeneratedStream(seed: UInt64(seed), profile: .reservations, count: 400)
        let alone = try effects(of: stream, batchCount: 50) { $0.prepared($1) }
        let together = try effects(of: stream, batchCount: 50) { preparer, operations in
            let prepared = Mutex([PreparedOperation?](repeating: nil, count: operations.count))
            DispatchQueue.concurrentPerform(iterations: operations.count) { position in
                var preparer = preparer
                let one = preparer.prepare(operations[position])
                prepared.withLock { $0[position] = one }
            }
            return prepared.withLock { $0.compactMap { $0 } }
        }
        #expect(alone.answers == together.answers, "seed \(seed)")
        #expect(alone.entries == together.entries, "seed \(seed)")
    }

    @Test("entries are the same whenever they are put together")
    func entriesAreMadeWhenAskedFor() throws {
        let stream = GeneratedStream(seed: 3, profile: .reservations, count: 300)
        var core = LedgerCore(key: key)
        let decided = try core.decide(stream.operations, now: stream.steps[0].now).decided
        #expect(decided.count > 100)
        #expect(decided.firstNumber == decided.first?.number)
        #expect(decided.lastNumber == decided.last?.number)
        #expect(Array(decided.reversed()) == Array(decided).reversed())
        #expect(Array(DecidedEntries(Array(decided))) == Array(decided))
    }

    @Test("what was prepared for another ledger is a bug")
    func preparedUnderAnotherKey() async {
        await #expect(processExitsWith: .failure) {
            let operation = Operation(
                id: OperationIdentifier(checked: "A"),
                actor: Actor(
                    organisation: OrganisationIdentifier(checked: "VENDOR"),
                    person: PersonIdentifier(checked: "sam"),
                    role: .operator
                ),
                action: .tick
            )
            let other = OperationPreparer(key: HashKey(first: 1, second: 2))
            var core = LedgerCore(key: HashKey(first: 3, second: 4))
            _ = try core.decide(other.prepared([operation]), now: .earliest)
        }
    }
}
