// SPDX-License-Identifier: Apache-2.0

/// The name of a key that signs notes (C2SP signed-note): not empty, without blanks and `+`.
///
/// Two names are one if their bytes are the same; no Unicode normalization.
public struct NoteKeyName: Hashable, Sendable {
    /// The name in UTF-8.
    public let utf8: [UInt8]

    /// Makes a name.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it can not be one.
    public init(_ text: String) throws(ProofError) { try self.init(utf8: Array(text.utf8)) }

    /// Makes a name from its bytes.
    ///
    /// - Throws: ``ProofError/malformed(_:found:expected:)`` if it can not be one.
    public init(utf8 bytes: some Collection<UInt8>) throws(ProofError) {
        let bytes = Array(bytes)
        guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
            text.unicodeScalars.allSatisfy({ scalar in
                scalar.value >= 0x20 && scalar != "+" && !scalar.properties.isWhitespace
            })
        else {
            throw .malformed(
                .keyName,
                found: "'\(shownNoteText(bytes))'",
                expected: "a name without blanks, '+' and control characters"
            )
        }
        utf8 = bytes
    }
}

extension NoteKeyName: CustomStringConvertible {
    /// The name.
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}

/// Bytes as a message may show them: on one line, without control characters, not too many.
func shownNoteText(_ bytes: some Collection<UInt8>) -> String {
    var shown = ""
    for scalar in String(decoding: bytes.prefix(100), as: UTF8.self).unicodeScalars {
        let isShown = scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value)
        shown += isShown ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return bytes.count > 100 ? shown + "..." : shown
}
