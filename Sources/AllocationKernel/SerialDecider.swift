// SPDX-License-Identifier: Apache-2.0

/// Decides items one after the other on the thread that asks.
///
/// It is what a small batch runs on, what parallel work falls back to, and as quick as one core can
/// be: a claim reads one record of words, the cells it names, and writes what it tested.
struct SerialDecider {
    let items: BufferView<AllocationBatch.StoredItem>
    let cells: BufferView<Int64>
    let cellCount: Int
    let words: BufferView<UInt32>
    let wordCount: Int
    let limits: BufferView<StoredLimit>
    let maximumSum: Int64
    let writer: AllocationResult.Writer

    /// How many items are read ahead of deciding.
    static var windowLength: Int { 64 }
    private var lastWord: Int { wordCount - 1 }
    private var lastCell: Int { cellCount - 1 }

    /// Decides the items of a range; `testCount` is where the next test goes.
    func decide(_ range: Range<Int>, testCount: inout Int) {
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + Self.windowLength, range.upperBound)
            touch(start..<end)
            decideWindow(start..<end, &testCount)
            start = end
        }
    }

    /// Reads what the items of a window will read, so that the reads of memory overlap: deciding
    /// itself branches on what it reads, and would wait for one after the other.
    @inline(__always)
    private func touch(_ window: Range<Int>) {
        guard wordCount > 0, cellCount > 0 else { return }
        let sum = touchRoutes(window)
        var held: Int64 = 0
        for position in window {
            let place = min(Int(items[position].index) + 4, lastWord)
            held &+= cells[min(Int(words[place] & RouteRecord.cellMask), lastCell)]
        }
        writer.touched[0] = held &+ Int64(sum)
    }

    /// The part of reading ahead that looks at routes only.
    @inline(__always)
    func touchRoutes(_ window: Range<Int>) -> UInt32 {
        guard wordCount > 0 else { return 0 }
        var sum: UInt32 = 0
        for position in window { sum &+= words[min(Int(items[position].index), lastWord)] }
        return sum
    }

    @inline(__always)
    private func decideWindow(_ range: Range<Int>, _ testCount: inout Int) {
        for position in range {
            let item = items[position]
            if item.unit == 0 {
                claim(item, at: position, &testCount)
            } else if item.isAdjustment {
                adjust(cell: Int(item.index), by: item.amount)
                end(position, AllocationResult.Code.adjusted, 0, testCount)
            } else {
                claimUpTo(item, at: position, &testCount)
            }
        }
    }

    @inline(__always)
    private func end(_ position: Int, _ code: UInt8, _ granted: Int64, _ testCount: Int) {
        writer.codes[position] = code
        writer.granted[position] = granted
        writer.testEnds[position] = UInt32(truncatingIfNeeded: testCount)
    }

    /// The header of the route of a claim.
    @inline(__always)
    func header(of item: AllocationBatch.StoredItem) -> UInt32 {
        let place = Int(item.index)
        precondition(
            place < wordCount && RouteRecord.isHeader(words[place]),
            "a claim's route must be one of the table"
        )
        return words[place]
    }

    @inline(__always)
    private func claim(
        _ item: AllocationBatch.StoredItem,
        at position: Int,
        _ testCount: inout Int
    ) {
        let amount = item.amount
        let alternativeCount = RouteRecord.alternativeCount(header(of: item))
        var place = Int(item.index) + 1
        for ordinal in 0..<alternativeCount {
            let alternative = StoredAlternative(at: place, in: words)
            place = alternative.end
            guard amount <= alternative.maximumAmount else { continue }
            guard holds(alternative, ordinal, amount: amount, &testCount) else { continue }
            guard charge(alternative, amount) else {
                return end(position, AllocationResult.Code.overflow, 0, testCount)
            }
            return end(position, UInt8(truncatingIfNeeded: ordinal), amount, testCount)
        }
        end(position, AllocationResult.Code.refused, 0, testCount)
    }

    private func claimUpTo(
        _ item: AllocationBatch.StoredItem,
        at position: Int,
        _ testCount: inout Int
    ) {
        let alternativeCount = RouteRecord.alternativeCount(header(of: item))
        var place = Int(item.index) + 1
        var best: (ordinal: UInt32, place: Int, amount: Int64) = (0, 0, 0)
        for ordinal in 0..<alternativeCount {
            let start = place
            let alternative = StoredAlternative(at: start, in: words)
            place = alternative.end
            guard item.amount <= alternative.maximumAmount else { continue }
            let room = room(in: alternative, ordinal, upTo: item.amount, &testCount)
            let amount = item.wholeUnits(in: room)
            if amount > best.amount { best = (ordinal, start, amount) }
            if amount == item.amount { break }
        }
        guard best.amount > 0 else {
            return end(position, AllocationResult.Code.refused, 0, testCount)
        }
        guard charge(StoredAlternative(at: best.place, in: words), best.amount) else {
            return end(position, AllocationResult.Code.overflow, 0, testCount)
        }
        end(position, UInt8(truncatingIfNeeded: best.ordinal), best.amount, testCount)
    }

    /// Whether all limits of an alternative hold; each is recorded, also after one that does not.
    @inline(__always)
    private func holds(
        _ alternative: StoredAlternative,
        _ ordinal: UInt32,
        amount: Int64,
        _ testCount: inout Int
    ) -> Bool {
        var holds = true
        var place = alternative.tests
        while place < alternative.charges {
            let test = LimitReading(at: place, in: words, cells: cells, limits: limits)
            // Two numbers below 2^63: their sum fits 64 bits.
            holds = holds && test.used.magnitude + amount.magnitude <= test.allowance
            writer.tests[testCount] = test.record(alternative: ordinal)
            testCount += 1
            place += RouteRecord.testLength
        }
        return holds
    }

    /// How much of a claim "up to" an alternative can take; each limit is recorded.
    private func room(
        in alternative: StoredAlternative,
        _ ordinal: UInt32,
        upTo amount: Int64,
        _ testCount: inout Int
    ) -> Int64 {
        var least = amount.magnitude
        var place = alternative.tests
        while place < alternative.charges {
            let test = LimitReading(at: place, in: words, cells: cells, limits: limits)
            least = min(least, test.room)
            writer.tests[testCount] = test.record(alternative: ordinal)
            testCount += 1
            place += RouteRecord.testLength
        }
        return Int64(least)
    }

    /// Adds an amount to the cells that an alternative charges, or to none if one has no room.
    @inline(__always)
    private func charge(_ alternative: StoredAlternative, _ amount: Int64) -> Bool {
        var fits = true
        forEachCharge(of: alternative) { word in
            fits = fits && amount <= maximumSum - cells[Int(word & RouteRecord.cellMask)]
        }
        guard fits else { return false }
        forEachCharge(of: alternative) { word in
            cells[Int(word & RouteRecord.cellMask)] += amount
        }
        return true
    }

    /// The words that name the cells which an alternative charges.
    @inline(__always)
    func forEachCharge(of alternative: StoredAlternative, _ body: (UInt32) -> Void) {
        var place = alternative.tests
        while place < alternative.charges {
            let word = words[place]
            if word & RouteRecord.chargeMark != 0 { body(word) }
            place += RouteRecord.testLength
        }
        while place < alternative.end {
            body(words[place])
            place += 1
        }
    }

    private func adjust(cell: Int, by change: Int64) {
        precondition(cell < cellCount, "an adjusted cell must be one of the table")
        let (value, overflow) = cells[cell].addingReportingOverflow(change)
        precondition(overflow || value >= 0, "an adjustment must not take a cell below 0")
        precondition(
            !overflow && value <= maximumSum,
            "an adjustment must not take a cell above the maximum sum"
        )
        cells[cell] = value
    }
}
