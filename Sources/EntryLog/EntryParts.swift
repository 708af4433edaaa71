// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What is personal in an entry, as far as it was taken out of the bytes that a batch holds.
///
/// The two highest bits of the first byte, which are in no header that is hashed or told.
struct ClosedParts: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// Who acted; closed in every redacted entry.
    static let person = ClosedParts(rawValue: 0x80)
    /// The free text, of an entry that has one.
    static let text = ClosedParts(rawValue: 0x40)
    /// The bits.
    static let mask: UInt8 = 0xc0

    /// Whether an entry can be stored so: what is personal is taken out as a whole.
    var isForm: Bool { self != .text }
}

/// Where the parts of an entry stand in the bytes that a batch holds.
///
/// From version 3 on the section that tells who acted (`own` of an operation, `shared` of an event)
/// begins with what is personal: the person, then the free text, each after its length in one byte.
/// Of a redacted entry the commitments to them stand in their place.
struct EntryParts {
    /// The person after its length, or its commitment; empty before version 3.
    private(set) var person: Range<Int>
    /// The text after its length, or its commitment; empty before version 3, and of a redacted entry
    /// without a text.
    private(set) var text: Range<Int>
    /// The section `own` without what is personal.
    private(set) var own: Range<Int>
    /// The section `shared` without what is personal.
    private(set) var shared: Range<Int>

    /// Finds the parts of an entry whose header was read from the same bytes.
    init(_ entry: RawSpan, _ header: EntryHeader) throws(EntryLogError) {
        let begin = EntryHeader.byteCount
        let end = entry.byteCount
        let isEvent = header.kind.isEvent
        // Of a redacted entry the section with what is personal has another length than it tells.
        let ownEnd = isEvent ? begin + header.ownByteCount : end - header.sharedByteCount
        guard ownEnd >= begin, ownEnd <= end else { throw EntryParts.misfit(header) }
        own = begin..<ownEnd
        shared = ownEnd..<end
        let section = isEvent ? shared : own
        person = section.lowerBound..<section.lowerBound
        text = person
        guard header.version >= 3 else { return }
        if header.isRedacted {
            let count = LedgerHash.byteCount
            let textCount = header.closed.contains(.text) ? count : 0
            person = section.lowerBound..<section.lowerBound + count
            text = person.upperBound..<person.upperBound + textCount
        } else {
            person = try EntryParts.counted(entry, from: section.lowerBound, to: section, header)
            text = try EntryParts.counted(entry, from: person.upperBound, to: section, header)
        }
        guard text.upperBound <= section.upperBound else { throw EntryParts.misfit(header) }
        let plain = text.upperBound..<section.upperBound
        if header.isRedacted {
            // As many bytes as a person and a text may have.
            let told = isEvent ? header.sharedByteCount : header.ownByteCount
            let least = header.closed.contains(.text) ? 4 : 3
            guard (least...EntryParts.maximumPersonalByteCount).contains(told - plain.count) else {
                throw EntryParts.misfit(header)
            }
        }
        if isEvent { shared = plain } else { own = plain }
    }

    /// Finds the parts of the section `own` of an operation, which stands alone and is not redacted.
    init(own section: RawSpan, of header: EntryHeader) throws(EntryLogError) {
        let whole = 0..<section.byteCount
        person = try EntryParts.counted(section, from: 0, to: whole, header)
        text = try EntryParts.counted(section, from: person.upperBound, to: whole, header)
        own = text.upperBound..<whole.upperBound
        shared = whole.upperBound..<whole.upperBound
    }

    /// The most bytes of what is personal: an identifier and a text, each after its length.
    private static let maximumPersonalByteCount = 1 + 64 + 1 + Reservation.maximumTextByteCount

    /// Whether there is a free text.
    var hasText: Bool { text.count > 1 }

    /// Bytes after their number, number included.
    private static func counted(
        _ entry: RawSpan,
        from start: Int,
        to section: Range<Int>,
        _ header: EntryHeader
    ) throws(EntryLogError) -> Range<Int> {
        guard start < section.upperBound else { throw misfit(header) }
        let count = 1 + Int(entry.number(at: start, as: UInt8.self))
        guard count <= section.upperBound - start else { throw misfit(header) }
        return start..<start + count
    }

    private static func misfit(_ header: EntryHeader) -> EntryLogError {
        .corrupt(at: .entry(header.number), what: "its lengths do not fit its bytes")
    }
}
