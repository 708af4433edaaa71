// SPDX-License-Identifier: Apache-2.0

extension BlockWorker {
    /// Says what became of this worker's claims at the edge in the messages that it kept for them.
    func settleEdges(_ range: Range<Int>) {
        for edge in 0..<scratch.edges.count {
            let claim = edges[edge]
            let item = context.items[claim.position]
            let code = context.writer.codes[claim.position]
            let granted = context.writer.granted[claim.position]
            let isUpTo = item.unit > 0
            var note = claim.note
            var testCount: UInt8 = 0
            for owner in 0..<context.ownerCount {
                cursors[owner] = edgeStarts[edge * streamCount + owner]
            }
            context.forEachTouch(of: item) { touch in
                let isEdge = context.hasEdges && context.isEdge(touch.word)
                // The edge charges its cells by itself, without a message.
                if isEdge && touch.purpose == .charge { return }
                let isReached = Int32(touch.alternative) <= claim.reached
                if !isReached { notes[note].purpose = BlockNote.Purpose.none }
                note += 1
                if isReached && touch.purpose == .test { testCount += 1 }
                guard !isEdge else { return }
                let owner = context.owner(ofCell: touch.word)
                let place = owner * context.streamLength + cursors[owner]
                cursors[owner] += 1
                guard isReached else { return }
                switch touch.purpose {
                case .base: break
                case .test:
                    // Where the edge refused, it did so by its own cells: others may hold or not. An
                    // "up to" was given all that the edge has room for, so others must hold for all.
                    let wasAssumed =
                        isUpTo
                        || Int32(touch.alternative) == claim.reached
                            && code != AllocationResult.Code.refused
                    guard wasAssumed else { break }
                    messages[place].amount = item.amount
                    messages[place].cellAndMarks |=
                        BlockMessage.testMark | (touch.isShare ? BlockMessage.shareMark : 0)
                case .charge:
                    guard touch.alternative == code else { break }
                    messages[place].amount = granted
                    messages[place].cellAndMarks |= BlockMessage.chargeMark
                }
            }
            testCounts[claim.position - range.lowerBound] = testCount
        }
    }
}

/// Decides the claims at the edge of a block, one by one, on the cells at the edge alone.
struct EdgeDecider {
    let context: BlockContext
    /// What cells held before they were changed.
    private(set) var changes: [(cell: Int, held: Int64)] = []
    /// Whether a cell would have left its bounds: deciding one by one tells what that means.
    private(set) var hasFailed = false

    init(context: BlockContext) { self.context = context }

    /// Goes through what the workers put aside, in the order of the items.
    mutating func decide(_ workers: [WorkerScratch], slot: Int) {
        for scratch in workers {
            let count = scratch.messageCounts.view[context.edgeOwner]
            let start = context.edgeOwner * context.streamLength
            let stream = scratch.messages.view.dropping(start)
            let ceilings = scratch.ceilings.view.dropping(start)
            let edges = scratch.edges.view
            var testCount = 0
            var place = 0
            while place < count {
                let message = stream[place]
                place += 1
                if message.has(BlockMessage.edgeMark) {
                    let edge = Int(message.other)
                    let reached = decide(
                        Int(message.amount),
                        stream,
                        ceilings,
                        &place,
                        &testCount
                    )
                    edges[edge].reached = reached
                } else {
                    change(message.cell, by: message.amount)
                }
            }
            scratch.reports.view[slot].edgeTestCount = testCount
        }
    }

    /// Brings the cells back to what they held before.
    func undo() {
        for change in changes.reversed() { context.cells[change.cell] = change.held }
    }

    private mutating func change(_ cell: Int, by amount: Int64) {
        let held = context.cells[cell]
        let (sum, overflow) = held.addingReportingOverflow(amount)
        guard !overflow, sum >= 0, sum <= context.maximumSum else {
            hasFailed = true
            return
        }
        changes.append((cell, held))
        context.cells[cell] = sum
    }

    /// Decides one claim; returns the last alternative that it reached.
    private mutating func decide(
        _ position: Int,
        _ stream: BufferView<BlockMessage>,
        _ ceilings: BufferView<Int64>,
        _ answers: inout Int,
        _ testCount: inout Int
    ) -> Int32 {
        let item = context.items[position]
        let writer = context.writer
        let words = context.words
        var reached: Int32 = -1
        var best: (ordinal: UInt32, place: Int, amount: Int64)?
        var isDecided = false
        var place = Int(item.index) + 1
        for ordinal in 0..<RouteRecord.alternativeCount(words[Int(item.index)]) {
            let start = place
            let alternative = StoredAlternative(at: start, in: words)
            place = alternative.end
            guard item.amount <= alternative.maximumAmount else { continue }
            let room = room(in: alternative, ordinal, for: item, stream, ceilings, &answers)
            if isDecided { continue }
            reached = Int32(ordinal)
            testCount += alternative.testCount
            if item.unit == 0 {
                guard let room, room >= item.amount else { continue }
                best = (ordinal, start, item.amount)
                isDecided = true
            } else {
                let amount = item.wholeUnits(in: room ?? 0)
                if amount > best?.amount ?? 0 { best = (ordinal, start, amount) }
                isDecided = amount == item.amount
            }
        }
        writer.granted[position] = 0
        guard let best else {
            writer.codes[position] = AllocationResult.Code.refused
            return reached
        }
        guard charge(StoredAlternative(at: best.place, in: words), best.amount) else {
            writer.codes[position] = AllocationResult.Code.overflow
            return reached
        }
        writer.codes[position] = UInt8(truncatingIfNeeded: best.ordinal)
        writer.granted[position] = best.amount
        return reached
    }

    /// How much of what is asked the limits at the edge have room for.
    ///
    /// Answers the messages of the alternative's tests on the way. `nil` if more is used of a limit
    /// than it allows, so that even nothing is refused.
    private func room(
        in alternative: StoredAlternative,
        _ ordinal: UInt32,
        for item: AllocationBatch.StoredItem,
        _ stream: BufferView<BlockMessage>,
        _ ceilings: BufferView<Int64>,
        _ answers: inout Int
    ) -> Int64? {
        var least: UInt64? = item.amount.magnitude
        var answer = answers
        context.forEachTest(of: alternative, ordinal) { touch in
            guard context.hasEdges, context.isEdge(touch.word) else { return }
            let cell = Int(touch.word & RouteRecord.cellMask)
            let held = context.cells[cell]
            let ceiling = context.cells[Int(touch.ceiling)]
            stream[answer].amount = held
            ceilings[answer] = ceiling
            answer += 1
            guard touch.purpose == .test else { return }
            let allowance =
                touch.isShare
                ? context.limits[Int(touch.limit)].allowance(ceiling: ceiling) : ceiling.magnitude
            if held.magnitude + item.amount.magnitude > allowance {
                context.edges[cell] = EdgeMark.refused
            }
            guard held.magnitude <= allowance else {
                least = nil
                return
            }
            least = least.map { min($0, allowance - held.magnitude) }
        }
        answers = answer
        return least.map { Int64($0) }
    }

    /// Charges the cells at the edge; what else is charged is checked by its owner.
    private mutating func charge(_ alternative: StoredAlternative, _ amount: Int64) -> Bool {
        var charged: [Int] = []
        var fits = true
        context.serial.forEachCharge(of: alternative) { word in
            guard context.hasEdges, context.isEdge(word) else { return }
            let cell = Int(word & RouteRecord.cellMask)
            fits = fits && amount <= context.maximumSum - context.cells[cell]
            charged.append(cell)
        }
        guard fits else { return false }
        for cell in charged { change(cell, by: amount) }
        return true
    }
}
