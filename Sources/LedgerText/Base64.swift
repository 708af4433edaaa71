// SPDX-License-Identifier: Apache-2.0

/// Bytes as text in Base64 (RFC 4648, section 4), padded, without line breaks.
public enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
    private static let padding = UInt8(ascii: "=")
    /// What each byte stands for; 64 and above: nothing.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
        return values
    }()

    /// How many letters a number of bytes take.
    public static func letterCount(ofBytes count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Appends the letters that stand for `bytes` to `text`.
    public static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + letterCount(ofBytes: bytes.count))
        let letters = alphabet
        func letter(_ bits: UInt32, _ shift: UInt32) -> UInt8 { letters[Int(bits >> shift & 63)] }
        var index = 0
        while bytes.count - index >= 3 {
            let bits =
                UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8
                | UInt32(bytes[index + 2])
            text.append(letter(bits, 18))
            text.append(letter(bits, 12))
            text.append(letter(bits, 6))
            text.append(letter(bits, 0))
            index += 3
        }
        guard index < bytes.count else { return }
        let hasTwo = bytes.count - index == 2
        let bits = UInt32(bytes[index]) << 16 | (hasTwo ? UInt32(bytes[index + 1]) << 8 : 0)
        text.append(letter(bits, 18))
        text.append(letter(bits, 12))
        text.append(hasTwo ? letter(bits, 6) : padding)
        text.append(padding)
    }

    /// The bytes that letters stand for, or `nil` if ``append(_:to:)`` would not write them so.
    ///
    /// Blanks, missing padding and bits that no byte uses are not taken: every sequence of bytes
    /// has one text.
    public static func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        let values = values
        var index = text.startIndex
        let wholeEnd = padded == 0 ? text.endIndex : text.endIndex - 4
        while index < wholeEnd {
            let first = values[Int(text[index])]
            let second = values[Int(text[index + 1])]
            let third = values[Int(text[index + 2])]
            let fourth = values[Int(text[index + 3])]
            guard first | second | third | fourth < 64 else { return nil }
            bytes.append(first << 2 | second >> 4)
            bytes.append(second << 4 | third >> 2)
            bytes.append(third << 6 | fourth)
            index += 4
        }
        guard padded > 0 else { return bytes }
        let first = values[Int(text[index])]
        let second = values[Int(text[index + 1])]
        let third = padded == 1 ? values[Int(text[index + 2])] : 0
        let unused = padded == 1 ? third & 0b11 : second & 0b1111
        guard first | second | third < 64, unused == 0 else { return nil }
        bytes.append(first << 2 | second >> 4)
        if padded == 1 { bytes.append(second << 4 | third >> 2) }
        return bytes
    }
}
