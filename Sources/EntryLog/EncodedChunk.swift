// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Entries that follow each other, encoded and hashed, on their way into a batch.
///
/// Encoding and hashing are most of the work of an append and need nothing that other entries
/// change, so the chunks of one batch can be made on several cores at once; only
/// ``BatchBuilder/append(_:)`` must see them in order.
public struct EncodedChunk: Sendable {
    /// The number of its first entry.
    public private(set) var first: EntryNumber
    /// The leaves of its entries, in order.
    public private(set) var leaves: [LedgerHash] = []
    /// The entries as a batch holds them, each after its length.
    private var body = ByteBuffer()
    /// The tree over the leaves, as far as ``hashTree()`` was asked for.
    private(set) var trees = PerfectTrees()
    private let hasher: LeafHasher

    /// Makes an empty chunk that will begin with the entry `first`.
    public init(first: EntryNumber, secret: LedgerSecret) {
        self.first = first
        hasher = LeafHasher(secret: secret)
    }

    /// Makes a chunk of `count` entries, asking for each by its index from 0.
    public init(
        first: EntryNumber,
        count: Int,
        secret: LedgerSecret,
        _ entry: (Int) -> Entry
    ) throws(EntryLogError) {
        self.init(first: first, secret: secret)
        leaves.reserveCapacity(count)
        for index in 0..<count { try append(entry(index)) }
        hashTree()
    }

    /// How many entries it has.
    public var entryCount: Int { leaves.count }

    /// How many bytes they take in a batch.
    public var byteCount: Int { body.byteCount }

    /// The entries as a batch holds them.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { body.bytes }
    }

    /// Encodes and hashes the next entry; if it throws, the chunk is as it was.
    ///
    /// The entry's number must follow the one before.
    public mutating func append(_ entry: Entry) throws(EntryLogError) {
        precondition(
            entry.number.rawValue == first.rawValue + UInt64(leaves.count),
            "entries follow each other without a gap"
        )
        leaves.append(try body.appendFramed(entry, hasher))
    }

    /// Checks and hashes the next entry, given the bytes that it has in another log; if it throws,
    /// the chunk is as it was.
    ///
    /// The bytes stay as they are, also where this version would write others for a new entry.
    /// Throws what ``EntryCodec/decode(_:)`` does; the entry's number must follow the one before.
    @discardableResult
    public mutating func append(encoded entry: RawSpan) throws(EntryLogError) -> Entry {
        let decoded = try EntryCodec.decode(entry)
        precondition(
            decoded.number.rawValue == first.rawValue + UInt64(leaves.count),
            "entries follow each other without a gap"
        )
        leaves.append(try hasher.leaf(of: entry))
        body.append(UInt16(entry.byteCount))
        body.append(entry)
        return decoded
    }

    /// Hashes the leaves as far up the tree as they tell, so that less is left for the builder.
    ///
    /// For when the last entry is in it; what is appended later is hashed by the builder.
    public mutating func hashTree() { trees.hash(leaves, first: first.rawValue) }

    /// Forgets the entries and keeps their memory, to begin again with the entry `first`.
    public mutating func restart(at first: EntryNumber) {
        self.first = first
        leaves.removeAll(keepingCapacity: true)
        trees.removeAll()
        body.removeAll()
    }
}

extension ByteBuffer {
    /// How many bytes stand in front of an entry in a batch, to tell its length.
    static let frameByteCount = 2

    /// Appends an entry after its length, and returns its leaf; if it throws, nothing is appended.
    mutating func appendFramed(
        _ entry: Entry,
        _ hasher: LeafHasher
    ) throws(EntryLogError) -> LedgerHash {
        let start = byteCount
        append(UInt16(0))
        do throws(EntryLogError) {
            try EntryCodec.encode(entry, into: &self)
            let entryStart = start + ByteBuffer.frameByteCount
            let leaf = try hasher.leaf(of: bytes.extracting(entryStart..<byteCount))
            overwrite(at: start, UInt16(byteCount - entryStart))
            return leaf
        } catch {
            truncate(to: start)
            throw error
        }
    }
}
