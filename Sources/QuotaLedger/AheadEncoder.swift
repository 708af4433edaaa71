// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import Synchronization

/// Encodes and hashes what is decided while the batches in front of it are made durable.
///
/// What an entry's bytes and leaf are does not depend on the log's end, so nothing has to wait for
/// the disk. Nothing of it is in the log, or told to anyone, before the writer appends it.
///
/// Any thread may use it. It holds no more than the driver lets be under way.
final class AheadEncoder: Sendable {
    /// What is being made of one batch's entries.
    private final class Job: Sendable {
        let first: EntryNumber
        private let result = Mutex<Result<[EncodedChunk], EntryLogError>?>(nil)
        private let done = DispatchSemaphore(value: 0)

        init(first: EntryNumber) { self.first = first }

        func finish(_ found: Result<[EncodedChunk], EntryLogError>) {
            result.withLock { $0 = found }
            done.signal()
        }

        /// Waits for the result and takes it.
        func take() -> Result<[EncodedChunk], EntryLogError>? {
            done.wait()
            return result.withLock { $0.take() }
        }
    }

    private let encoder: ChunkEncoder
    private let jobs = Mutex<[Job]>([])
    private let queue = DispatchQueue(label: "headroom.encoder")

    /// Fewer entries are encoded sooner by the writer itself than by a thread that has to wake.
    private static let leastEntryCount = 64
    /// The same while the writer waits for the disk, with a core to spare.
    private static let leastEntryCountMeanwhile = 8

    init(_ encoder: ChunkEncoder) { self.encoder = encoder }

    /// Begins to encode the entries of a batch, in the order in which they will be asked for.
    ///
    /// - Parameters:
    ///   - entries: The entries.
    ///   - isWriterBusy: Whether others are being written.
    func begin(_ entries: DecidedEntries, whileWriting isWriterBusy: Bool) {
        let least = isWriterBusy ? Self.leastEntryCountMeanwhile : Self.leastEntryCount
        guard entries.count >= least, let first = entries.firstNumber else { return }
        let job = Job(first: first)
        jobs.withLock { $0.append(job) }
        queue.async { [encoder] in
            do throws(EntryLogError) {
                let chunks = try encoder.chunks(first: job.first, count: entries.count) {
                    entries[$0]
                }
                job.finish(.success(chunks))
            } catch {
                job.finish(.failure(error))
            }
        }
    }

    /// What was made of the entries that begin with this one; `nil` if nobody began to encode them.
    ///
    /// Blocks until it is made.
    func take(_ first: EntryNumber) throws(LedgerError) -> [EncodedChunk]? {
        let job = jobs.withLock { jobs in
            jobs.firstIndex { $0.first == first }.map { jobs.remove(at: $0) }
        }
        do {
            return try job?.take()?.get()
        } catch {
            throw .log(error)
        }
    }
}
