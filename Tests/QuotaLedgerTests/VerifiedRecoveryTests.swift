// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Synchronization
import Testing

@Suite("A log is verified and folded in one pass")
struct VerifiedRecoveryTests {
    private let key = HashKey(first: 1, second: 2)

    /// A log with one batch that is large enough to be read on several cores, and small ones.
    private func log() throws -> InMemoryEntryLog {
        let stream = GeneratedStream(seed: 31, profile: .reservations, count: 2_000)
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log)
        _ = try ledger.submit(Array(stream.operations.prefix(1_500)))
        for operation in stream.operations.dropFirst(1_500) { _ = try ledger.submit([operation]) }
        ledger.close()
        #expect(try log.head().next > 1_000)
        return log
    }

    @Test("the state is that of the log alone, and the tree's edge the log's")
    func itIsTheSame() throws {
        let log = try log()
        var frontier = MerkleFrontier()
        let core = try LedgerCore.verified(
            from: log,
            secret: testSecret(),
            key: key,
            frontier: &frontier
        )
        #expect(try core.digest == LedgerCore.recovered(from: log, key: key).digest)
        #expect(try frontier == log.frontier())
        #expect(try frontier == log.verify(secret: testSecret()))
    }

    /// A writer can end between an order and what it brought about; who succeeds it writes the rest.
    @Test(
        "wherever a log ends, what follows is what follows from its entries one by one",
        arguments: 0..<4
    )
    func whatIsOutstandingFollows(seed: Int) throws {
        let stream = GeneratedStream(seed: 40 + UInt64(seed), profile: .tightCaps, count: 600)
        var whole = LedgerCore(key: key)
        var entries: [Entry] = []
        for operation in stream.operations {
            entries += try whole.decide([operation], now: .earliest).entries
        }
        let ends = entries.indices.filter { index in
            guard index > 0, case .operation(let record) = entries[index - 1].content,
                case .reserve = record.action, case .limit = entries[index].content
            else { return false }
            return true
        }
        for end in ends.prefix(12) {
            let log = InMemoryEntryLog()
            let head = try log.takeOver()
            var builder = BatchBuilder(secret: try testSecret(), frontier: MerkleFrontier())
            var plain = LedgerCore(key: key)
            for entry in entries.prefix(end) {
                try builder.append(entry)
                try plain.replay(entry)
            }
            _ = try log.append(builder.finish(previous: head), expecting: head)
            var core = try LedgerCore.recovered(from: log, key: key)
            let tick = Operation(
                id: OperationIdentifier(checked: "someone-elses"),
                actor: Actor(
                    organisation: OrganisationIdentifier(checked: "somebody-else"),
                    person: PersonIdentifier(checked: "else"),
                    role: .operator
                ),
                action: .tick
            )
            let expected = try plain.decide([tick], now: .latest).entries
            #expect(try core.decide([tick], now: .latest).entries == expected, "at \(end)")
        }
        #expect(!ends.isEmpty)
    }

    @Test("each rotation of the key is checked, wherever it stands in a batch, and nothing else is")
    func rotationsAreChecked() throws {
        let log = InMemoryEntryLog()
        let ledger = try makeLedger(log)
        let actor = Actor(
            organisation: OrganisationIdentifier(checked: "operator"),
            person: PersonIdentifier(checked: "kim"),
            role: .operator
        )
        let creation = LedgerCreation(
            origin: OrganisationIdentifier(checked: "log.example"),
            mode: .binding,
            disclosure: .open
        )
        var actions = [Action](repeating: .tick, count: 900)
        actions[0] = .createLedger(creation)
        let places = [300, 899]
        for place in places {
            actions[place] = .rotateKey(
                KeyRotation(previousKey: "a", newKey: "b-\(place)", statement: "signed by both\n")
            )
        }
        _ = try ledger.submit(
            actions.enumerated().map { index, action in
                Operation(
                    id: OperationIdentifier(checked: "op-\(index)"),
                    actor: actor,
                    action: action
                )
            }
        )
        ledger.close()
        let asked = Mutex<[EntryNumber: String]>([:])
        var frontier = MerkleFrontier()
        _ = try LedgerCore.verified(
            from: log,
            secret: testSecret(),
            rotationFault: { rotation, number in
                asked.withLock { $0[number] = rotation.newKey }
                return nil
            },
            frontier: &frontier
        )
        let numbers = places.map { EntryNumber(rawValue: UInt64($0)) }
        #expect(asked.withLock { Set($0.keys) } == Set(numbers))
        #expect(asked.withLock { $0[numbers[1]] } == "b-899")

        let secret = try testSecret()
        var found: LedgerError?
        do throws(LedgerError) {
            _ = try LedgerCore.verified(
                from: log,
                secret: secret,
                rotationFault: { _, number in number == numbers[1] ? "not signed" : nil },
                frontier: &frontier
            )
        } catch {
            found = error
        }
        guard case .log(.corrupt(let place, let what)) = found else {
            Issue.record("a rotation that nobody signed was taken: \(String(describing: found))")
            return
        }
        #expect(place == .entry(numbers[1]) && what.contains("not signed"))
    }

    @Test("leaves that another secret salts do not give the roots")
    func anotherSecretIsFound() throws {
        let log = try log()
        let other = try #require(LedgerSecret(randomBytes: [UInt8](repeating: 9, count: 32)))
        var frontier = MerkleFrontier()
        var found: LedgerError?
        do throws(LedgerError) {
            _ = try LedgerCore.verified(from: log, secret: other, frontier: &frontier)
        } catch {
            found = error
        }
        guard case .log(.corrupt) = found else {
            Issue.record("the roots should not fit: \(String(describing: found))")
            return
        }
        #expect(frontier == MerkleFrontier())
    }
}
