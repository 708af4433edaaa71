// SPDX-License-Identifier: Apache-2.0

/// What one worker writes while a block is decided; others read parts of it between two meetings.
final class WorkerScratch: @unchecked Sendable {
    /// What a worker tells the others of its part of a block.
    struct Report: BitwiseCopyable, Sendable {
        /// How many messages it sent.
        var noteCount = 0
        /// The tests that its items record.
        var testCount = 0
        /// The tests that its claims at the edge record.
        var edgeTestCount = 0
        /// Whether it met something that only deciding one by one does right.
        var wantsSerial = false
        /// How many checks failed in the cells that it owns.
        var failureCount = 0
    }

    /// The messages to each owner, and behind them those of the cells at the edge.
    var messages = AlignedBuffer<BlockMessage>()
    /// What the cells of what is allowed hold, in the places of the messages that asked: whoever
    /// records it does not take their cache line from the owner.
    var ceilings = AlignedBuffer<Int64>()
    /// How many messages go to each.
    var messageCounts = AlignedBuffer<Int>()
    /// How many messages of each have been looked at again.
    var cursors = AlignedBuffer<Int>()
    /// What the messages were for, in the order of the items.
    var notes = AlignedBuffer<BlockNote>()
    /// How many tests each item records.
    var testCounts = AlignedBuffer<UInt8>()
    var edges = AlignedBuffer<EdgeClaim>()
    /// For each claim at the edge, where its messages to each owner begin.
    var edgeStarts = AlignedBuffer<Int>()
    /// Cells whose checks failed.
    var failures = AlignedBuffer<UInt32>()
    /// One for this block and one for the next, which others may still be reading.
    var reports = AlignedBuffer<Report>()
    /// Keeps what was only read ahead from being optimized away.
    var touched = AlignedBuffer<UInt32>()

    /// The longest list of failures that is kept.
    static var mostFailures: Int { 256 }

    /// Makes room for a block of so many items a worker with so many messages each.
    func prepare(itemCount: Int, mostTouches: Int, ownerCount: Int) {
        let streamCount = ownerCount + 1
        messages.reserve(itemCount * (mostTouches + 1) * streamCount)
        ceilings.reserve(itemCount * (mostTouches + 1) * streamCount)
        messageCounts.resize(streamCount, filler: 0)
        cursors.resize(streamCount, filler: 0)
        notes.reserve(itemCount * (mostTouches + 1))
        testCounts.reserve(itemCount)
        edges.reserve(itemCount)
        edgeStarts.reserve(itemCount * streamCount)
        failures.reserve(Self.mostFailures)
        reports.resize(2, filler: Report())
        // A line of its own: it is written for every window.
        touched.reserve(32)
    }

    /// Reports that a check failed outside the worker's own.
    func noteFailure(slot: Int) {
        let reports = reports.view
        var report = reports[slot]
        report.failureCount += 1
        reports[slot] = report
    }
}
