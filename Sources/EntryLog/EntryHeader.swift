// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// The part of an entry that is never hidden: no personal data, 32 bytes, fixed width.
public struct EntryHeader: Hashable, Sendable {
    /// The version of the entry's encoding: ``oldestVersion`` to ``encodingVersion``.
    public let version: UInt8
    /// What is closed of the stored form that the header stands in front of.
    let closed: ClosedParts
    /// What the entry is about.
    public let kind: EntryKind
    /// The meaning by which it was decided.
    public let semanticsVersion: UInt16
    /// How many bytes its `own` section has.
    public let ownByteCount: Int
    /// How many bytes its `shared` section has.
    public let sharedByteCount: Int
    /// Its position.
    public let number: EntryNumber
    /// When it took effect.
    public let time: LedgerTime
    /// The entry that adopted the rulebook in force, or `nil`.
    public let rulebook: EntryNumber?

    /// How many bytes a header has.
    public static let byteCount = 32
    /// The version of the encoding that this code writes.
    public static let encodingVersion: UInt8 = 3
    /// The oldest version that this code reads.
    public static let oldestVersion: UInt8 = 2
    /// What stands for an absent 64-bit value.
    static let absent = UInt64.max

    /// Where the fields stand.
    enum Offset {
        static let version = 0
        static let kind = 1
        static let semanticsVersion = 2
        static let ownByteCount = 4
        static let sharedByteCount = 6
        static let number = 8
        static let time = 16
        static let rulebook = 24
    }

    /// Reads and checks the header of an entry's bytes, as a batch holds them, and that its lengths
    /// fit them.
    public init(_ entry: RawSpan) throws(EntryLogError) {
        guard entry.byteCount >= EntryHeader.byteCount else {
            throw .corrupt(at: .bytes, what: "an entry has \(entry.byteCount) bytes")
        }
        let first: UInt8 = entry.number(at: Offset.version)
        try self.init(
            entry.extracting(first: EntryHeader.byteCount),
            version: first & ~ClosedParts.mask,
            closed: ClosedParts(rawValue: first & ClosedParts.mask)
        )
        guard closed.isForm, isRedacted ? version >= 3 : byteCountOfEntry == entry.byteCount else {
            throw .corrupt(at: .entry(number), what: "its lengths do not fit its bytes")
        }
    }

    /// Whether what is personal was taken out of the bytes that it stands in front of.
    public var isRedacted: Bool { !closed.isEmpty }

    /// Whether the entry could be redacted, as far as its encoding goes.
    public var canBeRedacted: Bool { version >= 3 }

    /// Reads and checks a header whose sections are elsewhere, or not told.
    ///
    /// Throws `corrupt` unless there are exactly ``byteCount`` bytes.
    public init(alone entry: RawSpan) throws(EntryLogError) {
        guard entry.byteCount == EntryHeader.byteCount else {
            throw .corrupt(at: .bytes, what: "a header has \(entry.byteCount) bytes")
        }
        try self.init(entry, version: entry.number(at: Offset.version), closed: [])
    }

    private init(
        _ entry: RawSpan,
        version: UInt8,
        closed: ClosedParts
    ) throws(EntryLogError) {
        self.version = version
        self.closed = closed
        number = EntryNumber(rawValue: entry.word(at: Offset.number))
        let place = LogPlace.entry(number)
        try EntryHeader.checkVersions(version, entry, place)
        guard let kind = EntryKind(rawValue: entry.number(at: Offset.kind)) else {
            throw .unknownNumber(
                at: place,
                field: "kind",
                number: UInt64(entry.number(at: Offset.kind, as: UInt8.self))
            )
        }
        guard
            let time = LedgerTime(
                millisecondsSince1970: entry.number(at: Offset.time, as: Int64.self)
            )
        else { throw .corrupt(at: place, what: "its time is out of range") }
        let rulebook = entry.word(at: Offset.rulebook)
        guard rulebook == EntryHeader.absent || rulebook <= number.rawValue else {
            throw .corrupt(at: place, what: "its rulebook was adopted later")
        }
        guard version >= kind.oldestVersion else {
            throw .corrupt(at: place, what: "its kind is younger than its encoding")
        }
        self.kind = kind
        self.time = time
        self.rulebook =
            rulebook == EntryHeader.absent ? nil : EntryNumber(rawValue: rulebook)
        semanticsVersion = entry.number(at: Offset.semanticsVersion)
        ownByteCount = Int(entry.number(at: Offset.ownByteCount, as: UInt16.self))
        sharedByteCount = Int(entry.number(at: Offset.sharedByteCount, as: UInt16.self))
        guard byteCountOfEntry <= EntryCodec.maximumByteCount else {
            throw .corrupt(at: place, what: "its lengths do not fit its bytes")
        }
    }

    /// How many bytes the entry has.
    private var byteCountOfEntry: Int {
        EntryHeader.byteCount + ownByteCount + sharedByteCount
    }

    private static func checkVersions(
        _ version: UInt8,
        _ entry: RawSpan,
        _ place: LogPlace
    ) throws(EntryLogError) {
        let semantics: UInt16 = entry.number(at: Offset.semanticsVersion)
        guard version != 0, semantics != 0 else {
            throw .corrupt(at: place, what: "its version is 0")
        }
        try check(
            UInt64(version),
            from: UInt64(oldestVersion),
            to: UInt64(encodingVersion),
            place
        )
        let meaning = UInt64(Entry.semanticsVersion)
        try check(UInt64(semantics), from: meaning, to: meaning, place)
    }

    private static func check(
        _ found: UInt64,
        from oldest: UInt64,
        to newest: UInt64,
        _ place: LogPlace
    ) throws(EntryLogError) {
        guard found <= newest else {
            throw .newerFormat(at: place, found: found, supported: newest)
        }
        guard found >= oldest else {
            throw .olderFormat(at: place, found: found, supported: oldest)
        }
    }
}

extension ByteBuffer {
    /// Fills in the header of an entry that begins at `start` and whose sections are in place.
    mutating func overwriteHeader(
        of entry: borrowing Entry,
        _ kind: EntryKind,
        at start: Int,
        ownEnd: Int,
        version: UInt8
    ) {
        let ownByteCount = ownEnd - start - EntryHeader.byteCount
        let first =
            UInt64(version) << (8 * EntryHeader.Offset.version)
            | UInt64(kind.rawValue) << (8 * EntryHeader.Offset.kind)
            | UInt64(Entry.semanticsVersion) << (8 * EntryHeader.Offset.semanticsVersion)
            | UInt64(UInt16(ownByteCount)) << (8 * EntryHeader.Offset.ownByteCount)
            | UInt64(UInt16(byteCount - ownEnd)) << (8 * EntryHeader.Offset.sharedByteCount)
        overwrite(at: start, first)
        overwrite(at: start + EntryHeader.Offset.number, entry.number.rawValue)
        overwrite(at: start + EntryHeader.Offset.time, entry.time.millisecondsSince1970)
        overwrite(
            at: start + EntryHeader.Offset.rulebook,
            entry.rulebook?.rawValue ?? EntryHeader.absent
        )
    }
}
