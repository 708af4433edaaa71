// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// A section of an entry: opened, or known by its commitment only.
public enum DisclosedSection: Hashable, Sendable {
    /// Its bytes, and the salt with which they give the commitment.
    case opened(bytes: [UInt8], salt: [UInt8])
    /// What stands for it in the leaf.
    case committed(LedgerHash)

    /// What stands for it in the leaf.
    public var commitment: LedgerHash {
        switch self {
        case .opened(let bytes, let salt):
            LeafHasher.commitment(to: bytes.span.rawBytes, salt: salt)
        case .committed(let hash): hash
        }
    }

    /// Its bytes, where it is opened.
    public var bytes: [UInt8]? {
        guard case .opened(let bytes, _) = self else { return nil }
        return bytes
    }
}

/// An entry of which each section is opened or not: its leaf is the same either way.
public struct DisclosedEntry: Hashable, Sendable {
    /// The header, which is never hidden, in ``EntryHeader/byteCount`` bytes.
    public let headerBytes: [UInt8]
    /// What the operation's owner may see.
    public let own: DisclosedSection
    /// What belongs to others too, or to others only.
    public let shared: DisclosedSection

    /// Puts an entry together from its parts.
    ///
    /// Nothing is checked but the lengths that ``leaf`` needs: a header has
    /// ``EntryHeader/byteCount`` bytes and a salt ``SectionSalts/sectionByteCount``.
    public init(headerBytes: [UInt8], own: DisclosedSection, shared: DisclosedSection) {
        precondition(
            headerBytes.count == EntryHeader.byteCount,
            "an entry is disclosed with its whole header"
        )
        self.headerBytes = headerBytes
        self.own = own
        self.shared = shared
    }

    /// Discloses an entry's canonical bytes: the sections named are opened.
    ///
    /// Reads the header only, and throws what that throws.
    public init(
        _ entry: [UInt8],
        salts: SectionSalts,
        opening: EntrySections
    ) throws(EntryLogError) {
        let header = try EntryHeader(entry.span.rawBytes)
        let ownEnd = EntryHeader.byteCount + header.ownByteCount
        let own = DisclosedSection.opened(
            bytes: Array(entry[EntryHeader.byteCount..<ownEnd]),
            salt: salts.ownBytes
        )
        let shared = DisclosedSection.opened(
            bytes: Array(entry[ownEnd...]),
            salt: salts.sharedBytes
        )
        self.init(
            headerBytes: Array(entry[..<EntryHeader.byteCount]),
            own: opening.contains(.own) ? own : .committed(own.commitment),
            shared: opening.contains(.shared) ? shared : .committed(shared.commitment)
        )
    }

    /// The entry's leaf of the tree.
    public var leaf: LedgerHash {
        LeafHasher.leaf(
            header: headerBytes.span.rawBytes,
            own: own.commitment,
            shared: shared.commitment
        )
    }

    /// What the header and the opened sections tell.
    ///
    /// Throws, as ``EntryCodec/decode(_:)`` does, for bytes that no entry has.
    public func reading() throws(EntryLogError) -> EntryReading {
        let header = try EntryHeader(alone: headerBytes.span.rawBytes)
        try require(own, header.ownByteCount, header)
        try require(shared, header.sharedByteCount, header)
        guard let own = own.bytes else { return EntryReading(header) }
        if let shared = shared.bytes {
            let bytes = headerBytes + own + shared
            return EntryReading(header, try EntryCodec.decode(bytes.span.rawBytes))
        }
        switch header.kind {
        case .expiry:
            var reader = ByteReader(own.span.rawBytes, place: .entry(header.number))
            let expiry = try reader.expiry(at: header.number)
            guard reader.isAtEnd else {
                throw reader.malformed("there are bytes behind its last field")
            }
            return EntryReading(header, actor: nil, .expiry(expiry))
        case .breach, .cure, .threshold: return EntryReading(header)
        default:
            let (actor, record) = try EntryCodec.operation(header, ownAlone: own.span.rawBytes)
            return EntryReading(header, actor: actor, .operation(record))
        }
    }

    private func require(
        _ section: DisclosedSection,
        _ byteCount: Int,
        _ header: EntryHeader
    ) throws(EntryLogError) {
        guard section.bytes?.count ?? byteCount == byteCount else {
            throw .corrupt(at: .entry(header.number), what: "its lengths do not fit its bytes")
        }
    }
}

/// What is known of an entry of which perhaps not every section is opened.
public struct EntryReading: Hashable, Sendable {
    /// Its header.
    public let header: EntryHeader
    /// Who acted, where that is told.
    public let actor: Actor?
    /// What it says, where that is told.
    ///
    /// Unless ``tellsShared``, 0 stands in it for each number of a limit that was tested, and an
    /// attestation has no gaps.
    public let content: EntryContent?
    /// Whether the section `shared` is told too.
    public let tellsShared: Bool

    /// Only the header is known.
    init(_ header: EntryHeader) {
        self.header = header
        actor = nil
        content = nil
        tellsShared = false
    }

    /// All is known.
    init(_ header: EntryHeader, _ entry: Entry) {
        self.header = header
        actor = entry.actor
        content = entry.content
        tellsShared = true
    }

    /// The header and the section `own` are known.
    init(_ header: EntryHeader, actor: Actor?, _ content: EntryContent) {
        self.header = header
        self.actor = actor
        self.content = content
        tellsShared = false
    }

    /// The entry, where it is told who did what.
    public var entry: Entry? {
        guard let actor, let content else { return nil }
        return Entry(
            number: header.number,
            time: header.time,
            actor: actor,
            rulebook: header.rulebook,
            content: content
        )
    }
}
