// SPDX-License-Identifier: Apache-2.0

extension SerialDecider {
    /// Has the routes of a window brought near.
    @inline(__always)
    func prefetchRoutes(_ window: Range<Int>) {
        for position in window { words.prefetch(Int(items[position].index)) }
    }

    /// Prepares a window and has its cells brought near; `nil` if it is to be decided one by one.
    @inline(__always)
    func prepare(_ window: Range<Int>, _ experience: borrowing Experience) -> Int? {
        let count = experience.isHopeful ? prepareQuestions(window) : nil
        prefetchCells(window, count ?? -1)
        return count
    }

    /// Prepares a window and returns the number of its tests: claims are granted what they ask on
    /// their first alternative, and each test holds its question in the place of its answer.
    ///
    /// `nil`, and nothing is written, if an item is no plain claim on a plain first alternative.
    @inline(__always)
    func prepareQuestions(_ window: Range<Int>) -> Int? {
        guard isPlain(window) else { return nil }
        let first = firstTest(window)
        return writeQuestions(window, from: first) &- first
    }

    /// Has the cells of a window brought near: those of its tests if it is prepared, and else, with
    /// -1 tests, the first of each claim.
    @inline(__always)
    func prefetchCells(_ window: Range<Int>, _ testCount: Int) {
        guard testCount >= 0 else { return prefetchFirstCells(window) }
        let first = firstTest(window)
        for place in first..<(first &+ testCount) {
            cells.prefetch(writer.tests[place].askedCell)
        }
    }

    /// Whether each item of a window is a plain claim on a plain first alternative.
    @inline(__always)
    private func isPlain(_ window: Range<Int>) -> Bool {
        let last = max(wordCount &- 1, 0)
        var difference: UInt32 = 0
        var units: Int64 = 0
        for position in window {
            let item = items[position]
            let place = min(Int(item.index), last)
            difference |= RouteRecord.differenceFromPlain(words[place])
            difference |= item.index ^ UInt32(truncatingIfNeeded: place)
            units |= item.unit
        }
        return difference == 0 && units == 0
    }

    /// Writes the questions of a window; says where they end.
    @inline(__always)
    private func writeQuestions(_ window: Range<Int>, from first: Int) -> Int {
        var end = first
        for position in window {
            let item = items[position]
            let place = Int(item.index) &+ 1
            let count = RouteRecord.plainTestCount(words[place &- 1])
            // As many whatever it has: that costs less than guessing how many it has.
            for test in 0..<AllocationResult.testsAtOnce {
                let word = place &+ test &* RouteRecord.testLength
                writer.tests[end &+ test] = question(word, item.amount)
            }
            if count > 3 {
                let word = place &+ 3 &* RouteRecord.testLength
                writer.tests[end &+ 3] = question(word, item.amount)
            }
            end &+= count
            writer.codes[position] = 0
            writer.granted[position] = item.amount
            writer.testEnds[position] = UInt32(truncatingIfNeeded: end)
        }
        return end
    }

    @inline(__always)
    private func question(_ word: Int, _ amount: Int64) -> TestedLimit {
        TestedLimit(
            asking: words[word],
            ceiling: words[word &+ 1],
            limit: words[word &+ 2],
            amount: amount
        )
    }

    /// Answers the questions of a window and charges what they ask; says whether all limits held.
    ///
    /// No cell is charged above the maximum sum where all hold: what a limit allows is no more.
    @inline(__always)
    func settlePlain(_ tests: Range<Int>) -> Bool {
        var failed = false
        for place in tests {
            let asked = writer.tests[place]
            let held = cells[asked.askedCell]
            let allowed = cells[asked.askedCeiling]
            // Two numbers below 2^63: their sum fits 64 bits. Once a limit did not hold nothing of
            // this stays.
            let sum = held.magnitude &+ asked.askedAmount.magnitude
            failed = failed || sum > allowed.magnitude
            cells[asked.askedCell] = Int64(bitPattern: sum)
            writer.tests[place].answer(used: held, allowed: allowed)
        }
        return !failed
    }

    /// Brings the cells of a window back to what they held before it was settled.
    func undo(_ tests: Range<Int>) {
        for place in tests.reversed() {
            let test = writer.tests[place]
            cells[Int(limits[Int(test.limit.rawValue)].used)] = test.used
        }
    }

    /// Has the first cells that a window's claims test brought near.
    @inline(__always)
    func prefetchFirstCells(_ window: Range<Int>) {
        let last = max(wordCount &- 1, 0)
        for position in window {
            let place = min(Int(items[position].index), last)
            let offset = RouteRecord.beginsPlain(words[place]) ? 1 : 1 &+ RouteRecord.prefixLength
            let word = words[place &+ offset]
            cells.prefetch(Int(word & RouteRecord.cellMask))
        }
    }
}

/// A test that is not answered yet holds its question: the cells where the answer will hold what is
/// used, and the amount where it will hold what is allowed.
extension TestedLimit {
    @inline(__always)
    init(asking word: UInt32, ceiling: UInt32, limit: UInt32, amount: Int64) {
        self.init(
            limit: LimitIndex(rawValue: limit),
            alternative: 0,
            used: Int64(bitPattern: UInt64(word) | UInt64(ceiling) << 32),
            allowed: amount,
            base: 0
        )
    }

    @inline(__always)
    var askedCell: Int { Int(truncatingIfNeeded: used) & Int(RouteRecord.cellMask) }
    @inline(__always)
    var askedCeiling: Int { Int(truncatingIfNeeded: UInt64(bitPattern: used) >> 32) }
    @inline(__always)
    var askedAmount: Int64 { allowed }

    @inline(__always)
    mutating func answer(used: Int64, allowed: Int64) {
        self.used = used
        self.allowed = allowed
    }
}
