// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension RulebookParser {
    /// The country lists.
    ///
    /// No country may be on two lists, or twice on one, on the same day.
    func countries(effective: CivilDate?) -> CountryRules? {
        guard let group = file.group("countries") else { return nil }
        let aliases = aliases(group.required("aliases"))
        var listed = ListedCountries()
        let home = rows(group.required("home"), tier: .home, &listed)
        let allied = rows(group.required("allied"), tier: .allied, &listed)
        let concern = rows(group.required("concern"), tier: .concern, &listed)
        group.finish()
        for alias in aliases ?? [] {
            for entry in listed[alias.country] {
                entry.field.fail(
                    "\(alias.country) counts as \(alias.countsAs); expected it on no list"
                )
            }
        }
        guard let aliases, let home, let allied, let concern else { return nil }
        return CountryRules(aliases: aliases, home: home, allied: allied, concern: concern)
    }

    /// Rows of dated countries; the list may be empty.
    func rows(
        _ field: Field?,
        tier: CountryTier?,
        _ listed: inout ListedCountries
    ) -> [DatedCountries]? {
        guard let items = field?.items(mayBeEmpty: true) else { return nil }
        var rows: [DatedCountries] = []
        for item in items {
            guard let group = item.group() else { continue }
            let days = days(of: group)
            let codes = group.required("countries")?.items()
            let countries = codes?.collect { code, _ in code.country() }
            let citation = group.citation()
            group.finish()
            guard let days, let codes, let countries, let citation else { continue }
            for (code, country) in zip(codes, countries) {
                let list = tier?.rawValue ?? "unavailable"
                if let other = listed.add(country, on: days, of: list, field: code) {
                    code.fail("\(country) is already on the list \(other) on a day of this row")
                }
            }
            rows.append(DatedCountries(countries: countries, days: days, citation: citation))
        }
        return rows.count == items.count ? rows : nil
    }

    /// `from`, and optionally `until`.
    func days(of group: FieldGroup) -> DateRange? {
        let from = group.required("from")?.date()
        let untilField = group.optional("until")
        let until = untilField?.date()
        guard let from, (untilField == nil) == (until == nil) else { return nil }
        guard let range = DateRange(from: from, until: until) else {
            untilField?.fail("found \(until.map(\.description) ?? ""); expected a day after from")
            return nil
        }
        return range
    }

    private func aliases(_ field: Field?) -> [CountryAlias]? {
        let aliases: [CountryAlias]? = field?.items(mayBeEmpty: true)?.collect { item, earlier in
            guard let group = item.group() else { return nil }
            let field = group.required("country")
            let country = field?.country()
            let countsAs = group.required("counts-as")?.country()
            let citation = group.citation()
            group.finish()
            guard let country, let countsAs, let citation else { return nil }
            let isChained = earlier.contains {
                $0.country == country || $0.country == countsAs || $0.countsAs == country
            }
            if country == countsAs || isChained {
                field?.fail("\(country) is listed twice or counts as an alias; expected it once")
            }
            return CountryAlias(country: country, countsAs: countsAs, citation: citation)
        }
        return aliases
    }
}

/// The countries of the rows read so far, to find one that is listed twice.
struct ListedCountries {
    struct Entry {
        let days: DateRange
        let list: String
        let field: Field
    }

    private var entries: [CountryCode: [Entry]] = [:]

    subscript(country: CountryCode) -> [Entry] { entries[country] ?? [] }

    /// Adds a country, or says on which list it already is on one of the days.
    mutating func add(
        _ country: CountryCode,
        on days: DateRange,
        of list: String,
        field: Field
    ) -> String? {
        if let other = self[country].first(where: { $0.days.overlaps(days) }) { return other.list }
        entries[country, default: []].append(Entry(days: days, list: list, field: field))
        return nil
    }
}
