// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import StateStore

/// Writes a run, from operations in order of their names.
///
/// It holds about four megabytes of pages beside the filter.
struct OperationRunWriter {
    private let number: UInt32
    private let store: any RunStore
    private var pages: [[UInt64]] = []
    private var nextPage: UInt32 = 0
    private var words: [UInt64] = []
    private var fences: [UInt64] = []
    private var filter: OperationFilter
    private var totals = OperationTotals()
    private var last: Hash128?

    private static let pagesEachPut = 1_024

    init(_ number: UInt32, operationCount: Int, store: any RunStore) {
        self.number = number
        self.store = store
        filter = OperationFilter(operationCount: operationCount)
        fences.reserveCapacity(operationCount / OperationRunPage.operationsEach + 1)
    }

    mutating func append(_ operation: IndexedOperation) throws(StateStoreError) {
        if let last, last >= operation.name {
            throw .damaged(what: "an operation of run \(number) is there twice, or out of order")
        }
        last = operation.name
        if words.isEmpty { fences.append(operation.name.high) }
        OperationRunPage.append(operation, to: &words)
        filter.insert(operation.name)
        totals.add(operation)
        if words.count == OperationRunPage.operationsEach * IndexedOperation.wordCount {
            try finishPage()
        }
    }

    /// Writes what is left.
    ///
    /// - Parameter end: The first entry whose operation is in no run up to this one.
    /// - Returns: The run, which counts once a list names it.
    /// - Throws: ``StateStoreError`` if the store fails.
    mutating func finish(end: UInt64) throws(StateStoreError) -> OperationRun {
        if !words.isEmpty { try finishPage() }
        for fence in fences { try appendPlain(fence) }
        for block in filter.blocks { for lane in 0..<4 { try appendPlain(block[lane]) } }
        if !words.isEmpty { try finishPage() }
        try put()
        return OperationRun(
            OperationRunRecord(number: number, end: end, totals: totals),
            store: store,
            fences: fences,
            filter: filter
        )
    }

    private mutating func appendPlain(_ word: UInt64) throws(StateStoreError) {
        words.append(word.littleEndian)
        if words.count == OperationRunPage.plainWordsEach { try finishPage() }
    }

    private mutating func finishPage() throws(StateStoreError) {
        let page = nextPage + UInt32(pages.count)
        pages.append(OperationRunPage.sealed(words, page, of: number))
        words.removeAll(keepingCapacity: true)
        if pages.count == Self.pagesEachPut { try put() }
    }

    private mutating func put() throws(StateStoreError) {
        try store.put(pages, of: number, from: nextPage)
        nextPage += UInt32(pages.count)
        pages.removeAll(keepingCapacity: true)
    }
}

/// Walks through the operations of a run in order of their names.
struct OperationRunCursor {
    private let run: OperationRun
    private var nextPage = 0
    private var operations: [IndexedOperation] = []
    private var index = 0
    /// The operation at which it stands; `nil` at the end.
    private(set) var current: IndexedOperation?

    init(_ run: OperationRun) throws(StateStoreError) {
        self.run = run
        try advance()
    }

    mutating func advance() throws(StateStoreError) {
        while index == operations.count, nextPage < run.record.operationPageCount {
            operations = try run.operations(nextPage)
            nextPage += 1
            index = 0
        }
        current = index < operations.count ? operations[index] : nil
        index += 1
    }
}
