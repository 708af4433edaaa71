// SPDX-License-Identifier: Apache-2.0

/// How much of a limit is used, and how much it allows.
public struct OracleUse: Hashable, Sendable {
    /// What is used, in TPP.
    public var used: Int64
    /// What is allowed, in TPP; of a share the whole part of p times the base over q.
    public var limit: Int64
    /// The share and its base, of a share.
    var share: (part: Int64, whole: Int64, base: Int64)?

    /// Makes a use.
    public init(used: Int64, limit: Int64) {
        self.used = used
        self.limit = limit
    }

    /// Whether a grant of `asked` passes.
    func takes(_ asked: Int64) -> Bool {
        guard let share else { return used + asked <= limit }
        let wanted = (Int128(used) + Int128(asked)) * Int128(share.whole)
        return wanted <= Int128(share.part) * Int128(share.base)
    }

    /// The least that, installed elsewhere, would let a grant of `asked` pass.
    func roomByInstalling(for asked: Int64) -> Int64? {
        guard let share, share.part > 0 else { return nil }
        let wanted = (Int128(used) + Int128(asked)) * Int128(share.whole)
        let missing = wanted - Int128(share.part) * Int128(share.base)
        let (quotient, remainder) = missing.quotientAndRemainder(dividingBy: Int128(share.part))
        return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
    }

    /// Two uses are equal when their numbers are.
    public static func == (left: OracleUse, right: OracleUse) -> Bool {
        left.used == right.used && left.limit == right.limit
    }

    /// Hashes the numbers.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(used)
        hasher.combine(limit)
    }
}
