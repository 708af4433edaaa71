// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Synchronization

/// A log that counts the bytes appended to another.
///
/// Safe to use from any thread.
final class MeasuredLog: EntryLog {
    private let log: any EntryLog
    private let bytes = Atomic<Int>(0)

    init(_ log: any EntryLog) { self.log = log }

    /// The bytes of all batches appended since ``restart()``.
    // Relaxed: read when nothing is appended any more.
    var appendedByteCount: Int { bytes.load(ordering: .relaxed) }

    /// Counts from 0 again.
    func restart() {
        // Relaxed: as above.
        bytes.store(0, ordering: .relaxed)
    }

    func takeOver() throws(EntryLogError) -> LogHead { try log.takeOver() }

    func append(
        _ batch: borrowing EncodedBatch,
        replacing redacted: [RedactedBatch],
        expecting: LogHead
    ) throws(EntryLogError) -> AppendOutcome {
        let outcome = try log.append(batch, replacing: redacted, expecting: expecting)
        // Relaxed: as above.
        bytes.wrappingAdd(batch.bytes.count, ordering: .relaxed)
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
