// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// A section of an entry: opened, or known by its commitment only.
public enum DisclosedSection: Hashable, Sendable {
    /// Its bytes, and the salt with which they give the commitment.
    case opened(bytes: [UInt8], salt: [UInt8])
    /// The same of a section that begins with what is personal, whose commitment is another.
    case personal(bytes: [UInt8], salt: [UInt8])
    /// Its bytes behind what is personal, and what is left of that.
    case redacted(PersonalCommitment, rest: [UInt8])
    /// What stands for it in the leaf.
    case committed(LedgerHash)

    /// Opens a section of an entry with this header, which need not be one that can be read.
    ///
    /// `isOwn` tells `own` from `shared`.
    public init(bytes: [UInt8], salt: [UInt8], isOwn: Bool, ofHeader header: [UInt8]) {
        var isPersonal = false
        do throws(EntryLogError) {
            let header = try EntryHeader(alone: header.span.rawBytes)
            isPersonal = header.version >= 3 && header.kind.isEvent != isOwn
        } catch {
            // What is wrong with it is told when the entry is read.
        }
        self =
            isPersonal
            ? .personal(bytes: bytes, salt: salt) : .opened(bytes: bytes, salt: salt)
    }

    /// What stands for it in the leaf.
    public var commitment: LedgerHash {
        switch self {
        case .opened(let bytes, let salt):
            LeafHasher.commitment(to: bytes.span.rawBytes, salt: salt)
        case .personal(let bytes, let salt):
            LeafHasher.commitment(toPersonal: bytes.span.rawBytes, salt: salt)
        case .redacted(let personal, let rest): personal.commitment(with: rest.span.rawBytes)
        case .committed(let hash): hash
        }
    }

    /// Its bytes as far as they are told, where it is opened.
    public var bytes: [UInt8]? {
        switch self {
        case .opened(let bytes, _), .personal(let bytes, _), .redacted(_, let bytes): bytes
        case .committed: nil
        }
    }

    /// Its salt, where that is told.
    public var salt: [UInt8]? {
        switch self {
        case .opened(_, let salt), .personal(_, let salt): salt
        case .redacted, .committed: nil
        }
    }

    /// What is left of what was personal in it, if that was taken out.
    public var redaction: PersonalCommitment? {
        if case .redacted(let personal, _) = self { personal } else { nil }
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

    /// Discloses an entry's bytes, as its batch holds them: the sections named are opened.
    ///
    /// Reads the header and lengths only, and throws what that throws.
    public init(
        _ entry: [UInt8],
        salts: SectionSalts,
        opening: EntrySections
    ) throws(EntryLogError) {
        let bytes = entry.span.rawBytes
        let header = try EntryHeader(bytes)
        let parts = try EntryParts(bytes, header)
        func section(_ rest: Range<Int>, isOwn: Bool) -> DisclosedSection {
            let salt = isOwn ? salts.ownBytes : salts.sharedBytes
            guard header.version >= 3, header.kind.isEvent != isOwn else {
                return .opened(bytes: Array(entry[rest]), salt: salt)
            }
            guard header.isRedacted else {
                let whole = parts.person.lowerBound..<rest.upperBound
                return .personal(bytes: Array(entry[whole]), salt: salt)
            }
            let personal = PersonalCommitment(bytes, parts, header, (0, 0))
            return .redacted(personal, rest: Array(entry[rest]))
        }
        let own = section(parts.own, isOwn: true)
        let shared = section(parts.shared, isOwn: false)
        var headerBytes = Array(entry[..<EntryHeader.byteCount])
        headerBytes[EntryHeader.Offset.version] = header.version
        self.init(
            headerBytes: headerBytes,
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
        if shared.bytes != nil {
            return EntryReading(header, try EntryCodec.decode(stored.span.rawBytes))
        }
        switch header.kind {
        case .expiry:
            var reader = ByteReader(own.span.rawBytes, place: .entry(header.number))
            let expiry = try reader.expiry(at: header.number)
            guard reader.isAtEnd else {
                throw reader.malformed("there are bytes behind its last field")
            }
            return EntryReading(header, actor: nil, .expiry(expiry), isRedacted: false)
        case .breach, .cure, .threshold: return EntryReading(header)
        default:
            let isRedacted = self.own.redaction != nil
            let (rest, personal) = try personalOwn(own, header)
            let (actor, record) = try EntryCodec.operation(
                header,
                ownAlone: rest.span.rawBytes,
                personal
            )
            return EntryReading(
                header,
                actor: actor,
                .operation(record),
                isRedacted: isRedacted
            )
        }
    }

    /// The bytes that a batch would hold of it; both sections are opened.
    private var stored: [UInt8] {
        var closed = ClosedParts()
        var bytes = headerBytes
        for section in [own, shared] {
            if let personal = section.redaction {
                closed = personal.text == nil ? .person : [.person, .text]
                bytes += personal.person.bytes + (personal.text?.bytes ?? [])
            }
            bytes += section.bytes ?? []
        }
        bytes[EntryHeader.Offset.version] |= closed.rawValue
        return bytes
    }

    /// The bytes of `own` behind what is personal in it, and the latter.
    private func personalOwn(
        _ bytes: [UInt8],
        _ header: EntryHeader
    ) throws(EntryLogError) -> (rest: [UInt8], personal: PersonalPart?) {
        guard header.version >= 3 else { return (bytes, nil) }
        if let personal = own.redaction {
            return (bytes, PersonalPart(closed: personal.text != nil))
        }
        let parts = try EntryParts(own: bytes.span.rawBytes, of: header)
        let personal = try PersonalPart(bytes.span.rawBytes, parts, header)
        return (Array(bytes[parts.own]), personal)
    }

    private func require(
        _ section: DisclosedSection,
        _ byteCount: Int,
        _ header: EntryHeader
    ) throws(EntryLogError) {
        guard let bytes = section.bytes else { return }
        let isWhole =
            section.redaction == nil ? bytes.count == byteCount : bytes.count < byteCount
        guard isWhole else {
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
    /// Whether what is personal was taken out of it.
    public let isRedacted: Bool

    /// Only the header is known.
    init(_ header: EntryHeader) {
        self.header = header
        actor = nil
        content = nil
        tellsShared = false
        isRedacted = false
    }

    /// All is known.
    init(_ header: EntryHeader, _ entry: Entry) {
        self.header = header
        actor = entry.actor
        content = entry.content
        tellsShared = true
        isRedacted = entry.isRedacted
    }

    /// The header and the section `own` are known.
    init(
        _ header: EntryHeader,
        actor: Actor?,
        _ content: EntryContent,
        isRedacted: Bool
    ) {
        self.header = header
        self.actor = actor
        self.content = content
        self.isRedacted = isRedacted
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
            content: content,
            isRedacted: isRedacted
        )
    }
}
