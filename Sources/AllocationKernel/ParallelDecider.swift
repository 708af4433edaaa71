// SPDX-License-Identifier: Apache-2.0

/// Decides a batch with a team: block after block, each in the phases of ``BlockWorker``.
///
/// It stops where only the table can go on: when a check failed, because the table knows which
/// cells belong together, and when working together does not pay.
final class ParallelDecider: TeamWork, @unchecked Sendable {
    /// Why the team stopped.
    enum Ending {
        /// Everything is decided.
        case finished
        /// The last block was nearly all edge, and was decided one by one.
        case mostlyEdge
        /// A check failed; the block that begins at the position is as it was.
        case undone
    }

    private let context: BlockContext
    private let scratches: [WorkerScratch]
    private let itemCount: Int
    private let blockLength: Int
    /// Where the team begins and, after it, where it stopped.
    private(set) var position: Int
    /// The tests that are written, likewise.
    private(set) var testCount: Int
    /// The same after a block that was decided one by one, for the workers who waited.
    private var testCountAfterBlock = 0
    /// Why it stopped.
    private(set) var ending = Ending.finished
    /// The blocks that were decided together.
    private(set) var blockCount = 0
    /// Of these, the ones that had an edge.
    private(set) var edgeBlockCount = 0

    init(
        context: BlockContext,
        scratches: [WorkerScratch],
        itemCount: Int,
        blockLength: Int,
        from position: Int,
        testCount: Int
    ) {
        self.context = context
        self.scratches = scratches
        self.itemCount = itemCount
        self.blockLength = blockLength
        self.position = position
        self.testCount = testCount
    }

    /// The cells whose checks failed.
    var failures: [UInt32] {
        scratches.flatMap { scratch in
            (0..<scratch.failures.count).map { scratch.failures[$0] }
        }
    }

    func work(as number: Int, meeting: Meeting) {
        let worker = BlockWorker(context: context, number: number, scratch: scratches[number])
        var start = position
        var tests = testCount
        var slot = 0
        while start < itemCount {
            let block = start..<min(start + blockLength, itemCount)
            let mine = part(number, of: block)
            worker.gather(mine, slot: slot)
            meeting.attend(as: number)
            let outline = outline(slot)
            let isMostlyEdge = outline.edgeCount * Self.edgePart > block.count
            if outline.wantsSerial || isMostlyEdge {
                if number == 0 { decideOneByOne(block, tests) }
                meeting.attend(as: number)
                tests = testCountAfterBlock
                start = block.upperBound
                slot ^= 1
                if isMostlyEdge {
                    if number == 0 { ending = .mostlyEdge }
                    break
                }
                continue
            }
            let edge = outline.hasEdge ? settleEdge(worker, mine, slot, meeting) : nil
            worker.check(scratches, slot: slot)
            meeting.attend(as: number)
            if hasFailed(slot) {
                worker.undo(scratches)
                if number == 0 {
                    edge?.undo()
                    ending = .undone
                }
                break
            }
            worker.write(mine, testCount: tests + testsBefore(number, slot), slot: slot)
            tests += testsBefore(scratches.count, slot)
            if number == 0 {
                blockCount += 1
                edgeBlockCount += outline.hasEdge ? 1 : 0
            }
            start = block.upperBound
            slot ^= 1
        }
        // The others have read where they began: they came to a meeting since, or have no part.
        guard number == 0 else { return }
        finish(at: start, tests)
    }

    /// With more than one claim in so many at the edge, a block is decided one by one.
    private static var edgePart: Int { 4 }

    private func finish(at position: Int, _ tests: Int) {
        self.position = position
        testCount = tests
    }

    /// The items of a block that a worker gathers and writes.
    private func part(_ number: Int, of block: Range<Int>) -> Range<Int> {
        let length = (block.count + scratches.count - 1) / scratches.count
        let start = min(block.lowerBound + number * length, block.upperBound)
        return start..<min(start + length, block.upperBound)
    }

    /// What the workers found together.
    private struct Outline {
        var wantsSerial = false
        /// The claims at the edge, and whether anything touches a cell there.
        var edgeCount = 0
        var hasEdge = false
    }

    private func outline(_ slot: Int) -> Outline {
        var outline = Outline()
        for scratch in scratches {
            outline.wantsSerial = outline.wantsSerial || scratch.reports.view[slot].wantsSerial
            outline.edgeCount += scratch.edges.count
            outline.hasEdge =
                outline.hasEdge || scratch.messageCounts.view[context.edgeOwner] > 0
        }
        return outline
    }

    /// The tests that the items of the workers before one record.
    private func testsBefore(_ number: Int, _ slot: Int) -> Int {
        var sum = 0
        for earlier in 0..<number {
            let report = scratches[earlier].reports.view[slot]
            sum += report.testCount + report.edgeTestCount
        }
        return sum
    }

    private func hasFailed(_ slot: Int) -> Bool {
        scratches.contains { $0.reports.view[slot].failureCount > 0 }
    }

    /// The first worker decides what was put aside while the others wait; then each says what came
    /// of its own.
    private func settleEdge(
        _ worker: BlockWorker,
        _ mine: Range<Int>,
        _ slot: Int,
        _ meeting: Meeting
    ) -> EdgeDecider? {
        var edge: EdgeDecider?
        if worker.number == 0 {
            var decider = EdgeDecider(context: context)
            decider.decide(scratches, slot: slot)
            if decider.hasFailed { scratches[0].reports.view[slot].failureCount += 1 }
            edge = decider
        }
        meeting.attend(as: worker.number)
        worker.settleEdges(mine)
        meeting.attend(as: worker.number)
        return edge
    }

    private func decideOneByOne(_ block: Range<Int>, _ tests: Int) {
        var count = tests
        context.serial.decide(block, testCount: &count)
        testCountAfterBlock = count
    }
}
