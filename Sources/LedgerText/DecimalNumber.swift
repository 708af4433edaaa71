// SPDX-License-Identifier: Apache-2.0

/// What a field that should hold a number holds.
enum DecimalNumber: Equatable {
    /// A number in the unit asked for.
    case value(Int64)
    /// A number that does not fit 64 bits.
    case overflow
    /// No number of the form asked for.
    case malformed

    /// Reads decimal digits and nothing else: no sign, no blank, no group separator.
    ///
    /// Leading zeros do not change the value.
    static func whole(_ text: Span<UInt8>) -> DecimalNumber { decimal(text, places: 0) }

    /// Reads a decimal number with at most three decimals, in thousandths: `1700` or `0.125`.
    static func thousandths(_ text: Span<UInt8>) -> DecimalNumber { decimal(text, places: 3) }

    private static func decimal(_ text: Span<UInt8>, places: Int) -> DecimalNumber {
        guard text.count > 0 else { return .malformed }
        var value: Int64 = 0
        var overflows = false
        var point: Int?
        for index in 0..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "."), places > 0, point == nil, index > 0 {
                point = index
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return .malformed }
            append(Int64(digit), to: &value, overflows: &overflows)
        }
        let decimals = point.map { text.count - 1 - $0 } ?? 0
        guard decimals <= places, point == nil || decimals > 0 else { return .malformed }
        for _ in decimals..<places { append(0, to: &value, overflows: &overflows) }
        return overflows ? .overflow : .value(value)
    }

    /// Puts a digit behind a value; one that has overflown stays so.
    @inline(__always)
    static func append(_ digit: Int64, to value: inout Int64, overflows: inout Bool) {
        let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = product.addingReportingOverflow(digit)
        overflows = overflows || productOverflow || sumOverflow
        value = overflows ? 0 : sum
    }
    /// What a number above 0 should look like, in words for a message.
    static func shape(places: Int) -> String {
        places > 0
            ? "a number above 0 in digits, with at most three decimals"
            : "a whole number above 0, in digits only"
    }

    /// The most that fits, in words for a message.
    static func most(places: Int) -> String {
        places > 0 ? "at most 9223372036854775.807" : "at most 9223372036854775807"
    }
}

/// What an instant looks like, in words for a message.
let instantShape =
    "a time of 1970 to 9999, to the millisecond, such as 2025-01-13T09:30:00Z"

/// What a country looks like, in words for a message.
let countryShape = "two capital letters (ISO 3166-1 alpha-2)"
