// SPDX-License-Identifier: Apache-2.0

/// A table in pieces, each a small table that grows by itself.
///
/// A table that doubles moves all that it has, and one that is changed while a copy of it is about, as
/// that of a snapshot is, copies all of itself: of a million keys ten milliseconds and more, for which
/// everybody waits. Of this one a piece grows, or is copied, at a time, and they do so at different
/// times.
struct SegmentedTable<Segment: Sendable>: Sendable {
    private var segments: [Segment]
    /// How many pieces there are, as a power of 2.
    private let segmentBits: Int

    /// Makes a table of empty pieces, which share their memory until they are changed.
    init(of empty: Segment, segmentBits: Int = TableSegments.usualBits) {
        segments = Array(repeating: empty, count: 1 << segmentBits)
        self.segmentBits = segmentBits
    }

    /// The piece that has the keys of a hash: its highest bits say which, so the piece is to use its
    /// lowest.
    subscript(hash: UInt64) -> Segment {
        _read { yield segments[place(of: hash)] }
        _modify { yield &segments[place(of: hash)] }
    }

    /// All pieces.
    var all: [Segment] { segments }

    /// Changes each piece.
    mutating func changeAll(_ change: (inout Segment) -> Void) {
        for place in segments.indices { change(&segments[place]) }
    }

    /// Empties each piece.
    mutating func removeAll(leaving empty: Segment) {
        segments = Array(repeating: empty, count: segments.count)
    }

    /// How many of so many keys each piece is to have room for: some have a few more than others.
    func shareOfEach(_ keyCount: Int) -> Int {
        let mean = keyCount >> segmentBits
        return segmentBits == 0 ? mean : mean + mean / 8 + 1
    }

    private func place(of hash: UInt64) -> Int { Int(hash >> UInt64(64 - segmentBits)) }
}

/// What tables in pieces have in common.
package enum TableSegments {
    /// How many pieces a table has, as a power of 2: of a million keys each has a thousand.
    package static let usualBits = 10
}
