// SPDX-License-Identifier: Apache-2.0

package import LedgerModel

/// Where holds stand, by the entries that granted them: a table of open addressing that doubles at
/// half full, 8 bytes a place.
///
/// Numbers that follow each other stand side by side, so that new holds, and those that expire
/// together, share cache lines. A place has the low half of the number only: whoever looks compares
/// the hold itself.
package struct HoldPositions: Sendable {
    private struct Place: Sendable {
        var number: UInt32 = 0
        /// The position plus one; 0 where there is none.
        var mark: UInt32 = 0
    }

    private var places = [Place](repeating: Place(), count: 64)
    /// How many holds there are.
    package private(set) var count = 0

    /// How many numbers that follow each other stand side by side, as a power of 2.
    private static let groupBits: UInt32 = 3

    /// Makes an empty table.
    package init() {}

    /// The position of the hold with a number, if one is right.
    package func position(of number: EntryNumber, where isRight: (Int) -> Bool) -> Int? {
        let low = UInt32(truncatingIfNeeded: number.rawValue)
        var place = home(of: low)
        while places[place].mark != 0 {
            let position = Int(places[place].mark) - 1
            if places[place].number == low, isRight(position) { return position }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    /// All positions, in no particular order.
    package var positions: some Sequence<Int> {
        places.lazy.filter { $0.mark != 0 }.map { Int($0.mark) - 1 }
    }

    /// Adds a hold that is not there yet.
    package mutating func insert(_ number: EntryNumber, position: Int) {
        if (count + 1) * 2 > places.count { grow(to: places.count * 2) }
        count += 1
        put(
            Place(
                number: UInt32(truncatingIfNeeded: number.rawValue),
                mark: UInt32(position + 1)
            )
        )
    }

    /// Removes a hold, and moves up what would not be found behind the gap.
    package mutating func remove(_ number: EntryNumber, position: Int) {
        let mask = places.count - 1
        var gap = home(of: UInt32(truncatingIfNeeded: number.rawValue))
        while places[gap].mark != UInt32(position + 1) {
            precondition(places[gap].mark != 0, "a hold that is removed is there")
            gap = (gap + 1) & mask
        }
        count -= 1
        var place = gap
        while true {
            place = (place + 1) & mask
            guard places[place].mark != 0 else { break }
            let distance = (place - home(of: places[place].number)) & mask
            guard distance >= (place - gap) & mask else { continue }
            places[gap] = places[place]
            gap = place
        }
        places[gap] = Place()
    }

    /// Makes room for a number of holds at once.
    package mutating func reserveCapacity(_ count: Int) {
        var placeCount = places.count
        while count * 2 > placeCount { placeCount *= 2 }
        if placeCount > places.count { grow(to: placeCount) }
    }

    private func home(of number: UInt32) -> Int {
        let group = UInt64(number >> Self.groupBits) &* 0x9e37_79b9_7f4a_7c15
        let start = (group >> 32) << UInt64(Self.groupBits)
        return Int(start | UInt64(number & (1 << Self.groupBits - 1))) & (places.count - 1)
    }

    private mutating func put(_ entry: Place) {
        var place = home(of: entry.number)
        while places[place].mark != 0 { place = (place + 1) & (places.count - 1) }
        places[place] = entry
    }

    private mutating func grow(to placeCount: Int) {
        let old = places
        places = Array(repeating: Place(), count: placeCount)
        for entry in old where entry.mark != 0 { put(entry) }
    }
}
