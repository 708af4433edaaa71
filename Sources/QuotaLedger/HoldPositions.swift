// SPDX-License-Identifier: Apache-2.0

package import LedgerModel

/// Where holds stand, by the entries that granted them, in a ``SegmentedTable`` whose pieces are
/// tables of open addressing that double at half full, 8 bytes a place.
///
/// Numbers that follow each other stand side by side, so that new holds, and those that expire
/// together, share cache lines. A place has the low half of the number only: whoever looks compares
/// the hold itself.
package struct HoldPositions: Sendable {
    private var segments: SegmentedTable<HoldPositionsSegment>
    /// How many holds there are.
    package private(set) var count = 0

    /// How many numbers that follow each other stand side by side, as a power of 2.
    private static let groupBits: UInt32 = 3

    /// Makes an empty table.
    ///
    /// - Parameter segmentBits: How many pieces there are, as a power of 2; fewer in tests only.
    package init(segmentBits: Int = TableSegments.usualBits) {
        segments = SegmentedTable(of: HoldPositionsSegment(), segmentBits: segmentBits)
    }

    /// The position of the hold with a number, if one is right.
    package func position(of number: EntryNumber, where isRight: (Int) -> Bool) -> Int? {
        let low = UInt32(truncatingIfNeeded: number.rawValue)
        return segments[Self.hash(of: low)].position(of: low, where: isRight)
    }

    /// All positions, in no particular order.
    package var positions: some Sequence<Int> {
        segments.all.lazy.flatMap { $0.positions }
    }

    /// Adds a hold that is not there yet.
    package mutating func insert(_ number: EntryNumber, position: Int) {
        let low = UInt32(truncatingIfNeeded: number.rawValue)
        segments[Self.hash(of: low)].insert(low, position: position)
        count += 1
    }

    /// Removes a hold that is there.
    package mutating func remove(_ number: EntryNumber, position: Int) {
        let low = UInt32(truncatingIfNeeded: number.rawValue)
        segments[Self.hash(of: low)].remove(low, position: position)
        count -= 1
    }

    /// Makes room for a number of holds at once.
    package mutating func reserveCapacity(_ count: Int) {
        let share = segments.shareOfEach(count)
        segments.changeAll { $0.reserveCapacity(share) }
    }

    /// Its lowest bits place a group of numbers, its highest choose a piece for all of it.
    static func hash(of number: UInt32) -> UInt64 {
        let group = UInt64(number >> groupBits) &* 0x9e37_79b9_7f4a_7c15
        return group & 0xffc0_0000_0000_0000
            | (group >> 32 & 0x3f_ffff) << UInt64(groupBits)
            | UInt64(number & (1 << groupBits - 1))
    }
}
