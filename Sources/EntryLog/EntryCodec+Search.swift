// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

extension EntryCodec {
    /// Whether an entry's bytes say that they are of a kind; looks at one byte, whatever the others are.
    public static func isOfKind(_ kind: EntryKind, _ entry: RawSpan) -> Bool {
        entry.byteCount >= EntryHeader.byteCount
            && entry.number(at: EntryHeader.Offset.kind, as: UInt8.self) == kind.rawValue
    }

    /// Whether an entry's bytes are those of an operation of an id, whoever used it.
    ///
    /// Looks no further into the entry than to the id, to find an operation among millions. Throws
    /// what ``decode(_:)`` does, as far as it looks.
    public static func isOperation(
        _ entry: RawSpan,
        of id: OperationIdentifier
    ) throws(EntryLogError) -> Bool {
        let header = try EntryHeader(entry)
        switch header.kind {
        case .expiry, .breach, .cure, .threshold: return false
        default: break
        }
        let own = entry.extracting(try EntryParts(entry, header).own)
        var reader = ByteReader(own, place: .entry(header.number))
        _ = try reader.pass(Int(try reader.byte("organisation")), "organisation")
        if header.version < 3 { _ = try reader.pass(Int(try reader.byte("person")), "person") }
        _ = try reader.byte("role")
        let text = id.text.utf8
        guard Int(try reader.byte("operation")) == text.count else { return false }
        let start = try reader.pass(text.count, "operation")
        return text.enumerated().allSatisfy { own.number(at: start + $0) == $1 }
    }
}

extension EntryCodec {
    /// How many bytes the arithmetic of an operation on a hold has, at the end of `own`.
    private static let moveByteCount = 7 * 8

    /// Whether an entry can be of those that change a hold, or tried to; `false` is sure.
    ///
    /// Looks at the kind and at the number of the hold only, to find a few entries among millions.
    /// Throws what ``decode(_:)`` does, as far as it looks.
    public static func mayConcern(
        _ entry: RawSpan,
        hold: EntryNumber
    ) throws(EntryLogError) -> Bool {
        try holdConcerned(by: entry) == hold
    }

    /// The hold that an entry changes, or tried to change; `nil` of one that is about none.
    ///
    /// An operation that the ledger's policy refused names no hold by its number: of such a one this is
    /// any number, or `nil`. Looks no further into the entry. Throws what ``decode(_:)`` does, as far
    /// as it looks.
    public static func holdConcerned(by entry: RawSpan) throws(EntryLogError) -> EntryNumber? {
        let header = try EntryHeader(entry)
        let begin = EntryHeader.byteCount
        let offset: Int
        switch header.kind {
        case .expiry: offset = begin
        case .ship, .release, .extend, .giveBack, .retire, .revoke:
            // Of a redacted entry `own` has another length than its header tells.
            offset = entry.byteCount - header.sharedByteCount - moveByteCount
        default: return nil
        }
        // What the ledger's policy refused has no arithmetic, and may be shorter.
        guard offset >= begin, entry.byteCount - offset >= 8 else { return nil }
        return EntryNumber(rawValue: entry.word(at: offset))
    }
}
