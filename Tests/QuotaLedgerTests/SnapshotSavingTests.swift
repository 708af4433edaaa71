// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

@Suite("When snapshots are saved")
struct SnapshotSavingTests {
    private let operations = stampedOperations(seed: 9, count: 300)

    @Test("One that can not be saved leaves the one before, and the ledger goes on")
    func aFailedSavingHarmsNothing() throws {
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        let ledger = try openLedger(log, snapshots: shelf)
        try ledger.submit(operations.prefix(100), batchCount: 10)
        let first = try log.head().next
        #expect(ledger.saveSnapshot() == .saved(next: EntryNumber(rawValue: first)))
        shelf.failSaving()
        try ledger.submit(operations.dropFirst(100), batchCount: 10)
        #expect(ledger.saveSnapshot() == .failed("the shelf is full"))
        let result = try resumed(log, shelf)
        #expect(result.recovery.replayedFrom.rawValue == first)
        #expect(result.digest == ledger.digest)
    }

    @Test("Nothing new is not saved again")
    func nothingNewIsNotSaved() throws {
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        #expect(try openLedger(log, snapshots: shelf).saveSnapshot() == .notNeeded)
        let ledger = try openLedger(log, snapshots: shelf)
        try ledger.submit(operations, batchCount: 50)
        ledger.saveSnapshot()
        #expect(ledger.saveSnapshot() == .notNeeded)
        #expect(try openLedger(log, snapshots: shelf).saveSnapshot() == .notNeeded)
        #expect(shelf.savedCount == 1)
    }

    @Test("Closing saves one when enough is new, and takes nothing more")
    func closingSavesWhenEnoughIsNew() throws {
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        let policy = SnapshotPolicy(entriesAtClose: 50)
        let first = try openLedger(log, snapshots: shelf, policy: policy)
        try first.submit(operations.prefix(20), batchCount: 5)
        #expect(first.close() == .notNeeded)
        let second = try openLedger(log, snapshots: shelf, policy: policy)
        try second.submit(operations.dropFirst(20), batchCount: 50)
        let next = EntryNumber(rawValue: try log.head().next)
        #expect(second.close() == .saved(next: next))
        #expect(second.close() == .notNeeded)
        #expect(throws: LedgerError.self) { try second.submit(operations) }
        #expect(EntryNumber(rawValue: try log.head().next) == next)
        #expect(try openLedger(log, snapshots: shelf).recovery.replayedFrom == next)
    }

    @Test("A ledger that was taken over saves none")
    func aFencedLedgerSavesNone() throws {
        let log = InMemoryEntryLog()
        let shelf = SnapshotShelf()
        let ledger = try openLedger(log, snapshots: shelf)
        try ledger.submit(operations.prefix(100), batchCount: 10)
        let successor = try openLedger(log, snapshots: SnapshotShelf())
        #expect(throws: LedgerError.self) {
            try ledger.submit(operations.dropFirst(100), batchCount: 10)
        }
        #expect(ledger.saveSnapshot() == .failed("the ledger has failed"))
        #expect(ledger.close() == .notNeeded)
        #expect(try shelf.newest() == nil)
        #expect(try digestFromLog(log, key: successor.key) == successor.digest)
    }

    @Test("On disk, it is found by the next start, and may be deleted")
    func theNextStartFindsItOnDisk() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("snapshot-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let log = InMemoryEntryLog()
        var digest: UInt64 = 0
        do {
            let ledger = try openLedger(log, snapshots: LMDBStateStore(path: path))
            try ledger.submit(operations, batchCount: 50)
            let next = EntryNumber(rawValue: try log.head().next)
            #expect(ledger.saveSnapshot() == .saved(next: next))
            digest = ledger.digest
        }
        do {
            let result = try resumed(log, LMDBStateStore(path: path, access: .readOnly))
            #expect(result.recovery.replayedFrom.rawValue == (try log.head().next))
            #expect(result.digest == digest)
        }
        try FileManager.default.removeItem(atPath: path)
        let result = try resumed(log, LMDBStateStore(path: path))
        #expect(result.recovery == LedgerRecovery())
    }
}
