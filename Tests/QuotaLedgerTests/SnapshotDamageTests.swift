// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Testing

/// A ledger with a snapshot and entries behind it.
struct SnapshotSpecimen {
    let log = InMemoryEntryLog()
    let bytes: [UInt8]
    let digest: UInt64
    let key: HashKey

    init(seed: Int, profile: StreamProfile = .lawChanges) throws {
        let operations = stampedOperations(seed: seed, profile: profile, count: 260)
        let shelf = SnapshotShelf()
        let ledger = try openLedger(log, snapshots: shelf)
        try ledger.submit(operations.prefix(230), batchCount: 32)
        ledger.saveSnapshot()
        try ledger.submit(operations.dropFirst(230), batchCount: 8)
        bytes = try shelf.bytes()
        digest = ledger.digest
        key = ledger.key
    }

    /// What a recovery with these bytes as the snapshot says.
    func recovery(with bytes: [UInt8]) throws -> LedgerRecovery {
        try resumed(log, SnapshotShelf(bytes)).recovery
    }
}

extension [UInt8] {
    /// The same bytes with one bit turned over.
    func flipping(bit: Int) -> [UInt8] {
        var bytes = self
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        return bytes
    }

    /// The same bytes under a checksum that fits them.
    var resealed: [UInt8] {
        let body = Array(dropLast(8))
        let checksum = xxHash64(unsafe body.span.bytes)
        return body + (0..<8).map { UInt8(truncatingIfNeeded: checksum >> (8 * $0)) }
    }
}

@Suite("A snapshot that can not be trusted is not used")
struct SnapshotDamageTests {
    @Test("one bit turned over, anywhere")
    func flippedBitsAreNoticed() throws {
        let specimen = try SnapshotSpecimen(seed: 1)
        #expect(try specimen.recovery(with: specimen.bytes).ignoredSnapshot == nil)
        for bit in stride(from: 0, to: specimen.bytes.count * 8, by: 1_009) {
            let recovery = try specimen.recovery(with: specimen.bytes.flipping(bit: bit))
            #expect(recovery.ignoredSnapshot != nil, "bit \(bit)")
            #expect(recovery.replayedFrom == EntryNumber(rawValue: 0), "bit \(bit)")
        }
    }

    @Test("cut short, anywhere")
    func truncationIsNoticed() throws {
        let specimen = try SnapshotSpecimen(seed: 2)
        let lengths =
            Array(0...24) + Array(stride(from: 25, to: specimen.bytes.count, by: 499))
            + [specimen.bytes.count - 8, specimen.bytes.count - 1]
        for length in lengths {
            let cut = Array(specimen.bytes.prefix(length))
            #expect(try specimen.recovery(with: cut).ignoredSnapshot != nil, "\(length) bytes")
            guard length >= 16, length % 8 == 0 else { continue }
            #expect(
                try specimen.recovery(with: cut.resealed).ignoredSnapshot != nil,
                "\(length) bytes under a checksum that fits"
            )
        }
        let longer = specimen.bytes + [UInt8](repeating: 0, count: 8)
        #expect(try specimen.recovery(with: longer).ignoredSnapshot != nil)
        #expect(try specimen.recovery(with: longer.resealed).ignoredSnapshot != nil)
    }

    /// Such a snapshot may tell another story, as any forged one can; it must not end the process,
    /// whether it is read, goes on with the log's next entries or is written again.
    @Test("under a checksum made to fit", arguments: 0..<6)
    func forgedSnapshotsDoNotTrap(seed: Int) throws {
        let specimen = try SnapshotSpecimen(
            seed: seed,
            profile: StreamProfile.allCases[seed % 3]
        )
        var random = SplitMix64(seed: UInt64(seed))
        var refusedCount = 0
        for _ in 0..<300 {
            let word = random.below(specimen.bytes.count / 8 - 1)
            var bytes = specimen.bytes
            switch random.below(3) {
            case 0: bytes = bytes.flipping(bit: word * 64 + random.below(64))
            case 1: for offset in 0..<8 { bytes[word * 8 + offset] = .max }
            default:
                let other = random.below(specimen.bytes.count / 8 - 1)
                for offset in 0..<8 { bytes[word * 8 + offset] = bytes[other * 8 + offset] }
            }
            if try specimen.recovery(with: bytes.resealed).ignoredSnapshot != nil {
                refusedCount += 1
            }
        }
        #expect(refusedCount > 0, "seed \(seed)")
    }

    @Test("of another format or meaning")
    func otherVersionsAreLeftAlone() throws {
        let specimen = try SnapshotSpecimen(seed: 3)
        for (word, what) in [(0, "begin"), (1, "format"), (2, "meaning")] {
            var bytes = specimen.bytes
            bytes[word * 8] += 1
            let reason = try specimen.recovery(with: bytes.resealed).ignoredSnapshot
            #expect(reason?.contains(what) == true, "\(reason ?? "it was used")")
        }
    }

    @Test("of another ledger")
    func anotherLedgersSnapshotIsIgnored() throws {
        let specimen = try SnapshotSpecimen(seed: 4)
        let other = try SnapshotSpecimen(seed: 5)
        let result = try resumed(specimen.log, SnapshotShelf(other.bytes))
        #expect(result.recovery.ignoredSnapshot != nil)
        #expect(try digestFromLog(specimen.log, key: result.key) == result.digest)
    }

    @Test("of the same entries in other batches")
    func anotherBatchingIsAnotherLog() throws {
        let operations = stampedOperations(seed: 6, count: 120)
        let shelf = SnapshotShelf()
        let ledger = try openLedger(InMemoryEntryLog(), snapshots: shelf)
        try ledger.submit(operations, batchCount: 7)
        ledger.saveSnapshot()
        let log = InMemoryEntryLog()
        try makeLedger(log).submit(operations, batchCount: 50)
        let reason = try resumed(log, shelf).recovery.ignoredSnapshot
        #expect(reason?.contains("no batch of the log ends") == true)
    }

    @Test("that is ahead of the log")
    func aNewerSnapshotIsIgnored() throws {
        let operations = stampedOperations(seed: 7, count: 200)
        let shelf = SnapshotShelf()
        let ahead = try openLedger(InMemoryEntryLog(), snapshots: shelf)
        try ahead.submit(operations, batchCount: 10)
        ahead.saveSnapshot()
        let log = InMemoryEntryLog()
        let behind = try openLedger(log, snapshots: SnapshotShelf())
        try behind.submit(operations.prefix(150), batchCount: 10)
        let result = try resumed(log, shelf)
        #expect(result.recovery.ignoredSnapshot?.contains("does not have") == true)
        #expect(try digestFromLog(log, key: result.key) == result.digest)
        let empty = try resumed(InMemoryEntryLog(), shelf)
        #expect(empty.recovery.ignoredSnapshot != nil)
    }

    @Test("that takes in more than is asked for")
    func aSnapshotBehindTheEndThatIsAskedForIsIgnored() throws {
        let specimen = try SnapshotSpecimen(seed: 8)
        let until = EntryNumber(rawValue: 40)
        let shelf = SnapshotShelf(specimen.bytes)
        let core = try LedgerCore.recovered(from: specimen.log, snapshots: shelf, until: until)
        #expect(core.next == until)
        #expect(core.recovery?.ignoredSnapshot != nil)
        let alone = try LedgerCore.recovered(from: specimen.log, until: until, key: core.key)
        #expect(core.digest == alone.digest)
    }
}
