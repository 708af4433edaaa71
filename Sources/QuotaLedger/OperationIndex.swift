// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Which entry answered an operation, found by organisation and id, for ever.
///
/// Keeps keyed 128-bit hashes of the name and of the content, not the texts: 40 bytes an operation,
/// in a table of open addressing that doubles at three quarters full.
struct OperationIndex: Sendable {
    struct Found {
        var number: EntryNumber
        var content: Hash128
    }

    let key: HashKey
    private(set) var count = 0
    private var slots: [Slot]

    private struct Slot {
        var name = Hash128(low: 0, high: 0)
        var content = Hash128(low: 0, high: 0)
        /// The entry's number plus one; 0 of an empty slot.
        var mark: UInt64 = 0
    }

    init(key: HashKey) {
        self.key = key
        slots = Array(repeating: Slot(), count: 1_024)
    }

    func find(_ name: Hash128) -> Found? {
        var position = Int(truncatingIfNeeded: name.low) & (slots.count - 1)
        while slots[position].mark != 0 {
            if slots[position].name == name {
                return Found(
                    number: EntryNumber(rawValue: slots[position].mark - 1),
                    content: slots[position].content
                )
            }
            position = (position + 1) & (slots.count - 1)
        }
        return nil
    }

    /// One operation of the index.
    struct Item: Sendable {
        var number: EntryNumber
        var name: Hash128
        var content: Hash128
    }

    /// Visits all operations in order of their entries, which lie below `next`.
    ///
    /// O(`next` + operations).
    func forEach(below next: UInt64, _ body: (Item) -> Void) {
        var positionByNumber = [Int](repeating: -1, count: Int(next))
        for position in slots.indices where slots[position].mark != 0 {
            positionByNumber[Int(slots[position].mark - 1)] = position
        }
        for position in positionByNumber where position >= 0 {
            let slot = slots[position]
            body(
                Item(
                    number: EntryNumber(rawValue: slot.mark - 1),
                    name: slot.name,
                    content: slot.content
                )
            )
        }
    }

    mutating func insert(_ name: Hash128, number: EntryNumber, content: Hash128) {
        if (count + 1) * 4 > slots.count * 3 { grow(to: slots.count * 2) }
        place(Slot(name: name, content: content, mark: number.rawValue + 1))
        count += 1
    }

    /// Inserts an operation unless its name is there already; returns whether it was not.
    mutating func insertNew(_ name: Hash128, number: EntryNumber, content: Hash128) -> Bool {
        guard find(name) == nil else { return false }
        insert(name, number: number, content: content)
        return true
    }

    /// Makes room for a number of operations at once, as recovery does.
    mutating func reserveCapacity(_ operationCount: Int) {
        var capacity = slots.count
        while operationCount * 4 > capacity * 3 { capacity *= 2 }
        if capacity > slots.count { grow(to: capacity) }
    }

    private mutating func place(_ slot: Slot) {
        var position = Int(truncatingIfNeeded: slot.name.low) & (slots.count - 1)
        while slots[position].mark != 0 { position = (position + 1) & (slots.count - 1) }
        slots[position] = slot
    }

    private mutating func grow(to capacity: Int) {
        let old = slots
        slots = Array(repeating: Slot(), count: capacity)
        for slot in old where slot.mark != 0 { place(slot) }
    }
}
