// SPDX-License-Identifier: Apache-2.0

/// A piece of ``HoldPositions``: it knows holds by the low halves of their numbers.
struct HoldPositionsSegment: Sendable {
    private struct Place: Sendable {
        var number: UInt32 = 0
        /// The position plus one; 0 where there is none.
        var mark: UInt32 = 0
    }

    private var places = [Place](repeating: Place(), count: 16)
    private(set) var count = 0

    /// The position of the hold with a number, if one is right.
    func position(of low: UInt32, where isRight: (Int) -> Bool) -> Int? {
        var place = home(of: low)
        while places[place].mark != 0 {
            let position = Int(places[place].mark) - 1
            if places[place].number == low, isRight(position) { return position }
            place = (place + 1) & (places.count - 1)
        }
        return nil
    }

    /// All positions, in no particular order.
    var positions: some Sequence<Int> {
        places.lazy.filter { $0.mark != 0 }.map { Int($0.mark) - 1 }
    }

    /// Adds a hold that is not there yet.
    mutating func insert(_ number: UInt32, position: Int) {
        if (count + 1) * 2 > places.count { grow(to: places.count * 2) }
        count += 1
        put(Place(number: number, mark: UInt32(position + 1)))
    }

    /// Removes a hold, and moves up what would not be found behind the gap.
    mutating func remove(_ number: UInt32, position: Int) {
        let mask = places.count - 1
        var gap = home(of: number)
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
    mutating func reserveCapacity(_ count: Int) {
        var placeCount = places.count
        while count * 2 > placeCount { placeCount *= 2 }
        if placeCount > places.count { grow(to: placeCount) }
    }

    private func home(of number: UInt32) -> Int {
        Int(truncatingIfNeeded: HoldPositions.hash(of: number)) & (places.count - 1)
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
