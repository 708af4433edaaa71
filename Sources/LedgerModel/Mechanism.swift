// SPDX-License-Identifier: Apache-2.0

/// The closed set of mechanisms that can decide a reservation, in the order in which the shipped
/// rulebooks ask them.
///
/// The numbers are permanent.
public enum MechanismKind: UInt8, Sendable, CaseIterable {
    /// Destination, site or headquarters is a country of concern: refused.
    case concern = 1
    /// The end use is prohibited or the consignee is blocked: refused.
    case prohibited = 2
    /// The destination is the home country: no limit.
    case domestic = 3
    /// The destination is an ally's: no limit.
    case allied = 4
    /// The group is a Universal VEU: shares of its own base.
    case universalVEU = 5
    /// The party is a National VEU for the destination.
    case nationalVEU = 6
    /// A small order: an allowance of the group for the calendar year.
    case smallOrder = 7
    /// The destination country's allocation.
    case country = 8
    /// No line of the order is controlled: nothing is charged.
    case uncontrolled = 9
}

extension MechanismKind: LosslessStringConvertible {
    /// Reads a mechanism's word, such as `small-order`.
    public init?(_ text: String) {
        guard let kind = MechanismKind.allCases.first(where: { $0.description == text })
        else { return nil }
        self = kind
    }

    /// The mechanism's word, as rulebooks, JSON and reports write it.
    public var description: String {
        switch self {
        case .concern: "concern"
        case .prohibited: "prohibited"
        case .domestic: "domestic"
        case .allied: "allied"
        case .universalVEU: "uveu"
        case .nationalVEU: "nveu"
        case .smallOrder: "small-order"
        case .country: "country"
        case .uncontrolled: "uncontrolled"
        }
    }
}

/// What a limit limits: its kind and its subject.
///
/// The closed set of limits of the ledger.
///
/// A group is named by its ultimate parent.
public enum LimitName: Hashable, Sendable {
    /// The allocation of a destination country.
    case country(CountryCode)
    /// The small-order allowance of a group in a calendar year.
    case smallOrder(group: PartyIdentifier, year: Int32)
    /// The allocation of a National VEU in a country.
    case nationalVEU(party: PartyIdentifier, country: CountryCode)
    /// A Universal VEU group's share of its own base in one country outside home and allied.
    case countryShare(group: PartyIdentifier, country: CountryCode)
    /// A Universal VEU group's share of its own base in all countries outside home and allied.
    case outsideShare(group: PartyIdentifier)
}

extension LimitName: CustomStringConvertible {
    /// The limit's name in one line, such as `country AE` or `small-order ACME 2025`.
    public var description: String {
        switch self {
        case .country(let country): "country \(country)"
        case .smallOrder(let group, let year): "small-order \(group) \(year)"
        case .nationalVEU(let party, let country): "nveu \(party) \(country)"
        case .countryShare(let group, let country): "uveu-country \(group) \(country)"
        case .outsideShare(let group): "uveu-outside \(group)"
        }
    }
}

extension LimitName: Comparable {
    /// The order in which events of limits are written: by kind (country, National VEU, small order,
    /// a share in a country, the share outside), then by party or group, then by country or year.
    public static func < (left: LimitName, right: LimitName) -> Bool {
        left.sortKey < right.sortKey
    }

    private var sortKey: (Int, String, String, Int32) {
        switch self {
        case .country(let country): (0, "", country.description, 0)
        case .nationalVEU(let party, let country): (1, party.text, country.description, 0)
        case .smallOrder(let group, let year): (2, group.text, "", year)
        case .countryShare(let group, let country): (3, group.text, country.description, 0)
        case .outsideShare(let group): (4, group.text, "", 0)
        }
    }
}
