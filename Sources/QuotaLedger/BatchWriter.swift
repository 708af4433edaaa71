// SPDX-License-Identifier: Apache-2.0

package import EntryLog
package import LedgerModel

/// Makes batches of entries: encodes and hashes them and keeps track of the log's end.
///
/// It appends nothing itself. Whoever drives it ``put(_:)``s entries, appends each ``nextBatch()``
/// where it is expected and tells what came of it with ``settle(_:_:)``; after an error it is of no
/// more use, and the log's end is to be read anew.
package struct BatchWriter: Sendable {
    /// Entries that follow each other.
    private enum Part: Sendable {
        case decided(DecidedEntries)
        case encoded([EncodedChunk])
    }

    private let maximumEntryCount: Int
    private var builder: BatchBuilder
    /// Encodes the entries; whoever does so ahead uses this one too.
    let encoder: ChunkEncoder
    /// What comes behind the entries that are not encoded yet.
    private var parts: ArraySlice<Part> = []
    /// The entries that are not encoded yet.
    private var rest = DecidedEntries()[...]
    /// What is encoded and in no batch yet, the first at the end.
    private var chunks: [EncodedChunk] = []
    /// What is to be taken out of earlier entries, together with the append of the approval.
    private var redactions: [DecidedRedaction] = []
    /// Where the log ends, as far as this writer knows: what the next append expects.
    package private(set) var head: LogHead
    /// The root of the tree over everything that is durable.
    private var root: LedgerHash

    /// How many entries are encoded at once: enough for all cores, few enough to bound memory.
    private static let maximumEncodedCount = 16_384

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
        self.head = head
        self.maximumEntryCount = maximumEntryCount
        root = frontier.root
        builder = BatchBuilder(secret: secret, frontier: frontier)
        encoder = ChunkEncoder(secret: secret)
    }

    /// The end of the log, with the root over everything in front of it.
    var position: LogPosition { LogPosition(next: head.next, hash: head.hash, root: root) }

    /// Takes the entries that follow.
    ///
    /// What is put before the first batch is taken may be in it together.
    package mutating func put(_ entries: DecidedEntries) {
        parts.append(.decided(entries))
        redactions += entries.redactions
    }

    /// Takes the entries that follow as ``encoder`` made them.
    mutating func put(_ encoded: [EncodedChunk], redacting redactions: [DecidedRedaction]) {
        parts.append(.encoded(encoded))
        self.redactions += redactions
    }

    /// The entries of the log that are to be redacted together with the append of a batch.
    package func redacted(with batch: borrowing EncodedBatch) -> [EntryNumber] {
        #if PlantedBugs
            if PlantedBug.active == .keptPerson { return [] }
        #endif
        let range = batch.header.first.rawValue..<batch.header.next
        return redactions.filter { range.contains($0.approval.rawValue) }.flatMap(\.entries)
    }

    /// The next batch to append, which expects ``head``, when the one before is settled; `nil` when
    /// all entries are.
    package mutating func nextBatch() throws(LedgerError) -> EncodedBatch? {
        while let chunk = try takeChunk() {
            guard hasRoom(for: chunk) else {
                chunks.append(chunk)
                return builder.finish(previous: head)
            }
            do {
                try builder.append(chunk)
            } catch {
                throw .log(error)
            }
            encoder.recycle(chunk)
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
        redactions.removeAll { $0.approval.rawValue < appended.next }
        builder.recycle(batch)
        return EntryNumber(rawValue: head.next)
    }

    private func hasRoom(for chunk: borrowing EncodedChunk) -> Bool {
        builder.entryCount + chunk.entryCount <= maximumEntryCount
            && builder.byteCount + chunk.byteCount <= BatchHeader.maximumBodyByteCount
    }

    /// The next chunk that is in no batch yet.
    private mutating func takeChunk() throws(LedgerError) -> EncodedChunk? {
        while chunks.isEmpty, rest.isEmpty, let part = parts.popFirst() {
            switch part {
            case .decided(let entries): rest = entries[...]
            case .encoded(let encoded): chunks = encoded.reversed()
            }
        }
        if chunks.isEmpty, !rest.isEmpty, let start = rest.base.firstNumber {
            let first = EntryNumber(rawValue: start.rawValue + UInt64(rest.startIndex))
            let part = rest.prefix(min(Self.maximumEncodedCount, maximumEntryCount))
            rest = rest.dropFirst(part.count)
            do {
                chunks = try encoder.chunks(first: first, count: part.count) {
                    part[part.startIndex + $0]
                }.reversed()
            } catch {
                throw .log(error)
            }
        }
        return chunks.popLast()
    }
}
