// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

@Suite("What a snapshot says of where entries are, is where they are")
struct LogLookupTests {
    /// The entries of a log.
    private static func entries(of log: InMemoryEntryLog) throws -> [Entry] {
        var entries: [Entry] = []
        try log.forEachDecodedEntry(until: EntryNumber(rawValue: try log.head().next)) {
            entries.append($0)
            return .next
        }
        return entries
    }

    /// Compares a lookup with what the entries in front of its end say.
    private func compare(_ lookup: LogLookup, with all: [Entry], seed: Int) throws {
        let entries = all.prefix { $0.number < lookup.next }
        let registers = entries.filter { entry in
            guard case .operation(let record) = entry.content else { return false }
            return EntryKind(of: record.action).makesRegisters
        }
        let told = lookup.registers.ranges.flatMap { Array($0) }
        #expect(told == registers.map(\.number.rawValue), "seed \(seed)")
        var byID: [OperationIdentifier: [Entry]] = [:]
        for entry in entries {
            guard case .operation(let record) = entry.content else { continue }
            byID[record.id, default: []].append(entry)
        }
        for (id, wanted) in byID {
            let found = try lookup.entries(of: id, by: nil)
            #expect(found == wanted.map(\.number), "seed \(seed), \(id)")
            let owner = wanted[0].actor.organisation
            #expect(try lookup.entries(of: id, by: owner) == [wanted[0].number])
        }
        let unknown = try #require(OperationIdentifier("of-nobody"))
        #expect(try lookup.entries(of: unknown, by: nil).isEmpty)
    }

    @Test(
        "with operations in memory, in runs, and in runs that know more",
        arguments: [0, 60, 150],
        0..<1
    )
    func everythingIsFound(before count: Int, seed: Int) throws {
        let operations = stampedOperations(seed: seed, count: 150)
        let subject = try RunLedger(operations, snapshotAfter: count)
        let all = try Self.entries(of: subject.log)
        let lookup = LogLookup(
            subject.log,
            snapshots: subject.shelf,
            operations: subject.storage
        )
        guard count > 0 else {
            #expect(lookup == nil || lookup?.next.rawValue == 0)
            return
        }
        let found = try #require(lookup)
        #expect(found.next.rawValue > 0)
        try compare(found, with: all, seed: seed)
        // The same from a ledger that is open, which knows everything.
        let ledger = try subject.open()
        #expect(ledger.lookup.next.rawValue == UInt64(all.count))
        try compare(ledger.lookup, with: all, seed: seed)
        ledger.close()
    }

    @Test("or nothing, if what is derived does not fit the log")
    func othersAreNotBelieved() throws {
        let operations = stampedOperations(seed: 3, count: 80)
        let subject = try RunLedger(operations, snapshotAfter: 80)
        let other = try RunLedger(operations.dropLast(5), snapshotAfter: 75)
        #expect(
            LogLookup(other.log, snapshots: subject.shelf, operations: subject.storage) == nil
        )
        try subject.runs.removeRunList()
        #expect(
            LogLookup(subject.log, snapshots: subject.shelf, operations: subject.storage) == nil
        )
        var bytes = try subject.shelf.bytes()
        bytes[bytes.count / 2] ^= 1
        let shelf = SnapshotShelf(bytes)
        #expect(LogLookup(subject.log, snapshots: shelf, operations: nil) == nil)
    }
}
