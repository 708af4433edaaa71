// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization
import Testing

/// A store in memory that keeps what it is asked to keep.
private final class KeepingShelf: SnapshotStore {
    private struct State {
        var newest: StoredSnapshot?
        var kept: [EntryNumber: StoredSnapshot] = [:]
        var keepingFails = false
    }

    private let state = Mutex(State())

    func save(_ bytes: RawSpan, next: EntryNumber) throws(StateStoreError) {
        let snapshot = StoredSnapshot(next: next, bytes: bytes.copied)
        state.withLock { $0.newest = snapshot }
    }

    func newest() throws(StateStoreError) -> StoredSnapshot? { state.withLock { $0.newest } }

    func keep(
        _ bytes: RawSpan,
        next: EntryNumber,
        removing removed: [EntryNumber]
    ) throws(StateStoreError) {
        let snapshot = StoredSnapshot(next: next, bytes: bytes.copied)
        let fails = state.withLock { state in
            guard !state.keepingFails else { return true }
            for number in removed { state.kept[number] = nil }
            state.kept[next] = snapshot
            return false
        }
        if fails { throw .storage(advice: "the shelf is full") }
    }

    func keptSnapshots() throws(StateStoreError) -> [EntryNumber] {
        state.withLock { $0.kept.keys.sorted() }
    }

    func newest(before end: EntryNumber) throws(StateStoreError) -> StoredSnapshot? {
        state.withLock { state in
            (Array(state.kept.values) + [state.newest].compactMap(\.self))
                .filter { $0.next <= end }.max { $0.next < $1.next }
        }
    }

    func failKeeping() { state.withLock { $0.keepingFails = true } }

    /// Spoils what is kept, and what was saved last.
    func damage() {
        state.withLock { state in
            for number in state.kept.keys { state.kept[number]?.bytes[40] ^= 1 }
            state.newest?.bytes[40] ^= 1
        }
    }
}

extension RawSpan {
    fileprivate var copied: [UInt8] {
        (0..<byteCount).map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
}

@Suite("A ledger that works keeps snapshots of how it was")
struct KeptSnapshotTests {
    /// A log of which snapshots were kept while it was written.
    private struct Specimen {
        let log = InMemoryEntryLog()
        let shelf = KeepingShelf()
        let runs = InMemoryRunStore()

        var storage: OperationStorage { OperationStorage(runs, newestCount: 40) }

        init(seed: Int, between: UInt64 = 40) throws {
            var policy = SnapshotPolicy(entriesAtClose: nil, entriesBetween: between)
            policy.byteCountEachEntry = 1 << 20
            let ledger = try openLedger(
                log,
                snapshots: shelf,
                operations: storage,
                policy: policy
            )
            for operation in stampedOperations(seed: seed, count: 200) {
                _ = try ledger.submit([operation])
            }
            ledger.close()
        }
    }

    @Test("and gives every old state as the log alone does", arguments: 0..<2)
    func everyOldStateIsTheSame(seed: Int) throws {
        let specimen = try Specimen(seed: seed)
        let kept = try specimen.shelf.keptSnapshots()
        #expect(kept.count > 1, "seed \(seed)")
        let head = try specimen.log.head().next
        for end in stride(from: 1, through: head, by: 29) {
            let until = EntryNumber(rawValue: end)
            let core = try LedgerCore.recovered(
                from: specimen.log,
                snapshots: specimen.shelf,
                operations: specimen.storage,
                until: until
            )
            let (digest, next, recovery) = (core.digest, core.next, core.recovery)
            let alone = try LedgerCore.recovered(from: specimen.log, until: until, key: core.key)
            let expected = alone.digest
            #expect(next == until)
            #expect(digest == expected, "seed \(seed), up to entry \(end)")
            let newest = try specimen.shelf.newest(before: until)?.next
            #expect(recovery?.replayedFrom == newest ?? EntryNumber(rawValue: 0))
            #expect(recovery?.ignoredSnapshot == nil)
        }
    }

    @Test("and the same reports, where the ids of orders are not remembered", arguments: 0..<2)
    func reportsAreTheSame(seed: Int) throws {
        let specimen = try Specimen(seed: seed)
        let head = try specimen.log.head().next
        var reportCount = 0
        for end in stride(from: 1, through: head, by: 31) {
            let until = EntryNumber(rawValue: end)
            let alone = try LedgerCore.recovered(from: specimen.log, until: until)
            let expected = (alone.capReport(), alone.shareReport(), alone.limitStandings)
            let forgetful = try LedgerCore.recovered(
                from: specimen.log,
                until: until,
                remembersOrders: false
            )
            var storage = specimen.storage
            storage.isReadOnDemand = true
            let resumed = try LedgerCore.recovered(
                from: specimen.log,
                snapshots: specimen.shelf,
                operations: storage,
                until: until,
                remembersOrders: false
            )
            let found = [
                (forgetful.capReport(), forgetful.shareReport(), forgetful.limitStandings),
                (resumed.capReport(), resumed.shareReport(), resumed.limitStandings),
            ]
            for found in found { #expect(found == expected, "seed \(seed), up to entry \(end)") }
            reportCount += expected.0 == nil ? 0 : 1
        }
        #expect(reportCount > 3)
    }

    @Test("and without them, if they are damaged")
    func damagedOnesAreDoneWithout() throws {
        let specimen = try Specimen(seed: 4)
        let until = EntryNumber(rawValue: try specimen.log.head().next - 5)
        specimen.shelf.damage()
        let core = try LedgerCore.recovered(
            from: specimen.log,
            snapshots: specimen.shelf,
            operations: specimen.storage,
            until: until
        )
        let (digest, recovery) = (core.digest, core.recovery)
        let alone = try LedgerCore.recovered(from: specimen.log, until: until, key: core.key)
        let expected = alone.digest
        #expect(recovery?.ignoredSnapshot == "its checksum does not fit its bytes")
        #expect(digest == expected)
    }

    @Test("or goes on without, if they can not be kept")
    func aFullShelfIsDoneWithout() throws {
        let log = InMemoryEntryLog()
        let shelf = KeepingShelf()
        shelf.failKeeping()
        let ledger = try openLedger(
            log,
            snapshots: shelf,
            policy: SnapshotPolicy(entriesAtClose: nil, entriesBetween: 10)
        )
        for operation in stampedOperations(seed: 6, count: 100) {
            _ = try ledger.submit([operation])
        }
        ledger.close()
        #expect(try shelf.newest() != nil)
        #expect(try shelf.keptSnapshots().isEmpty)
    }

    @Test("but never more than so many, spread over the whole log")
    func theirNumberIsBounded() throws {
        let policy = SnapshotPolicy(entriesBetween: 10)
        var kept: [EntryNumber] = []
        for end in stride(from: UInt64(7), to: 30_000, by: 11) {
            let next = EntryNumber(rawValue: end)
            guard let removed = policy.thinned(kept, keeping: next, of: 100) else { continue }
            kept.removeAll { removed.contains($0) }
            kept.append(next)
            #expect(kept.count <= Int(SnapshotPolicy.maximumKeptCount) + 1)
        }
        let gaps = zip(kept, kept.dropFirst()).map { $1.rawValue - $0.rawValue }
        #expect(try #require(gaps.max()) < 2 * 30_000 / (SnapshotPolicy.maximumKeptCount / 2))
        #expect(kept.count >= Int(SnapshotPolicy.maximumKeptCount) / 2)
        // What is ahead of a log is of another one.
        let ahead = EntryNumber(rawValue: 100_000)
        let next = EntryNumber(rawValue: 60_000)
        let removed = policy.thinned(kept + [ahead], keeping: next, of: 100)
        #expect(removed?.contains(ahead) == true)
    }

    @Test("nor more of large ones than a quarter of the log")
    func largeOnesAreFewer() {
        let policy = SnapshotPolicy(entriesBetween: 10)
        let kept = [EntryNumber(rawValue: 900)]
        let next = EntryNumber(rawValue: 1_300)
        #expect(policy.thinned(kept, keeping: next, of: 100) == [])
        #expect(policy.thinned(kept, keeping: next, of: 1 << 20) == nil)
    }
}
