// SPDX-License-Identifier: Apache-2.0

/// Mixes keys with a seed that callers do not know.
struct WordHash: Sendable {
    let seed: UInt64
    /// Keys that differ in so many of their lowest bits only stand side by side.
    let groupBits: UInt64

    /// The lowest bits place a group of keys, the highest choose a piece for all of it.
    func callAsFunction(_ key: UInt64) -> UInt64 {
        let group = (key >> groupBits) ^ seed
        let product = group.multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        let mixed = product.low ^ product.high
        return mixed & 0xffff_ffff_0000_0000 | mixed << groupBits & 0xffff_ffff
            | key & (1 << groupBits - 1)
    }
}

/// A piece of a ``WordTable``, whose hash it is told each time.
struct WordTableSegment: Sendable {
    private struct Place: Sendable {
        var key: UInt64 = 0
        /// 0 where there is none.
        var value: Int64 = 0
    }

    private var places = [Place](repeating: Place(), count: 16)
    private var count = 0

    func value(of key: UInt64, by hash: WordHash) -> Int64 {
        places[place(of: key, hash)].value
    }

    func bringNear(_ key: UInt64, by hash: WordHash) -> UInt64 {
        places[home(of: key, hash)].key
    }

    /// Gives a key a number other than 0, and gives the one that it had.
    mutating func exchange(_ value: Int64, of key: UInt64, by hash: WordHash) -> Int64 {
        var place = place(of: key, hash)
        let before = places[place].value
        if before == 0 {
            if (count + 1) * 2 > places.count {
                grow(hash)
                place = self.place(of: key, hash)
            }
            count += 1
        }
        places[place] = Place(key: key, value: value)
        return before
    }

    /// Adds to the number of a key, which is there only while it is not 0; how many more keys there are
    /// then.
    mutating func add(_ change: Int64, to key: UInt64, by hash: WordHash) -> Int {
        let place = place(of: key, hash)
        let before = places[place].value
        let after = before + change
        switch (before == 0, after == 0) {
        case (false, false): places[place].value = after
        case (true, false): _ = exchange(after, of: key, by: hash)
        case (false, true): remove(at: place, hash)
        case (true, true): break
        }
        return (before == 0 ? 1 : 0) - (after == 0 ? 1 : 0)
    }

    /// Removes a key, and gives the number that it had: 0 of one that was not there.
    mutating func remove(_ key: UInt64, by hash: WordHash) -> Int64 {
        let place = place(of: key, hash)
        let value = places[place].value
        if value != 0 { remove(at: place, hash) }
        return value
    }

    /// Empties a place, and moves up what would not be found behind the gap.
    private mutating func remove(at removed: Int, _ hash: WordHash) {
        count -= 1
        let mask = places.count - 1
        var gap = removed
        var place = removed
        while true {
            place = (place + 1) & mask
            guard places[place].value != 0 else { break }
            let distance = (place - home(of: places[place].key, hash)) & mask
            guard distance >= (place - gap) & mask else { continue }
            places[gap] = places[place]
            gap = place
        }
        places[gap] = Place()
    }

    private func home(of key: UInt64, _ hash: WordHash) -> Int {
        Int(truncatingIfNeeded: hash(key)) & (places.count - 1)
    }

    private func place(of key: UInt64, _ hash: WordHash) -> Int {
        var place = home(of: key, hash)
        while places[place].value != 0, places[place].key != key {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }

    private mutating func grow(_ hash: WordHash) {
        let old = places
        places = Array(repeating: Place(), count: old.count * 2)
        for entry in old where entry.value != 0 { places[place(of: entry.key, hash)] = entry }
    }
}
