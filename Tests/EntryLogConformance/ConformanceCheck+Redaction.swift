// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel

/// What every store keeps of redacted batches.
extension ConformanceCheck {
    static let redactedBatchesTakeTheirPlace = ConformanceCheck(
        "redacted batches take their place together with an append"
    ) { log in
        try fill(log, [3, 4, 2])
        let root = try log.frontier()
        var writer = try Writer(log)
        let numbers = [1, 4, 5].map(EntryNumber.init(rawValue:))
        let redacted = try log.redacted(numbers, secret: SampleEntries.secret)
        try expect(redacted.map(\.header.first.rawValue) == [0, 3], "two batches are changed")
        let batch = writer.batch(of: 1)
        let outcome = try log.append(batch, replacing: redacted, expecting: writer.head)
        try expect(outcome == .appended(batch.head), "appended, was \(outcome)")
        try expect(readFirsts(log, from: 0) == [0, 3, 7, 9], "each batch once, in order")
        for number in UInt64(0)..<10 {
            let entry = try log.entry(EntryNumber(rawValue: number))
            let isRedacted = numbers.contains(EntryNumber(rawValue: number))
            try expect(entry?.isRedacted == isRedacted, "entry \(number), whole or redacted")
        }
        let frontier = try log.verify(secret: SampleEntries.secret)
        try expect(frontier == log.frontier() && frontier.size == 10, "the tree's edge")
        var again = MerkleFrontier()
        try log.read(from: EntryNumber(rawValue: 0)) { header, bytes throws(EntryLogError) in
            guard header.next <= root.size else { return .stop }
            try BatchReader.forEachEntry(in: bytes) { _, entry throws(EntryLogError) in
                again.append(try LeafHasher(secret: SampleEntries.secret).leaf(of: entry))
                return .next
            }
            return .next
        }
        try expect(again == root, "the tree over the entries in front is what it was")
    }

    static let redactionOfAnotherLeavesNoTrace = ConformanceCheck(
        "a redacted batch of another log changes nothing, and nothing is appended"
    ) { log in
        try fill(log, [3])
        var writer = try Writer(log)
        let other = InMemoryEntryLog()
        try fill(other, [2])
        let redacted = try other.redacted(
            [EntryNumber(rawValue: 0)],
            secret: SampleEntries.secret
        )
        let batch = writer.batch(of: 1)
        var found: EntryLogError?
        do throws(EntryLogError) {
            _ = try log.append(batch, replacing: redacted, expecting: writer.head)
        } catch {
            found = error
        }
        try expect(found != nil, "an error")
        try expect(log.head() == writer.head, "the head is where it was")
        try expect(log.entry(EntryNumber(rawValue: 0))?.isRedacted == false, "entry 0 is whole")
        let outcome = try log.append(batch, expecting: writer.head)
        try expect(outcome == .appended(batch.head), "the log goes on, was \(outcome)")
    }

    static let refusedAppendRedactsNothing = ConformanceCheck(
        "an append that is fenced redacts nothing"
    ) { log in
        try fill(log, [3])
        var first = try Writer(log)
        let batch = first.batch(of: 1)
        let redacted = try log.redacted(
            [EntryNumber(rawValue: 2)],
            secret: SampleEntries.secret
        )
        let second = try Writer(log)
        let outcome = try log.append(batch, replacing: redacted, expecting: first.head)
        try expect(outcome == .fenced(second.head), "fenced, was \(outcome)")
        try expect(log.entry(EntryNumber(rawValue: 2))?.isRedacted == false, "entry 2 is whole")
    }
}
