// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A place of an order that a mechanism looks at.
public enum OrderPlace: String, Hashable, Sendable, CaseIterable {
    /// The country of destination.
    case destination
    /// The country of the consignee's site.
    case site
    /// The country of the consignee's headquarters.
    case headquarters
    /// The country of its ultimate parent's headquarters.
    case ultimateParentHeadquarters = "ultimate-parent-headquarters"
}

/// What the mechanism `prohibited` looks at.
public enum Prohibition: String, Hashable, Sendable, CaseIterable {
    /// The end use is prohibited.
    case endUse = "end-use"
    /// The consignee is blocked.
    case consigneeBlocked = "consignee-blocked"
}

/// A limit in TPP of one mechanism, with what follows when it is full.
public struct LimitedMechanism: Hashable, Sendable {
    /// Its limit.
    public let limit: LimitRule
    /// What happens when it is full.
    public let whenFull: WhenFull
    /// What frees room after a shipment.
    public let credits: CreditRule
}

/// When a mechanism applies and what limits it: one of the closed set of kinds.
public enum MechanismTerms: Hashable, Sendable {
    /// Refuses when any of these places is of concern.
    case concern(tests: [OrderPlace])
    /// Refuses when any of these holds.
    case prohibited(tests: [Prohibition])
    /// Takes what goes home.
    case domestic
    /// Takes the order when all of these places are allied or home.
    case allied(tests: [OrderPlace])
    /// Takes the order of a Universal VEU's group within shares of its own base.
    case universalVEU(shares: [ShareRule], whenFull: WhenFull)
    /// Takes the order of a National VEU within the limit of the party and country.
    case nationalVEU(LimitedMechanism)
    /// Takes an order that is no larger than the whole limit, within that limit of the group and
    /// year. It does not apply to destinations in `unavailable` rows.
    case smallOrder(LimitedMechanism, unavailable: [DatedCountries])
    /// Takes any order within the limit of the destination country.
    case country(LimitedMechanism)
}

/// One step of the way that an order takes.
public struct MechanismRule: Hashable, Sendable {
    /// When it applies and what limits it.
    public let terms: MechanismTerms
    /// Where it comes from.
    public let citation: String

    /// Its kind.
    public var kind: MechanismKind {
        switch terms {
        case .concern: .concern
        case .prohibited: .prohibited
        case .domestic: .domestic
        case .allied: .allied
        case .universalVEU: .universalVEU
        case .nationalVEU: .nationalVEU
        case .smallOrder: .smallOrder
        case .country: .country
        }
    }

    /// Its limit in TPP; `nil` where it has none, or shares.
    public var limit: LimitRule? { limited?.limit }

    /// Its shares, in order.
    public var shares: [ShareRule] {
        if case .universalVEU(let shares, _) = terms { shares } else { [] }
    }

    /// What happens when its limits are full; `nil` where it has none.
    public var whenFull: WhenFull? {
        if case .universalVEU(_, let whenFull) = terms { whenFull } else { limited?.whenFull }
    }

    /// What frees room of its limit after a shipment; `nil` where it has no limit in TPP.
    public var credits: CreditRule? { limited?.credits }

    private var limited: LimitedMechanism? {
        switch terms {
        case .nationalVEU(let limited), .smallOrder(let limited, _), .country(let limited): limited
        case .concern, .prohibited, .domestic, .allied, .universalVEU: nil
        }
    }
}
