// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// What stands for the personal parts of a section: all that is left of them once they are taken out.
public struct PersonalCommitment: Hashable, Sendable {
    /// SHA-256(salt, the person after its length).
    public let person: LedgerHash
    /// SHA-256(salt, the text after its length), if there is a text.
    public let text: LedgerHash?

    /// Makes one of its hashes.
    public init(person: LedgerHash, text: LedgerHash?) {
        self.person = person
        self.text = text
    }

    /// That of an entry of version 3 or later, as a batch holds it.
    init(_ entry: RawSpan, _ parts: EntryParts, _ header: EntryHeader, _ salt: (UInt64, UInt64)) {
        func hash(_ range: Range<Int>) -> LedgerHash {
            header.isRedacted
                ? LedgerHash(entry, at: range.lowerBound)
                : LeafHasher.commitment(salt, entry.extracting(range))
        }
        person = hash(parts.person)
        text = parts.hasText ? hash(parts.text) : nil
    }

    /// What stands in the leaf for the section, the rest of which these bytes are.
    public func commitment(with rest: RawSpan) -> LedgerHash {
        let words = person.words
        // The last byte of the first word counts the hashes.
        guard let text = text?.words else {
            let input: InlineArray<5, UInt64> = [
                UInt64(1 << 56).littleEndian,
                words.0.littleEndian, words.1.littleEndian,
                words.2.littleEndian, words.3.littleEndian,
            ]
            return sha256(input.span.rawBytes.extracting(7..<40), rest)
        }
        let input: InlineArray<9, UInt64> = [
            UInt64(2 << 56).littleEndian,
            words.0.littleEndian, words.1.littleEndian,
            words.2.littleEndian, words.3.littleEndian,
            text.0.littleEndian, text.1.littleEndian,
            text.2.littleEndian, text.3.littleEndian,
        ]
        return sha256(input.span.rawBytes.extracting(7..<72), rest)
    }
}

extension LeafHasher {
    /// What stands for a free text in the entry of an operation, once it is taken out: to tell whether
    /// somebody who asks again asks the same.
    public func commitment(toText text: String, of number: EntryNumber) -> LedgerHash {
        var buffer = ByteBuffer(capacity: 256)
        buffer.appendCounted(text.utf8.span.rawBytes)
        return LeafHasher.commitment(salts(of: number).own, buffer.bytes)
    }
}
