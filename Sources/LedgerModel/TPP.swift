// SPDX-License-Identifier: Apache-2.0

/// A quantity of compute in TPP (Total Processing Performance, 15 CFR part 774, ECCN 3A090,
/// technical notes).
///
/// Amounts are exact 64-bit integers. Every sum is checked; nothing wraps.
public struct TPP: Hashable, Sendable {
    /// The number of TPP.
    public let rawValue: Int64

    /// Makes a quantity of `rawValue` TPP.
    public init(rawValue: Int64) { self.rawValue = rawValue }

    /// No compute at all.
    public static let zero = TPP(rawValue: 0)

    /// The most that one order, or one country in an attestation, may carry: 10^12 TPP, about
    /// 63 million H100e.
    public static let maximumAmount = TPP(rawValue: 1_000_000_000_000)

    /// The most that any sum in the ledger may reach: 2^62.
    ///
    /// An operation that would take a sum past it is rejected with
    /// ``RejectionCode/amountOverflow``.
    public static let maximumSum = TPP(rawValue: 1 << 62)

    /// The sum of two quantities, or `nil` if it does not fit 64 bits.
    public func adding(_ other: TPP) -> TPP? {
        let (sum, overflow) = rawValue.addingReportingOverflow(other.rawValue)
        return overflow ? nil : TPP(rawValue: sum)
    }

    /// The difference of two quantities, or `nil` if it does not fit 64 bits.
    public func subtracting(_ other: TPP) -> TPP? {
        let (difference, overflow) = rawValue.subtractingReportingOverflow(other.rawValue)
        return overflow ? nil : TPP(rawValue: difference)
    }

    /// This quantity `count` times, or `nil` if it does not fit 64 bits.
    public func multiplied(by count: Int64) -> TPP? {
        let (product, overflow) = rawValue.multipliedReportingOverflow(by: count)
        return overflow ? nil : TPP(rawValue: product)
    }
}

extension TPP: Comparable {
    /// Less compute comes first.
    public static func < (left: TPP, right: TPP) -> Bool { left.rawValue < right.rawValue }
}

extension TPP: CustomStringConvertible {
    /// The quantity with its unit, such as `15832 TPP`.
    public var description: String { "\(rawValue) TPP" }
}
