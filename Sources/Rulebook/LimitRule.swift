// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A limit in TPP over a window.
public struct LimitRule: Hashable, Sendable {
    /// What it counts, and how much it allows.
    public let window: WindowRule
    /// Where it comes from.
    public let citation: String

    /// How much is allowed on a day, before any agreement.
    public func limit(on day: CivilDate) -> TPP { window.limit(on: day) }
}

/// Where a share is counted.
public enum ShareScope: String, Hashable, Sendable, CaseIterable {
    /// In the destination country alone.
    case country = "country-share"
    /// In all countries outside home and allied.
    case allOutside = "outside-share"
}

/// A share of the group's own base, as an exact fraction between 0 and 1.
public struct ShareRule: Hashable, Sendable {
    /// The p of p/q.
    public let numerator: Int64
    /// The q of p/q.
    public let denominator: Int64
    /// Where it is counted.
    public let scope: ShareScope
    /// Where it comes from.
    public let citation: String

    /// The shown limit: the whole part of p times the base over q.
    ///
    /// A grant is tested exactly, `(used + amount) * q <= p * base`, never against this number.
    public func shownLimit(ofBase base: TPP) -> TPP {
        // p is at most q, so the quotient is at most the base and always fits.
        TPP(
            rawValue: Int64(
                clamping: Int128(base.rawValue) * Int128(numerator) / Int128(denominator)
            )
        )
    }
}

/// What happens when a mechanism's limits are full.
public enum WhenFull: String, Hashable, Sendable, CaseIterable {
    /// The order is refused.
    case refuse
    /// The next mechanism is asked.
    case next
}

/// What frees room of a limit after a shipment.
public struct CreditRule: Hashable, Sendable {
    /// Whether what is returned counts no more.
    public let creditsReturns: Bool
    /// Whether what is lost, has failed or is disposed of counts no more.
    public let creditsRetirements: Bool
    /// Where that comes from.
    public let citation: String
}
