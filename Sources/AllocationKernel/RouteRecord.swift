// SPDX-License-Identifier: Apache-2.0

/// How a route lies in words.
///
/// ```text
/// header        tag and number of alternatives
/// alternative   maximum amount, 2 words, low first
///               shape: tests, charges without a test, whether it moves what others are allowed
///               for each test    cell of what is used, with marks; cell of the ceiling; limit
///               for each charge of a cell that is not tested     cell, with marks
/// ```
///
/// A cell that is tested and charged is charged by the mark of its last test, unless the alternative
/// charges the base of a share that it tests: then all charges come after all tests.
enum RouteRecord {
    private static var tag: UInt32 { 0xA5A5_A500 }
    /// Fills a line up to its end; no header.
    static var padding: UInt32 { 0 }

    /// The bits of a word that name a cell.
    static var cellMask: UInt32 { 0x07FF_FFFF }
    /// The test is of a share.
    static var shareMark: UInt32 { 0x8000_0000 }
    /// The cell is charged with the amount.
    static var chargeMark: UInt32 { 0x4000_0000 }
    /// The cell shares its owner with others: a share compares them.
    static var groupMark: UInt32 { 0x2000_0000 }

    /// Words before the tests of an alternative, and of a test.
    static var prefixLength: Int { 3 }
    static var testLength: Int { 3 }

    static func header(alternativeCount: Int) -> UInt32 { tag | UInt32(alternativeCount) }

    @inline(__always)
    static func isHeader(_ word: UInt32) -> Bool { word & 0xFFFF_FF00 == tag }

    @inline(__always)
    static func alternativeCount(_ header: UInt32) -> UInt32 { header & 0xFF }

    /// The words of one alternative.
    static func words(
        of alternative: AllocationTable.Alternative,
        limits: borrowing AlignedBuffer<StoredLimit>,
        cells: borrowing CellFacts
    ) -> [UInt32] {
        var uncharged = alternative.charges.map(\.rawValue)
        var tests: [UInt32] = []
        // A base that the claim itself raises must be read before it is charged.
        let chargesBase = alternative.limits.contains { index in
            let limit = limits[Int(index.rawValue)]
            return limit.isShare && uncharged.contains(limit.ceiling)
        }
        // From the last to the first: the last test of a cell charges it.
        for index in alternative.limits.reversed() {
            let limit = limits[Int(index.rawValue)]
            var used = limit.used | cells.groupMark(of: limit.used)
            if limit.isShare { used |= shareMark }
            if !chargesBase, let place = uncharged.firstIndex(of: limit.used) {
                uncharged.remove(at: place)
                used |= chargeMark
            }
            tests = [used, limit.ceiling, index.rawValue] + tests
        }
        let movesAllowed = alternative.charges.contains { cells.isAllowed($0.rawValue) }
        let maximum = UInt64(bitPattern: alternative.maximumAmount)
        let shape =
            UInt32(alternative.limits.count) | UInt32(uncharged.count) << 8
            | (movesAllowed ? Shape.movesAllowedBit : 0)
        return [UInt32(truncatingIfNeeded: maximum), UInt32(maximum >> 32), shape] + tests
            + uncharged.map { $0 | chargeMark | cells.groupMark(of: $0) }
    }

    /// Renews the marks of a record that depend on other limits; returns where it ends.
    static func mark(
        at place: Int,
        in words: BufferView<UInt32>,
        cells: borrowing CellFacts
    ) -> Int {
        var next = place + 1
        for _ in 0..<alternativeCount(words[place]) {
            let alternative = StoredAlternative(at: next, in: words)
            var movesAllowed = false
            func renew(_ index: Int) {
                let cell = words[index] & cellMask
                words[index] |= cells.groupMark(of: cell)
                if words[index] & chargeMark != 0 && cells.isAllowed(cell) { movesAllowed = true }
            }
            for test in 0..<alternative.testCount { renew(alternative.tests + test * testLength) }
            for charge in alternative.charges..<alternative.end { renew(charge) }
            if movesAllowed { words[next + 2] |= Shape.movesAllowedBit }
            next = alternative.end
        }
        return next
    }

    /// The third word of an alternative.
    enum Shape {
        static var movesAllowedBit: UInt32 { 1 << 16 }
    }
}

/// An alternative as it lies in the words of a route.
struct StoredAlternative {
    let maximumAmount: Int64
    let testCount: Int
    /// Where the tests, the charges without a test and what follows begin.
    let tests: Int
    let charges: Int
    let end: Int
    /// Whether it charges a cell that is what some limit of an amount allows.
    let movesAllowed: Bool

    @inline(__always)
    init(at place: Int, in words: BufferView<UInt32>) {
        let low = UInt64(words[place])
        let high = UInt64(words[place + 1])
        maximumAmount = Int64(bitPattern: low | high << 32)
        let shape = words[place + 2]
        testCount = Int(shape & 0xFF)
        tests = place + RouteRecord.prefixLength
        charges = tests + testCount * RouteRecord.testLength
        end = charges + Int(shape >> 8 & 0xFF)
        movesAllowed = shape & RouteRecord.Shape.movesAllowedBit != 0
    }
}
