// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// How amounts are shown to people and programs, in H100e by one rulebook's factor and in TPP.
///
/// H100e have three decimals. Limits and headroom are rounded down, what is used or asked is
/// rounded up: no more is promised than there is, no less is shown than is taken. The arithmetic is
/// 128-bit, so every amount can be shown under every factor.
public struct AmountStyle: Hashable, Sendable {
    /// The TPP of one H100-equivalent; positive.
    public let tppPerH100e: Int64

    /// Makes a style for a factor, which must be positive.
    public init(tppPerH100e: Int64) {
        precondition(tppPerH100e > 0, "an H100-equivalent must be worth something")
        self.tppPerH100e = tppPerH100e
    }

    /// Makes the style of a rulebook.
    public init(_ rulebook: Rulebook) { self.init(tppPerH100e: rulebook.tppPerH100e.value) }

    /// An amount in H100e for people: `1,699.840`.
    public func h100e(_ amount: TPP, rounding: H100Rounding) -> String {
        let thousandths = thousandths(amount, rounding: rounding)
        let (whole, part) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1_000)
        return (thousandths < 0 ? "-" : "") + grouped(String(whole)) + "." + threeDigits(part)
    }

    /// An amount in H100e for programs: `1699.840`.
    public func decimal(_ amount: TPP, rounding: H100Rounding) -> String {
        let thousandths = thousandths(amount, rounding: rounding)
        let (whole, part) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1_000)
        return (thousandths < 0 ? "-" : "") + String(whole) + "." + threeDigits(part)
    }

    /// An amount in TPP for people: `26,911,867`.
    public static func tpp(_ amount: TPP) -> String { grouped(amount.rawValue) }

    private func thousandths(_ amount: TPP, rounding: H100Rounding) -> Int128 {
        let (quotient, remainder) = (Int128(amount.rawValue) * 1_000)
            .quotientAndRemainder(dividingBy: Int128(tppPerH100e))
        return switch rounding {
        case .down: remainder < 0 ? quotient - 1 : quotient
        case .up: remainder > 0 ? quotient + 1 : quotient
        }
    }
}

/// Three digits with leading zeros of a number below 1,000.
private func threeDigits(_ number: UInt128) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 3 - digits.utf8.count) + digits
}

/// A whole number with commas between groups of three digits.
func grouped(_ number: some BinaryInteger) -> String {
    (number < 0 ? "-" : "") + grouped(String(number.magnitude))
}

/// A count with its noun: `1 byte`, `1,234 bytes`.
func counted(_ count: Int, _ noun: String, many: String? = nil) -> String {
    grouped(count) + " " + (count == 1 ? noun : many ?? noun + "s")
}

private func grouped(_ digits: String) -> String {
    var text = ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.utf8.count - index) % 3 == 0 { text += "," }
        text.append(digit)
    }
    return text
}

/// A part of a limit in percent, exact to thousandths and rounded **down**.
///
/// Down, unlike use itself, so that 90.0 % is shown exactly when the band from 90 % begins.
struct Percentage {
    private let thousandths: Int128

    /// The percentage, or `nil` of a limit of 0: nothing is no part of nothing.
    init?(used: TPP, limit: TPP) {
        guard limit > .zero else { return nil }
        thousandths = Int128(used.rawValue) * 100_000 / Int128(limit.rawValue)
    }

    /// For programs: `12.345`.
    var decimal: String {
        "\(thousandths / 1_000)." + threeDigits((thousandths % 1_000).magnitude)
    }

    /// For people: `12.3`; `<0.1` for what is not nothing and would look so.
    static func text(used: TPP, limit: TPP) -> String {
        guard let percentage = Percentage(used: used, limit: limit) else { return "-" }
        let tenths = percentage.thousandths / 100
        if tenths == 0, used > .zero { return "<0.1" }
        return "\(grouped(tenths / 10)).\(tenths % 10)"
    }
}
