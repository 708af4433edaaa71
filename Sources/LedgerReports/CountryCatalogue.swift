// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// An agreement with a country, with the days on which it holds.
public struct DatedAgreement: Hashable, Sendable {
    /// The country.
    public var country: CountryCode
    /// The entry that signed it, or proposed it if it needed two people.
    public var entry: EntryNumber
    /// The first day.
    public var from: CivilDate
    /// The first day no more; it may lie before `from` when it was ended early.
    public var until: CivilDate?

    /// Makes an agreement; nothing is checked here.
    public init(
        country: CountryCode,
        entry: EntryNumber,
        from: CivilDate,
        until: CivilDate?
    ) {
        self.country = country
        self.entry = entry
        self.from = from
        self.until = until
    }

    /// Whether it holds on a day.
    public func holds(on day: CivilDate) -> Bool { from <= day && (until.map { day < $0 } ?? true) }
}

/// How a rulebook sees countries on a day: tier, agreements and cap.
///
/// Pure; safe to use from any thread.
public struct CountryCatalogue: Hashable, Sendable {
    /// The day.
    public let day: CivilDate
    /// The rulebook.
    public let rulebook: Rulebook
    /// The agreements, in order of the log.
    public let agreements: [DatedAgreement]
    private let table: CountryTable

    /// Makes a report; `countries` is the table of those that there are.
    public init(
        on day: CivilDate,
        under rulebook: Rulebook,
        agreements: [DatedAgreement] = [],
        countries: CountryTable = .shipped
    ) {
        self.day = day
        self.rulebook = rulebook
        self.agreements = agreements
        table = countries
    }

    /// Every country, or those of one tier, in order of their codes.
    public func countries(in tier: CountryTier? = nil) -> Listing {
        var listing = Listing(
            "countries",
            [
                .init("country"), .init("name", nil, .text), .init("tier"), .init("counts_as"),
                .init("from"), .init("until"), .init("agreement"),
                .init("limit", nil, .amount(.down)),
            ],
            in: AmountStyle(rulebook)
        )
        for country in table.countries {
            let found = rulebook.tier(of: country.code, on: day)
            guard tier == nil || tier == found else { continue }
            let row = row(of: country.code, on: day)
            let counted = rulebook.countries.counted(country.code)
            listing.append([
                .text(country.code.description), .text(country.name), .text(found.rawValue),
                counted == country.code ? .none : .text(counted.description),
                row.map { .text($0.days.from.description) } ?? .none,
                row?.days.until.map { .text($0.description) } ?? .none,
                .flag(hasAgreement(with: country.code)), .amount(limit(of: country.code)),
            ])
        }
        return listing
    }

    /// The name of a country, or `nil` if there is none of that code.
    public func name(of country: CountryCode) -> String? { table.name(of: country) }

    /// The lists on which a country stands or stood, in order of their days; a capped one is on none.
    public func lists(with country: CountryCode) -> Listing {
        var listing = Listing(
            "lists",
            [
                .init("tier"), .init("from"), .init("until"), .init("citation", nil, .text),
            ]
        )
        let counted = rulebook.countries.counted(country)
        let rows = [CountryTier.home, .allied, .concern].flatMap { tier in
            rulebook.countries.rows(of: tier).filter { $0.countries.contains(counted) }
                .map { (tier, $0) }
        }
        for (tier, row) in rows.sorted(by: { $0.1.days.from < $1.1.days.from }) {
            listing.append([
                .text(tier.rawValue), .text(row.days.from.description),
                row.days.until.map { .text($0.description) } ?? .none, .text(row.citation),
            ])
        }
        return listing
    }

    /// The agreements with a country, in order of the log.
    public func agreements(with country: CountryCode) -> Listing {
        var listing = Listing(
            "agreements",
            [.init("from"), .init("until"), .init("holds"), .init("entry", nil, .count)]
        )
        for agreement in agreements where isCounted(agreement.country, as: country) {
            listing.append([
                .text(agreement.from.description),
                agreement.until.map { .text($0.description) } ?? .none,
                .flag(agreement.holds(on: day)),
                .count(Int64(clamping: agreement.entry.rawValue)),
            ])
        }
        return listing
    }

    /// Whether an agreement with a country holds on the day.
    public func hasAgreement(with country: CountryCode) -> Bool {
        agreements.contains { isCounted($0.country, as: country) && $0.holds(on: day) }
    }

    /// The cap of a country on the day; `nil` of one of concern, to which nothing goes.
    public func limit(of country: CountryCode) -> TPP? {
        guard rulebook.tier(of: country, on: day) != .concern else { return nil }
        return rulebook.countryLimit(
            of: country,
            on: day,
            hasAgreement: hasAgreement(with: country)
        )
    }

    /// The row of the list on which a country stands on a day; `nil` of a capped one.
    public func row(of country: CountryCode, on day: CivilDate) -> DatedCountries? {
        let tier = rulebook.tier(of: country, on: day)
        return rulebook.countries.rows(of: tier)
            .first { $0.contains(rulebook.countries.counted(country), on: day) }
    }

    private func isCounted(_ one: CountryCode, as other: CountryCode) -> Bool {
        rulebook.countries.counted(one) == rulebook.countries.counted(other)
    }
}
