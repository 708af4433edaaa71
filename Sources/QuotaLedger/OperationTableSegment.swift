// SPDX-License-Identifier: Apache-2.0

/// A piece of an ``OperationTable``: it places operations by the lowest bits of their names.
///
/// Seven eighths, and not three quarters: a table that is sealed has three quarters of the places of
/// all pieces, so that half of them would have doubled.
struct OperationTableSegment: Sendable {
    private var slots = [IndexedOperation](repeating: .none, count: 16)
    private var count = 0

    func find(_ name: Hash128) -> IndexedOperation? {
        let position = position(of: name)
        return slots[position].isNone ? nil : slots[position]
    }

    /// Reads where an operation would be looked for.
    func bringNear(_ name: Hash128) -> UInt64 {
        let position = home(of: name)
        // Both ends: a place may lie in two cache lines.
        return slots[position].name.low &+ slots[position].mark
    }

    /// Takes in an operation whose name is not there yet.
    mutating func insert(_ operation: IndexedOperation) {
        if (count + 1) * 8 > slots.count * 7 { grow(to: slots.count * 2) }
        slots[position(of: operation.name)] = operation
        count += 1
    }

    mutating func reserveCapacity(_ operationCount: Int) {
        var capacity = slots.count
        while operationCount * 8 > capacity * 7 { capacity *= 2 }
        if capacity > slots.count { grow(to: capacity) }
    }

    /// Appends all that it has, in no particular order.
    func append(to operations: inout [IndexedOperation]) {
        guard count > 0 else { return }
        for slot in slots where !slot.isNone { operations.append(slot) }
    }

    private func home(of name: Hash128) -> Int {
        Int(truncatingIfNeeded: name.low) & (slots.count - 1)
    }

    /// Where an operation is, or where it would be.
    private func position(of name: Hash128) -> Int {
        var position = home(of: name)
        while !slots[position].isNone, slots[position].name != name {
            position = (position + 1) & (slots.count - 1)
        }
        return position
    }

    private mutating func grow(to capacity: Int) {
        let old = slots
        slots = Array(repeating: .none, count: capacity)
        for slot in old where !slot.isNone { slots[position(of: slot.name)] = slot }
    }
}
