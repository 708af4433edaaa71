// SPDX-License-Identifier: Apache-2.0

import EntryLog
package import StateStore

/// Writes the runs of an index and merges them, so that their number stays small.
///
/// Synchronous and blocking; one owner at a time.
package struct OperationArchive: Sendable {
    private let store: any RunStore
    private var list: OperationRunList
    /// What is durable.
    package private(set) var runs: OperationRunSet
    /// Runs that others have taken the place of and that someone may still read.
    private var retired: [OperationRun] = []
    /// How many operations a run of the lowest tier has.
    private let capacity: Int

    /// So many runs of a tier become one of the next.
    static let mergedRunCount = 4

    /// Goes on with the runs that a store has.
    ///
    /// Removes what a process that ended amid a write has left behind.
    package init(
        _ loaded: LoadedRuns,
        store: any RunStore,
        capacity: Int
    ) throws(StateStoreError) {
        precondition(capacity > 0, "a table holds operations")
        self.store = store
        self.capacity = capacity
        list = loaded.list
        runs = loaded.runs
        try removeUnused()
    }

    /// Begins anew, without runs.
    package init(emptying store: any RunStore, key: HashKey, capacity: Int) throws(StateStoreError)
    {
        precondition(capacity > 0, "a table holds operations")
        try store.removeRunList()
        self.store = store
        self.capacity = capacity
        list = OperationRunList(key: key)
        runs = OperationRunSet()
        try removeUnused()
    }

    /// Writes a sealed table to a run; durable on return.
    ///
    /// All entries of its operations must be durable. If it fails, nothing has changed.
    package mutating func append(_ sealed: SealedOperations) throws(StateStoreError) {
        var writer = nextWriter(operationCount: sealed.table.count)
        for operation in sealed.table.inOrderOfNames() { try writer.append(operation) }
        try put(runs.replacing(last: 0, with: try writer.finish(end: sealed.end)))
    }

    /// Merges the newest runs if enough of them are no larger than the last of them.
    ///
    /// If it fails, nothing has changed.
    ///
    /// - Returns: Whether there was something to merge.
    package mutating func mergeIfDue() throws(StateStoreError) -> Bool {
        guard let newest = runs.runs.last else { return false }
        let merged = runs.runs.reversed().prefix { tier(of: $0) <= tier(of: newest) }
        guard merged.count >= Self.mergedRunCount else { return false }
        let count = merged.reduce(0) { $0 + Int($1.record.totals.count) }
        var writer = nextWriter(operationCount: count)
        try Self.merge(Array(merged), into: &writer)
        let run = try writer.finish(end: newest.record.end)
        guard run.record.totals == OperationRunSet(Array(merged)).totals else {
            throw .damaged(what: "the runs of operations do not hold what was written")
        }
        try put(runs.replacing(last: merged.count, with: run))
        retired.append(contentsOf: merged)
        return true
    }

    /// Removes the pages of runs that nobody reads any more.
    package mutating func removeRetired() throws(StateStoreError) {
        let before = retired.count
        var index = 0
        while index < retired.count {
            if isKnownUniquelyReferenced(&retired[index]) {
                retired.remove(at: index)
            } else {
                index += 1
            }
        }
        if retired.count < before { try removeUnused() }
    }

    /// Makes the store forget the runs, so that the next start rebuilds them from the log.
    package mutating func forget() throws(StateStoreError) { try store.removeRunList() }

    private func removeUnused() throws(StateStoreError) {
        try store.removeRuns(except: Set((runs.runs + retired).map(\.record.number)))
    }

    private func tier(of run: OperationRun) -> Int {
        var (tier, size) = (0, Int(run.record.totals.count) / Self.mergedRunCount)
        while size >= capacity {
            tier += 1
            size /= Self.mergedRunCount
        }
        return tier
    }

    /// A writer under a number that was never used, even if what it writes comes to nothing.
    private mutating func nextWriter(operationCount: Int) -> OperationRunWriter {
        defer { list.nextRun += 1 }
        return OperationRunWriter(list.nextRun, operationCount: operationCount, store: store)
    }

    private mutating func put(_ changed: OperationRunSet) throws(StateStoreError) {
        var next = list
        next.runs = changed.runs.map(\.record)
        try store.putRunList(next.words.span.rawBytes)
        list = next
        runs = changed
    }

    private static func merge(
        _ runs: [OperationRun],
        into writer: inout OperationRunWriter
    ) throws(StateStoreError) {
        var cursors: [OperationRunCursor] = []
        for run in runs { cursors.append(try OperationRunCursor(run)) }
        while true {
            var least: (index: Int, operation: IndexedOperation)?
            for index in cursors.indices {
                guard let operation = cursors[index].current else { continue }
                if let known = least, known.operation.name < operation.name { continue }
                least = (index, operation)
            }
            guard let (index, operation) = least else { return }
            try writer.append(operation)
            try cursors[index].advance()
        }
    }
}

/// The runs of a store, read for looking up.
package struct LoadedRuns: Sendable {
    let list: OperationRunList
    package let runs: OperationRunSet
    /// Whether few operations will be looked for.
    let isOnDemand: Bool

    package var key: HashKey { list.key }

    /// Reads what is kept in memory of all runs; `nil` if the store has none.
    ///
    /// - Parameters:
    ///   - store: The store.
    ///   - onDemand: Whether nothing is to be read before an operation is looked for.
    /// - Throws: ``StateStoreError`` if the store fails, or has what is none.
    package init?(_ store: any RunStore, onDemand: Bool = false) throws(StateStoreError) {
        guard let list = try OperationRunList(store) else { return nil }
        var runs: [OperationRun] = []
        for record in list.runs {
            runs.append(
                onDemand
                    ? OperationRun(onDemand: record, from: store)
                    : try OperationRun(loading: record, from: store)
            )
        }
        self.list = list
        self.runs = OperationRunSet(runs)
        isOnDemand = onDemand
    }
}
