// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// Lets a day begin; nothing dated turned on the days in between.
    mutating func enter(_ day: CivilDate) {
        self.day = day
        renewRules()
        renewWatchedGroups()
    }

    /// Finds the rulebook that is in force: the latest start wins, ties go to the later entry.
    ///
    /// Starts are beginnings of days, or adoptions that have happened, so the day decides.
    mutating func renewRules() {
        var found: AuditedRulebook?
        for adoption in adoptions where adoption.start.day <= day {
            if let best = found, best.start > adoption.start { continue }
            found = adoption
        }
        mark += 1
        rules = found.map { RulesOfDay($0, on: day, agreements) }
        devicesToday.removeAll(keepingCapacity: true)
    }

    /// The first day after the present one, and up to another, on which a limit can change by
    /// itself.
    func nextTurningDay(through last: CivilDate) -> CivilDate? {
        var days = [CivilDate(year: day.year + 1, month: 1, day: 1)]
        days.append(turningDays.first { $0 > day })
        for months in rollingMonths { days.append(nextRollingDay(months)) }
        let next = days.compactMap { $0 }.min()
        return next.flatMap { $0 <= last ? $0 : nil }
    }

    /// The first day after the present one on which charges leave a rolling window.
    private func nextRollingDay(_ months: Int) -> CivilDate? {
        var low = 0
        var high = chargeDays.count
        while low < high {
            let middle = (low + high) / 2
            let hasLeft = chargeDays[middle].adding(months: months).map { $0 <= day } ?? false
            if hasLeft { low = middle + 1 } else { high = middle }
        }
        return low < chargeDays.count ? chargeDays[low].adding(months: months) : nil
    }

    mutating func addTurningDays(_ days: [CivilDate?]) {
        turningDays = Set(turningDays + days.compactMap { $0 }).sorted()
    }

    /// The deadline of the next hold that expires, if there is one.
    mutating func nextDeadline() -> Deadline? {
        while let first = deadlines.first {
            let charge = charges[first.charge]
            if charge.isOpen, charge.deadline == first.time { return first }
            deadlines.removeFirst()
        }
        return nil
    }

    /// What a device is today; `nil` if the catalogue does not have it.
    mutating func device(_ id: DeviceIdentifier) -> DeviceToday? {
        if let known = devicesToday[id] { return known }
        guard let rows = ratings[id] else { return nil }
        // The last rating begun, or the first if all begin later.
        guard let row = rows.last(where: { $0.from <= day }) ?? rows.first else { return nil }
        let device = DeviceToday(
            tpp: row.tpp.rawValue,
            isControlled: rules?.rulebook.isControlled(row) ?? false
        )
        devicesToday[id] = device
        return device
    }
}
