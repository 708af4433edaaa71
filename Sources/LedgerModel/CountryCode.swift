// SPDX-License-Identifier: Apache-2.0

/// An ISO 3166-1 alpha-2 country code: two capital letters.
///
/// The type holds the shape only; whether a code is assigned is looked up in the country table.
public struct CountryCode: Hashable, Sendable {
    /// The first letter in the high byte, the second in the low one: codes sort as text does.
    public let rawValue: UInt16

    /// Makes a code from its packed letters, or `nil` if they are not two capital letters.
    public init?(rawValue: UInt16) {
        let letters = UInt8(ascii: "A")...UInt8(ascii: "Z")
        guard letters.contains(UInt8(rawValue >> 8)), letters.contains(UInt8(rawValue & 0xff))
        else { return nil }
        self.rawValue = rawValue
    }

    /// Makes a code from two ASCII capital letters, or `nil`.
    public init?(_ first: UInt8, _ second: UInt8) {
        self.init(rawValue: UInt16(first) << 8 | UInt16(second))
    }
}

extension CountryCode: LosslessStringConvertible {
    /// Reads exactly two capital letters.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 2 else { return nil }
        self.init(bytes[0], bytes[1])
    }

    /// The two letters.
    public var description: String {
        String(UnicodeScalar(UInt8(rawValue >> 8))) + String(UnicodeScalar(UInt8(rawValue & 0xff)))
    }
}

extension CountryCode: Comparable {
    /// The order of the letters.
    public static func < (left: CountryCode, right: CountryCode) -> Bool {
        left.rawValue < right.rawValue
    }
}
