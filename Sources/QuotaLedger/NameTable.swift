// SPDX-License-Identifier: Apache-2.0

/// Positions by the hashes of names: a table of open addressing that doubles at half full.
///
/// The hashes are keyed and have 128 bits, so they stand for the names themselves, and their bits
/// are used as they are.
package struct NameTable: Sendable {
    private struct Place: Sendable {
        var name = Hash128(low: 0, high: 0)
        /// The position plus one; 0 where there is no name.
        var mark: UInt32 = 0
    }

    private var places: [Place]
    /// How many names there are.
    package private(set) var count = 0

    /// Makes an empty table with room for so many names.
    package init(capacity: Int = 8) {
        places = Array(repeating: Place(), count: Self.placeCount(for: capacity))
    }

    /// The position of a name, if it is there.
    package subscript(name: Hash128) -> Int? {
        let mark = places[place(of: name)].mark
        return mark == 0 ? nil : Int(mark - 1)
    }

    /// Reads where a name would be looked for, so that it is in the caches when it is.
    package func bringNear(_ name: Hash128) -> UInt64 {
        places[Int(truncatingIfNeeded: name.low) & (places.count - 1)].name.low
    }

    /// Takes a name in that is not there yet.
    package mutating func insert(_ name: Hash128, position: Int) {
        if (count + 1) * 2 > places.count { grow() }
        places[place(of: name)] = Place(name: name, mark: UInt32(position + 1))
        count += 1
    }

    private func place(of name: Hash128) -> Int {
        var place = Int(truncatingIfNeeded: name.low) & (places.count - 1)
        while places[place].mark != 0, places[place].name != name {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: Place(), count: old.count * 2)
        for entry in old where entry.mark != 0 { places[place(of: entry.name)] = entry }
    }

    private static func placeCount(for capacity: Int) -> Int {
        var count = 16
        while capacity * 2 > count { count *= 2 }
        return count
    }
}
