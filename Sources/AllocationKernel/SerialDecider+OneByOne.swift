// SPDX-License-Identifier: Apache-2.0

extension SerialDecider {
    /// Decides the items of a window one after the other; returns where their tests end, which begin
    /// at `first`.
    func decideOneByOne(_ window: Range<Int>, from first: Int) -> Int {
        var end = first
        for position in window {
            let item = items[position]
            if item.unit == 0 {
                claim(item, at: position, &end)
            } else if item.isAdjustment {
                adjust(cell: Int(item.index), by: item.amount)
                finish(position, AllocationResult.Code.adjusted, 0, end)
            } else {
                claimUpTo(item, at: position, &end)
            }
        }
        return end
    }

    @inline(__always)
    private func finish(_ position: Int, _ code: UInt8, _ granted: Int64, _ end: Int) {
        writer.codes[position] = code
        writer.granted[position] = granted
        writer.testEnds[position] = UInt32(truncatingIfNeeded: end)
    }

    /// The header of the route of a claim.
    @inline(__always)
    private func header(of item: AllocationBatch.StoredItem) -> UInt32 {
        let place = Int(item.index)
        precondition(
            place < wordCount && RouteRecord.isHeader(words[place]),
            "a claim's route must be one of the table"
        )
        return words[place]
    }

    @inline(__always)
    private func claim(_ item: AllocationBatch.StoredItem, at position: Int, _ end: inout Int) {
        let amount = item.amount
        let header = header(of: item)
        let alternativeCount = RouteRecord.alternativeCount(header)
        var next = Int(item.index) &+ 1
        var ordinal: UInt32 = 0
        if RouteRecord.beginsPlain(header) {
            let first = next
            next &+= RouteRecord.plainTestCount(header) &* RouteRecord.testLength
            if takesPlain(first..<next, amount, &end) { return finish(position, 0, amount, end) }
            ordinal = 1
        }
        while ordinal < alternativeCount {
            let alternative = StoredAlternative(at: next, in: words)
            if amount <= alternative.maximumAmount, holds(alternative, ordinal, amount, &end) {
                let fits = charge(alternative, amount)
                return finish(
                    position,
                    fits ? UInt8(truncatingIfNeeded: ordinal) : AllocationResult.Code.overflow,
                    fits ? amount : 0,
                    end
                )
            }
            next = alternative.end
            ordinal &+= 1
        }
        finish(position, AllocationResult.Code.refused, 0, end)
    }

    /// Tests the limits of a plain alternative, and charges its cells if all hold.
    ///
    /// No cell rises above the maximum sum: what a limit allows is no more.
    @inline(__always)
    private func takesPlain(_ tests: Range<Int>, _ amount: Int64, _ end: inout Int) -> Bool {
        var holds = true
        var place = tests.lowerBound
        let first = end
        while place < tests.upperBound {
            let held = cells[Int(words[place] & RouteRecord.cellMask)]
            let allowed = cells[Int(words[place &+ 1])]
            writer.tests[end] = TestedLimit(
                limit: LimitIndex(rawValue: words[place &+ 2]),
                alternative: 0,
                used: held,
                allowed: allowed,
                base: 0
            )
            // Two numbers below 2^63: their sum fits 64 bits.
            let fits = held.magnitude &+ amount.magnitude <= allowed.magnitude
            holds = fits ? holds : false
            end &+= 1
            place &+= RouteRecord.testLength
        }
        guard holds else { return false }
        place = tests.lowerBound
        for test in first..<end {
            cells[Int(words[place] & RouteRecord.cellMask)] = writer.tests[test].used &+ amount
            place &+= RouteRecord.testLength
        }
        return true
    }

    private func claimUpTo(_ item: AllocationBatch.StoredItem, at position: Int, _ end: inout Int) {
        let alternativeCount = RouteRecord.alternativeCount(header(of: item))
        var best: (ordinal: UInt32, alternative: StoredAlternative, amount: Int64)?
        var next: Int?
        for ordinal in 0..<alternativeCount {
            let alternative =
                next.map { StoredAlternative(at: $0, in: words) }
                ?? StoredAlternative(firstAt: Int(item.index), in: words)
            next = alternative.end
            guard item.amount <= alternative.maximumAmount else { continue }
            let room = room(in: alternative, ordinal, upTo: item.amount, &end)
            let amount = item.wholeUnits(in: room)
            if amount > best?.amount ?? 0 { best = (ordinal, alternative, amount) }
            if amount == item.amount { break }
        }
        guard let best else {
            return finish(position, AllocationResult.Code.refused, 0, end)
        }
        guard charge(best.alternative, best.amount) else {
            return finish(position, AllocationResult.Code.overflow, 0, end)
        }
        finish(position, UInt8(truncatingIfNeeded: best.ordinal), best.amount, end)
    }

    /// Whether all limits of an alternative hold; each is recorded, also after one that does not.
    @inline(__always)
    private func holds(
        _ alternative: StoredAlternative,
        _ ordinal: UInt32,
        _ amount: Int64,
        _ end: inout Int
    ) -> Bool {
        var holds = true
        var place = alternative.tests
        while place < alternative.charges {
            let test = LimitReading(at: place, in: words, cells: cells, limits: limits)
            // Two numbers below 2^63: their sum fits 64 bits.
            let fits = test.used.magnitude &+ amount.magnitude <= test.allowance
            // No branch on what was read but at the end.
            holds = fits ? holds : false
            writer.tests[end] = test.record(alternative: ordinal)
            end &+= 1
            place &+= RouteRecord.testLength
        }
        return holds
    }

    /// How much of a claim "up to" an alternative can take; each limit is recorded.
    private func room(
        in alternative: StoredAlternative,
        _ ordinal: UInt32,
        upTo amount: Int64,
        _ end: inout Int
    ) -> Int64 {
        var least = amount.magnitude
        var place = alternative.tests
        while place < alternative.charges {
            let test = LimitReading(at: place, in: words, cells: cells, limits: limits)
            least = min(least, test.room)
            writer.tests[end] = test.record(alternative: ordinal)
            end &+= 1
            place &+= RouteRecord.testLength
        }
        return Int64(least)
    }

    /// Adds an amount to the cells that an alternative charges, or to none if one has no room.
    @inline(__always)
    private func charge(_ alternative: StoredAlternative, _ amount: Int64) -> Bool {
        var fits = true
        forEachCharge(of: alternative) { cell in
            fits = amount <= maximumSum &- cells[cell] ? fits : false
        }
        guard fits else { return false }
        forEachCharge(of: alternative) { cell in cells[cell] &+= amount }
        return true
    }

    /// The cells that an alternative charges.
    @inline(__always)
    private func forEachCharge(of alternative: StoredAlternative, _ body: (Int) -> Void) {
        var place = alternative.tests
        while place < alternative.charges {
            let word = words[place]
            if word & RouteRecord.chargeMark != 0 { body(Int(word & RouteRecord.cellMask)) }
            place &+= RouteRecord.testLength
        }
        while place < alternative.end {
            body(Int(words[place] & RouteRecord.cellMask))
            place &+= 1
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
