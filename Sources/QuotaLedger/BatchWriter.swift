// SPDX-License-Identifier: Apache-2.0

import Dispatch
package import EntryLog
package import LedgerModel
import Synchronization

/// Makes batches of entries: encodes and hashes them and keeps track of the log's end.
///
/// It appends nothing itself. Whoever drives it ``put(_:)``s entries, appends each ``nextBatch()``
/// where it is expected and tells what came of it with ``settle(_:_:)``; after an error it is of no
/// more use, and the log's end is to be read anew.
package struct BatchWriter: Sendable {
    private let secret: LedgerSecret
    private let maximumEntryCount: Int
    private var builder: BatchBuilder
    /// The entries that are not encoded yet.
    private var rest = DecidedEntries()[...]
    /// What is encoded and in no batch yet.
    private var chunks: ArraySlice<EncodedChunk> = []
    /// Where the log ends, as far as this writer knows: what the next append expects.
    package private(set) var head: LogHead
    /// The root of the tree over everything that is durable.
    private var root: LedgerHash

    /// Below this many entries a fan-out costs more than it saves.
    private static let leastEntriesToShare = 512
    /// However large its entries, a chunk of this many fits a batch.
    private static let chunkEntryCount = 2_048

    /// Makes a writer.
    ///
    /// - Parameters:
    ///   - secret: The ledger's secret, which salts the leaves.
    ///   - head: Where the log ends.
    ///   - frontier: The right edge of the log's tree.
    ///   - maximumEntryCount: The most entries of a batch; fewer in tests only.
    package init(
        secret: LedgerSecret,
        head: LogHead,
        frontier: MerkleFrontier,
        maximumEntryCount: Int = BatchHeader.maximumEntryCount
    ) {
        self.secret = secret
        self.head = head
        self.maximumEntryCount = maximumEntryCount
        root = frontier.root
        builder = BatchBuilder(secret: secret, frontier: frontier)
    }

    /// The end of the log, with the root over everything in front of it.
    var position: LogPosition { LogPosition(next: head.next, hash: head.hash, root: root) }

    /// Takes the entries that follow, when all batches of those before are settled.
    package mutating func put(_ entries: DecidedEntries) {
        precondition(
            rest.isEmpty && chunks.isEmpty && builder.entryCount == 0,
            "entries are put when those before are settled"
        )
        rest = entries[...]
    }

    /// The next batch to append, which expects ``head``; `nil` when all entries are settled.
    package mutating func nextBatch() throws(LedgerError) -> EncodedBatch? {
        while let chunk = try nextChunk() {
            guard hasRoom(for: chunk) else { return builder.finish(previous: head) }
            do {
                try builder.append(chunk)
            } catch {
                throw .log(error)
            }
            chunks.removeFirst()
        }
        return builder.entryCount > 0 ? builder.finish(previous: head) : nil
    }

    /// Takes note of what came of the append; gives the first entry that is not durable.
    ///
    /// - Throws: ``LedgerError/fenced`` if the batch was not appended.
    package mutating func settle(
        _ batch: consuming EncodedBatch,
        _ outcome: AppendOutcome
    ) throws(LedgerError) -> EntryNumber {
        #if PlantedBugs
            let ignoresFence = PlantedBug.active == .ignoredFence
            let outcome = ignoresFence ? AppendOutcome.appended(batch.head) : outcome
        #endif
        guard case .appended(let appended) = outcome else { throw .fenced }
        head = appended
        root = batch.header.root
        builder.recycle(batch)
        return EntryNumber(rawValue: head.next)
    }

    private func hasRoom(for chunk: borrowing EncodedChunk) -> Bool {
        builder.entryCount + chunk.entryCount <= maximumEntryCount
            && builder.byteCount + chunk.byteCount <= BatchHeader.maximumBodyByteCount
    }

    /// The next chunk that is in no batch yet; it stays where it is.
    private mutating func nextChunk() throws(LedgerError) -> EncodedChunk? {
        if chunks.isEmpty, !rest.isEmpty {
            let part = rest.prefix(min(2 * Self.chunkEntryCount, maximumEntryCount))
            rest = rest.dropFirst(part.count)
            chunks = []
            for chunk in encoded(part) { chunks.append(try chunk.get()) }
        }
        return chunks.first
    }

    /// Encodes and hashes at most two chunks of entries, on two cores if there are enough.
    private func encoded(
        _ entries: Slice<DecidedEntries>
    ) -> [Result<EncodedChunk, LedgerError>] {
        guard entries.count >= Self.leastEntriesToShare else {
            return [Self.encoded(entries, secret: secret)]
        }
        let half = entries.count / 2
        let parts = [entries.prefix(half), entries.dropFirst(half)]
        let results = Mutex<[Result<EncodedChunk, LedgerError>?]>([nil, nil])
        let secret = secret
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            let chunk = Self.encoded(parts[index], secret: secret)
            results.withLock { $0[index] = chunk }
        }
        return results.withLock { $0.compactMap { $0 } }
    }

    private static func encoded(
        _ entries: Slice<DecidedEntries>,
        secret: LedgerSecret
    ) -> Result<EncodedChunk, LedgerError> {
        do {
            let first = entries.startIndex
            return .success(
                try EncodedChunk(
                    first: entries[first].number,
                    count: entries.count,
                    secret: secret
                ) { entries[first + $0] }
            )
        } catch {
            return .failure(.log(error))
        }
    }
}
