// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerModel

/// What a store got wrong.
public struct ConformanceFailure: Error, CustomStringConvertible {
    /// What was expected, and what was found.
    public let description: String
}

/// One promise of ``EntryLog``, checked on an empty log that nobody else uses.
public struct ConformanceCheck: Sendable, CustomStringConvertible {
    /// The promise.
    public let description: String
    private let body: @Sendable (any EntryLog) throws -> Void

    init(_ description: String, _ body: @escaping @Sendable (any EntryLog) throws -> Void) {
        self.description = description
        self.body = body
    }

    /// Throws unless the log keeps the promise.
    public func run(on log: any EntryLog) throws { try body(log) }
}

/// The promises that every store keeps.
extension ConformanceCheck {
    /// All of them.
    public static let all: [ConformanceCheck] = [
        emptyLog, appendMovesTheHead, staleEpochIsFenced, takeOverFencesOneself,
        duplicateIsAGap, positionOfAnotherIsAGap, oneOfTwoRivalsAppends, refusalLeavesNoTrace,
        batchesOfManySizes, readingBeginsWithTheBatchAround, readingStops, readingErrors,
        entriesAreFound, verifies, batchesMoveBetweenStores, nextBatchIsPreparedAhead,
        redactedBatchesTakeTheirPlace, redactionOfAnotherLeavesNoTrace,
        refusedAppendRedactsNothing,
    ]

    private static let emptyLog = ConformanceCheck("an empty log has nothing") { log in
        try expect(log.head() == .genesis, "the head of an empty log")
        try expect(log.frontier() == MerkleFrontier(), "the edge of an empty tree")
        try expect(log.entryBytes(EntryNumber(rawValue: 0)) == nil, "no entry 0")
        try expect(readFirsts(log, from: 0) == [], "no batch")
    }

    private static let appendMovesTheHead = ConformanceCheck("an append moves the head") { log in
        var writer = try Writer(log)
        let batch = writer.batch(of: 3)
        let outcome = try log.append(batch, expecting: writer.head)
        try expect(outcome == .appended(batch.head), "appended, was \(outcome)")
        try expect(log.head() == batch.head, "the head after an append")
        try expect(log.frontier() == batch.frontier, "the edge after an append")
        try expect(batch.head.next == 3 && batch.head.epoch == 1, "three entries in epoch 1")
    }

    private static let staleEpochIsFenced = ConformanceCheck("a stale writer is fenced") { log in
        var first = try Writer(log)
        let batch = first.batch(of: 2)
        let second = try Writer(log)
        let outcome = try log.append(batch, expecting: first.head)
        try expect(outcome == .fenced(second.head), "fenced, was \(outcome)")
        try expect(log.head() == second.head, "a fenced append moves nothing")
    }

    private static let takeOverFencesOneself = ConformanceCheck(
        "taking over fences one's own earlier appends"
    ) { log in
        var writer = try Writer(log)
        let batch = writer.batch(of: 1)
        let expected = writer.head
        let head = try log.takeOver()
        try expect(head.epoch == expected.epoch + 1, "the epoch is one higher")
        let outcome = try log.append(batch, expecting: expected)
        try expect(outcome == .fenced(head), "fenced, was \(outcome)")
    }

    private static let duplicateIsAGap = ConformanceCheck("a second append is a gap") { log in
        var writer = try Writer(log)
        let batch = writer.batch(of: 4)
        _ = try log.append(batch, expecting: writer.head)
        let outcome = try log.append(batch, expecting: writer.head)
        try expect(outcome == .gap(batch.head), "a gap, was \(outcome)")
        try expect(readFirsts(log, from: 0) == [0], "the batch is there once")
    }

    private static let positionOfAnotherIsAGap = ConformanceCheck(
        "a batch from further on is a gap"
    ) { log in
        var writer = try Writer(log)
        let first = writer.batch(of: 2)
        let second = writer.batch(of: 2, after: first.head)
        let outcome = try log.append(second, expecting: first.head)
        try expect(outcome == .gap(writer.head), "a gap, was \(outcome)")
        try expect(log.head() == writer.head, "a gap moves nothing")
    }

    private static let oneOfTwoRivalsAppends = ConformanceCheck(
        "of two batches for one head one is appended"
    ) { log in
        var writer = try Writer(log)
        var rival = writer
        let batch = writer.batch(of: 2)
        let other = rival.batch(of: 2, seed: 99)
        try expect(batch.head.hash != other.head.hash, "the batches differ")
        _ = try log.append(batch, expecting: writer.head)
        let outcome = try log.append(other, expecting: writer.head)
        try expect(outcome == .gap(batch.head), "a gap, was \(outcome)")
        try expect(log.frontier() == batch.frontier, "the edge of the first")
    }

    private static let refusalLeavesNoTrace = ConformanceCheck(
        "the log goes on after a refused append"
    ) { log in
        var writer = try Writer(log)
        let first = writer.batch(of: 2)
        let second = writer.batch(of: 3, after: first.head)
        _ = try log.append(second, expecting: first.head)
        _ = try log.append(first, expecting: writer.head)
        let outcome = try log.append(second, expecting: first.head)
        try expect(outcome == .appended(second.head), "appended, was \(outcome)")
        try expect(readFirsts(log, from: 0) == [0, 2], "two batches")
    }
}

/// Throws unless something is as it must be.
func expect(_ condition: Bool, _ what: String) throws(ConformanceFailure) {
    guard condition else { throw ConformanceFailure(description: "expected: \(what)") }
}

/// The first numbers of the batches that a reading gives.
func readFirsts(_ log: any EntryLog, from number: UInt64) throws(EntryLogError) -> [UInt64] {
    var firsts: [UInt64] = []
    try log.read(from: EntryNumber(rawValue: number)) { header, _ in
        firsts.append(header.first.rawValue)
        return .next
    }
    return firsts
}

/// Somebody who took a log over and makes batches for it.
struct Writer {
    /// The head that was taken over.
    let head: LogHead
    private var builder: BatchBuilder

    init(_ log: any EntryLog) throws(EntryLogError) {
        head = try log.takeOver()
        builder = BatchBuilder(secret: SampleEntries.secret, frontier: try log.frontier())
    }

    /// A batch of `count` entries for the head taken over, or for a later one.
    ///
    /// With a seed they are random, otherwise plain reservations.
    mutating func batch(of count: Int, after head: LogHead? = nil, seed: UInt64? = nil)
        -> EncodedBatch
    {
        var random = seed.map { RandomEntries(seed: $0, first: builder.next.rawValue) }
        for _ in 0..<count {
            let entry =
                random?.entry() ?? SampleEntries.reservation(builder.next.rawValue)
            do throws(EntryLogError) {
                try builder.append(entry)
            } catch {
                preconditionFailure("a sample can be encoded: \(error)")
            }
        }
        return builder.finish(previous: head ?? self.head)
    }
}
