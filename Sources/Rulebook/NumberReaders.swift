// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Reads a whole number as rule files write it: digits with a comma before every third from the
/// right, such as `26,900,000`; no sign, blank, other separator or leading zero.
///
/// One form only, so that a lost or doubled digit of a large number does not go unseen.
func wholeNumber<Number: FixedWidthInteger>(_ text: String, as type: Number.Type) -> Number? {
    let groups = text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard let first = groups.first, (1...3).contains(first.count),
        groups.dropFirst().allSatisfy({ $0.count == 3 })
    else { return nil }
    guard first.first != UInt8(ascii: "0") || text == "0" else { return nil }
    var number: Number = 0
    for byte in groups.joined() {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        let (product, productOverflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, sumOverflow) = product.addingReportingOverflow(
            Number(byte - UInt8(ascii: "0"))
        )
        guard !productOverflow, !sumOverflow else { return nil }
        number = sum
    }
    return number
}

/// Reads a number of operations: a whole number, or a power such as `10^26`.
func operationCount(_ text: String) -> UInt128? {
    let parts = text.split(separator: "^", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { return wholeNumber(text, as: UInt128.self) }
    guard let base = wholeNumber(parts[0], as: UInt128.self), base >= 2,
        let exponent = wholeNumber(parts[1], as: UInt8.self), exponent < 128
    else { return nil }
    var power: UInt128 = 1
    for _ in 0..<exponent {
        let (product, overflow) = power.multipliedReportingOverflow(by: base)
        guard !overflow else { return nil }
        power = product
    }
    return power
}

extension Field {
    /// A whole number in a range.
    func number(_ range: ClosedRange<Int64>, example: String) -> Int64? {
        let low = grouped(range.lowerBound)
        let high = grouped(range.upperBound)
        return value(
            "a whole number from \(low) to \(high), written like \(example)"
        ) { text in
            wholeNumber(text, as: Int64.self).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A quantity of TPP, written without its unit.
    func tpp() -> TPP? {
        number(1...TPP.maximumAmount.rawValue, example: "4,800").map(TPP.init(rawValue:))
    }

    /// A fraction between 0 and 1, such as `7/100`.
    func fraction() -> (numerator: Int64, denominator: Int64)? {
        value("a share above 0 and at most 1, written like 7/100") { text in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2,
                let numerator = wholeNumber(String(parts[0]), as: Int64.self),
                let denominator = wholeNumber(String(parts[1]), as: Int64.self),
                numerator >= 1, numerator <= denominator, denominator <= 1_000_000
            else { return nil }
            return (numerator, denominator)
        }
    }

    /// An amount with its unit: `790,000,000 TPP` or `50,000 H100e`.
    ///
    /// H100-equivalents become TPP by the rulebook's factor, rounded down as limits are; without a
    /// factor (it has its own finding) they are not read further.
    func amount(tppPerH100e: Int64?) -> LimitAmount? {
        let expectation =
            "an amount above 0 such as 790,000,000 TPP or 50,000 H100e, "
            + "at most \(grouped(TPP.maximumSum.rawValue)) TPP"
        guard let text = scalar(expectation) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts[1] == "TPP" || parts[1] == "H100e" else {
            expected(expectation)
            return nil
        }
        let amount =
            parts[1] == "TPP"
            ? wholeNumber(parts[0], as: Int64.self).map { LimitAmount(tpp: TPP(rawValue: $0)) }
            : equivalents(parts[0], tppPerH100e ?? 1)
        guard let amount, amount.tpp > .zero, amount.tpp <= .maximumSum else {
            expected(expectation)
            return nil
        }
        return parts[1] == "H100e" && tppPerH100e == nil ? nil : amount
    }

    private func equivalents(_ text: String, _ tppPerH100e: Int64) -> LimitAmount? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count),
            let whole = wholeNumber(parts[0], as: Int64.self),
            let stated = H100Equivalent(
                parts.count == 2 ? "\(whole)." + parts[1] : "\(whole)"
            )
        else { return nil }
        let tpp = Int128(stated.thousandths) * Int128(tppPerH100e) / 1_000
        return Int64(exactly: tpp).map { LimitAmount(tpp: TPP(rawValue: $0), stated: stated) }
    }
}

/// A whole number as rule files write it.
func grouped(_ number: Int64) -> String {
    var digits = Array(String(number.magnitude))
    var index = digits.count - 3
    while index > 0 {
        digits.insert(",", at: index)
        index -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
}
