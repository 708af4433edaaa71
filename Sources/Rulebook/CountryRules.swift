// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How the rule sees a country on a day.
public enum CountryTier: String, Hashable, Sendable, CaseIterable {
    /// Where the rule is made: no limit.
    case home
    /// An ally's (15 CFR part 740, Supplement No. 5, paragraph (a)).
    case allied
    /// Of concern (Country Group D:5 and Macau): refused.
    case concern
    /// Every other country: it has an allocation.
    case capped
}

/// Countries that are on one list for the same days, with the source.
public struct DatedCountries: Hashable, Sendable {
    /// The countries, in the order of the file.
    public let countries: [CountryCode]
    /// The days on which they are on the list.
    public let days: DateRange
    /// Where the list comes from.
    public let citation: String

    /// Whether a country is on the list on a day.
    public func contains(_ country: CountryCode, on day: CivilDate) -> Bool {
        days.contains(day) && countries.contains(country)
    }
}

/// A country that counts as another.
public struct CountryAlias: Hashable, Sendable {
    /// The country, such as Hong Kong.
    public let country: CountryCode
    /// What it counts as, such as China.
    public let countsAs: CountryCode
    /// Where that comes from.
    public let citation: String
}

/// The dated country lists of a rulebook.
public struct CountryRules: Hashable, Sendable {
    /// Countries that count as another.
    public let aliases: [CountryAlias]
    /// The home list, in the order of the file.
    public let home: [DatedCountries]
    /// The list of allies, in the order of the file.
    public let allied: [DatedCountries]
    /// The list of countries of concern, in the order of the file.
    public let concern: [DatedCountries]

    /// The country that this one counts as: itself, unless it is an alias.
    public func counted(_ country: CountryCode) -> CountryCode {
        aliases.first { $0.country == country }?.countsAs ?? country
    }

    /// The tier of a country on a day.
    ///
    /// No country is in two lists on one day: the parser sees to it.
    public func tier(of country: CountryCode, on day: CivilDate) -> CountryTier {
        let country = counted(country)
        if concern.contains(where: { $0.contains(country, on: day) }) { return .concern }
        if home.contains(where: { $0.contains(country, on: day) }) { return .home }
        if allied.contains(where: { $0.contains(country, on: day) }) { return .allied }
        return .capped
    }

    /// The countries of a tier's list on a day, sorted.
    ///
    /// Aliases are not among them; ``CountryTier/capped`` has no list.
    public func listed(_ tier: CountryTier, on day: CivilDate) -> [CountryCode] {
        rows(of: tier).filter { $0.days.contains(day) }.flatMap(\.countries).sorted()
    }

    /// The rows of a tier's list; none for ``CountryTier/capped``.
    public func rows(of tier: CountryTier) -> [DatedCountries] {
        switch tier {
        case .home: home
        case .allied: allied
        case .concern: concern
        case .capped: []
        }
    }
}
