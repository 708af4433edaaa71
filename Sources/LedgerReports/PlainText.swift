// SPDX-License-Identifier: Apache-2.0

/// Text from outside as a report may show it: on one line, without control characters and without
/// marks that turn the direction of writing.
///
/// A party's name must not be able to move a terminal's cursor or to look like another one.
func plainText(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
    var shown = ""
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0x0a: shown += "\\n"
        case 0x0d: shown += "\\r"
        case 0x09: shown += "\\t"
        case 0x00...0x1f, 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069,
            0xfeff:
            shown += scalar.escaped(asASCII: true)
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// A text as the beginning of a sentence.
func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

/// How many columns of a terminal a text takes.
///
/// East Asian wide characters and emoji take two, combining marks none, everything else one
/// (Unicode Standard Annex 11, without its ambiguous class).
func displayWidth(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth($1) }
}

/// How many columns a character takes.
func displayWidth(_ character: Character) -> Int {
    var width = 0
    for scalar in character.unicodeScalars {
        switch scalar.value {
        // A joiner, the emoji style and a flag's letters make one wide picture of the whole.
        case 0x200d, 0xfe0f, 0x1f1e6...0x1f1ff: return 2
        default: width += displayWidth(scalar)
        }
    }
    return width
}

private func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    // The vowels and finals of Hangul join the syllable before them.
    case 0x1160...0x11ff: return 0
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
        0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
        0x1f680...0x1f6ff, 0x1f900...0x1faff, 0x20000...0x3fffd:
        return 2
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return 1
    }
}

/// A text in lines of at most `width` columns, broken at blanks and, where a word is longer than a
/// line, between characters.
///
/// Never empty: no text is one empty line. A character wider than the line stands alone.
func wrapped(_ text: String, width: Int) -> [String] {
    guard displayWidth(text) > width else { return [text] }
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ").map(String.init) {
        let length = displayWidth(word)
        if used > 0, used + 1 + length <= width {
            line += " " + word
            used += 1 + length
            continue
        }
        if used > 0 { lines.append(line) }
        (line, used) = ("", 0)
        for character in word {
            let step = displayWidth(character)
            if used > 0, used + step > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line.append(character)
            used += step
        }
    }
    if used > 0 || lines.isEmpty { lines.append(line) }
    return lines
}
