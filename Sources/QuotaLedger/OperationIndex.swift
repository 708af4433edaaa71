// SPDX-License-Identifier: Apache-2.0

package import EntryLog
package import LedgerModel
import StateStore

/// Which entry answered an operation, found by organisation and id, for ever.
///
/// It keeps keyed 128-bit hashes of the name and of the content, not the texts. The newest
/// operations are in a table in memory. A table that is full is sealed, and whoever drives the
/// ledger writes it to a sorted run on disk, which takes its place once it is durable; so memory
/// stays bounded. Without such a driver the table grows.
///
/// A value: copies are independent and share what is sealed.
package struct OperationIndex: Sendable {
    package struct Found: Equatable, Sendable {
        package var number: EntryNumber
        package var content: Hash128
        package var kind: OperationClass
        /// What stands in the place of a text that was taken out: the content is without it then.
        var closedText: LedgerHash?

        package init(number: EntryNumber, content: Hash128, kind: OperationClass) {
            self.number = number
            self.content = content
            self.kind = kind
        }
    }

    package let key: HashKey
    /// Of all operations, wherever they are.
    private(set) var totals = OperationTotals()
    /// The sum of the digests of all operations, without the contents of those that have a free text:
    /// the same whether or not a text was taken out of the log before it was read.
    private(set) var lastingDigest: UInt64 = 0
    /// The most operations that a table takes before it is sealed; `nil` to seal none.
    package var capacity: Int?
    private var table = OperationTable()
    /// Tables that are full and not yet durable as runs, oldest first.
    private var sealed: [SealedOperations] = []
    package private(set) var runs: OperationRunSet
    /// Of operations whose text had been taken out of the log when they were read from it, what stands
    /// in its place.
    ///
    /// Those that were recorded before have the hash of their whole content, and are not here.
    private(set) var closedTexts: [EntryNumber: LedgerHash] = [:]
    /// The first entry that this index does not know; runs may know more while a log is read back.
    private var end: UInt64 = 0

    package init(key: HashKey, runs: OperationRunSet = OperationRunSet()) {
        self.key = key
        self.runs = runs
    }

    package var count: Int { Int(totals.count) }

    /// The operation of a name.
    ///
    /// - Throws: ``LedgerError/index(_:)`` if a run can not be read: whether the name is new is
    ///   unknown then, and nothing may be decided.
    package func find(_ name: Hash128) throws(LedgerError) -> Found? {
        guard var found = try findPlain(name) else { return nil }
        if !closedTexts.isEmpty { found.closedText = closedTexts[found.number] }
        return found
    }

    private func findPlain(_ name: Hash128) throws(LedgerError) -> Found? {
        if let found = table.find(name) { return Found(found) }
        for part in sealed.reversed() {
            if let found = part.table.find(name) { return Found(found) }
        }
        do throws(StateStoreError) {
            guard let found = try runs.find(name), found.number.rawValue < end else { return nil }
            return Found(found)
        } catch {
            throw .index(error)
        }
    }

    /// Reads where names would be looked for in memory, so that it is in the caches when they are:
    /// several such reads are waited for together.
    ///
    /// - Returns: A number without a meaning, for the caller to keep.
    func bringNear(_ names: [Hash128]) -> UInt64 {
        var seen = table.bringNear(names)
        for part in sealed { seen &+= part.table.bringNear(names) }
        return seen &+ runs.bringNear(names)
    }

    /// Reads where names would be entered.
    func bringNewestNear(_ names: [Hash128]) -> UInt64 { table.bringNear(names) }

    /// Takes an operation in whose name is not there yet.
    ///
    /// Operations come in order of their entries.
    package mutating func insert(
        _ name: Hash128,
        number: EntryNumber,
        content: Hash128,
        kind: OperationClass,
        hasText: Bool = false,
        closedText: LedgerHash? = nil
    ) {
        if let closedText { closedTexts[number] = closedText }
        let operation = IndexedOperation(name: name, number: number, content: content, kind: kind)
        totals.add(operation)
        lastingDigest &+= hasText ? operation.nameDigest : operation.digest
        end = number.rawValue + 1
        // What the runs have already comes by again when a log is read back.
        guard number.rawValue >= runs.end else { return }
        table.insert(operation)
    }

    /// Makes room for a number of operations at once, as recovery does.
    package mutating func reserveCapacity(_ operationCount: Int) {
        table.reserveCapacity(min(operationCount, capacity ?? operationCount))
    }
}

// MARK: - Sealing

/// A full table, which does not change any more: the operations of consecutive entries.
package final class SealedOperations: Sendable {
    let table: OperationTable
    /// The first entry whose operation is neither here nor in anything older.
    let end: UInt64

    init(_ table: OperationTable, end: UInt64) {
        self.table = table
        self.end = end
    }
}

extension OperationIndex {
    /// Seals the table if it is full.
    ///
    /// - Parameter next: The first entry that is not in it, at an end of the log once durable.
    /// - Returns: What is to be written to a run as soon as all its entries are durable.
    package mutating func sealIfFull(next: UInt64) -> SealedOperations? {
        guard let capacity, table.count >= capacity else { return nil }
        precondition(next >= end, "what is sealed lies in front of the next entry")
        let part = SealedOperations(table, end: next)
        sealed.append(part)
        table = OperationTable()
        return part
    }

    /// Uses runs that have become durable, and forgets the tables that they take the place of.
    package mutating func adopt(_ durable: OperationRunSet) {
        precondition(durable.end >= runs.end, "runs never know less than those before them")
        runs = durable
        sealed.removeAll { $0.end <= durable.end }
    }

    /// Whether table, sealed tables and runs hold together exactly the operations of the entries in
    /// front of `next`, all of which have been inserted.
    ///
    /// Sums of digests are compared, and no run is read.
    package func isWhole(next: UInt64) -> Bool {
        runs.end <= next
            && sealed.reduce(runs.totals + table.totals) { $0 + $1.table.totals } == totals
    }
}

extension OperationIndex.Found {
    fileprivate init(_ operation: IndexedOperation) {
        number = operation.number
        content = operation.content
        kind = operation.kind
    }
}

// MARK: - Snapshots

extension OperationIndex {
    /// How many operations are in memory.
    var inMemoryCount: Int { sealed.reduce(table.count) { $0 + $1.table.count } }

    /// What is in memory, in order of entries: what the runs do not hold.
    var inMemory: [IndexedOperation] {
        sealed.flatMap { $0.table.inOrderOfEntries() } + table.inOrderOfEntries()
    }

    /// An index as it was saved.
    ///
    /// - Parameters:
    ///   - key: The key of the hashes.
    ///   - totals: Of all operations.
    ///   - lastingDigest: Of all operations, without contents that may change their form.
    ///   - end: The first entry that it does not know.
    ///   - inMemory: What was in memory; what the runs have taken over since is left out.
    ///   - closedTexts: What stands in the place of texts that had been taken out of the log.
    ///   - runs: The runs as they are now.
    ///   - isForFewLookups: Whether it is to be made quickly rather than to be asked quickly.
    /// - Throws: ``SnapshotFault`` if the runs are not those that it rests on.
    init(
        restoring key: HashKey,
        totals: OperationTotals,
        lastingDigest: UInt64,
        end: UInt64,
        inMemory: [IndexedOperation],
        closedTexts: [EntryNumber: LedgerHash],
        runs: OperationRunSet,
        isForFewLookups: Bool
    ) throws(SnapshotFault) {
        self.init(key: key, runs: runs)
        let newest = inMemory.drop { $0.number.rawValue < runs.end }
        if isForFewLookups {
            sealed = [SealedOperations(OperationTable(list: Array(newest)), end: end)]
        } else {
            table.reserveCapacity(newest.count)
            for operation in newest {
                guard table.insertIfNew(operation) else {
                    throw SnapshotFault("an operation is there twice")
                }
            }
        }
        self.totals = totals
        self.lastingDigest = lastingDigest
        self.closedTexts = closedTexts
        self.end = end
        // Runs that know more are judged once the log has been read that far.
        guard runs.end > end || isWhole(next: end) else {
            throw SnapshotFault("the runs of operations are not those that it rests on")
        }
    }
}
