// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel

/// The promises about reading.
extension ConformanceCheck {
    static let batchesOfManySizes = ConformanceCheck(
        "batches of 1 to 8,192 entries come back as they went in"
    ) { log in
        var writer = try Writer(log)
        var head = writer.head
        var written: [[UInt8]] = []
        for (index, count) in [1, 2, 7, 64, 1_000, 8_192, 1, 3].enumerated() {
            let seed = count <= 64 ? UInt64(index) : nil
            let batch = writer.batch(of: count, after: head, seed: seed)
            try expect(
                log.append(batch, expecting: head) == .appended(batch.head),
                "batch \(index)"
            )
            head = batch.head
            written.append(batch.bytes)
        }
        var read: [[UInt8]] = []
        try log.read(from: EntryNumber(rawValue: 0)) { header, bytes throws(EntryLogError) in
            read.append(bytes.copied)
            return .next
        }
        try expect(read == written, "the same bytes")
        try expect(log.head() == head, "the head behind the last batch")
    }

    static let readingBeginsWithTheBatchAround = ConformanceCheck(
        "reading begins with the batch that holds the entry"
    ) { log in
        try fill(log, [3, 1, 4, 1])
        let expected: [UInt64: [UInt64]] = [
            0: [0, 3, 4, 8], 2: [0, 3, 4, 8], 3: [3, 4, 8], 4: [4, 8], 7: [4, 8], 8: [8], 9: [],
            .max: [],
        ]
        for (number, firsts) in expected {
            let found = try readFirsts(log, from: number)
            try expect(found == firsts, "from \(number): \(firsts), was \(found)")
        }
    }

    static let readingStops = ConformanceCheck("reading stops when it is told to") { log in
        try fill(log, [2, 2, 2])
        var count = 0
        try log.read(from: EntryNumber(rawValue: 1)) { _, _ in
            count += 1
            return count == 2 ? .stop : .next
        }
        try expect(count == 2, "two batches, was \(count)")
    }

    static let readingErrors = ConformanceCheck("an error ends the reading") { log in
        try fill(log, [2, 2])
        var count = 0
        var found: EntryLogError?
        do throws(EntryLogError) {
            try log.read(from: EntryNumber(rawValue: 0)) { _, _ throws(EntryLogError) in
                count += 1
                throw .storage(advice: "test")
            }
        } catch {
            found = error
        }
        try expect(found == .storage(advice: "test") && count == 1, "the body's own error, once")
        try expect(readFirsts(log, from: 0) == [0, 2], "the log can still be read")
    }

    static let entriesAreFound = ConformanceCheck("each entry is found by its number") { log in
        try fill(log, [1, 5, 2])
        for number in UInt64(0)..<8 {
            let entry = try log.entry(EntryNumber(rawValue: number))
            try expect(entry == SampleEntries.reservation(number), "entry \(number)")
        }
        try expect(log.entry(EntryNumber(rawValue: 8)) == nil, "no entry 8")
    }

    static let verifies = ConformanceCheck("a whole log verifies") { log in
        try fill(log, [1, 300, 20])
        let frontier = try log.verify(secret: SampleEntries.secret)
        try expect(frontier == log.frontier(), "the tree's edge")
        try expect(frontier.size == 321, "321 leaves")
    }

    static let batchesMoveBetweenStores = ConformanceCheck(
        "a copy of the batches is the same log"
    ) { log in
        let source = InMemoryEntryLog()
        try fill(source, [4, 9, 1])
        var frontier = MerkleFrontier()
        // Batches are copied within one epoch of their own: those of the source.
        var head = try log.takeOver()
        try source.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
            let batch = try EncodedBatch(
                verifying: bytes.copied,
                after: head,
                frontier: frontier,
                secret: SampleEntries.secret
            )
            guard case .appended(let next) = try log.append(batch, expecting: head) else {
                throw .storage(advice: "not appended")
            }
            head = next
            frontier = batch.frontier
            return .next
        }
        try expect(log.frontier() == source.frontier(), "the same edge")
        try expect(log.head() == source.head(), "the same head")
    }

    static let nextBatchIsPreparedAhead = ConformanceCheck(
        "a batch can be finished before the one in front of it is durable"
    ) { log in
        var writer = try Writer(log)
        let first = writer.batch(of: 2)
        let second = writer.batch(of: 2, after: first.head)
        try expect(
            log.append(first, expecting: writer.head) == .appended(first.head),
            "the first"
        )
        try expect(
            log.append(second, expecting: first.head) == .appended(second.head),
            "the second"
        )
    }

    /// Appends batches of these sizes.
    static func fill(_ log: any EntryLog, _ counts: [Int]) throws {
        var writer = try Writer(log)
        var head = writer.head
        for count in counts {
            let batch = writer.batch(of: count, after: head)
            try expect(log.append(batch, expecting: head) == .appended(batch.head), "appended")
            head = batch.head
        }
    }
}
