// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// The salts of one entry's sections.
///
/// Two, so that a receipt which opens one section tells nothing about the other.
public struct SectionSalts: Hashable, Sendable {
    /// 16 bytes in front of the `own` section.
    let own: (UInt64, UInt64)
    /// 16 bytes in front of the `shared` section.
    let shared: (UInt64, UInt64)

    /// How many bytes both salts have together.
    public static let byteCount = 32
    /// How many bytes the salt of one section has.
    public static let sectionByteCount = 16

    init(own: (UInt64, UInt64), shared: (UInt64, UInt64)) {
        self.own = own
        self.shared = shared
    }

    /// Makes the salts from exactly 32 bytes, those of the `own` section first, or `nil`.
    public init?(_ bytes: [UInt8]) {
        guard let value = LedgerHash(bytes) else { return nil }
        self.init(
            own: (value.words.0, value.words.1),
            shared: (value.words.2, value.words.3)
        )
    }

    /// The salt of the `own` section.
    public var ownBytes: [UInt8] { SectionSalts.bytes(own) }
    /// The salt of the `shared` section.
    public var sharedBytes: [UInt8] { SectionSalts.bytes(shared) }

    /// The salts as they are told of a stored entry: with zeros for the one with which what is
    /// personal could be guessed at, if that was taken out.
    package func told(of entry: RawSpan) throws(EntryLogError) -> SectionSalts {
        let header = try EntryHeader(entry)
        guard header.isRedacted else { return self }
        return header.kind.isEvent
            ? SectionSalts(own: own, shared: (0, 0)) : SectionSalts(own: (0, 0), shared: shared)
    }

    /// Whether both salts are the same.
    public static func == (left: SectionSalts, right: SectionSalts) -> Bool {
        left.own == right.own && left.shared == right.shared
    }

    /// Mixes the salts into `hasher`.
    public func hash(into hasher: inout Hasher) { hasher.combine(own.0) }

    private static func bytes(_ salt: (UInt64, UInt64)) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 16)
        buffer.append(salt.0)
        buffer.append(salt.1)
        return buffer.takeBytes()
    }
}

/// Hashes entries to leaves of the tree.
///
/// A leaf is SHA-256(0x00, header, own commitment, shared commitment). A commitment is SHA-256(salt,
/// section); from version 3 on, that of the section with what is personal is SHA-256(count,
/// SHA-256(salt, person), SHA-256(salt, text), rest), where the hash of a text that is not there is
/// left out and not counted. So a published tree can not be searched by guessing, a section can be
/// opened without the other, and what is personal can be taken out of a section.
/// Any thread may use one; it holds nothing that changes.
public struct LeafHasher: Sendable {
    private let secret: LedgerSecret
    /// `headroom salt 1` in 15 bytes behind one that is not hashed.
    private let label: (UInt64, UInt64)

    /// Makes a hasher for the ledger that has this secret.
    public init(secret: LedgerSecret) {
        self.secret = secret
        let text = [0] + Array("headroom salt 1".utf8)
        label = (text.span.rawBytes.word(at: 0), text.span.rawBytes.word(at: 8))
    }

    /// The salts of the entry with this number: the halves of SHA-256("headroom salt 1", secret,
    /// number), which is one block.
    public func salts(of number: EntryNumber) -> SectionSalts {
        let input: InlineArray<7, UInt64> = [
            label.0.littleEndian, label.1.littleEndian,
            secret.words.0.littleEndian, secret.words.1.littleEndian,
            secret.words.2.littleEndian, secret.words.3.littleEndian,
            number.rawValue.littleEndian,
        ]
        let words = sha256(input.span.rawBytes.extracting(1..<56)).words
        return SectionSalts(own: (words.0, words.1), shared: (words.2, words.3))
    }

    /// The leaf of an entry's bytes, as a batch holds them.
    ///
    /// Reads the header and lengths only; that the bytes decode is not checked here.
    public func leaf(of entry: RawSpan) throws(EntryLogError) -> LedgerHash {
        try input(of: entry).leaf
    }

    /// What the leaf of an entry's canonical bytes is the hash of: what may be published of it.
    ///
    /// Reads the header only; that the bytes decode is not checked here.
    public func input(of entry: RawSpan) throws(EntryLogError) -> LeafInput {
        let header = try EntryHeader(entry)
        return try LeafInput(of: entry, header, salts: salts(of: header.number))
    }

    /// The leaf of an entry's bytes, as a batch holds them, under the salts that were told with it.
    ///
    /// For who has an entry and not the ledger's secret. Reads the header and lengths only.
    public static func leaf(
        of entry: RawSpan,
        salts: SectionSalts
    ) throws(EntryLogError) -> LedgerHash {
        try LeafInput(of: entry, try EntryHeader(entry), salts: salts).leaf
    }

    /// The leaf of a header whose sections are known by their commitments only.
    ///
    /// `header` must have ``EntryHeader/byteCount`` bytes.
    public static func leaf(
        header: RawSpan,
        own: LedgerHash,
        shared: LedgerHash
    ) -> LedgerHash {
        LeafInput(header: header, own: own, shared: shared).leaf
    }

    /// What stands in the leaf for a section with a salt of ``SectionSalts/sectionByteCount`` bytes.
    public static func commitment(to section: RawSpan, salt: [UInt8]) -> LedgerHash {
        precondition(
            salt.count == SectionSalts.sectionByteCount,
            "a section's salt has its length"
        )
        return sha256(salt.span.rawBytes, section)
    }

    /// What stands in the leaf for a section that begins with what is personal, with a salt of
    /// ``SectionSalts/sectionByteCount`` bytes.
    ///
    /// Of bytes that no such section has it is what no leaf has.
    static func commitment(toPersonal section: RawSpan, salt: [UInt8]) -> LedgerHash {
        let count = section.byteCount
        let personCount = count > 0 ? 1 + Int(section.number(at: 0, as: UInt8.self)) : 1
        guard personCount < count else { return .zero }
        let textCount = 1 + Int(section.number(at: personCount, as: UInt8.self))
        guard personCount + textCount <= count else { return .zero }
        let text = section.extracting(personCount..<personCount + textCount)
        let personal = PersonalCommitment(
            person: commitment(to: section.extracting(first: personCount), salt: salt),
            text: textCount > 1 ? commitment(to: text, salt: salt) : nil
        )
        return personal.commitment(with: section.extracting(droppingFirst: personCount + textCount))
    }

    static func commitment(_ salt: (UInt64, UInt64), _ section: RawSpan) -> LedgerHash {
        let prefix: InlineArray<2, UInt64> = [salt.0.littleEndian, salt.1.littleEndian]
        return sha256(prefix.span.rawBytes, section)
    }
}
