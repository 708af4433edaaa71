// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Numbers of entries, in order, as ranges without gaps between their ends.
///
/// What comes in bulk takes two words, however much it is.
public struct EntryRanges: Hashable, Sendable {
    /// The ranges, in order; between two of them lies at least one number that is not here.
    public private(set) var ranges: [Range<UInt64>] = []

    /// Makes an empty list.
    public init() {}

    /// Ranges as they were; `nil` if they are not in order, or have no gaps between them.
    init?(restoring ranges: [Range<UInt64>]) {
        var end: UInt64?
        for range in ranges {
            if let end, range.lowerBound <= end { return nil }
            guard !range.isEmpty else { return nil }
            end = range.upperBound
        }
        self.ranges = ranges
    }

    /// Adds a number that is greater than all that are here.
    mutating func append(_ number: EntryNumber) {
        let next = number.rawValue + 1
        guard let last = ranges.last, last.upperBound >= number.rawValue else {
            return ranges.append(number.rawValue..<next)
        }
        precondition(last.upperBound == number.rawValue, "numbers are added in order")
        ranges[ranges.count - 1] = last.lowerBound..<next
    }
}
