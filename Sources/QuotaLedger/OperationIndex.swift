// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What later operations have to know of an operation without looking it up in the log.
///
/// The numbers stand in snapshots.
enum OperationClass: UInt8, Sendable {
    /// No reservation.
    case other = 0
    /// A reservation that was refused.
    case refusedReservation = 1
    /// A reservation that was granted.
    case grantedReservation = 2
}

/// Which entry answered an operation, found by organisation and id, for ever.
///
/// Keeps keyed 128-bit hashes of the name and of the content, not the texts: 40 bytes an operation,
/// in a table of open addressing that doubles at three quarters full.
struct OperationIndex: Sendable {
    struct Found {
        var number: EntryNumber
        var content: Hash128
        var kind: OperationClass
    }

    let key: HashKey
    private(set) var count = 0
    private var slots: [Slot]

    private struct Slot {
        var name = Hash128(low: 0, high: 0)
        var content = Hash128(low: 0, high: 0)
        /// The entry's number plus one, and above it the class; 0 of an empty slot.
        var mark: UInt64 = 0

        static let classShift: UInt64 = 56

        var number: EntryNumber {
            EntryNumber(rawValue: (mark & (1 << Self.classShift - 1)) - 1)
        }

        var kind: OperationClass {
            OperationClass(rawValue: UInt8(mark >> Self.classShift)) ?? .other
        }
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
                    number: slots[position].number,
                    content: slots[position].content,
                    kind: slots[position].kind
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
        var kind: OperationClass
    }

    /// Visits all operations in order of their entries, which lie below `next`.
    ///
    /// O(`next` + operations).
    func forEach(below next: UInt64, _ body: (Item) -> Void) {
        var positionByNumber = [Int](repeating: -1, count: Int(next))
        for position in slots.indices where slots[position].mark != 0 {
            positionByNumber[Int(slots[position].number.rawValue)] = position
        }
        for position in positionByNumber where position >= 0 {
            let slot = slots[position]
            body(
                Item(
                    number: slot.number,
                    name: slot.name,
                    content: slot.content,
                    kind: slot.kind
                )
            )
        }
    }

    mutating func insert(
        _ name: Hash128,
        number: EntryNumber,
        content: Hash128,
        kind: OperationClass
    ) {
        if (count + 1) * 4 > slots.count * 3 { grow(to: slots.count * 2) }
        let mark = number.rawValue + 1 | UInt64(kind.rawValue) << Slot.classShift
        place(Slot(name: name, content: content, mark: mark))
        count += 1
    }

    /// Inserts an operation unless its name is there already; returns whether it was not.
    mutating func insertNew(_ item: Item) -> Bool {
        guard find(item.name) == nil else { return false }
        insert(item.name, number: item.number, content: item.content, kind: item.kind)
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
