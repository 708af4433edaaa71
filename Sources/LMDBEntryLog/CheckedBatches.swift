// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import Synchronization

/// Remembers which batches were read last and found whole, so that whoever reads several entries of
/// one does not pay for its checksum each time: a batch has megabytes, an entry a few hundred bytes.
///
/// What is stored under a number changes when entries of it are redacted, and then has another
/// checksum. Any thread may use it.
final class CheckedBatches: Sendable {
    /// What a batch is told by.
    struct Batch: Equatable, Sendable {
        var first: UInt64
        var byteCount: Int
        var checksum: UInt64

        init(_ header: BatchHeader, _ byteCount: Int) {
            first = header.first.rawValue
            self.byteCount = byteCount
            checksum = header.checksum
        }
    }

    /// An entry, its hold, its grounds, and the newest batch.
    private static let maximumCount = 8

    /// The one that was checked last comes last.
    private let batches = Mutex<[Batch]>([])

    /// Checks a batch as `BatchReader` does.
    func check(
        _ batch: RawSpan,
        after previous: LogHead?
    ) throws(EntryLogError) -> BatchHeader {
        let byteCount = batch.byteCount
        let header = try BatchReader.check(batch, after: previous) { header in
            batches.withLock { $0.contains(Batch(header, byteCount)) }
        }
        batches.withLock { batches in
            let found = Batch(header, byteCount)
            guard !batches.contains(found) else { return }
            if batches.count == Self.maximumCount { batches.removeFirst() }
            batches.append(found)
        }
        return header
    }
}
