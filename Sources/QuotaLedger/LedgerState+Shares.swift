// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension LedgerState {
    /// The share report at a moment that is not before the newest entry, with what is due by then.
    func shareReport(after time: LedgerTime?) -> ShareReport? {
        let asOf = max(time ?? newestTime, newestTime)
        return settled(by: asOf).shareReport(at: asOf)
    }

    private func shareReport(at time: LedgerTime) -> ShareReport? {
        guard let creation, next > 0, let adopted = rulebooks.inForce(at: time) else { return nil }
        let moment = LegalMoment(day: time.day, adopted: adopted)
        return ShareReport(
            creation: creation,
            through: EntryNumber(rawValue: next - 1),
            throughTime: newestTime,
            asOf: time,
            rulebook: adopted.rulebook,
            adoption: adopted.entry,
            groups: watch.groups.map { shares(of: $0, at: moment) }
                .sorted { $0.group < $1.group }
        )
    }

    func shares(of group: PartyIndex, at moment: LegalMoment) -> GroupShares {
        let record = parties[group].record
        // A group of which nothing is known has no account, and nothing installed.
        let account = parties.existingAccount(of: group)
        let base = account.flatMap { installed[$0] } ?? InstalledBase()
        return GroupShares(
            group: record.id,
            name: record.name,
            headquarters: record.headquarters,
            standing: universalStanding(of: group, at: moment),
            base: TPP(rawValue: base.total),
            attestedDay: base.latestAttestedDay,
            entriesOfAttestedDay: base.latestAttestedDay.map(base.entries(on:)) ?? [],
            countries: account.map { countries(of: $0, base, at: moment) } ?? [],
            outside: outsideShare(of: account, at: moment),
            ratios: ratios(of: record, base, at: moment)
        )
    }

    private func countries(
        of account: AccountIndex,
        _ base: InstalledBase,
        at moment: LegalMoment
    ) -> [GroupCountry] {
        let counted = Set(knownCountries(of: account).map(moment.rulebook.countries.counted))
        return counted.sorted().map { country in
            let names = moment.countries(countedAs: country)
            return GroupCountry(
                country: country,
                tier: moment.rulebook.tier(of: country, on: moment.day),
                installed: TPP(rawValue: names.reduce(0) { $0 + base.installed(in: $1) }),
                held: TPP(rawValue: names.reduce(0) { $0 + held(by: account, in: $1) }),
                share: use(of: .countryShare(account, country), at: moment)
            )
        }
    }

    private func outsideShare(of account: AccountIndex?, at moment: LegalMoment) -> ShareUse? {
        if let account { return use(of: .outsideShare(account), at: moment) }
        let rules = moment.rulebook.mechanism(.universalVEU)?.shares ?? []
        return rules.first { $0.scope == .allOutside }
            .map { ShareUse(rule: $0, used: .zero, limit: .zero) }
    }

    private func use(of key: WatchKey, at moment: LegalMoment) -> ShareUse? {
        guard let reading = reading(of: key, at: moment) else { return nil }
        switch limit(of: key, at: moment) {
        case .countryShare(let rule, _)?, .outsideShare(let rule)?:
            return ShareUse(
                rule: rule,
                used: TPP(rawValue: reading.used),
                limit: TPP(rawValue: reading.limit)
            )
        default: return nil
        }
    }

    // MARK: - Watched ratios

    private func ratios(
        of group: PartyRecord,
        _ base: InstalledBase,
        at moment: LegalMoment
    ) -> [RatioReading] {
        let isAtHome = moment.rulebook.tier(of: group.headquarters, on: moment.day) == .home
        return moment.rulebook.watched.flatMap { rule -> [RatioReading] in
            switch rule.groups {
            case .headquarteredAtHome: guard isAtHome else { return [] }
            }
            let today = reading(of: rule, base, on: moment.day, at: moment)
            guard let last = rule.lastDay(before: moment.day) else { return [today] }
            var reported = reading(of: rule, base, on: last, at: moment)
            reported.isReportingDate = true
            return [reported, today]
        }
    }

    /// The watched ratios of every group whose shares are watched: on each reporting date that is
    /// over since anything is known of what the group has, and now.
    func groupRatios(at moment: LegalMoment) -> [GroupRatios] {
        watch.groups.compactMap { group -> GroupRatios? in
            let record = parties[group].record
            let base =
                parties.existingAccount(of: group).flatMap { installed[$0] } ?? InstalledBase()
            let now = ratios(of: record, base, at: moment).filter { !$0.isReportingDate }
            let readings = now.flatMap { reading -> [RatioReading] in
                let days = base.firstDay.map { reading.rule.days(from: $0, before: moment.day) }
                let reported = (days ?? []).map { day -> RatioReading in
                    var past = self.reading(of: reading.rule, base, on: day, at: moment)
                    past.isReportingDate = true
                    return past
                }
                return reported + [reading]
            }
            guard !readings.isEmpty else { return nil }
            return GroupRatios(group: record.id, name: record.name, readings: readings)
        }.sorted { $0.group < $1.group }
    }

    private func reading(
        of rule: WatchedRatio,
        _ base: InstalledBase,
        on day: CivilDate,
        at moment: LegalMoment
    ) -> RatioReading {
        var part: Int64 = 0
        var whole: Int64 = 0
        for country in base.countries {
            let installed = base.installed(in: country, through: day)
            whole += installed
            switch rule.kind {
            case .homeShare:
                if moment.rulebook.tier(of: country, on: day) == .home { part += installed }
            }
        }
        return RatioReading(
            rule: rule,
            day: day,
            isReportingDate: false,
            part: TPP(rawValue: part),
            whole: TPP(rawValue: whole)
        )
    }
}

extension WatchedRatio {
    /// The reporting dates from a day on that are over on another.
    fileprivate func days(from first: CivilDate, before last: CivilDate) -> [CivilDate] {
        guard first.year <= last.year else { return [] }
        return (first.year...last.year).flatMap { year in
            days.compactMap { CivilDate(year: year, month: $0.month, day: $0.day) }
        }.filter { first <= $0 && $0 < last }.sorted()
    }

    /// The last reporting date that is over on a day; `nil` before the first of the calendar.
    fileprivate func lastDay(before day: CivilDate) -> CivilDate? {
        [day.year, day.year - 1]
            .flatMap { year in
                days.compactMap { CivilDate(year: year, month: $0.month, day: $0.day) }
            }
            .filter { $0 < day }
            .max()
    }
}
