// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A country as a small number: its place among all pairs of capital letters.
struct CountryPlace: Hashable, Sendable {
    let rawValue: UInt16

    /// How many pairs of letters there are.
    static let count = 26 * 26

    private static let firstLetter = UInt16(UInt8(ascii: "A"))

    init(_ code: CountryCode) {
        let first = (code.rawValue >> 8) - Self.firstLetter
        let second = (code.rawValue & 0xff) - Self.firstLetter
        rawValue = first * 26 + second
    }

    /// The country at a place below ``count``.
    init(index: Int) { rawValue = UInt16(index) }

    /// The place, to index memory by.
    var index: Int { Int(rawValue) }

    var code: CountryCode {
        let first = UInt8(Self.firstLetter + rawValue / 26)
        let second = UInt8(Self.firstLetter + rawValue % 26)
        guard let code = CountryCode(first, second) else {
            preconditionFailure("a place must be that of two capital letters")
        }
        return code
    }
}
