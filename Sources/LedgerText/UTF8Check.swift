// SPDX-License-Identifier: Apache-2.0

/// Where the first byte stands that is not part of well-formed UTF-8, or `nil` if there is none.
///
/// RFC 3629, section 4: shortest forms only, no surrogates, nothing past U+10FFFF.
func firstInvalidUTF8(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int? {
    var index = start
    while index < end {
        let lead = bytes[index]
        if lead < 0x80 {
            index += 1
            continue
        }
        guard let (length, second) = utf8Sequence(lead), index + length <= end,
            second.contains(bytes[index + 1])
        else { return index }
        var next = index + 2
        while next < index + length {
            guard bytes[next] & 0xc0 == 0x80 else { return index }
            next += 1
        }
        index = next
    }
    return nil
}

/// How long the sequence is that a byte leads, and what its second byte may be.
private func utf8Sequence(_ lead: UInt8) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xc2...0xdf: (2, 0x80...0xbf)
    case 0xe0: (3, 0xa0...0xbf)
    case 0xe1...0xec, 0xee...0xef: (3, 0x80...0xbf)
    case 0xed: (3, 0x80...0x9f)
    case 0xf0: (4, 0x90...0xbf)
    case 0xf1...0xf3: (4, 0x80...0xbf)
    case 0xf4: (4, 0x80...0x8f)
    default: nil
    }
}
