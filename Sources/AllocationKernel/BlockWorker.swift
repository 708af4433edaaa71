// SPDX-License-Identifier: Apache-2.0

/// One worker's view of a block.
///
/// A block is decided in phases, between which the workers meet:
///
/// 1. **Gather.** Each worker takes a part of the items, assumes that every claim takes the first
///    alternative that is open to it, and sends a message for each cell that this touches to the
///    worker that owns the cell. Claims that test a limit which may not hold are put aside.
/// 2. **Edge.** If there are such claims, one worker decides them in order; they know the cells of
///    those limits exactly, because whatever touches these is put aside too. They assume that all
///    other limits hold.
/// 3. **Check.** Each owner goes through its messages in the order of the items. It tells what each
///    cell held just before, adds what is charged, and checks that each limit holds.
/// 4. **Write.** Each worker writes the outcomes and tests of its items.
///
/// If no check fails, then by induction over the order of the items every assumption was true, so
/// the result is what deciding one by one gives. If one fails, the block is undone, the limit counts
/// as one that may not hold, and the block begins anew; after a second failure it is decided one by
/// one. So what is guessed decides how fast a block is, never what comes of it.
struct BlockWorker {
    let context: BlockContext
    let number: Int
    let scratch: WorkerScratch
    let messages: BufferView<BlockMessage>
    let ceilings: BufferView<Int64>
    let messageCounts: BufferView<Int>
    let cursors: BufferView<Int>
    let notes: BufferView<BlockNote>
    let testCounts: BufferView<UInt8>
    let edges: BufferView<EdgeClaim>
    let edgeStarts: BufferView<Int>
    let reports: BufferView<WorkerScratch.Report>

    init(context: BlockContext, number: Int, scratch: WorkerScratch) {
        self.context = context
        self.number = number
        self.scratch = scratch
        messages = scratch.messages.view
        ceilings = scratch.ceilings.view
        messageCounts = scratch.messageCounts.view
        cursors = scratch.cursors.view
        notes = scratch.notes.view
        testCounts = scratch.testCounts.view
        edges = scratch.edges.view
        edgeStarts = scratch.edgeStarts.view
        reports = scratch.reports.view
    }

    var streamCount: Int { context.ownerCount + 1 }

    /// What a worker keeps of its messages to one owner.
    @inline(__always)
    func stream<Element>(_ owner: Int, of kept: BufferView<Element>) -> BufferView<Element> {
        kept.dropping(owner * context.streamLength)
    }
}
