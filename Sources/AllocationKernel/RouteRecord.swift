// SPDX-License-Identifier: Apache-2.0

/// How a route lies in words.
///
/// ```text
/// header        tag, whether the first alternative is plain, number of alternatives, and of a plain
///               first alternative the number of its tests
/// plain first   for each test    cell of what is used, with marks; cell of the ceiling; limit
/// alternative   maximum amount, 2 words, low first
///               shape: tests, charges without a test
///               for each test    cell of what is used, with marks; cell of the ceiling; limit
///               for each charge of a cell that is not tested     cell, with marks
/// ```
///
/// A cell that is tested and charged is charged by the mark of its last test, unless the alternative
/// charges the base of a share that it tests: then all charges come after all tests.
///
/// An alternative is **plain** if it is open to any amount, tests limits of an amount only, charges
/// what it tests and nothing else, and charges no ceiling of its own. Then one test after the other
/// can be made and charged at once, if it is known that all hold.
enum RouteRecord {
    private static var tag: UInt32 { 0xA5A5_0000 }
    private static var plainMark: UInt32 { 0x100 }
    private static var plainTestMask: UInt32 { 0x7 }
    /// Fills a line up to its end; no header.
    static var padding: UInt32 { 0 }

    /// The bits of a word that name a cell.
    static var cellMask: UInt32 { 0x07FF_FFFF }
    /// The test is of a share.
    static var shareMark: UInt32 { 0x8000_0000 }
    /// The cell is charged with the amount.
    static var chargeMark: UInt32 { 0x4000_0000 }

    /// Words before the tests of an alternative that is not plain, and of a test.
    static var prefixLength: Int { 3 }
    static var testLength: Int { 3 }

    @inline(__always)
    static func isHeader(_ word: UInt32) -> Bool { word & 0xFFFF_FE00 == tag }

    @inline(__always)
    static func alternativeCount(_ header: UInt32) -> UInt32 { header >> 4 & 0x7 }

    @inline(__always)
    static func beginsPlain(_ header: UInt32) -> Bool { header & plainMark != 0 }

    /// 0 of the header of a route whose first alternative is plain, else some other number.
    @inline(__always)
    static func differenceFromPlain(_ word: UInt32) -> UInt32 {
        (word ^ (tag | plainMark)) & 0xFFFF_FF00
    }

    /// The tests of a first alternative that is plain.
    @inline(__always)
    static func plainTestCount(_ header: UInt32) -> Int { Int(header & plainTestMask) }

    /// The words of a route.
    static func words(
        of alternatives: [AllocationTable.Alternative],
        limits: borrowing AlignedBuffer<StoredLimit>
    ) -> [UInt32] {
        var header = tag | UInt32(alternatives.count) << 4
        var words: [UInt32] = []
        for (place, alternative) in alternatives.enumerated() {
            if place == 0 && isPlain(alternative, limits) {
                header |= plainMark | UInt32(alternative.limits.count)
                words += cells(of: alternative, limits).tests
            } else {
                words += self.words(of: alternative, limits)
            }
        }
        return [header] + words
    }

    private static func isPlain(
        _ alternative: AllocationTable.Alternative,
        _ limits: borrowing AlignedBuffer<StoredLimit>
    ) -> Bool {
        guard alternative.maximumAmount == .max else { return false }
        for index in alternative.limits {
            let limit = limits[Int(index.rawValue)]
            let ceiling = CellIndex(rawValue: limit.ceiling)
            if limit.isShare || alternative.charges.contains(ceiling) { return false }
        }
        let (tests, charges) = cells(of: alternative, limits)
        return charges.isEmpty
            && stride(from: 0, to: tests.count, by: testLength).allSatisfy {
                tests[$0] & chargeMark != 0
            }
    }

    /// The words of the tests of an alternative, and of what it charges without a test.
    private static func cells(
        of alternative: AllocationTable.Alternative,
        _ limits: borrowing AlignedBuffer<StoredLimit>
    ) -> (tests: [UInt32], charges: [UInt32]) {
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
            var used = limit.used
            if limit.isShare { used |= shareMark }
            if !chargesBase, let place = uncharged.firstIndex(of: limit.used) {
                uncharged.remove(at: place)
                used |= chargeMark
            }
            tests = [used, limit.ceiling, index.rawValue] + tests
        }
        return (tests, uncharged.map { $0 | chargeMark })
    }

    private static func words(
        of alternative: AllocationTable.Alternative,
        _ limits: borrowing AlignedBuffer<StoredLimit>
    ) -> [UInt32] {
        let (tests, charges) = cells(of: alternative, limits)
        let maximum = UInt64(alternative.maximumAmount)
        let shape = UInt32(alternative.limits.count) | UInt32(charges.count) << 8
        return [UInt32(truncatingIfNeeded: maximum), UInt32(maximum >> 32), shape] + tests + charges
    }
}

/// An alternative as it lies in the words of a route.
struct StoredAlternative {
    let maximumAmount: Int64
    /// Where the tests, the charges without a test and what follows begin.
    let tests: Int
    let charges: Int
    let end: Int

    @inline(__always)
    private init(maximumAmount: Int64, tests: Int, charges: Int, end: Int) {
        self.maximumAmount = maximumAmount
        self.tests = tests
        self.charges = charges
        self.end = end
    }

    /// The first alternative of the route whose header lies at a place.
    @inline(__always)
    init(firstAt place: Int, in words: BufferView<UInt32>) {
        let header = words[place]
        if RouteRecord.beginsPlain(header) {
            let tests = place &+ 1
            let end = tests &+ RouteRecord.plainTestCount(header) &* RouteRecord.testLength
            self.init(maximumAmount: .max, tests: tests, charges: end, end: end)
        } else {
            self.init(at: place &+ 1, in: words)
        }
    }

    /// An alternative that is not plain.
    @inline(__always)
    init(at place: Int, in words: BufferView<UInt32>) {
        let low = UInt64(words[place])
        let high = UInt64(words[place &+ 1])
        maximumAmount = Int64(bitPattern: low | high << 32)
        let shape = words[place &+ 2]
        tests = place &+ RouteRecord.prefixLength
        charges = tests &+ Int(shape & 0xFF) &* RouteRecord.testLength
        end = charges &+ Int(shape >> 8)
    }
}
