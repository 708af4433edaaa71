// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How a status stands for an order at its time.
public enum StatusStanding: Hashable, Sendable {
    /// There is none: never granted, ended, suspended, revoked, or its holder is not eligible.
    case absent
    /// There is one, and nothing but the missing security attestation of its holder is against it.
    case attestationLapsed
    /// There is one, and it is attested.
    case current
}

/// What a route depends on: facts that the ledger looks up at the time of the order.
public struct RouteFacts: Hashable, Sendable {
    /// The UTC day of the decision.
    public var day: CivilDate
    /// The country of destination.
    public var destination: CountryCode
    /// The country of the consignee's site.
    public var site: CountryCode
    /// The country of the consignee's headquarters.
    public var headquarters: CountryCode
    /// The country of its ultimate parent's headquarters; of a party without parent, its own.
    public var ultimateParentHeadquarters: CountryCode
    /// The end use; `nil` where it is not asked, as of a shipment.
    ///
    /// One that the rulebook does not list has been rejected before.
    public var endUse: EndUseIdentifier?
    /// Whether the consignee is blocked.
    public var isConsigneeBlocked: Bool
    /// The best standing of a Universal VEU status in the consignee's group.
    public var universalVEU: StatusStanding
    /// The standing of the consignee's National VEU status for the destination.
    public var nationalVEU: StatusStanding

    /// Collects facts; without statuses unless told.
    public init(
        day: CivilDate,
        destination: CountryCode,
        site: CountryCode,
        headquarters: CountryCode,
        ultimateParentHeadquarters: CountryCode,
        endUse: EndUseIdentifier?,
        isConsigneeBlocked: Bool = false,
        universalVEU: StatusStanding = .absent,
        nationalVEU: StatusStanding = .absent
    ) {
        self.day = day
        self.destination = destination
        self.site = site
        self.headquarters = headquarters
        self.ultimateParentHeadquarters = ultimateParentHeadquarters
        self.endUse = endUse
        self.isConsigneeBlocked = isConsigneeBlocked
        self.universalVEU = universalVEU
        self.nationalVEU = nationalVEU
    }

    /// The country at a place of the order.
    public func country(at place: OrderPlace) -> CountryCode {
        switch place {
        case .destination: destination
        case .site: site
        case .headquarters: headquarters
        case .ultimateParentHeadquarters: ultimateParentHeadquarters
        }
    }
}

/// A limit that an order meets on its way, with whom it is about.
public enum RouteLimit: Hashable, Sendable {
    /// The allocation of a country.
    case country(LimitRule, CountryCode)
    /// The small-order allowance of the group in a calendar year.
    case smallOrder(LimitRule, year: Int32)
    /// The allocation of the party in a country.
    case nationalVEU(LimitRule, CountryCode)
    /// The group's share of its own base in a country.
    case countryShare(ShareRule, CountryCode)
    /// The group's share of its own base in all countries outside home and allied.
    case outsideShare(ShareRule)

    /// The limit's name.
    ///
    /// - Parameters:
    ///   - party: The consignee.
    ///   - group: Its ultimate parent.
    /// - Returns: The name.
    public func name(party: PartyIdentifier, group: PartyIdentifier) -> LimitName {
        switch self {
        case .country(_, let country): .country(country)
        case .smallOrder(_, let year): .smallOrder(group: group, year: year)
        case .nationalVEU(_, let country): .nationalVEU(party: party, country: country)
        case .countryShare(_, let country): .countryShare(group: group, country: country)
        case .outsideShare: .outsideShare(group: group)
        }
    }
}

/// A mechanism that an order reaches.
public struct RouteAlternative: Hashable, Sendable {
    /// The mechanism.
    public let mechanism: MechanismKind
    /// Its limits, in order, all of which must hold; without any it takes every order.
    public let limits: [RouteLimit]
    /// What happens when a limit is full.
    public let whenFull: WhenFull
    /// The largest order that the mechanism takes at all, a larger one skipping it; `nil` for any.
    public let maximumOrder: TPP?
    /// Where the mechanism comes from.
    public let citation: String
    /// Whether a status did not help on the way to here because its holder's security attestation
    /// is not current.
    public internal(set) var attestationLapsed = false
}

/// The way of an order: refused by itself, or mechanisms to try in order.
public struct Route: Hashable, Sendable {
    /// What the way leads to.
    public enum Course: Hashable, Sendable {
        /// Refused always, whatever the limits.
        case refused(MechanismKind, Refusal, citation: String)
        /// The mechanisms that the order reaches if those before are full, at most four.
        ///
        /// An alternative with ``RouteAlternative/maximumOrder`` is skipped by larger orders; one
        /// that refuses when full ends the way of those that it takes.
        case alternatives([RouteAlternative])
    }

    /// What the way leads to.
    public let course: Course
    /// Whether a status did not help, anywhere on the way, because its holder's security attestation
    /// is not current.
    ///
    /// An order that is taken earlier has what its alternative says.
    public let attestationLapsed: Bool

    /// The alternatives that an order of this size tries, in order; empty when it is refused.
    public func alternatives(forOrderOf amount: TPP) -> [RouteAlternative] {
        guard case .alternatives(let all) = course else { return [] }
        var reached: [RouteAlternative] = []
        for alternative in all {
            if let maximum = alternative.maximumOrder, amount > maximum { continue }
            reached.append(alternative)
            if alternative.whenFull == .refuse { break }
        }
        return reached
    }
}
