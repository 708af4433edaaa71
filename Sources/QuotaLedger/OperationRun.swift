// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import StateStore
import Synchronization

/// What the list says of a run.
struct OperationRunRecord: Hashable, Sendable {
    /// The number under which the store has its pages.
    var number: UInt32
    /// The first entry whose operation is in no run up to this one.
    var end: UInt64
    var totals: OperationTotals

    /// How many pages of operations there are.
    var operationPageCount: Int {
        (Int(totals.count) - 1) / OperationRunPage.operationsEach + 1
    }
}

/// A sorted, immutable part of the index on disk: the operations of consecutive entries.
///
/// In memory are a filter, and the first name of each page: 1.6 bytes an operation. One page is
/// read for an operation that is there, and for one in two hundred that are not. Of a run that is
/// read on demand nothing is in memory, and a dozen or two pages are read for each. Safe to use
/// from any thread.
final class OperationRun: Sendable {
    let record: OperationRunRecord
    private let store: any RunStore
    /// What is in memory; `nil` of a run that is read on demand.
    private let guide: Guide?
    private let lastLook = Mutex<Look?>(nil)

    private struct Guide: Sendable {
        /// The high half of the first name of each page.
        var fences: [UInt64]
        var filter: OperationFilter
    }

    private struct Look {
        var name: Hash128
        var found: IndexedOperation?
    }

    init(
        _ record: OperationRunRecord,
        store: any RunStore,
        fences: [UInt64],
        filter: OperationFilter
    ) {
        precondition(fences.count == record.operationPageCount, "each page has its first name")
        self.record = record
        self.store = store
        guide = Guide(fences: fences, filter: filter)
    }

    /// Takes a run as it is on disk, and reads nothing yet: for few lookups, which read more pages
    /// each.
    init(onDemand record: OperationRunRecord, from store: any RunStore) {
        self.record = record
        self.store = store
        guide = nil
    }

    /// Reads what is kept in memory of a run.
    convenience init(
        loading record: OperationRunRecord,
        from store: any RunStore
    ) throws(StateStoreError) {
        let count = Int(record.totals.count)
        var fences: [UInt64] = []
        var blocks: [OperationFilter.Block] = []
        let blockCount = OperationFilter.blockCount(operationCount: count)
        var block = OperationFilter.Block.zero
        var lane = 0
        var page = UInt32(record.operationPageCount)
        while fences.count < record.operationPageCount || blocks.count < blockCount {
            let before = fences.count + blocks.count
            try Self.read(page, of: record, in: store) { bytes in
                for index in 1..<bytes.byteCount / 8 {
                    let word = OperationRunPage.word(index, of: bytes)
                    guard fences.count == record.operationPageCount else {
                        fences.append(word)
                        continue
                    }
                    block[lane] = word
                    lane = (lane + 1) & 3
                    if lane == 0 { blocks.append(block) }
                }
            }
            guard fences.count + blocks.count > before, blocks.count <= blockCount else {
                throw .damaged(what: "run \(record.number) has another length")
            }
            page += 1
        }
        self.init(record, store: store, fences: fences, filter: OperationFilter(blocks: blocks))
    }

    /// Finds an operation by its name, of which the filter's bits are known.
    ///
    /// - Throws: ``StateStoreError`` if a page can not be read: whether it is there is unknown then.
    func find(
        _ name: Hash128,
        bits: OperationFilter.Block
    ) throws(StateStoreError) -> IndexedOperation? {
        if let guide, !guide.filter.mayContain(name, bits: bits) { return nil }
        // One operation is looked for several times while it is decided on.
        if let last = lastLook.withLock({ $0 }), last.name == name { return last.found }
        let found = try find(name)
        lastLook.withLock { $0 = Look(name: name, found: found) }
        return found
    }

    /// Reads what of the filter names are looked for in.
    func bringNear(_ names: [Hash128]) -> UInt64 { guide?.filter.bringNear(names) ?? 0 }

    private func find(_ name: Hash128) throws(StateStoreError) -> IndexedOperation? {
        var page = try lastPage(from: name.high)
        while page >= 0 {
            var found: IndexedOperation?
            try read(UInt32(page)) { found = Self.find(name, in: $0) }
            // Names that differ in their low halves only may begin on the page before.
            guard found == nil, try fence(page) == name.high else { return found }
            page -= 1
        }
        return nil
    }

    /// The high half of the first name of a page.
    private func fence(_ page: Int) throws(StateStoreError) -> UInt64 {
        if let guide { return guide.fences[page] }
        var fence: UInt64?
        try read(UInt32(page)) { bytes in
            guard OperationRunPage.operationCount(bytes) > 0 else { return }
            fence = OperationRunPage.name(0, of: bytes).high
        }
        guard let fence else {
            throw .damaged(what: "page \(page) of run \(record.number) holds no operations")
        }
        return fence
    }

    /// The operations of a page.
    func operations(_ page: Int) throws(StateStoreError) -> [IndexedOperation] {
        var operations: [IndexedOperation] = []
        var areWhole = true
        try read(UInt32(page)) { bytes in
            for index in 0..<OperationRunPage.operationCount(bytes) {
                guard let operation = OperationRunPage.operation(index, of: bytes) else {
                    areWhole = false
                    return
                }
                operations.append(operation)
            }
        }
        guard areWhole else {
            throw .damaged(what: "page \(page) of run \(record.number) holds no operations")
        }
        return operations
    }

    /// The last page whose first name is not greater, or -1.
    private func lastPage(from high: UInt64) throws(StateStoreError) -> Int {
        var (low, end) = (0, record.operationPageCount)
        while low < end {
            let middle = (low + end) / 2
            if try fence(middle) <= high { low = middle + 1 } else { end = middle }
        }
        return low - 1
    }

    private static func find(_ name: Hash128, in bytes: RawSpan) -> IndexedOperation? {
        var (low, end) = (0, OperationRunPage.operationCount(bytes))
        while low < end {
            let middle = (low + end) / 2
            let known = OperationRunPage.name(middle, of: bytes)
            if known == name { return OperationRunPage.operation(middle, of: bytes) }
            if known < name { low = middle + 1 } else { end = middle }
        }
        return nil
    }

    private func read(_ page: UInt32, _ body: (RawSpan) -> Void) throws(StateStoreError) {
        try Self.read(page, of: record, in: store, body)
    }

    /// Lends a page that is whole.
    private static func read(
        _ page: UInt32,
        of record: OperationRunRecord,
        in store: any RunStore,
        _ body: (RawSpan) -> Void
    ) throws(StateStoreError) {
        var isWhole = false
        try store.read(page, of: record.number) { bytes in
            isWhole = OperationRunPage.isWhole(bytes, page, of: record.number)
            if isWhole { body(bytes) }
        }
        guard isWhole else {
            throw .damaged(what: "page \(page) of run \(record.number) is not what was written")
        }
    }
}
