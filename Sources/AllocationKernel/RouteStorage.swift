// SPDX-License-Identifier: Apache-2.0

/// All routes of a table, each a record of 32-bit words in one row of memory.
///
/// A record holds all that deciding a claim needs to find the cells, so that a claim costs one
/// random read of a route instead of one for each of its parts. It begins with a header of
/// ``RouteRecord``; one that fits a cache line lies in one.
///
/// Behind the last record lie some words of 0: who reads the tests of a record may read a few more
/// than it has, and no index of a route is that of a header there.
struct RouteStorage: ~Copyable, Sendable {
    private(set) var words = AlignedBuffer<UInt32>()
    private(set) var count = 0
    /// The most limits that a claim on any route can test.
    private(set) var mostTests = 0

    private static var wordsPerLine: Int { 16 }

    init() { clearBehind() }

    /// Adds a record.
    ///
    /// - Parameters:
    ///   - added: The alternatives, whose cells and limits are the table's.
    ///   - limits: The limits of the table.
    /// - Returns: Where the record begins.
    mutating func add(
        _ added: [AllocationTable.Alternative],
        limits: borrowing AlignedBuffer<StoredLimit>
    ) -> RouteIndex {
        let record = RouteRecord.words(of: added, limits: limits)
        mostTests = max(mostTests, added.reduce(0) { $0 + $1.limits.count })
        let place = words.count % Self.wordsPerLine
        if place + record.count > Self.wordsPerLine && record.count <= Self.wordsPerLine {
            for _ in place..<Self.wordsPerLine { words.append(RouteRecord.padding) }
        }
        precondition(
            words.count + record.count <= UInt32.max,
            "the routes of a table must fit 2^32 words"
        )
        let index = RouteIndex(rawValue: UInt32(words.count))
        for word in record { words.append(word) }
        count += 1
        clearBehind()
        return index
    }

    /// Removes everything and keeps the memory: routes are rebuilt after every barrier.
    mutating func removeAll() {
        words.removeAll()
        count = 0
        clearBehind()
    }

    private mutating func clearBehind() {
        let end = words.count
        words.resize(end + Self.wordsPerLine, filler: RouteRecord.padding)
        words.setCount(end)
    }
}
