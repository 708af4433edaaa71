// SPDX-License-Identifier: Apache-2.0

/// Turns away YAML that could make a parser recurse or expand without bound, before one sees it.
///
/// The parser descends by recursion, and compares keys by walking them: deep nesting could run out
/// of stack, aliases of aliases could take exponential time. Rule files need neither. The scan does
/// not know strings from structure, so it asks a little more than YAML does: no word begins with
/// `&` or `*`, wherever it stands outside comment lines.
struct YAMLPrescan {
    static let maximumNesting = 32
    static let maximumIndentation = 100

    let bytes: [UInt8]
    let findings: FindingCollector

    /// Whether the text may be parsed; if not, the findings say why.
    func passes() -> Bool {
        var isSafe = true
        var place = Place.start
        var nesting = 0
        var indicators = 0
        var previous = UInt8(ascii: "\n")
        var isCommentLine = isComment(from: 0)
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\n")
            if !isCommentLine {
                nesting = nestingAfter(byte, nesting)
                indicators = indicatorsAfter(byte, next, indicators)
                if nesting > Self.maximumNesting || indicators > Self.maximumNesting
                    || (byte == UInt8(ascii: " ") && indentation(at: index, place))
                {
                    findings.add("found nesting that is too deep for a rule file", at: place)
                    return false
                }
                if let name = sharing(byte), isWord(next), !isWord(previous) {
                    findings.add(
                        "found a word that begins with \(name); expected values written out: "
                            + "anchors and aliases are not used, and text begins no word so",
                        at: place
                    )
                    isSafe = false
                }
            }
            if byte == UInt8(ascii: "\n") {
                place = Place(line: place.line + 1, column: 1)
            } else if byte & 0xc0 != 0x80 {
                place = Place(line: place.line, column: place.column + 1)
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                isCommentLine = isComment(from: index + 1)
            }
            previous = byte
        }
        return isSafe
    }

    private func nestingAfter(_ byte: UInt8, _ nesting: Int) -> Int {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): nesting + 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): max(0, nesting - 1)
        default: nesting
        }
    }

    /// How many of the signs that open a list item, key or value stand in a row, whatever blanks
    /// and line ends lie between them.
    private func indicatorsAfter(_ byte: UInt8, _ next: UInt8, _ indicators: Int) -> Int {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
            isBlank(next) ? indicators + 1 : 0
        default: isBlank(byte) ? indicators : 0
        }
    }

    /// Whether this blank belongs to an indentation that is too wide.
    private func indentation(at index: Int, _ place: Place) -> Bool {
        guard place.column > Self.maximumIndentation, index >= place.column else { return false }
        return bytes[(index - place.column + 1)...index].allSatisfy { $0 == UInt8(ascii: " ") }
    }

    /// A line of nothing but a comment.
    ///
    /// One with a quote in it may end a text, and is looked at.
    private func isComment(from start: Int) -> Bool {
        let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard line.first(where: { $0 != UInt8(ascii: " ") }) == UInt8(ascii: "#") else {
            return false
        }
        return !line.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 > 0x7f }
    }

    private func sharing(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "&"): "&"
        case UInt8(ascii: "*"): "*"
        default: nil
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    /// Whether a byte can stand in the name of an anchor.
    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
