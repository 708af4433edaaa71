// SPDX-License-Identifier: Apache-2.0

/// What deciding in parallel keeps from batch to batch: memory, and what it has learnt.
///
/// Nothing of it changes a decision, only how fast one is found.
struct ParallelMemory: ~Copyable, Sendable {
    /// For each cell, an ``EdgeMark``.
    private(set) var edges = AlignedBuffer<UInt8>()
    private(set) var scratches: [WorkerScratch] = []
    /// The cells that are marked.
    private var marked: [UInt32] = []
    /// Blocks with an edge since the marks were last looked through.
    private var edgeBlockCount = 0
    /// Rises with failed checks and falls with blocks that go through.
    private var failureDebt = 0
    /// How many blocks are decided one by one the next time that working together does not pay.
    private var serialBlockCount = serialBlockCounts.lowerBound
    /// How many items are to be decided one by one before working together is tried again.
    private(set) var serialItemsLeft = 0

    /// Fewer items than this a worker are not worth a meeting.
    static var leastItemsPerWorker: Int { 2_048 }
    /// What a worker gathers of a block: its messages stay in its own cache.
    static var mostItemsPerWorker: Int { 4_096 }
    /// So many blocks are decided one by one where working together did not pay; each time that it
    /// does not pay again, twice as many, up to the larger number.
    private static var serialBlockCounts: ClosedRange<Int> { 15...240 }
    /// So many blocks that go through in a row forgive that.
    private static var forgivingBlockCount: Int { 16 }
    private static var debtOfFailure: Int { 8 }
    private static var mostDebt: Int { 16 }
    /// So often the marks are looked through.
    private static var blocksPerReview: Int { 32 }

    var hasMarks: Bool { !marked.isEmpty }

    /// Makes room for a team and a table.
    mutating func prepare(workerCount: Int, cellCount: Int, mostTouches: Int) {
        if edges.count < cellCount { edges.resize(cellCount, filler: EdgeMark.none) }
        while scratches.count < workerCount { scratches.append(WorkerScratch()) }
        for scratch in scratches[..<workerCount] {
            scratch.prepare(
                itemCount: Self.mostItemsPerWorker,
                mostTouches: mostTouches,
                ownerCount: workerCount
            )
        }
    }

    /// Marks cells whose checks failed, with the groups they belong to.
    mutating func mark(_ failures: [UInt32], cells: borrowing CellFacts) {
        for failed in failures where edges[Int(failed)] == EdgeMark.none {
            for cell in cells.group(of: failed) {
                edges[Int(cell)] = EdgeMark.tight
                marked.append(cell)
            }
        }
    }

    /// Takes the marks from groups in which nothing was refused for a while.
    mutating func review(cells: borrowing CellFacts) {
        guard edgeBlockCount >= Self.blocksPerReview else { return }
        edgeBlockCount = 0
        var kept: [UInt32] = []
        for cell in marked {
            let group = cells.group(of: cell)
            // Groups can have grown since: what stands for the group decides for all of it.
            let isKept = group.contains { edges[Int($0)] == EdgeMark.refused }
            if isKept { kept.append(contentsOf: group) }
        }
        for cell in marked { edges[Int(cell)] = EdgeMark.none }
        marked = []
        for cell in kept where edges[Int(cell)] == EdgeMark.none {
            edges[Int(cell)] = EdgeMark.tight
            marked.append(cell)
        }
    }

    /// Takes note of how a team fared.
    mutating func note(_ decider: ParallelDecider, blockLength: Int) {
        edgeBlockCount += decider.edgeBlockCount
        failureDebt = max(0, failureDebt - decider.blockCount)
        if decider.blockCount >= Self.forgivingBlockCount {
            serialBlockCount = Self.serialBlockCounts.lowerBound
        }
        switch decider.ending {
        case .finished: break
        case .mostlyEdge: preferSerial(blockLength)
        case .undone:
            failureDebt += Self.debtOfFailure
            guard failureDebt >= Self.mostDebt else { break }
            failureDebt = Self.debtOfFailure
            preferSerial(blockLength)
        }
    }

    private mutating func preferSerial(_ blockLength: Int) {
        serialItemsLeft = serialBlockCount * blockLength
        serialBlockCount = min(2 * serialBlockCount, Self.serialBlockCounts.upperBound)
    }

    /// Takes note that items were decided one by one.
    mutating func decidedOneByOne(_ count: Int) {
        serialItemsLeft = max(0, serialItemsLeft - count)
    }

    /// Marks all cells of groups of which some are marked: a limit that was added since can have
    /// made one group of two.
    mutating func spread(cells: borrowing CellFacts) {
        let known = marked
        for cell in known { mark([cell], spreadingTo: cells) }
    }

    private mutating func mark(_ cells: [UInt32], spreadingTo facts: borrowing CellFacts) {
        for cell in cells {
            for other in facts.group(of: cell) where edges[Int(other)] == EdgeMark.none {
                edges[Int(other)] = EdgeMark.tight
                marked.append(other)
            }
        }
    }
}
