// SPDX-License-Identifier: Apache-2.0

/// Names in the order in which they first came, each found by its text.
///
/// An open-addressing table for names that were hashed elsewhere. A slot is one word, the name's
/// position beside some bits of its hash, so that what is probed lies in one cache line; where these
/// bits agree the names themselves are compared. No answer rests on a hash.
package struct NameTable<Name: Hashable & Sendable>: Sendable {
    /// Every name, at its position.
    package private(set) var names: ContiguousArray<Name> = []
    /// The hash of each, for when the table grows.
    private var hashes: ContiguousArray<UInt64> = []
    /// For each slot 0 if it is free, else the tag above a position counted from 1.
    ///
    /// Their number is a power of two, and at least half of them are free.
    private var slots = ContiguousArray<UInt64>(repeating: 0, count: 16)

    /// The bits of a slot that hold a position.
    private static var positionMask: UInt64 { 1 << 40 - 1 }

    /// Makes an empty table.
    package init() {}

    /// Makes room for so many names.
    package mutating func reserveCapacity(_ count: Int) {
        names.reserveCapacity(count)
        var slotCount = slots.count
        while slotCount < 2 * count { slotCount *= 2 }
        if slotCount > slots.count { rebuild(slotCount: slotCount) }
    }

    /// Where a name stands, or `nil`.
    package func position(of name: Name, hashed hash: UInt64) -> Int? {
        position(in: slots[slot(of: name, hash)])
    }

    /// Adds a name unless it is there.
    ///
    /// - Returns: Where it stands, and whether it was added.
    package mutating func add(_ name: Name, hashed hash: UInt64) -> (position: Int, isNew: Bool) {
        let slot = slot(of: name, hash)
        if let position = position(in: slots[slot]) { return (position, false) }
        let position = names.count
        names.append(name)
        hashes.append(hash)
        slots[slot] = Self.tag(hash) | UInt64(position + 1)
        if 2 * names.count > slots.count { rebuild(slotCount: 2 * slots.count) }
        return (position, true)
    }

    /// Where a name may stand that has this hash, as far as its tag tells.
    ///
    /// Whoever asks compares the names.
    package func candidate(hashed hash: UInt64) -> Int? {
        let slot = slots[home(of: hash)]
        return slot & ~Self.positionMask == Self.tag(hash) ? position(in: slot) : nil
    }

    /// What stands where a search for a hash begins: read ahead of the search so that it finds
    /// the slot in the cache.
    package func glance(at hash: UInt64) -> Int {
        Int(truncatingIfNeeded: slots[home(of: hash)])
    }

    // MARK: - Slots

    private static func tag(_ hash: UInt64) -> UInt64 { hash & ~positionMask }

    private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count - 1) }

    private func position(in slot: UInt64) -> Int? {
        slot == 0 ? nil : Int(slot & Self.positionMask) - 1
    }

    /// The slot that holds a name or, if none does, the free one in which it belongs.
    private func slot(of name: Name, _ hash: UInt64) -> Int {
        var slot = home(of: hash)
        while let position = position(in: slots[slot]) {
            if slots[slot] & ~Self.positionMask == Self.tag(hash), names[position] == name {
                return slot
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return slot
    }

    private mutating func rebuild(slotCount: Int) {
        slots = ContiguousArray(repeating: 0, count: slotCount)
        for (position, hash) in hashes.enumerated() {
            var slot = home(of: hash)
            while slots[slot] != 0 { slot = (slot + 1) & (slotCount - 1) }
            slots[slot] = Self.tag(hash) | UInt64(position + 1)
        }
    }
}
