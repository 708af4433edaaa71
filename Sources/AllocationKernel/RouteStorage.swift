// SPDX-License-Identifier: Apache-2.0

/// All routes of a table, each a record of 32-bit words in one row of memory.
///
/// A record holds all that deciding a claim needs to find the cells, so that a claim costs one
/// random read of a route instead of one for each of its parts. It begins with a header of
/// ``RouteRecord``; one that fits a cache line lies in one.
struct RouteStorage: ~Copyable, Sendable {
    private(set) var words = AlignedBuffer<UInt32>()
    private(set) var count = 0
    /// The most touches of cells that a claim on any route can lead to, over all its alternatives.
    private(set) var mostTouches = 1
    /// The most limits that a claim on any route can test.
    private(set) var mostTests = 0

    private static var wordsPerLine: Int { 16 }

    /// Adds a record.
    ///
    /// - Parameters:
    ///   - added: The alternatives, whose cells and limits are the table's.
    ///   - limits: The limits of the table.
    ///   - cells: What the table knows of its cells.
    /// - Returns: Where the record begins.
    mutating func add(
        _ added: [AllocationTable.Alternative],
        limits: borrowing AlignedBuffer<StoredLimit>,
        cells: borrowing CellFacts
    ) -> RouteIndex {
        var record: [UInt32] = [RouteRecord.header(alternativeCount: added.count)]
        var touches = 0
        var tests = 0
        for alternative in added {
            record += RouteRecord.words(of: alternative, limits: limits, cells: cells)
            touches += 2 * alternative.limits.count + alternative.charges.count
            tests += alternative.limits.count
        }
        mostTouches = max(mostTouches, touches)
        mostTests = max(mostTests, tests)
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
        return index
    }

    /// Removes everything and keeps the memory: routes are rebuilt after every barrier.
    mutating func removeAll() {
        words.removeAll()
        count = 0
    }

    /// Marks cells that came to share an owner with others in the records that were made before.
    mutating func mark(_ cells: borrowing CellFacts) {
        let view = words.view
        var place = 0
        while place < words.count {
            guard RouteRecord.isHeader(view[place]) else {
                place += 1
                continue
            }
            place = RouteRecord.mark(at: place, in: view, cells: cells)
        }
    }
}
