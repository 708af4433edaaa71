// SPDX-License-Identifier: Apache-2.0

extension BlockWorker {
    /// What a worker has gathered so far, kept where no other can see it.
    private struct Progress {
        var noteCount = 0
        var edgeCount = 0
        var testCount = 0
        var wantsSerial = false
    }

    /// Sends the messages of the worker's items, and reports.
    func gather(_ range: Range<Int>, slot: Int) {
        for owner in 0..<streamCount { messageCounts[owner] = 0 }
        scratch.failures.removeAll()
        var progress = Progress()
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(start + SerialDecider.windowLength, range.upperBound)
            scratch.touched.view[0] = context.serial.touchRoutes(start..<end)
            for position in start..<end {
                let before = progress.testCount
                gather(position, &progress)
                testCounts[position - range.lowerBound] =
                    UInt8(truncatingIfNeeded: progress.testCount - before)
            }
            start = end
        }
        scratch.edges.setCount(progress.edgeCount)
        reports[slot] = WorkerScratch.Report(
            noteCount: progress.noteCount,
            testCount: progress.testCount,
            wantsSerial: progress.wantsSerial
        )
    }

    @inline(__always)
    private func gather(_ position: Int, _ progress: inout Progress) {
        let item = context.items[position]
        guard !item.isAdjustment else { return gatherAdjustment(item, position, &progress) }
        let header = context.serial.header(of: item)
        let words = context.words
        var place = Int(item.index) + 1
        for ordinal in 0..<RouteRecord.alternativeCount(header) {
            let alternative = StoredAlternative(at: place, in: words)
            place = alternative.end
            guard item.amount <= alternative.maximumAmount else { continue }
            if item.unit > 0 && item.amount == 0 {
                // A claim for no unit takes nothing, wherever it fits: it is decided at the edge.
                return gatherEdge(item, position, &progress)
            }
            if alternative.movesAllowed { progress.wantsSerial = true }
            if context.hasEdges && testsEdge(alternative) {
                return gatherEdge(item, position, &progress)
            }
            context.writer.codes[position] = UInt8(truncatingIfNeeded: ordinal)
            context.writer.granted[position] = item.amount
            return gather(alternative, ordinal, item.amount, &progress)
        }
        context.writer.codes[position] = AllocationResult.Code.refused
        context.writer.granted[position] = 0
    }

    @inline(__always)
    private func testsEdge(_ alternative: StoredAlternative) -> Bool {
        var place = alternative.tests
        while place < alternative.charges {
            if context.isEdge(context.words[place]) { return true }
            place += RouteRecord.testLength
        }
        return false
    }

    /// Sends the messages of a claim that is assumed to take an alternative.
    @inline(__always)
    private func gather(
        _ alternative: StoredAlternative,
        _ ordinal: UInt32,
        _ amount: Int64,
        _ progress: inout Progress
    ) {
        let words = context.words
        let ordinal = UInt8(truncatingIfNeeded: ordinal)
        var place = alternative.tests
        while place < alternative.charges {
            let word = words[place]
            let owner = context.owner(ofCell: word)
            let limit = words[place + 2]
            let isShare = word & RouteRecord.shareMark != 0
            // The marks of charges are the same in routes and messages.
            var marks = word & BlockMessage.chargeMark | BlockMessage.testMark
            if !isShare { marks |= BlockMessage.ceilingMark }
            if isShare {
                marks |= BlockMessage.shareMark
                send(
                    BlockMessage(cellAndMarks: words[place + 1], other: 0, amount: 0),
                    to: owner,
                    limit,
                    ordinal,
                    BlockNote.Purpose.base,
                    isShare: true,
                    &progress
                )
            }
            send(
                BlockMessage(
                    cellAndMarks: word & RouteRecord.cellMask | marks,
                    other: isShare ? limit : words[place + 1],
                    amount: amount
                ),
                to: owner,
                limit,
                ordinal,
                BlockNote.Purpose.test,
                isShare: isShare,
                &progress
            )
            progress.testCount += 1
            place += RouteRecord.testLength
        }
        while place < alternative.end {
            charge(words[place], amount, &progress)
            place += 1
        }
    }

    @inline(__always)
    private func charge(_ word: UInt32, _ amount: Int64, _ progress: inout Progress) {
        let isEdge = context.hasEdges && context.isEdge(word)
        send(
            BlockMessage(
                cellAndMarks: word & RouteRecord.cellMask | BlockMessage.chargeMark,
                other: 0,
                amount: amount
            ),
            to: isEdge ? context.edgeOwner : context.owner(ofCell: word),
            0,
            0,
            BlockNote.Purpose.none,
            isShare: false,
            &progress
        )
    }

    private func gatherAdjustment(
        _ item: AllocationBatch.StoredItem,
        _ position: Int,
        _ progress: inout Progress
    ) {
        precondition(
            Int(item.index) < context.serial.cellCount,
            "an adjusted cell must be one of the table"
        )
        if context.allowed[Int(item.index)] { progress.wantsSerial = true }
        // Without a route nothing says whether the cell is of a group: it is looked up.
        charge(item.index | RouteRecord.groupMark, item.amount, &progress)
        context.writer.codes[position] = AllocationResult.Code.adjusted
        context.writer.granted[position] = 0
    }

    /// Puts a claim aside, and keeps places for what it may turn out to touch.
    private func gatherEdge(
        _ item: AllocationBatch.StoredItem,
        _ position: Int,
        _ progress: inout Progress
    ) {
        let edge = progress.edgeCount
        for owner in 0..<streamCount {
            edgeStarts[edge * streamCount + owner] = messageCounts[owner]
        }
        progress.edgeCount += 1
        send(
            BlockMessage(
                cellAndMarks: BlockMessage.edgeMark,
                other: UInt32(truncatingIfNeeded: edge),
                amount: Int64(position)
            ),
            to: context.edgeOwner,
            0,
            0,
            BlockNote.Purpose.none,
            isShare: false,
            &progress
        )
        edges[edge] = EdgeClaim(position: position, note: progress.noteCount)
        if movesAllowed(item) { progress.wantsSerial = true }
        context.forEachTouch(of: item) { touch in
            let isEdge = context.hasEdges && context.isEdge(touch.word)
            // The edge charges its cells by itself.
            if isEdge && touch.purpose == .charge { return }
            let asksForCeiling = touch.purpose == .test && !touch.isShare
            send(
                BlockMessage(
                    cellAndMarks: touch.word & RouteRecord.cellMask
                        | (asksForCeiling ? BlockMessage.ceilingMark : 0),
                    other: touch.isShare ? touch.limit : touch.ceiling,
                    amount: 0
                ),
                to: isEdge ? context.edgeOwner : context.owner(ofCell: touch.word),
                touch.limit,
                UInt8(truncatingIfNeeded: touch.alternative),
                purpose(of: touch),
                isShare: touch.isShare,
                &progress
            )
        }
    }

    private func purpose(of touch: EdgeTouch) -> UInt8 {
        switch touch.purpose {
        case .base: BlockNote.Purpose.base
        case .test: BlockNote.Purpose.test
        case .charge: BlockNote.Purpose.none
        }
    }

    /// Whether a claim may charge what a limit of an amount allows.
    private func movesAllowed(_ item: AllocationBatch.StoredItem) -> Bool {
        var place = Int(item.index) + 1
        for _ in 0..<RouteRecord.alternativeCount(context.words[Int(item.index)]) {
            let alternative = StoredAlternative(at: place, in: context.words)
            if alternative.movesAllowed { return true }
            place = alternative.end
        }
        return false
    }

    @inline(__always)
    private func send(
        _ message: BlockMessage,
        to owner: Int,
        _ limit: UInt32,
        _ alternative: UInt8,
        _ purpose: UInt8,
        isShare: Bool,
        _ progress: inout Progress
    ) {
        let count = messageCounts[owner]
        messages[owner * context.streamLength + count] = message
        messageCounts[owner] = count + 1
        notes[progress.noteCount] = BlockNote(
            limit: limit,
            owner: UInt8(truncatingIfNeeded: owner),
            alternative: alternative,
            purpose: purpose,
            isShare: isShare
        )
        progress.noteCount += 1
    }
}
