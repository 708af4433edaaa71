// SPDX-License-Identifier: Apache-2.0
import LedgerText

extension SignedNote {
    private static let newline = UInt8(ascii: "\n")
    /// An em dash and a blank, in UTF-8.
    private static let signaturePrefix: [UInt8] = [0xe2, 0x80, 0x94, 0x20]

    /// The note as it is stored and sent.
    public var bytes: [UInt8] {
        var bytes = text
        bytes.append(SignedNote.newline)
        for signature in signatures {
            bytes += SignedNote.signaturePrefix + signature.name.utf8 + [UInt8(ascii: " ")]
            let id = (0..<4).map { UInt8(truncatingIfNeeded: signature.keyID >> (24 - 8 * $0)) }
            Base64.append(id + signature.bytes, to: &bytes)
            bytes.append(SignedNote.newline)
        }
        return bytes
    }

    /// Reads a note and checks no signature.
    ///
    /// What it accepts ``bytes`` writes again.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it is no note.
    public init(_ bytes: [UInt8]) throws(ProofError) {
        guard bytes.count <= SignedNote.maximumByteCount else {
            throw .malformed(
                .note,
                found: "\(bytes.count) bytes",
                expected: "at most \(SignedNote.maximumByteCount)"
            )
        }
        guard let textEnd = SignedNote.textEnd(of: bytes) else {
            throw .malformed(
                .note,
                found: "no blank line with signatures under it",
                expected: "a text, a blank line, and one signature a line"
            )
        }
        let text = Array(bytes[..<textEnd])
        try SignedNote.check(text)
        var signatures: [NoteSignature] = []
        // The last line ends with a newline too, behind which is nothing.
        let lines = bytes[(textEnd + 1)...].split(
            separator: SignedNote.newline,
            omittingEmptySubsequences: false
        )
        guard lines.last?.isEmpty == true, lines.count > 1 else {
            throw .malformed(
                .note,
                found: "an end in the middle of a line",
                expected: "a newline at the end"
            )
        }
        guard lines.count - 1 <= SignedNote.maximumSignatureCount else {
            throw .malformed(
                .note,
                found: "\(lines.count - 1) signatures",
                expected: "at most \(SignedNote.maximumSignatureCount)"
            )
        }
        for line in lines.dropLast() { signatures.append(try SignedNote.signature(line)) }
        self.init(checked: text, signatures)
    }

    /// Where the text ends: behind the newline in front of the last blank line.
    private static func textEnd(of bytes: [UInt8]) -> Int? {
        var index = bytes.count - 1
        while index >= 1 {
            if bytes[index] == newline, bytes[index - 1] == newline { return index }
            index -= 1
        }
        return nil
    }

    private static func signature(_ line: ArraySlice<UInt8>) throws(ProofError) -> NoteSignature {
        let parts = line.dropFirst(signaturePrefix.count).split(
            separator: UInt8(ascii: " "),
            omittingEmptySubsequences: false
        )
        guard line.starts(with: signaturePrefix), parts.count == 2,
            let material = Base64.bytes(of: parts[1]), material.count > 4
        else {
            throw .malformed(
                .note,
                found: "'\(shownNoteText(line))'",
                expected: "a signature: an em dash, a name, and Base64, with one blank between"
            )
        }
        return NoteSignature(
            name: try NoteKeyName(utf8: parts[0]),
            keyID: material.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
            bytes: Array(material.dropFirst(4))
        )
    }

    /// Checks that bytes can be the text of a note.
    static func check(_ text: [UInt8]) throws(ProofError) {
        guard text.last == newline else {
            throw .malformed(
                .note,
                found: "a text that does not end with a newline",
                expected: "one"
            )
        }
        guard text.allSatisfy({ $0 >= 0x20 || $0 == newline }),
            String(validating: text, as: UTF8.self) != nil
        else {
            throw .malformed(
                .note,
                found: "control characters or broken UTF-8",
                expected: "lines of text in UTF-8"
            )
        }
    }
}
