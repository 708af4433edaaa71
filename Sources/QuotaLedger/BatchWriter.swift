// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
import LedgerModel
import Synchronization

/// Encodes entries, hashes them and appends them to the log, a batch at a time.
struct BatchWriter: Sendable {
    private let secret: LedgerSecret
    private var builder: BatchBuilder
    private var head: LogHead
    /// The root of the tree over everything that is durable.
    private var root: LedgerHash

    /// Below this many entries a fan-out costs more than it saves.
    private static let leastEntriesToShare = 512
    /// However large its entries, a chunk of this many fits a batch.
    private static let chunkEntryCount = 2_048

    init(secret: LedgerSecret, head: LogHead, frontier: MerkleFrontier) {
        self.secret = secret
        self.head = head
        root = frontier.root
        builder = BatchBuilder(secret: secret, frontier: frontier)
    }

    /// Where the log ends, as far as this writer knows: everything in front of it is durable.
    var position: LogPosition { LogPosition(next: head.next, hash: head.hash, root: root) }

    /// Appends entries; they are durable on return.
    ///
    /// - Throws: ``LedgerError``; afterwards the log's end is to be read anew.
    mutating func append(_ entries: [Entry], to log: any EntryLog) throws(LedgerError) {
        var rest = entries[...]
        while !rest.isEmpty {
            let part = rest.prefix(2 * Self.chunkEntryCount)
            rest = rest.dropFirst(part.count)
            for chunk in encoded(part) { try add(try chunk.get(), to: log) }
        }
        if builder.entryCount > 0 { try commit(to: log) }
    }

    /// Puts a chunk into the batch under way, or, when that is full, into the next one.
    private mutating func add(
        _ chunk: EncodedChunk,
        to log: any EntryLog
    ) throws(LedgerError) {
        if builder.entryCount + chunk.entryCount > BatchHeader.maximumEntryCount
            || builder.byteCount + chunk.byteCount > BatchHeader.maximumBodyByteCount
        {
            try commit(to: log)
        }
        do {
            try builder.append(chunk)
        } catch {
            throw .log(error)
        }
    }

    private mutating func commit(to log: any EntryLog) throws(LedgerError) {
        let batch = builder.finish(previous: head)
        let outcome: AppendOutcome
        do {
            outcome = try log.append(batch, expecting: head)
        } catch {
            throw .log(error)
        }
        guard case .appended(let appended) = outcome else { throw .fenced }
        head = appended
        root = batch.header.root
        builder.recycle(batch)
    }

    /// Encodes and hashes at most two chunks of entries, on two cores if there are enough.
    private func encoded(_ entries: ArraySlice<Entry>) -> [Result<EncodedChunk, LedgerError>] {
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
        _ entries: ArraySlice<Entry>,
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
