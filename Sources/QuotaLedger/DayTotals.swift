// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What was charged to one subject, summed by UTC day of the decisions.
///
/// Charges are facts and keep their day; which days count today is the rulebook's question.
/// Appending is O(1), a sum over a range is O(days in the range).
struct DayTotals: Sendable {
    struct Total: Sendable {
        var day: CivilDate
        var amount: Int64
    }

    private(set) var totals: [Total] = []

    init() {}

    /// The totals as they were, in order of day.
    init(restoring totals: [Total]) { self.totals = totals }

    /// Whether as much was charged on a day.
    func has(_ amount: Int64, on day: CivilDate) -> Bool {
        let position = firstIndex(notBefore: day)
        return position < totals.count && totals[position].day == day
            && totals[position].amount >= amount
    }

    mutating func add(_ amount: Int64, on day: CivilDate) {
        if let last = totals.last, last.day == day {
            totals[totals.count - 1].amount += amount
        } else {
            let position = firstIndex(notBefore: day)
            if position < totals.count, totals[position].day == day {
                totals[position].amount += amount
            } else {
                totals.insert(Total(day: day, amount: amount), at: position)
            }
        }
    }

    /// Takes back what was charged on a day: the room of a hold that expired.
    mutating func subtract(_ amount: Int64, on day: CivilDate) {
        let position = firstIndex(notBefore: day)
        precondition(
            position < totals.count && totals[position].day == day
                && totals[position].amount >= amount,
            "only what was charged on a day can be freed on it"
        )
        totals[position].amount -= amount
    }

    mutating func merge(_ other: DayTotals) {
        for total in other.totals { add(total.amount, on: total.day) }
    }

    /// The sum over the days of a range.
    func sum(over days: DateRange) -> Int64 {
        var sum: Int64 = 0
        var position = firstIndex(notBefore: days.from)
        while position < totals.count, days.contains(totals[position].day) {
            sum += totals[position].amount
            position += 1
        }
        return sum
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
