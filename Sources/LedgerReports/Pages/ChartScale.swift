// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A scale from 0 upwards whose ticks stand at round numbers.
struct AmountScale {
    /// The end of the scale, a tick.
    let end: Double
    /// The ticks from 0 on.
    let ticks: [Double]

    /// Makes a scale that takes in a number.
    ///
    /// - Parameters:
    ///   - most: What has to fit; 0 gives a scale to 1.
    ///   - tickCount: About how many ticks there are beside 0.
    init(upTo most: Double, tickCount: Int = 4) {
        guard most > 0, most.isFinite else {
            end = 1
            ticks = [0, 1]
            return
        }
        let rough = most / Double(max(1, tickCount))
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        let step = power * ([1, 2, 2.5, 5, 10].first { power * $0 >= rough * 0.999_999 } ?? 10)
        let count = max(1, Int((most / step - 1e-9).rounded(.up)))
        end = step * Double(count)
        ticks = (0...count).map { step * Double($0) }
    }

    /// A tick's label: whole numbers with commas, parts with as many decimals as the step needs.
    func label(_ tick: Double) -> String {
        guard let second = ticks.dropFirst().first, second < 1 || second != second.rounded() else {
            return grouped(Int64(tick.rounded()))
        }
        var decimals = 0
        var scaled = second
        while decimals < 3, abs(scaled - scaled.rounded()) > 1e-6 {
            scaled *= 10
            decimals += 1
        }
        return fixed(tick, decimals: decimals)
    }

    private func fixed(_ number: Double, decimals: Int) -> String {
        var unit: Int64 = 1
        for _ in 0..<decimals { unit *= 10 }
        let units = Int64((number * Double(unit)).rounded())
        guard decimals > 0 else { return grouped(units) }
        let digits = String(units % unit)
        return grouped(units / unit) + "."
            + String(repeating: "0", count: decimals - digits.utf8.count) + digits
    }
}

/// A scale of time whose ticks stand at the beginnings of days, months or years.
struct TimeScale {
    let from: LedgerTime
    let until: LedgerTime
    /// The ticks, with their labels.
    let ticks: [(time: LedgerTime, label: String)]

    private static let monthNames = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Makes a scale over a range; an empty one becomes a day.
    ///
    /// - Parameters:
    ///   - from: The first instant.
    ///   - until: The last instant.
    ///   - tickCount: The most ticks that there is room for.
    init(from: LedgerTime, until: LedgerTime, tickCount: Int = 6) {
        let day = LedgerTime.millisecondsPerDay
        let shortest = LedgerTime(millisecondsSince1970: from.millisecondsSince1970 + day)
        let last = max(until, shortest ?? until)
        self.from = from
        self.until = last
        let days = (last.millisecondsSince1970 - from.millisecondsSince1970) / day
        let months = Int(days / 28) + 1
        if days <= Int64(tickCount) * 8 {
            let step = [1, 2, 7, 14].first { Int(days) / $0 < tickCount } ?? 14
            ticks = Self.days(from: from, until: last, step: step)
        } else {
            let step =
                [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200]
                .first { months / $0 < tickCount } ?? 1_200
            ticks = Self.months(from: from, until: last, step: step)
        }
    }

    /// How far along a time lies, 0 to 1.
    func position(of time: LedgerTime) -> Double {
        let whole = Double(until.millisecondsSince1970 - from.millisecondsSince1970)
        let part = Double(time.millisecondsSince1970 - from.millisecondsSince1970)
        return min(1, max(0, part / whole))
    }

    private static func days(
        from: LedgerTime,
        until: LedgerTime,
        step: Int
    ) -> [(LedgerTime, String)] {
        var ticks: [(LedgerTime, String)] = []
        var day = LedgerTime(startOf: from.day) < from ? from.day.adding(days: 1) : from.day
        while let tick = day, LedgerTime(startOf: tick) <= until {
            let parts = tick.parts
            ticks.append(
                (
                    LedgerTime(startOf: tick),
                    "\(parts.day) \(monthNames[parts.month - 1])"
                        + (ticks.isEmpty ? " \(parts.year)" : "")
                )
            )
            day = tick.adding(days: step)
        }
        return ticks
    }

    private static func months(
        from: LedgerTime,
        until: LedgerTime,
        step: Int
    ) -> [(LedgerTime, String)] {
        let parts = from.day.parts
        var index = parts.year * 12 + parts.month - 1
        index -= index % step
        // Rounded down it may lie before the first day that can be told.
        while index < CivilDate.earliest.year * 12 { index += step }
        var ticks: [(LedgerTime, String)] = []
        while let first = CivilDate(year: index / 12, month: index % 12 + 1, day: 1),
            LedgerTime(startOf: first) <= until
        {
            defer { index += step }
            guard LedgerTime(startOf: first) >= from else { continue }
            let isYear = step >= 12
            let name = monthNames[index % 12]
            let label =
                isYear
                ? "\(index / 12)"
                : ticks.isEmpty || index % 12 == 0 ? "\(name) \(index / 12)" : name
            ticks.append((LedgerTime(startOf: first), label))
        }
        return ticks
    }
}
