// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// The canonical encoding of entries, version 3 (docs/reference/log-format.md); version 2 is read too.
///
/// Every entry has exactly one encoding, and every encoding that is accepted is one: numbers have a
/// fixed width, texts a length in front, and what is absent one form. An entry is a header, the
/// section `own` (who acted, what was asked, what was decided, which limits were tested) and the
/// section `shared` (the numbers of those limits, which others draw on too).
public enum EntryCodec {
    /// The most bytes that an entry may have.
    public static let maximumByteCount = 65_535

    /// Appends an entry's bytes to `buffer`; if it throws, `buffer` is as it was.
    ///
    /// Throws `entryTooLarge`, or `notEncodable` for a value that no entry may hold: a text of the
    /// wrong shape, an amount out of range, an outcome that does not fit the operation.
    public static func encode(
        _ entry: Entry,
        into buffer: inout ByteBuffer
    ) throws(EntryLogError) {
        try encode(entry, into: &buffer, version: EntryHeader.encodingVersion)
    }

    /// Appends the bytes that an entry has in a version that this code reads, as ``encode(_:into:)``
    /// does.
    package static func encode(
        _ entry: Entry,
        into buffer: inout ByteBuffer,
        version: UInt8
    ) throws(EntryLogError) {
        let start = buffer.byteCount
        do throws(EntryLogError) {
            try append(entry, to: &buffer, at: start, version: version)
        } catch {
            buffer.truncate(to: start)
            throw error
        }
    }

    /// Reads an entry from exactly its bytes.
    ///
    /// Throws `corrupt` for bytes that ``encode(_:into:)`` would not write, whatever they are, and
    /// `newerFormat`, `olderFormat` or `unknownNumber` for those of another version. What it
    /// returns encodes to the same bytes in the version that they have, unless the entry is redacted.
    public static func decode(_ bytes: RawSpan) throws(EntryLogError) -> Entry {
        var places = EntryPlaces()
        return try decode(bytes, places: &places)
    }

    /// Reads an entry from exactly its bytes, and says where in them its operation's content stands.
    ///
    /// Of an entry that is no operation `places` is left alone. Throws what ``decode(_:)`` does.
    public static func decode(
        _ bytes: RawSpan,
        places: inout EntryPlaces
    ) throws(EntryLogError) -> Entry {
        let header = try EntryHeader(bytes)
        let place = LogPlace.entry(header.number)
        let parts = try EntryParts(bytes, header)
        let personal = try PersonalPart(bytes, parts, header)
        var own =
            header.version >= 3
            ? ByteReader(bytes.extracting(parts.own), place: place, text: personal?.text)
            : ByteReader(bytes.extracting(parts.own), place: place)
        var shared = ByteReader(bytes.extracting(parts.shared), place: place)
        let actor: Actor
        let content: EntryContent
        guard !header.kind.isEvent || personal?.text == nil else {
            throw own.malformed("an event has a text")
        }
        switch header.kind {
        case .expiry:
            content = .expiry(try own.expiry(at: header.number))
            actor = try shared.actor(personal)
        case .breach, .cure, .threshold:
            actor = try shared.actor(personal)
            content = .limit(try shared.limitEvent(of: header.kind))
        default:
            actor = try own.actor(personal)
            content = .operation(try operation(header, &own, &shared, &places))
            let start = parts.own.lowerBound
            places.content =
                start + places.content.lowerBound..<start + places.content.upperBound
            places.isInline = personal == nil
            if header.isRedacted, parts.hasText {
                places.closedText = LedgerHash(bytes, at: parts.text.lowerBound)
            } else {
                places.text = parts.text.dropFirst()
            }
        }
        guard own.isAtEnd, shared.isAtEnd else {
            throw own.malformed("there are bytes behind its last field")
        }
        return Entry(
            number: header.number,
            time: header.time,
            actor: actor,
            rulebook: header.rulebook,
            content: content,
            isRedacted: header.isRedacted
        )
    }

    /// Reads an operation whose `shared` section is not told: in its outcome 0 stands for each
    /// number of a limit, and there are no gaps.
    ///
    /// Throws what ``decode(_:)`` does.
    static func operation(
        _ header: EntryHeader,
        ownAlone bytes: RawSpan,
        _ personal: PersonalPart?
    ) throws(EntryLogError) -> (actor: Actor, record: OperationRecord) {
        // Of gaps, which are the only thing there of variable length, only the count is stood for.
        let count =
            header.kind == .attestInstalled
            ? min(2, header.sharedByteCount) : header.sharedByteCount
        let standIn = [UInt8](repeating: 0, count: count)
        let place = LogPlace.entry(header.number)
        var own =
            header.version >= 3
            ? ByteReader(bytes, place: place, text: personal?.text)
            : ByteReader(bytes, place: place)
        var shared = ByteReader(standIn.span.rawBytes, place: place)
        var places = EntryPlaces()
        let actor = try own.actor(personal)
        let record = try operation(header, &own, &shared, &places)
        guard own.isAtEnd, shared.isAtEnd else {
            throw own.malformed("there are bytes behind its last field")
        }
        return (actor, record)
    }

    private static func append(
        _ entry: Entry,
        to buffer: inout ByteBuffer,
        at start: Int,
        version: UInt8
    ) throws(EntryLogError) {
        guard !entry.isRedacted else {
            throw .notEncodable(what: "what is personal was taken out of it")
        }
        if let rulebook = entry.rulebook,
            rulebook > entry.number || rulebook.rawValue == EntryHeader.absent
        {
            throw .notEncodable(what: "its rulebook was adopted later")
        }
        buffer.appendZeros(EntryHeader.byteCount)
        let kind: EntryKind
        let ownEnd: Int
        switch entry.content {
        case .operation(let record):
            try buffer.append(entry.actor, text: record.action.freeText, version: version)
            try buffer.append(record.id, "operation")
            kind = EntryKind(of: record.action)
            guard version >= kind.oldestVersion else {
                throw .notEncodable(what: "its kind is younger than its encoding")
            }
            guard record.action.namesEarlierEntries(than: entry.number) else {
                throw .notEncodable(what: "it names a later entry")
            }
            try buffer.append(record.action, kind, text: version >= 3 ? .apart : .inline)
            try buffer.appendOwn(record.outcome, of: record.action, at: entry.number)
            ownEnd = buffer.byteCount
            try buffer.appendShared(record.outcome)
        case .expiry(let expiry):
            kind = .expiry
            try buffer.append(expiry, at: entry.number)
            ownEnd = buffer.byteCount
            // Not in the section of whose hold it was: who brought the time is someone else.
            try buffer.append(entry.actor, text: nil, version: version)
        case .limit(let event):
            kind = EntryKind(of: event.change)
            ownEnd = buffer.byteCount
            // The numbers are everyone's who draws on the limit.
            try buffer.append(entry.actor, text: nil, version: version)
            try buffer.append(event)
        }
        let byteCount = buffer.byteCount - start
        guard byteCount <= maximumByteCount else { throw .entryTooLarge(byteCount: byteCount) }
        buffer.overwriteHeader(of: entry, kind, at: start, ownEnd: ownEnd, version: version)
    }

    private static func operation(
        _ header: EntryHeader,
        _ own: inout ByteReader,
        _ shared: inout ByteReader,
        _ places: inout EntryPlaces
    ) throws(EntryLogError) -> OperationRecord {
        let id: OperationIdentifier = try own.identifier("operation")
        let start = own.offset
        let action = try own.action()
        places.content = start..<own.offset
        guard EntryKind(of: action) == header.kind else {
            throw own.malformed("its kind is not that of its content")
        }
        guard action.namesEarlierEntries(than: header.number) else {
            throw own.malformed("it names a later entry")
        }
        let outcome = try own.outcome(of: action, at: header.number, shared: &shared)
        return OperationRecord(id: id, action: action, outcome: outcome)
    }
}

extension Action {
    /// Whether an entry that it names by number stands in front of this one.
    fileprivate func namesEarlierEntries(than number: EntryNumber) -> Bool {
        switch self {
        case .correct(let correction):
            if case .entry(let entry) = correction.target { entry < number } else { true }
        case .legalHold(let hold):
            if case .place(.entry(let entry)) = hold.step { entry < number } else { true }
        case .redact(let redaction): redaction.entries.last.map { $0 < number } ?? true
        case .propose(let proposal): proposal.action.namesEarlierEntries(than: number)
        default: true
        }
    }
}

/// The canonical bytes of what an operation asks, without who asked, when and under which id.
public enum ActionCodec {
    /// The bytes: the number of the kind, then its fields, the free text among them.
    ///
    /// Two actions are the same content exactly when these bytes are the same. Throws
    /// `notEncodable` and `entryTooLarge` as ``EntryCodec/encode(_:into:)`` does.
    public static func contentBytes(of action: Action) throws(EntryLogError) -> [UInt8] {
        var buffer = ByteBuffer(capacity: 256)
        try append(action, to: &buffer)
        return buffer.takeBytes()
    }

    /// Reads back what ``contentBytes(of:)`` wrote.
    ///
    /// Throws `corrupt` or `unknownNumber` for bytes that it would not write.
    public static func action(of bytes: [UInt8]) throws(EntryLogError) -> Action {
        var reader = ByteReader(bytes.span.rawBytes, place: .bytes)
        let action = try reader.action()
        guard reader.isAtEnd else {
            throw reader.malformed("there are bytes behind its last field")
        }
        return action
    }

    /// Appends ``contentBytes(of:)`` to `buffer`; if it throws, `buffer` is as it was.
    public static func append(
        _ action: Action,
        to buffer: inout ByteBuffer
    ) throws(EntryLogError) {
        let start = buffer.byteCount
        do throws(EntryLogError) {
            try buffer.append(action, EntryKind(of: action), text: .inline)
        } catch {
            buffer.truncate(to: start)
            throw error
        }
        try checkLength(of: &buffer, from: start)
    }

    /// Appends the bytes without the free text, as they stand in the `own` section of an entry; if
    /// it throws, `buffer` is as it was.
    ///
    /// Throws what ``append(_:to:)`` does, but the text is not looked at.
    public static func appendApart(
        _ action: Action,
        to buffer: inout ByteBuffer
    ) throws(EntryLogError) {
        let start = buffer.byteCount
        do throws(EntryLogError) {
            try buffer.append(action, EntryKind(of: action), text: .apart)
        } catch {
            buffer.truncate(to: start)
            throw error
        }
        try checkLength(of: &buffer, from: start)
    }

    private static func checkLength(
        of buffer: inout ByteBuffer,
        from start: Int
    ) throws(EntryLogError) {
        let byteCount = buffer.byteCount - start
        guard byteCount <= EntryCodec.maximumByteCount - EntryHeader.byteCount else {
            buffer.truncate(to: start)
            throw .entryTooLarge(byteCount: byteCount)
        }
    }
}
