// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

#if PlantedBugs
    import EntryLog
#endif

/// What was charged to one subject, summed by UTC day of the decisions.
///
/// Charges are facts and keep their day; which days count today, and whether what was returned or
/// retired still does, is the rulebook's question. Appending is O(1), a sum over a range is O(days
/// in the range).
struct DayTotals: Sendable {
    struct Total: Sendable {
        var day: CivilDate
        /// What is open, and all that was shipped.
        var amount: Int64
        /// What of that was returned.
        var returned: Int64 = 0
        /// What of that was retired.
        var retired: Int64 = 0

        func counted(_ credits: CreditRule?) -> Int64 {
            var counted = amount
            if credits?.creditsReturns ?? false { counted -= returned }
            if credits?.creditsRetirements ?? false { counted -= retired }
            return counted
        }
    }

    private(set) var totals: [Total] = []

    init() {}

    /// The totals as they were, in order of day.
    init(restoring totals: [Total]) { self.totals = totals }

    /// What was charged on the newest day.
    var newest: Int64 { totals.last?.amount ?? 0 }

    /// Whether as much was charged on a day.
    func has(_ amount: Int64, on day: CivilDate) -> Bool {
        let position = firstIndex(notBefore: day)
        return position < totals.count && totals[position].day == day
            && totals[position].amount >= amount
    }

    mutating func add(_ amount: Int64, on day: CivilDate) {
        totals[position(of: day)].amount += amount
    }

    /// Takes back what was charged on a day: the room of what was never shipped.
    mutating func subtract(_ amount: Int64, on day: CivilDate) {
        precondition(has(amount, on: day), "only what was charged on a day can be freed on it")
        totals[position(of: day)].amount -= amount
    }

    /// Notes what came back of what was charged on a day.
    mutating func giveBack(_ amount: Int64, on day: CivilDate) {
        totals[position(of: day)].returned += amount
    }

    /// Notes what is no longer there of what was charged on a day.
    mutating func retire(_ amount: Int64, on day: CivilDate) {
        totals[position(of: day)].retired += amount
    }

    mutating func merge(_ other: DayTotals) {
        for total in other.totals {
            let position = position(of: total.day)
            totals[position].amount += total.amount
            totals[position].returned += total.returned
            totals[position].retired += total.retired
        }
    }

    /// The sum over the days of a range, as a definition counts it.
    func sum(over days: DateRange, credits: CreditRule?) -> Int64 {
        #if PlantedBugs
            let days = PlantedBug.active == .windowOffByOne ? days.fromADayEarlier : days
        #endif
        var sum: Int64 = 0
        var position = firstIndex(notBefore: days.from)
        while position < totals.count, days.contains(totals[position].day) {
            sum += totals[position].counted(credits)
            position += 1
        }
        return sum
    }

    /// The first day from `day` on with a charge, if there is one.
    func firstDay(notBefore day: CivilDate) -> CivilDate? {
        let rest = totals[firstIndex(notBefore: day)...]
        return rest.first { $0.amount != 0 }?.day
    }

    /// Where a day's total stands, which is made if there is none yet.
    private mutating func position(of day: CivilDate) -> Int {
        if let last = totals.last, last.day == day { return totals.count - 1 }
        let position = firstIndex(notBefore: day)
        if position == totals.count || totals[position].day != day {
            totals.insert(Total(day: day, amount: 0), at: position)
        }
        return position
    }

    private func firstIndex(notBefore day: CivilDate) -> Int {
        var low = 0
        var high = totals.count
        while low < high {
            let middle = (low + high) / 2
            if totals[middle].day < day { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

#if PlantedBugs
    extension DateRange {
        fileprivate var fromADayEarlier: DateRange {
            from.adding(days: -1).flatMap { DateRange(from: $0, until: until) } ?? self
        }
    }
#endif
