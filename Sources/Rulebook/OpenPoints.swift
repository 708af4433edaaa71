// SPDX-License-Identifier: Apache-2.0

/// A way to read a point that the regulation leaves open.
///
/// The cases are the readings that this version can decide by. Others have been proposed, and get a
/// message of their own.
public protocol OpenPointChoice: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// Readings that are known but that this version can not decide by.
    static var unsupported: [String] { get }
}

/// Whom a licensed order to a country charges.
public enum ChargedCountry: String, OpenPointChoice {
    /// The destination, whoever is headquartered where.
    case destination = "charge-destination"

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { ["charge-headquarters", "charge-nothing"] }
}

/// What becomes of what was granted and never shipped.
public enum UnusedHold: String, OpenPointChoice {
    /// It frees the room it took.
    case credited

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { ["not-credited"] }
}

/// How goods that move on count.
public enum OnwardMovement: String, OpenPointChoice {
    /// As an order of their own to the new destination or holder.
    case newOrder = "new-order"

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { ["move-charge", "not-counted"] }
}

/// What becomes of an order that is larger than what is left.
public enum OrderAboveHeadroom: String, OpenPointChoice {
    /// It is refused whole, unless it asked for "up to".
    case refusedWhole = "refused-whole"

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { ["granted-in-part"] }
}

/// What limits a country with an agreement.
public enum AgreementCountry: String, OpenPointChoice {
    /// Its limit times the multiplier.
    case adjustedLimit = "adjusted-limit"

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { ["unlimited"] }
}

/// Where small orders are possible.
public enum SmallOrderAvailability: String, OpenPointChoice {
    /// Wherever nothing else stands against them.
    case everywhere
    /// Everywhere but in the countries listed with the mechanism.
    case exceptListed = "except-listed"

    /// Readings that this version can not decide by.
    public static var unsupported: [String] { [] }
}

/// The points that the regulation leaves open, each with the reading taken and why.
///
/// Two more are switches of ``CreditRule``: what a return and what attrition free.
public struct OpenPoints: Hashable, Sendable {
    /// A consignee at a capped site with allied headquarters: whom its licence charges.
    public let alliedHeadquartersAtCappedSite: Cited<ChargedCountry>
    /// A consignee at an allied site with capped headquarters: whom its licence charges.
    public let cappedHeadquartersAtAlliedSite: Cited<ChargedCountry>
    /// What was granted and never shipped.
    public let unusedHold: Cited<UnusedHold>
    /// Transfers in a country, and reexports.
    public let transferOrReexport: Cited<OnwardMovement>
    /// An order larger than what is left.
    public let orderAboveHeadroom: Cited<OrderAboveHeadroom>
    /// What limits a country with an agreement.
    public let agreementCountry: Cited<AgreementCountry>
    /// Where small orders are possible.
    public let smallOrderAvailability: Cited<SmallOrderAvailability>
}
