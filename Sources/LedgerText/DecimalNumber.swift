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

    @inline(__always)
    private static func append(_ digit: Int64, to value: inout Int64, overflows: inout Bool) {
        let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = product.addingReportingOverflow(digit)
        overflows = overflows || productOverflow || sumOverflow
        value = overflows ? 0 : sum
    }
}
