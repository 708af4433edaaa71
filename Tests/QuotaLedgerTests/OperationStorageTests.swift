// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import LedgerTestSupport
import QuotaLedger
import StateStore
import Synchronization
import Testing

/// A store of runs that writes nothing until its gate is opened.
private final class GatedRunStore: RunStore {
    private let store = InMemoryRunStore()
    private let gate = DispatchSemaphore(value: 0)

    func open() { gate.signal() }

    func runList() throws(StateStoreError) -> [UInt8]? { try store.runList() }
    func removeRunList() throws(StateStoreError) { try store.removeRunList() }
    func putRunList(_ list: RawSpan) throws(StateStoreError) { try store.putRunList(list) }

    func put(
        _ pages: [[UInt64]],
        of run: UInt32,
        from first: UInt32
    ) throws(StateStoreError) {
        gate.wait()
        gate.signal()
        try store.put(pages, of: run, from: first)
    }

    func read(
        _ page: UInt32,
        of run: UInt32,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError) {
        try store.read(page, of: run, body)
    }

    func removeRuns(except kept: Set<UInt32>) throws(StateStoreError) {
        try store.removeRuns(except: kept)
    }
}

@Suite("Operations that come faster than they are written")
struct OperationStorageTests {
    @Test("hold up whoever asks, until there is room")
    func bulkWaits() throws {
        let store = GatedRunStore()
        let ledger = try openLedger(
            InMemoryEntryLog(),
            snapshots: SnapshotShelf(),
            operations: OperationStorage(store, newestCount: 4)
        )
        // A few tables wait without harm.
        let operations = stampedOperations(seed: 1, profile: .reservations, count: 400)
        try ledger.submit(operations.prefix(10), batchCount: 5)
        ledger.waitForOperationStorage()
        try ledger.submit(operations.dropFirst(10), batchCount: 5)
        let isOpen = Atomic(false)
        let returned = DispatchSemaphore(value: 0)
        let wasOpen = Mutex(false)
        DispatchQueue.global().async {
            ledger.waitForOperationStorage()
            wasOpen.withLock { $0 = isOpen.load(ordering: .acquiring) }
            returned.signal()
        }
        // Acquired by the one who waits: it comes back only after this.
        isOpen.store(true, ordering: .releasing)
        store.open()
        returned.wait()
        #expect(wasOpen.withLock { $0 })
        #expect(try store.runList() != nil)
        ledger.close()
    }
}
