// SPDX-License-Identifier: Apache-2.0

/// The parts of a number as RFC 8259, section 6, writes it.
struct JSONNumber {
    private var isNegative = false
    private var whole = 0..<0
    private var fraction = 0..<0
    private var exponent = 0

    /// What an exponent counts as that is larger, or as far below 0: more than a line has digits.
    private static let mostExponent = 1_000_000_000

    /// Finds the parts; `nil` if the text is no number of that form.
    init?(_ text: Span<UInt8>) {
        var index = 0
        if index < text.count, text[index] == UInt8(ascii: "-") {
            isNegative = true
            index += 1
        }
        whole = Self.digits(in: text, from: index)
        guard !whole.isEmpty, whole.count == 1 || text[index] != UInt8(ascii: "0") else {
            return nil
        }
        index = whole.upperBound
        if index < text.count, text[index] == UInt8(ascii: ".") {
            fraction = Self.digits(in: text, from: index + 1)
            guard !fraction.isEmpty else { return nil }
            index = fraction.upperBound
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let sign = index < text.count ? text[index] : 0
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { index += 1 }
            let digits = Self.digits(in: text, from: index)
            guard !digits.isEmpty else { return nil }
            for digit in digits {
                exponent = min(exponent * 10 + Int(text[digit] & 0x0f), Self.mostExponent)
            }
            if sign == UInt8(ascii: "-") { exponent = -exponent }
            index = digits.upperBound
        }
        guard index == text.count else { return nil }
    }

    @inline(__always)
    private static func digits(in text: Span<UInt8>, from first: Int) -> Range<Int> {
        var end = first
        while end < text.count, text[end] &- 0x30 <= 9 { end += 1 }
        return first..<end
    }

    /// The value of a number of thousandths or of ones (no `places`), however it is written.
    ///
    /// `1024`, `1024.0` and `1.024e3` are one number. What is below 0, or has more places than asked
    /// for, is malformed.
    ///
    /// - Parameters:
    ///   - text: The text whose parts these are.
    ///   - places: How many decimals the unit has.
    /// - Returns: The value in the unit, or that it has none or does not fit.
    func decimal(in text: Span<UInt8>, places: Int) -> DecimalNumber {
        var value: Int64 = 0
        var overflows = false
        // Zeros are put off until a digit follows: at the end they are worth no overflow.
        var zeroCount = 0
        for range in [whole, fraction] {
            for index in range {
                let digit = Int64(text[index] & 0x0f)
                guard digit != 0 else {
                    zeroCount += 1
                    continue
                }
                for _ in 0..<zeroCount where value > 0 {
                    DecimalNumber.append(0, to: &value, overflows: &overflows)
                }
                DecimalNumber.append(digit, to: &value, overflows: &overflows)
                zeroCount = 0
            }
        }
        guard value > 0 || overflows else { return .value(0) }
        let scale = exponent - fraction.count + places + zeroCount
        guard scale >= 0, !isNegative else { return .malformed }
        // The last digit is not 0, so a scale of more digits than 64 bits have can not fit.
        guard scale < 19 else { return .overflow }
        for _ in 0..<scale { DecimalNumber.append(0, to: &value, overflows: &overflows) }
        return overflows ? .overflow : .value(value)
    }

    /// The number as an integer that is written as one.
    ///
    /// - Returns: `nil` if it has a fraction or an exponent; `.overflow` if it does not fit.
    func integer(in text: Span<UInt8>) -> DecimalNumber? {
        guard whole.upperBound == text.count else { return nil }
        var value: Int64 = 0
        for index in whole {
            let digit = Int64(text[index] & 0x0f)
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !productOverflow, !sumOverflow else { return .overflow }
            value = sum
        }
        return .value(value)
    }
}
