// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What of an order's facts its route follows from: under one rulebook, on one day, orders of one
/// class have equal routes.
///
/// Of the consignee's and its ultimate parent's countries only the tiers count. So there are few
/// classes where there are many parties, and a route is worked out once for each.
public struct RouteClass: Hashable, Sendable {
    /// The country of destination.
    public var destination: CountryCode
    /// The tier of the consignee's site.
    public var site: CountryTier
    /// The tier of the consignee's headquarters.
    public var headquarters: CountryTier
    /// The tier of its ultimate parent's headquarters.
    public var ultimateParentHeadquarters: CountryTier
    /// Whether the end use is one that the rulebook prohibits.
    public var isEndUseProhibited: Bool
    /// Whether the consignee is blocked.
    public var isConsigneeBlocked: Bool
    /// The best standing of a Universal VEU status in the consignee's group.
    public var universalVEU: StatusStanding
    /// The standing of the consignee's National VEU status for the destination.
    public var nationalVEU: StatusStanding

    /// Collects what counts; without statuses unless told.
    public init(
        destination: CountryCode,
        site: CountryTier,
        headquarters: CountryTier,
        ultimateParentHeadquarters: CountryTier,
        isEndUseProhibited: Bool,
        isConsigneeBlocked: Bool,
        universalVEU: StatusStanding = .absent,
        nationalVEU: StatusStanding = .absent
    ) {
        self.destination = destination
        self.site = site
        self.headquarters = headquarters
        self.ultimateParentHeadquarters = ultimateParentHeadquarters
        self.isEndUseProhibited = isEndUseProhibited
        self.isConsigneeBlocked = isConsigneeBlocked
        self.universalVEU = universalVEU
        self.nationalVEU = nationalVEU
    }

    /// The class of an order's facts.
    ///
    /// The rulebook must be in force on their day.
    public init(of facts: RouteFacts, under rulebook: Rulebook) {
        self.init(
            destination: facts.destination,
            site: rulebook.tier(of: facts.site, on: facts.day),
            headquarters: rulebook.tier(of: facts.headquarters, on: facts.day),
            ultimateParentHeadquarters: rulebook.tier(
                of: facts.ultimateParentHeadquarters,
                on: facts.day
            ),
            isEndUseProhibited: facts.endUse.flatMap(rulebook.endUse)?.isProhibited ?? false,
            isConsigneeBlocked: facts.isConsigneeBlocked,
            universalVEU: facts.universalVEU,
            nationalVEU: facts.nationalVEU
        )
    }

    /// A number that no other class has; it fits 40 bits and means nothing outside of a process.
    public var number: UInt64 {
        var number = UInt64(destination.rawValue)
        for tier in [site, headquarters, ultimateParentHeadquarters] {
            number = number << 2 | tier.number
        }
        number = number << 1 | (isEndUseProhibited ? 1 : 0)
        number = number << 1 | (isConsigneeBlocked ? 1 : 0)
        number = number << 2 | universalVEU.number
        return number << 2 | nationalVEU.number
    }
}

extension CountryTier {
    fileprivate var number: UInt64 {
        switch self {
        case .home: 0
        case .allied: 1
        case .concern: 2
        case .capped: 3
        }
    }
}

extension StatusStanding {
    fileprivate var number: UInt64 {
        switch self {
        case .absent: 0
        case .attestationLapsed: 1
        case .current: 2
        }
    }
}
