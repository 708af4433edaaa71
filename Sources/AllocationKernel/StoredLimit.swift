// SPDX-License-Identifier: Apache-2.0

/// A limit as the table keeps it: flat, with a denominator of 0 for limits of an amount.
struct StoredLimit: BitwiseCopyable, Sendable {
    let numerator: Int64
    let denominator: Int64
    let used: UInt32
    /// The cell of what is allowed or, of a share, of the base.
    let ceiling: UInt32

    init(_ limit: AllocationTable.Limit) {
        switch limit {
        case .amount(let used, let allowed):
            self.used = used.rawValue
            ceiling = allowed.rawValue
            numerator = 0
            denominator = 0
        case .share(let used, let base, let numerator, let denominator):
            self.used = used.rawValue
            ceiling = base.rawValue
            self.numerator = numerator
            self.denominator = denominator
        }
    }

    @inline(__always)
    var isShare: Bool { denominator != 0 }

    /// How much the limit allows when its ceiling cell holds `ceiling`: exact up to `UInt64.max`.
    ///
    /// For whole `x`, `x * q <= p * base` is the same as `x <= floor(p * base / q)`, so one number
    /// serves the test and the record.
    @inline(__always)
    func allowance(ceiling: Int64) -> UInt64 {
        guard isShare else { return ceiling.magnitude }
        let divisor = denominator.magnitude
        let product = numerator.magnitude.multipliedFullWidth(by: ceiling.magnitude)
        if product.high == 0 { return product.low / divisor }
        // The quotient does not fit: no sum of a cell and an amount reaches 2^64 either.
        guard product.high < divisor else { return .max }
        return divisor.dividingFullWidth(product).quotient
    }
}
