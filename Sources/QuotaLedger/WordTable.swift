// SPDX-License-Identifier: Apache-2.0

/// Numbers by packed keys of one word: a table of open addressing that doubles at half full, 16
/// bytes a place.
///
/// Keys are mixed with a seed that callers do not know, so that nobody can choose keys that collide.
package struct WordTable: Sendable {
    private struct Place: Sendable {
        var key: UInt64 = 0
        /// 0 where there is none.
        var value: Int64 = 0
    }

    private var places: [Place]
    private let seed: UInt64
    /// Keys that differ in so many of their lowest bits only stand side by side.
    private let groupBits: UInt64
    /// How many keys there are.
    package private(set) var count = 0

    /// Makes an empty table.
    ///
    /// - Parameters:
    ///   - seed: A number that callers do not know.
    ///   - groupBits: In how many of their lowest bits keys may differ that stand side by side.
    package init(seed: UInt64, groupBits: UInt64 = 0) {
        self.seed = seed
        self.groupBits = groupBits
        places = Array(repeating: Place(), count: 16)
    }

    /// The number of a key: 0 of one that is not there.
    package subscript(key: UInt64) -> Int64 { places[place(of: key)].value }

    /// Reads where a key would be looked for, so that it is in the caches when it is.
    package func bringNear(_ key: UInt64) -> UInt64 { places[home(of: key)].key }

    /// Gives a key a number other than 0.
    package mutating func set(_ value: Int64, of key: UInt64) {
        precondition(value != 0, "a key that is there has a number other than 0")
        var place = place(of: key)
        if places[place].value == 0 {
            if (count + 1) * 2 > places.count {
                grow()
                place = self.place(of: key)
            }
            count += 1
        }
        places[place] = Place(key: key, value: value)
    }

    /// Adds to the number of a key, which may be 0 before; a key whose number becomes 0 is no
    /// longer there.
    package mutating func add(_ change: Int64, to key: UInt64) {
        let place = place(of: key)
        let before = places[place].value
        let after = before + change
        if after == 0 {
            if before != 0 { remove(at: place) }
        } else if before == 0 {
            set(after, of: key)
        } else {
            places[place].value = after
        }
    }

    /// Removes a key, and gives the number that it had: 0 of one that was not there.
    package mutating func remove(_ key: UInt64) -> Int64 {
        let place = place(of: key)
        let value = places[place].value
        if value != 0 { remove(at: place) }
        return value
    }

    /// Removes everything and keeps the memory.
    package mutating func removeAll() {
        guard count > 0 else { return }
        places = Array(repeating: Place(), count: places.count)
        count = 0
    }

    private func home(of key: UInt64) -> Int {
        let group = (key >> groupBits) ^ seed
        let product = group.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        let start = (product.low ^ product.high) << groupBits
        let offset = key & (1 << groupBits - 1)
        return Int(truncatingIfNeeded: start | offset) & (places.count - 1)
    }

    private func place(of key: UInt64) -> Int {
        var place = home(of: key)
        while places[place].value != 0, places[place].key != key {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }

    /// Empties a place, and moves up what would not be found behind the gap.
    private mutating func remove(at removed: Int) {
        count -= 1
        let mask = places.count - 1
        var gap = removed
        var place = removed
        while true {
            place = (place + 1) & mask
            guard places[place].value != 0 else { break }
            let distance = (place - home(of: places[place].key)) & mask
            guard distance >= (place - gap) & mask else { continue }
            places[gap] = places[place]
            gap = place
        }
        places[gap] = Place()
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: Place(), count: old.count * 2)
        for entry in old where entry.value != 0 { places[place(of: entry.key)] = entry }
    }
}
