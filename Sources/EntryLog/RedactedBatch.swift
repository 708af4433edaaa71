// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// A batch that is in a log, without what is personal in some of its entries: to be stored in its
/// place.
///
/// Number, order and leaves of the entries are the same, so the tree is, and the chain of batches.
public struct RedactedBatch: Sendable {
    /// Header and entries: the bytes that a store keeps.
    public let bytes: [UInt8]
    /// The header, read.
    public let header: BatchHeader

    /// Takes what is personal out of entries of a batch, all of which must be in it.
    ///
    /// Entries that have been redacted before stay as they are. Throws `notEncodable` if the batch's
    /// framing or an entry is of a version that can not be redacted, and `corrupt` for bytes that no
    /// batch has.
    public init(
        _ batch: RawSpan,
        redacting entries: Set<EntryNumber>,
        hasher: LeafHasher
    ) throws(EntryLogError) {
        var header = try BatchReader.check(batch)
        guard header.format >= 2 else {
            throw .notEncodable(what: "the batch is of a format that can not be redacted")
        }
        var buffer = ByteBuffer(capacity: batch.byteCount)
        buffer.appendZeros(BatchHeader.byteCount)
        var missing = entries
        try BatchReader.forEachEntry(in: batch) { number, entry throws(EntryLogError) in
            let start = buffer.byteCount
            buffer.append(UInt16(entry.byteCount))
            if missing.remove(number) != nil {
                try buffer.append(redacting: entry, hasher)
                let count = buffer.byteCount - start - ByteBuffer.frameByteCount
                // Hashes in the place of a short name can make an entry longer.
                guard let count = UInt16(exactly: count) else {
                    throw .entryTooLarge(byteCount: count)
                }
                buffer.overwrite(at: start, count)
            } else {
                buffer.append(entry)
            }
            return .next
        }
        guard missing.isEmpty else {
            throw .corrupt(at: .batch(header.first), what: "an entry to be redacted is not in it")
        }
        header.bodyByteCount = buffer.byteCount - BatchHeader.byteCount
        guard header.bodyByteCount <= BatchHeader.maximumBodyByteCount else { throw .batchFull }
        self.header = header.write(over: &buffer)
        bytes = buffer.takeBytes()
    }
}

extension ByteBuffer {
    /// Appends an entry without what is personal in it.
    fileprivate mutating func append(
        redacting entry: RawSpan,
        _ hasher: LeafHasher
    ) throws(EntryLogError) {
        let header = try EntryHeader(entry)
        guard header.canBeRedacted else {
            throw .notEncodable(
                what: "entry \(header.number) is of a version that can not be redacted"
            )
        }
        guard !header.isRedacted else { return append(entry) }
        let parts = try EntryParts(entry, header)
        let salts = hasher.salts(of: header.number)
        let isEvent = header.kind.isEvent
        let personal = PersonalCommitment(
            entry,
            parts,
            header,
            isEvent ? salts.shared : salts.own
        )
        let start = byteCount
        append(entry.extracting(first: EntryHeader.byteCount))
        let closed: ClosedParts = personal.text == nil ? .person : [.person, .text]
        overwrite(at: start, header.version | closed.rawValue)
        if isEvent { append(entry.extracting(parts.own)) }
        append(personal.person)
        if let text = personal.text { append(text) }
        append(entry.extracting(isEvent ? parts.shared : parts.own))
        if !isEvent { append(entry.extracting(parts.shared)) }
    }
}
