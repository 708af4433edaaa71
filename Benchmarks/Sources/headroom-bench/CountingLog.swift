// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Synchronization

/// A log that counts what is appended to another.
final class CountingLog: EntryLog {
    private let log: any EntryLog
    private let commits = Atomic<Int>(0)

    init(_ log: any EntryLog) { self.log = log }

    /// How many batches became durable.
    // Acquiring: pairs with the counting, so that whoever sees a count sees its batch as appended.
    var commitCount: Int { commits.load(ordering: .acquiring) }

    func takeOver() throws(EntryLogError) -> LogHead { try log.takeOver() }

    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        let outcome = try log.append(batch, replacing: redacted, expecting: expecting)
        commits.wrappingAdd(1, ordering: .releasing)
        return outcome
    }

    func head() throws(EntryLogError) -> LogHead { try log.head() }

    func frontier() throws(EntryLogError) -> MerkleFrontier { try log.frontier() }

    func read(
        from number: EntryNumber,
        _ body: (BatchHeader, RawSpan) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: number, body)
    }
}
