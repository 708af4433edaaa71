// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// The canonical encoding of entries, version 2 (docs/reference/log-format.md).
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
        let start = buffer.byteCount
        do throws(EntryLogError) {
            try append(entry, to: &buffer, at: start)
        } catch {
            buffer.truncate(to: start)
            throw error
        }
    }

    /// Reads an entry from exactly its bytes.
    ///
    /// Throws `corrupt` for bytes that ``encode(_:into:)`` would not write, whatever they are, and
    /// `newerFormat`, `olderFormat` or `unknownNumber` for those of another version. What it
    /// returns encodes to the same bytes.
    public static func decode(_ bytes: RawSpan) throws(EntryLogError) -> Entry {
        var action = 0..<0
        return try decode(bytes, action: &action)
    }

    /// Reads an entry from exactly its bytes, and says where in them its operation's content stands.
    ///
    /// `action` is set to the place of what ``ActionCodec/contentBytes(of:)`` gives for it; of an
    /// entry that is no operation it is left alone. Throws what ``decode(_:)`` does.
    public static func decode(
        _ bytes: RawSpan,
        action: inout Range<Int>
    ) throws(EntryLogError) -> Entry {
        let header = try EntryHeader(bytes)
        let place = LogPlace.entry(header.number)
        let ownEnd = EntryHeader.byteCount + header.ownByteCount
        var own = ByteReader(bytes.extracting(EntryHeader.byteCount..<ownEnd), place: place)
        var shared = ByteReader(bytes.extracting(ownEnd..<bytes.byteCount), place: place)
        let actor: Actor
        let content: EntryContent
        switch header.kind {
        case .expiry:
            content = .expiry(try own.expiry(at: header.number))
            actor = try shared.actor()
        case .breach, .cure, .threshold:
            actor = try shared.actor()
            content = .limit(try shared.limitEvent(of: header.kind))
        default:
            actor = try own.actor()
            content = .operation(try operation(header, &own, &shared, &action))
        }
        guard own.isAtEnd, shared.isAtEnd else {
            throw own.malformed("there are bytes behind its last field")
        }
        return Entry(
            number: header.number,
            time: header.time,
            actor: actor,
            rulebook: header.rulebook,
            content: content
        )
    }

    /// Reads an operation whose `shared` section is not told: in its outcome 0 stands for each
    /// number of a limit, and there are no gaps.
    ///
    /// Throws what ``decode(_:)`` does.
    static func operation(
        _ header: EntryHeader,
        ownAlone bytes: RawSpan
    ) throws(EntryLogError) -> (actor: Actor, record: OperationRecord) {
        // Of gaps, which are the only thing there of variable length, only the count is stood for.
        let count =
            header.kind == .attestInstalled
            ? min(2, header.sharedByteCount) : header.sharedByteCount
        let standIn = [UInt8](repeating: 0, count: count)
        let place = LogPlace.entry(header.number)
        var own = ByteReader(bytes, place: place)
        var shared = ByteReader(standIn.span.rawBytes, place: place)
        var action = 0..<0
        let actor = try own.actor()
        let record = try operation(header, &own, &shared, &action)
        guard own.isAtEnd, shared.isAtEnd else {
            throw own.malformed("there are bytes behind its last field")
        }
        return (actor, record)
    }

    private static func append(
        _ entry: Entry,
        to buffer: inout ByteBuffer,
        at start: Int
    ) throws(EntryLogError) {
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
            try buffer.append(entry.actor)
            try buffer.append(record.id, "operation")
            kind = EntryKind(of: record.action)
            guard record.action.namesEarlierEntries(than: entry.number) else {
                throw .notEncodable(what: "it corrects a later entry")
            }
            try buffer.append(record.action, kind)
            try buffer.appendOwn(record.outcome, of: record.action, at: entry.number)
            ownEnd = buffer.byteCount
            try buffer.appendShared(record.outcome)
        case .expiry(let expiry):
            kind = .expiry
            try buffer.append(expiry, at: entry.number)
            ownEnd = buffer.byteCount
            // Not in the section of whose hold it was: who brought the time is someone else.
            try buffer.append(entry.actor)
        case .limit(let event):
            kind = EntryKind(of: event.change)
            ownEnd = buffer.byteCount
            // The numbers are everyone's who draws on the limit.
            try buffer.append(entry.actor)
            try buffer.append(event)
        }
        let byteCount = buffer.byteCount - start
        guard byteCount <= maximumByteCount else { throw .entryTooLarge(byteCount: byteCount) }
        buffer.overwriteHeader(of: entry, kind, at: start, ownEnd: ownEnd)
    }

    private static func operation(
        _ header: EntryHeader,
        _ own: inout ByteReader,
        _ shared: inout ByteReader,
        _ place: inout Range<Int>
    ) throws(EntryLogError) -> OperationRecord {
        let id: OperationIdentifier = try own.identifier("operation")
        let start = EntryHeader.byteCount + own.offset
        let action = try own.action()
        place = start..<EntryHeader.byteCount + own.offset
        guard EntryKind(of: action) == header.kind else {
            throw own.malformed("its kind is not that of its content")
        }
        guard action.namesEarlierEntries(than: header.number) else {
            throw own.malformed("it corrects a later entry")
        }
        let outcome = try own.outcome(of: action, at: header.number, shared: &shared)
        return OperationRecord(id: id, action: action, outcome: outcome)
    }
}

extension Action {
    /// Whether an entry that it names by number stands in front of this one.
    fileprivate func namesEarlierEntries(than number: EntryNumber) -> Bool {
        guard case .correct(let correction) = self, case .entry(let entry) = correction.target
        else { return true }
        return entry < number
    }
}

/// The canonical bytes of what an operation asks, without who asked, when and under which id.
public enum ActionCodec {
    /// The bytes: the number of the kind, then its fields, as they stand in the `own` section.
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
            try buffer.append(action, EntryKind(of: action))
        } catch {
            buffer.truncate(to: start)
            throw error
        }
        let byteCount = buffer.byteCount - start
        guard byteCount <= EntryCodec.maximumByteCount - EntryHeader.byteCount else {
            buffer.truncate(to: start)
            throw .entryTooLarge(byteCount: byteCount)
        }
    }
}
