// SPDX-License-Identifier: Apache-2.0

/// What a leaf of the tree is the hash of: an entry's header, and what its two sections are bound by.
///
/// It can be published: the header has no personal data, and the sections stand in it as hashes
/// under salts. A leaf is SHA-256(0x00, these bytes). A value of its own.
public struct LeafInput: Hashable, Sendable {
    /// The 32 bytes of the header.
    private let header: LedgerHash
    /// What binds the section `own`.
    public let own: LedgerHash
    /// What binds the section `shared`.
    public let shared: LedgerHash

    /// How many bytes it has.
    public static let byteCount = EntryHeader.byteCount + 2 * LedgerHash.byteCount
    /// How many bytes it has in a bundle of entries (C2SP tlog-tiles): a big-endian `u16` length, then
    /// the input.
    public static let framedByteCount = 2 + byteCount

    /// Makes the input of a header whose sections are known by their commitments only.
    ///
    /// `header` must have ``EntryHeader/byteCount`` bytes.
    public init(header: RawSpan, own: LedgerHash, shared: LedgerHash) {
        precondition(header.byteCount == EntryHeader.byteCount, "a leaf is of a whole header")
        self.header = LedgerHash(header, at: 0)
        self.own = own
        self.shared = shared
    }

    /// Makes the input of an entry as a batch holds it, whose header has been read.
    ///
    /// It is the same before and after what is personal was taken out.
    init(of entry: RawSpan, _ header: EntryHeader, salts: SectionSalts) throws(EntryLogError) {
        let parts = try EntryParts(entry, header)
        let (own, shared) = (entry.extracting(parts.own), entry.extracting(parts.shared))
        if header.version < 3 {
            self.own = LeafHasher.commitment(salts.own, own)
            self.shared = LeafHasher.commitment(salts.shared, shared)
        } else if header.kind.isEvent {
            let personal = PersonalCommitment(entry, parts, header, salts.shared)
            self.own = LeafHasher.commitment(salts.own, own)
            self.shared = personal.commitment(with: shared)
        } else {
            let personal = PersonalCommitment(entry, parts, header, salts.own)
            self.own = personal.commitment(with: own)
            self.shared = LeafHasher.commitment(salts.shared, shared)
        }
        var words = LedgerHash(entry, at: 0).words
        // What the header was before the bits that say what is closed.
        words.0 &= ~UInt64(ClosedParts.mask)
        self.header = LedgerHash(words: words)
    }

    /// Reads an input from exactly ``byteCount`` bytes, or `nil`; nothing in it is checked.
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount == LeafInput.byteCount else { return nil }
        header = LedgerHash(bytes, at: 0)
        own = LedgerHash(bytes, at: EntryHeader.byteCount)
        shared = LedgerHash(bytes, at: EntryHeader.byteCount + LedgerHash.byteCount)
    }

    /// The number that its header tells.
    public var number: UInt64 { header.words.1 }

    /// The leaf.
    public var leaf: LedgerHash {
        // The last byte of the first word is the leaf's 0x00.
        let input: InlineArray<13, UInt64> = [
            0,
            header.words.0.littleEndian, header.words.1.littleEndian,
            header.words.2.littleEndian, header.words.3.littleEndian,
            own.words.0.littleEndian, own.words.1.littleEndian,
            own.words.2.littleEndian, own.words.3.littleEndian,
            shared.words.0.littleEndian, shared.words.1.littleEndian,
            shared.words.2.littleEndian, shared.words.3.littleEndian,
        ]
        return sha256(input.span.rawBytes.extracting(7..<104))
    }

    /// The bytes.
    public var bytes: [UInt8] {
        var buffer = ByteBuffer(capacity: LeafInput.byteCount)
        append(to: &buffer)
        return buffer.takeBytes()
    }

    /// Appends the bytes with their length in front.
    func appendFramed(to buffer: inout ByteBuffer) {
        buffer.append(UInt16(LeafInput.byteCount).byteSwapped)
        append(to: &buffer)
    }

    private func append(to buffer: inout ByteBuffer) {
        buffer.append(header)
        buffer.append(own)
        buffer.append(shared)
    }
}
