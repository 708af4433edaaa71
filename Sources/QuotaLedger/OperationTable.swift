// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Operations in memory: a table of open addressing that doubles at three quarters full, 40 bytes a
/// place.
struct OperationTable: Sendable {
    private var slots: [IndexedOperation]
    /// Whether the operations stand in the places as they came, and a lookup passes over all of them.
    private let isList: Bool
    private(set) var totals = OperationTotals()

    var count: Int { Int(totals.count) }

    init() {
        slots = Array(repeating: .none, count: 1_024)
        isList = false
    }

    /// A table that is complete and of which little is asked: made in no time, slow to look up in.
    init(list operations: [IndexedOperation]) {
        slots = operations
        isList = true
        for operation in operations { totals.add(operation) }
    }

    func find(_ name: Hash128) -> IndexedOperation? {
        if isList { return slots.first { $0.name == name } }
        let position = position(of: name)
        return slots[position].isNone ? nil : slots[position]
    }

    /// Reads where operations would be looked for, so that it is in the caches when they are.
    func bringNear(_ names: [Hash128]) -> UInt64 {
        var seen: UInt64 = 0
        guard !isList else { return seen }
        for name in names {
            let position = Int(truncatingIfNeeded: name.low) & (slots.count - 1)
            // Both ends: a place may lie in two cache lines.
            seen &+= slots[position].name.low &+ slots[position].mark
        }
        return seen
    }

    mutating func insert(_ operation: IndexedOperation) {
        precondition(!isList, "a list is complete")
        if (count + 1) * 4 > slots.count * 3 { grow(to: slots.count * 2) }
        slots[freePosition(for: operation.name)] = operation
        totals.add(operation)
    }

    /// Takes an operation in if its name is not there yet; says whether it was not.
    mutating func insertIfNew(_ operation: IndexedOperation) -> Bool {
        precondition(!isList, "a list is complete")
        if (count + 1) * 4 > slots.count * 3 { grow(to: slots.count * 2) }
        let position = position(of: operation.name)
        guard slots[position].isNone else { return false }
        slots[position] = operation
        totals.add(operation)
        return true
    }

    /// Makes room for a number of operations at once.
    mutating func reserveCapacity(_ operationCount: Int) {
        var capacity = slots.count
        while operationCount * 4 > capacity * 3 { capacity *= 2 }
        if capacity > slots.count { grow(to: capacity) }
    }

    /// The operations in order of their entries.
    func inOrderOfEntries() -> [IndexedOperation] {
        // The mark begins with the number.
        slots.filter { !$0.isNone }.sorted { $0.mark < $1.mark }
    }

    /// The operations in order of their names.
    ///
    /// Names are random numbers, so each is dealt to about the place where it belongs: O(n).
    func inOrderOfNames() -> [IndexedOperation] {
        guard count > 0 else { return [] }
        let shift = UInt64(64 - max(1, Int.bitWidth - (count - 1).leadingZeroBitCount))
        var starts = [UInt32](repeating: 0, count: 1 << (64 - shift) + 1)
        for slot in slots where !slot.isNone { starts[Int(slot.name.high >> shift) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var sorted = [IndexedOperation](repeating: .none, count: count)
        for slot in slots where !slot.isNone {
            let deal = Int(slot.name.high >> shift)
            sorted[Int(starts[deal])] = slot
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

    /// Where an operation is, or where it would be.
    private func position(of name: Hash128) -> Int {
        var position = Int(truncatingIfNeeded: name.low) & (slots.count - 1)
        while !slots[position].isNone, slots[position].name != name {
            position = (position + 1) & (slots.count - 1)
        }
        return position
    }

    private func freePosition(for name: Hash128) -> Int {
        var position = Int(truncatingIfNeeded: name.low) & (slots.count - 1)
        while !slots[position].isNone { position = (position + 1) & (slots.count - 1) }
        return position
    }

    private mutating func grow(to capacity: Int) {
        let old = slots
        slots = Array(repeating: .none, count: capacity)
        for slot in old where !slot.isNone { slots[freePosition(for: slot.name)] = slot }
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
