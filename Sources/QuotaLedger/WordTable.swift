// SPDX-License-Identifier: Apache-2.0

/// Numbers by packed keys of one word, in a ``SegmentedTable`` whose pieces are tables of open
/// addressing that double at half full, 16 bytes a place.
///
/// Keys are mixed with a seed that callers do not know, so that nobody can choose keys that collide.
package struct WordTable: Sendable {
    private var segments: SegmentedTable<WordTableSegment>
    private let hash: WordHash
    /// How many keys there are.
    package private(set) var count = 0

    /// Makes an empty table.
    ///
    /// - Parameters:
    ///   - seed: A number that callers do not know.
    ///   - groupBits: In how many of their lowest bits keys may differ that stand side by side.
    ///   - segmentBits: How many pieces there are, as a power of 2; fewer in tests only.
    package init(
        seed: UInt64,
        groupBits: UInt64 = 0,
        segmentBits: Int = TableSegments.usualBits
    ) {
        segments = SegmentedTable(of: WordTableSegment(), segmentBits: segmentBits)
        hash = WordHash(seed: seed, groupBits: groupBits)
    }

    /// The number of a key: 0 of one that is not there.
    package subscript(key: UInt64) -> Int64 { segments[hash(key)].value(of: key, by: hash) }

    /// Reads where a key would be looked for, so that it is in the caches when it is.
    package func bringNear(_ key: UInt64) -> UInt64 {
        segments[hash(key)].bringNear(key, by: hash)
    }

    /// Gives a key a number other than 0.
    package mutating func set(_ value: Int64, of key: UInt64) {
        precondition(value != 0, "a key that is there has a number other than 0")
        if segments[hash(key)].exchange(value, of: key, by: hash) == 0 { count += 1 }
    }

    /// Adds to the number of a key, which may be 0 before; a key whose number becomes 0 is no
    /// longer there.
    package mutating func add(_ change: Int64, to key: UInt64) {
        count += segments[hash(key)].add(change, to: key, by: hash)
    }

    /// Removes a key, and gives the number that it had: 0 of one that was not there.
    package mutating func remove(_ key: UInt64) -> Int64 {
        let value = segments[hash(key)].remove(key, by: hash)
        if value != 0 { count -= 1 }
        return value
    }

    /// Removes everything.
    package mutating func removeAll() {
        guard count > 0 else { return }
        segments.removeAll(leaving: WordTableSegment())
        count = 0
    }
}
