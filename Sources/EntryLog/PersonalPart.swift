// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// What is personal in an entry of version 3 or later: who acted, and the free text of what was asked.
struct PersonalPart: Equatable {
    let person: PersonIdentifier
    let text: String?

    /// Reads it, or puts words in the place of what was taken out; `nil` of an older entry, whose
    /// person and text stand among the other fields.
    init?(_ entry: RawSpan, _ parts: EntryParts, _ header: EntryHeader) throws(EntryLogError) {
        guard header.version >= 3 else { return nil }
        guard !header.isRedacted else {
            person = .redacted
            text = parts.hasText ? Redaction.placeholder : nil
            return
        }
        let bytes = entry.extracting(parts.person.lowerBound..<parts.text.upperBound)
        var reader = ByteReader(bytes, place: .entry(header.number))
        person = try reader.identifier("person")
        text = try reader.optionalText("text")
    }

    /// What stands for a part that is not told.
    init(closed hasText: Bool) {
        person = .redacted
        text = hasText ? Redaction.placeholder : nil
    }
}
