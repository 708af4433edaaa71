// SPDX-License-Identifier: Apache-2.0

import EntryLog
import EntryLogConformance
import LedgerModel
import LedgerSimulation
import StateStore
import Testing

@Suite("A simulated disk")
struct SimulatedDiskTests {
    private let disk = SimulatedDisk(secret: SampleEntries.secret)

    /// Begins to append an entry to what is there.
    private func begin(_ log: SimulatedEntryLog) throws -> EncodedBatch {
        let head = try log.takeOver()
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: try log.frontier())
        try builder.append(SampleEntries.reservation(head.next))
        let batch = builder.finish(previous: head)
        log.begin(batch, expecting: head)
        return batch
    }

    /// Appends an entry that no crash takes away.
    private func appendOne() throws {
        let log = SimulatedEntryLog(disk)
        let batch = try begin(log)
        #expect(try log.finish(.synced) == .appended(batch.head))
    }

    @Test("keeps the promises of a log", arguments: ConformanceCheck.all)
    func keepsThePromisesOfALog(check: ConformanceCheck) throws {
        try check.run(on: SimulatedEntryLog(SimulatedDisk(secret: SampleEntries.secret)))
    }

    @Test("shows nobody what is not synced, and keeps it through no crash")
    func whatIsNotSyncedIsLost() throws {
        try appendOne()
        let log = SimulatedEntryLog(disk)
        _ = try begin(log)
        #expect(disk.head.next == 1)
        disk.crash(leaving: [])
        disk.recoverTail()
        #expect(disk.head.next == 1)
        #expect(try SimulatedEntryLog(disk).verify(secret: SampleEntries.secret).size == 1)
    }

    @Test("drops what a crash tore, and keeps what it left whole")
    func tornBatches() throws {
        try appendOne()
        let log = SimulatedEntryLog(disk)
        let batch = try begin(log)
        let bytes = try #require(log.writtenBytes)
        #expect(bytes == batch.bytes)
        for count in 0..<bytes.count {
            disk.crash(leaving: Array(bytes.prefix(count)))
            disk.recoverTail()
            #expect(disk.head.next == 1, "\(count) bytes of \(bytes.count)")
        }
        var holed = bytes
        holed[bytes.count / 2] ^= 1
        disk.crash(leaving: holed)
        disk.recoverTail()
        #expect(disk.head.next == 1)
        disk.crash(leaving: bytes)
        disk.recoverTail()
        #expect(disk.head.next == 2)
        #expect(try SimulatedEntryLog(disk).verify(secret: SampleEntries.secret).size == 2)
        disk.crash(leaving: [])
        #expect(disk.head.next == 2)
    }

    @Test("appends nothing when it fails", arguments: [AppendFate.noSpace, .inputOutputError])
    func failures(fate: AppendFate) throws {
        let log = SimulatedEntryLog(disk)
        _ = try begin(log)
        #expect(throws: EntryLogError.self) { try log.finish(fate) }
        #expect(disk.head.next == 0)
        _ = try begin(log)
        #expect(try log.finish(.synced).head.next == 1)
    }

    @Test(
        "refuses everything after an unknown outcome, until it is opened anew",
        arguments: [true, false]
    )
    func unknownOutcomes(isKept: Bool) throws {
        let log = SimulatedEntryLog(disk)
        _ = try begin(log)
        #expect(throws: EntryLogError.self) { try log.finish(.unknown(isKept: isKept)) }
        #expect(throws: EntryLogError.self) { try log.head() }
        #expect(throws: EntryLogError.self) { try log.takeOver() }
        #expect(try SimulatedEntryLog(disk).head().next == (isKept ? 1 : 0))
    }

    @Test("fences a writer whose batch was on its way when another took over")
    func fencing() throws {
        let log = SimulatedEntryLog(disk)
        _ = try begin(log)
        let head = try SimulatedEntryLog(disk).takeOver()
        #expect(log.writtenBytes == nil)
        #expect(try log.finish(.synced) == .fenced(head))
    }

    @Test("fails to read when it is told to")
    func reading() throws {
        try appendOne()
        try appendOne()
        let log = SimulatedEntryLog(disk)
        log.failReads(after: 1)
        #expect(try log.entry(EntryNumber(rawValue: 0)) != nil)
        #expect(throws: EntryLogError.self) { try log.entry(EntryNumber(rawValue: 1)) }
        log.failReads(after: nil)
        #expect(try log.entry(EntryNumber(rawValue: 1)) != nil)
    }

    private func save(
        _ bytes: [UInt8],
        _ next: Int,
        in store: SimulatedSnapshotStore
    ) throws(StateStoreError) {
        try store.save(bytes.span.rawBytes, next: EntryNumber(rawValue: UInt64(next)))
    }

    @Test("The store of snapshots gives back what was saved, older ones, damaged ones, and none")
    func snapshots() throws {
        let store = SimulatedSnapshotStore()
        #expect(try store.newest() == nil)
        let bytes: [[UInt8]] = [[1, 2, 3], [4, 5, 6]]
        for (index, saved) in bytes.enumerated() {
            try save(saved, index, in: store)
        }
        #expect(try store.newest()?.bytes == bytes[1])
        store.failSaving(true)
        #expect(throws: StateStoreError.self) {
            try save(bytes[0], 9, in: store)
        }
        store.restore(0)
        #expect(try store.newest()?.bytes == bytes[0])
        store.damage(atByte: 4)
        #expect(try store.newest()?.bytes == [1, 2 ^ 0x10, 3])
        store.clear()
        #expect(try store.newest() == nil)
    }
}
