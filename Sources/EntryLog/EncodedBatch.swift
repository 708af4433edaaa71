// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// A batch as every store keeps it, and what follows from it.
public struct EncodedBatch: Sendable {
    /// Header and entries: the bytes that a store keeps.
    public let bytes: [UInt8]
    /// The header, read.
    public let header: BatchHeader
    /// The log's head once the batch is in it.
    public let head: LogHead
    /// The tree's right edge once the batch is in the log; a store keeps it beside the head.
    public let frontier: MerkleFrontier

    init(bytes: [UInt8], header: BatchHeader, head: LogHead, frontier: MerkleFrontier) {
        self.bytes = bytes
        self.header = header
        self.head = head
        self.frontier = frontier
    }

    /// The batch as it is once it was redacted.
    package func redacted(as batch: RedactedBatch) -> EncodedBatch {
        EncodedBatch(bytes: batch.bytes, header: batch.header, head: head, frontier: frontier)
    }

    /// Takes a batch over from another store, after checking everything: checksum, link, every
    /// entry's leaf and the root.
    ///
    /// `head` and `frontier` are those of the log in front of it. Throws `corrupt` if something
    /// does not fit.
    public init(
        verifying bytes: [UInt8],
        after head: LogHead,
        frontier: MerkleFrontier,
        secret: LedgerSecret
    ) throws(EntryLogError) {
        var frontier = frontier
        let span = bytes.span.rawBytes
        header = try BatchReader.verify(
            span,
            after: head,
            frontier: &frontier,
            hasher: LeafHasher(secret: secret)
        )
        self.head = BatchReader.head(after: header, span)
        self.bytes = bytes
        self.frontier = frontier
    }
}

/// Puts entries together to batches: encodes and hashes them and keeps the tree's right edge.
///
/// Used over and over for one batch after the other. Not for two threads at once.
public struct BatchBuilder: Sendable {
    /// The tree's right edge, with the entries of the batch under way.
    public private(set) var frontier: MerkleFrontier
    private var buffer = ByteBuffer()
    private var spare: [UInt8] = []
    private var first: UInt64
    private let hasher: LeafHasher

    /// Makes a builder that goes on from a log whose tree has this right edge.
    public init(secret: LedgerSecret, frontier: MerkleFrontier) {
        self.frontier = frontier
        first = frontier.size
        hasher = LeafHasher(secret: secret)
    }

    /// The number that the next entry must have.
    public var next: EntryNumber { EntryNumber(rawValue: frontier.size) }

    /// How many entries the batch under way has.
    public var entryCount: Int { Int(frontier.size - first) }

    /// How many bytes the batch under way has so far.
    public var byteCount: Int { max(buffer.byteCount, BatchHeader.byteCount) }

    /// Whether another entry, however large, fits the batch under way.
    public var hasRoom: Bool {
        entryCount < BatchHeader.maximumEntryCount
            && bodyByteCount + ByteBuffer.frameByteCount + EntryCodec.maximumByteCount
                <= BatchHeader.maximumBodyByteCount
    }

    private var bodyByteCount: Int { byteCount - BatchHeader.byteCount }

    /// Encodes, hashes and appends an entry, whose number must be ``next``.
    ///
    /// If it throws (`batchFull`, `entryTooLarge`, `notEncodable`), the builder is as it was.
    public mutating func append(_ entry: Entry) throws(EntryLogError) {
        precondition(entry.number == next, "entries follow each other without a gap")
        guard hasRoom else { throw .batchFull }
        begin()
        frontier.append(try buffer.appendFramed(entry, hasher))
    }

    /// Appends entries that were encoded and hashed elsewhere; the first must be ``next``.
    ///
    /// Throws `batchFull` if not all of them fit; the builder is then as it was.
    public mutating func append(_ chunk: borrowing EncodedChunk) throws(EntryLogError) {
        precondition(chunk.first == next, "entries follow each other without a gap")
        guard entryCount + chunk.entryCount <= BatchHeader.maximumEntryCount,
            bodyByteCount + chunk.byteCount <= BatchHeader.maximumBodyByteCount
        else { throw .batchFull }
        begin()
        buffer.append(chunk.bytes)
        frontier.append(chunk.trees)
        for leaf in chunk.leaves[chunk.trees.leafCount...] { frontier.append(leaf) }
    }

    /// Closes the batch under way, which must have an entry, and begins the next one.
    ///
    /// `previous` is the log's head in front of it: its ``EncodedBatch/head`` can serve for the
    /// next batch before this one is durable.
    public mutating func finish(previous: LogHead) -> EncodedBatch {
        precondition(entryCount > 0, "a batch has an entry")
        precondition(previous.next == first, "a batch begins where the log ends")
        let header = BatchHeader(
            first: EntryNumber(rawValue: first),
            entryCount: entryCount,
            epoch: previous.epoch,
            bodyByteCount: bodyByteCount,
            previous: previous.hash,
            root: frontier.root
        )
        let sealed = header.write(over: &buffer)
        let head = BatchReader.head(after: sealed, buffer.bytes)
        first = frontier.size
        return EncodedBatch(
            bytes: buffer.takeBytes(),
            header: sealed,
            head: head,
            frontier: frontier
        )
    }

    /// Takes back the memory of a batch that nobody needs any more.
    public mutating func recycle(_ batch: consuming EncodedBatch) {
        spare = batch.bytes
    }

    private mutating func begin() {
        guard buffer.byteCount == 0 else { return }
        var memory: [UInt8] = []
        swap(&memory, &spare)
        buffer.recycle(memory)
        buffer.appendZeros(BatchHeader.byteCount)
    }
}
