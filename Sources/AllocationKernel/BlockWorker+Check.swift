// SPDX-License-Identifier: Apache-2.0

extension BlockWorker {
    /// Goes through all messages to this worker's cells, in the order of the items.
    func check(_ workers: [WorkerScratch], slot: Int) {
        var failureCount = 0
        for sender in workers {
            let count = sender.messageCounts.view[number]
            let stream = stream(number, of: sender.messages.view)
            let ceilings = self.stream(number, of: sender.ceilings.view)
            var start = 0
            while start < count {
                let end = min(start + SerialDecider.windowLength, count)
                scratch.touched.view[0] = touchCells(start..<end, of: stream)
                for place in start..<end { check(place, of: stream, ceilings, &failureCount) }
                start = end
            }
        }
        if failureCount > 0 { reports[slot].failureCount = failureCount }
    }

    /// Reads the cells of a window of messages ahead, so that the reads of memory overlap.
    @inline(__always)
    private func touchCells(_ window: Range<Int>, of stream: BufferView<BlockMessage>) -> UInt32 {
        var sum: Int64 = 0
        for place in window { sum &+= context.cells[stream[place].cell] }
        return UInt32(truncatingIfNeeded: sum)
    }

    @inline(__always)
    private func check(
        _ place: Int,
        of stream: BufferView<BlockMessage>,
        _ ceilings: BufferView<Int64>,
        _ failureCount: inout Int
    ) {
        let message = stream[place]
        let cells = context.cells
        let held = cells[message.cell]
        stream[place].amount = held
        var allowance = UInt64.max
        if message.has(BlockMessage.ceilingMark) {
            let ceiling = cells[Int(message.other)]
            ceilings[place] = ceiling
            allowance = ceiling.magnitude
        }
        if message.has(BlockMessage.testMark) {
            if message.has(BlockMessage.shareMark) {
                let limit = context.limits[Int(message.other)]
                allowance = limit.allowance(ceiling: cells[Int(limit.ceiling)])
            }
            // Two numbers below 2^63: their sum fits 64 bits.
            if held.magnitude + message.amount.magnitude > allowance {
                fail(message.cell, &failureCount)
            }
        }
        guard message.has(BlockMessage.chargeMark) else { return }
        let (sum, overflow) = held.addingReportingOverflow(message.amount)
        if overflow || sum < 0 || sum > context.maximumSum {
            fail(message.cell, &failureCount)
        } else {
            cells[message.cell] = sum
        }
    }

    private func fail(_ cell: Int, _ failureCount: inout Int) {
        failureCount += 1
        guard scratch.failures.count < WorkerScratch.mostFailures else { return }
        scratch.failures.append(UInt32(truncatingIfNeeded: cell))
    }

    /// Brings this worker's cells back to what they held before the check.
    func undo(_ workers: [WorkerScratch]) {
        for sender in workers.reversed() {
            let stream = stream(number, of: sender.messages.view)
            for place in (0..<sender.messageCounts.view[number]).reversed() {
                let message = stream[place]
                guard message.has(BlockMessage.chargeMark) else { continue }
                context.cells[message.cell] = message.amount
            }
        }
    }

    /// Writes the tests of the worker's items; the first of them is at `testCount`.
    func write(_ range: Range<Int>, testCount: Int, slot: Int) {
        let writer = context.writer
        var end = testCount
        for position in range {
            end += Int(testCounts[position - range.lowerBound])
            writer.testEnds[position] = UInt32(truncatingIfNeeded: end)
        }
        for owner in 0..<streamCount { cursors[owner] = 0 }
        let tests = writer.tests.dropping(testCount)
        var written = 0
        var base: Int64 = 0
        for place in 0..<reports[slot].noteCount {
            let note = notes[place]
            let owner = Int(note.owner)
            let cursor = cursors[owner]
            cursors[owner] = cursor + 1
            let place = owner * context.streamLength + cursor
            let message = messages[place]
            if note.purpose == BlockNote.Purpose.test {
                tests[written] = record(note, message, place, base: base)
                written += 1
            } else if note.purpose == BlockNote.Purpose.base {
                base = message.amount
            }
        }
    }

    @inline(__always)
    private func record(
        _ note: BlockNote,
        _ message: BlockMessage,
        _ place: Int,
        base: Int64
    ) -> TestedLimit {
        let limit = LimitIndex(rawValue: note.limit)
        let alternative = UInt32(note.alternative)
        guard note.isShare else {
            return TestedLimit(
                limit: limit,
                alternative: alternative,
                used: message.amount,
                allowed: ceilings[place],
                base: 0
            )
        }
        let allowance = context.limits[Int(note.limit)].allowance(ceiling: base)
        return TestedLimit(
            limit: limit,
            alternative: alternative,
            used: message.amount,
            allowed: Int64(clamping: allowance),
            base: base
        )
    }
}
