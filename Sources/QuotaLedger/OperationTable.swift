// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Operations in memory, in a ``SegmentedTable`` whose pieces are tables of open addressing that double
/// at seven eighths full, 40 bytes a place.
struct OperationTable: Sendable {
    private var segments = SegmentedTable(of: OperationTableSegment())
    /// Operations as they came, of which a lookup passes over all; `nil` of a table that grows.
    private let list: [IndexedOperation]?
    private(set) var totals = OperationTotals()

    var count: Int { Int(totals.count) }

    init() { list = nil }

    /// A table that is complete and of which little is asked: made in no time, slow to look up in.
    init(list operations: [IndexedOperation]) {
        list = operations
        for operation in operations { totals.add(operation) }
    }

    func find(_ name: Hash128) -> IndexedOperation? {
        if let list { return list.first { $0.name == name } }
        return segments[name.low].find(name)
    }

    /// Reads where operations would be looked for, so that it is in the caches when they are.
    func bringNear(_ names: [Hash128]) -> UInt64 {
        guard list == nil else { return 0 }
        return names.reduce(0) { $0 &+ segments[$1.low].bringNear($1) }
    }

    mutating func insert(_ operation: IndexedOperation) {
        precondition(list == nil, "a list is complete")
        segments[operation.name.low].insert(operation)
        totals.add(operation)
    }

    /// Takes an operation in if its name is not there yet; says whether it was not.
    mutating func insertIfNew(_ operation: IndexedOperation) -> Bool {
        guard find(operation.name) == nil else { return false }
        insert(operation)
        return true
    }

    /// Makes room for a number of operations at once.
    mutating func reserveCapacity(_ operationCount: Int) {
        let share = segments.shareOfEach(operationCount)
        segments.changeAll { $0.reserveCapacity(share) }
    }

    /// The operations, in no particular order.
    private var operations: [IndexedOperation] {
        if let list { return list }
        var operations: [IndexedOperation] = []
        operations.reserveCapacity(count)
        for segment in segments.all { segment.append(to: &operations) }
        return operations
    }

    /// The operations in order of their entries.
    func inOrderOfEntries() -> [IndexedOperation] {
        // The mark begins with the number.
        operations.sorted { $0.mark < $1.mark }
    }

    /// The operations in order of their names.
    ///
    /// Names are random numbers, so each is dealt to about the place where it belongs: O(n).
    func inOrderOfNames() -> [IndexedOperation] {
        guard count > 0 else { return [] }
        let operations = operations
        let shift = UInt64(64 - max(1, Int.bitWidth - (count - 1).leadingZeroBitCount))
        var starts = [UInt32](repeating: 0, count: 1 << (64 - shift) + 1)
        for operation in operations { starts[Int(operation.name.high >> shift) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var sorted = [IndexedOperation](repeating: .none, count: count)
        for operation in operations {
            let deal = Int(operation.name.high >> shift)
            sorted[Int(starts[deal])] = operation
            starts[deal] += 1
        }
        for index in 1..<sorted.count {
            let moved = sorted[index]
            var hole = index
            while hole > 0, moved.name < sorted[hole - 1].name {
                sorted[hole] = sorted[hole - 1]
                hole -= 1
            }
            sorted[hole] = moved
        }
        return sorted
    }
}

/// How many operations there are somewhere, and the sum of their digests.
struct OperationTotals: Hashable, Sendable {
    var count: UInt64 = 0
    var digest: UInt64 = 0

    mutating func add(_ operation: IndexedOperation) {
        count += 1
        digest &+= operation.digest
    }

    static func + (one: OperationTotals, other: OperationTotals) -> OperationTotals {
        OperationTotals(count: one.count &+ other.count, digest: one.digest &+ other.digest)
    }
}

extension Hash128: Comparable {
    package static func < (one: Hash128, other: Hash128) -> Bool {
        one.high != other.high ? one.high < other.high : one.low < other.low
    }
}
