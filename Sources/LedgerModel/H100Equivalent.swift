// SPDX-License-Identifier: Apache-2.0

/// Which way an H100-equivalent shown to people is rounded when TPP do not divide evenly.
public enum H100Rounding: Sendable {
    /// Towards less: for limits and headroom, so that no more is promised than there is.
    case down
    /// Towards more: for what is used or asked, so that no less is shown than is taken.
    case up
}

/// A quantity of compute in H100-equivalents, in whole thousandths.
///
/// The unit is the rulebook's: the published numbers disagree on what one H100 is worth (15,832
/// TPP for the SXM part's data sheet, exactly 15,825 in the table of 15 CFR 748.15(a)(2)(iii)), so
/// every conversion takes the factor. People read H100e; the ledger counts ``TPP``.
public struct H100Equivalent: Hashable, Sendable {
    /// The number of thousandths of an H100-equivalent.
    public let thousandths: Int64

    /// Makes a quantity from thousandths.
    public init(thousandths: Int64) { self.thousandths = thousandths }

    /// The H100-equivalents of a quantity of TPP, to three decimals, or `nil` if they do not fit or
    /// the factor is not positive.
    public init?(_ amount: TPP, tppPerH100e: Int64, rounding: H100Rounding) {
        guard tppPerH100e > 0 else { return nil }
        let (quotient, remainder) = (Int128(amount.rawValue) * 1_000)
            .quotientAndRemainder(dividingBy: Int128(tppPerH100e))
        let rounded =
            switch rounding {
            case .down: remainder < 0 ? quotient - 1 : quotient
            case .up: remainder > 0 ? quotient + 1 : quotient
            }
        guard let thousandths = Int64(exactly: rounded) else { return nil }
        self.init(thousandths: thousandths)
    }

    /// What a claim of this size weighs: whole TPP, rounded up, or `nil` if they do not fit or the
    /// factor is not positive.
    public func tpp(tppPerH100e: Int64) -> TPP? {
        guard tppPerH100e > 0 else { return nil }
        let (quotient, remainder) = (Int128(thousandths) * Int128(tppPerH100e))
            .quotientAndRemainder(dividingBy: 1_000)
        return Int64(exactly: remainder > 0 ? quotient + 1 : quotient).map(TPP.init(rawValue:))
    }
}

extension H100Equivalent: Comparable {
    /// Less compute comes first.
    public static func < (left: H100Equivalent, right: H100Equivalent) -> Bool {
        left.thousandths < right.thousandths
    }
}

extension H100Equivalent: CustomStringConvertible {
    /// The quantity with exactly three decimals, such as `1699.840`.
    public var description: String {
        let (whole, part) = thousandths.magnitude.quotientAndRemainder(dividingBy: 1_000)
        let digits = String(part)
        let sign = thousandths < 0 ? "-" : ""
        return sign + String(whole) + "." + String(repeating: "0", count: 3 - digits.utf8.count)
            + digits
    }
}

extension H100Equivalent: LosslessStringConvertible {
    /// Reads a decimal number with at most three decimals, such as `1700` or `0.125`.
    ///
    /// Signs, exponents, blanks and group separators are not part of the form.
    public init?(_ text: String) {
        var value: Int64 = 0
        var decimals: Int?
        for byte in text.utf8 {
            if byte == UInt8(ascii: "."), decimals == nil, !text.utf8.isEmpty {
                decimals = 0
                continue
            }
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            if let count = decimals {
                guard count < 3 else { return nil }
                decimals = count + 1
            }
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflow) = product.addingReportingOverflow(
                Int64(byte - UInt8(ascii: "0"))
            )
            guard !productOverflow, !sumOverflow else { return nil }
            value = sum
        }
        guard let first = text.utf8.first, first != UInt8(ascii: "."), decimals != 0 else {
            return nil
        }
        for _ in (decimals ?? 0)..<3 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        self.init(thousandths: value)
    }
}
