// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleFacts {
    /// The days, after one and up to another, on which something dated begins or ends: on all others
    /// every limit stands as it stood the day before.
    func turningDays(after first: CivilDate, through last: CivilDate) -> Set<CivilDate> {
        guard first < last else { return [] }
        var days = Set<CivilDate>()
        let add = { (day: CivilDate?) in
            guard let day, first < day, day <= last else { return }
            days.insert(day)
        }
        for agreement in agreements {
            add(agreement.from)
            add(agreement.until)
        }
        for status in statuses {
            add(status.dates.from)
            add(status.dates.until)
        }
        for rulebook in Set(adoptions.map(\.rulebook)) {
            add(rulebook.effective)
            for listed in rulebook.lists {
                add(listed.dates.from)
                add(listed.dates.until)
            }
            for limit in rulebook.mechanisms.flatMap(\.limits) {
                for day in turningDays(of: limit, after: first, through: last) { add(day) }
            }
        }
        return days
    }

    private func turningDays(
        of limit: OracleRulebook.Limit,
        after first: CivilDate,
        through last: CivilDate
    ) -> [CivilDate] {
        switch limit {
        case .period(let from, let until, _): return [from, until]
        case .calendarYear:
            return (first.year...last.year).compactMap { CivilDate(year: $0, month: 1, day: 1) }
        case .rolling(let months, _):
            return Set(charges.map(\.day)).compactMap { $0.adding(months: months) }
        case .schedule(let steps): return steps.map(\.from)
        case .always, .countryShare, .outsideShare: return []
        }
    }
}
