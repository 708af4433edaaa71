// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What the charges of one subject amount to on one day of decisions.
struct DayCharges: Hashable, Sendable {
    var day: CivilDate
    /// What is open and everything that was ever shipped.
    var taken: Int64 = 0
    var returned: Int64 = 0
    var retired: Int64 = 0

    /// What counts of it by a mechanism.
    func counted(by mechanism: AuditedMechanism) -> Int64 {
        var amount = taken
        if mechanism.creditsReturns { amount -= returned }
        if mechanism.creditsRetirements { amount -= retired }
        return amount
    }

    mutating func add(_ other: DayCharges) {
        taken += other.taken
        returned += other.returned
        retired += other.retired
    }
}

/// All charges of one subject by one kind of mechanism, day by day.
///
/// A sum is kept for the day and the rulebook that are asked about, under a mark that the owner
/// changes with either; it is folded anew when the mark is another.
struct ChargeBook: Hashable, Sendable {
    /// By day, ascending.
    private(set) var days: [DayCharges] = []
    private var mark: UInt64 = 0
    private var sum: Int64 = 0

    /// Adds what changed of a day's charges.
    mutating func add(
        _ change: DayCharges,
        by mechanism: AuditedMechanism?,
        on today: CivilDate,
        mark: UInt64
    ) {
        if let last = days.last, last.day == change.day {
            days[days.count - 1].add(change)
        } else {
            insert(change)
        }
        guard self.mark == mark, let mechanism else { return }
        guard mechanism.window?.counts(change.day, on: today) ?? false else { return }
        sum += change.counted(by: mechanism)
    }

    private mutating func insert(_ change: DayCharges) {
        var low = 0
        var high = days.count
        while low < high {
            let middle = (low + high) / 2
            if days[middle].day < change.day { low = middle + 1 } else { high = middle }
        }
        if low < days.count, days[low].day == change.day {
            days[low].add(change)
        } else {
            days.insert(change, at: low)
        }
    }

    /// What is used by a mechanism on a day.
    mutating func used(
        by mechanism: AuditedMechanism,
        on today: CivilDate,
        mark: UInt64
    ) -> Int64 {
        if self.mark == mark { return sum }
        self.mark = mark
        sum = 0
        guard let window = mechanism.window else { return 0 }
        for day in days where window.counts(day.day, on: today) {
            sum += day.counted(by: mechanism)
        }
        return sum
    }

    /// Takes over all charges of another.
    mutating func take(_ other: ChargeBook) {
        for day in other.days { insert(day) }
        mark = 0
    }
}
