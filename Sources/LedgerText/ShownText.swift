// SPDX-License-Identifier: Apache-2.0

/// Bytes as a message may show them: on one line, without control characters, and not much more
/// of them than a message has room for.
///
/// Broken UTF-8 shows as U+FFFD.
func shownText(_ bytes: ArraySlice<UInt8>) -> String {
    var shown = ""
    for scalar in String(decoding: bytes.prefix(400), as: UTF8.self).unicodeScalars {
        switch scalar.value {
        case 0x0a: shown += "\\n"
        case 0x0d: shown += "\\r"
        case 0x09: shown += "\\t"
        case 0x00...0x1f, 0x7f...0x9f, 0x2028, 0x2029, 0x200e, 0x200f, 0x202a...0x202e,
            0x2066...0x2069:
            shown += scalar.escaped(asASCII: true)
        default: shown.unicodeScalars.append(scalar)
        }
    }
    return shown
}

/// A byte as a message shows it: `0x1B`.
func shownByte(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.utf8.count < 2 ? "0" : "") + digits
}

/// A whole number with commas between groups of three digits, for a reader's eyes.
func grouped(_ number: Int) -> String {
    var text = ""
    let digits = String(number)
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}
