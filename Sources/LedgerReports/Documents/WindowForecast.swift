// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

/// What is used of a window from now on if nothing more is granted: what is charged leaves it, and
/// the limit steps.
struct WindowForecast {
    /// How the limit stands from an instant on.
    struct Point: Hashable {
        var time: LedgerTime
        var used: TPP
        var limit: TPP
    }

    /// In order of time; the first is now.
    let points: [Point]
    /// The end of what is told.
    let until: LedgerTime

    /// How far a forecast goes past its last change.
    private static let daysAfter = 45

    init(_ window: LimitWindow, from now: LedgerTime) {
        let rule = window.rule.window
        func point(at time: LedgerTime) -> Point {
            let counted = window.charges.filter { charge in
                charge.leaves.map { time.day < $0 } ?? true
            }
            return Point(
                time: time,
                used: TPP(rawValue: counted.reduce(0) { $0 + $1.counted.rawValue }),
                limit: rule.limit(on: time.day)
            )
        }
        let days = Set(window.charges.compactMap(\.leaves) + rule.steps)
            .filter { $0 > now.day }.sorted()
        var points = [point(at: now)]
        for day in days {
            let next = point(at: LedgerTime(startOf: day))
            if next.used != points[points.count - 1].used
                || next.limit != points[points.count - 1].limit
            {
                points.append(next)
            }
        }
        self.points = points
        until =
            points[points.count - 1].time.day.adding(days: Self.daysAfter)
            .map(LedgerTime.init(startOf:)) ?? .latest
    }

    /// The forecast as a chart with its figures.
    func figure(titled title: String, _ amounts: AmountStyle) -> ChartFigure {
        let last = points[points.count - 1]
        let first = points[0]
        func used(_ amount: TPP) -> String { amounts.h100e(amount, rounding: .up) }
        func limit(_ amount: TPP) -> String { amounts.h100e(amount, rounding: .down) }
        return StepChart(
            title: title,
            summary: "Steps over time. Now \(used(first.used)) of \(limit(first.limit)) H100e are "
                + "used; if nothing more is granted \(used(last.used)) of \(limit(last.limit)) "
                + "from \(last.time.day) on.",
            unit: "H100e",
            points: points.map {
                StepChart.Point(
                    time: $0.time,
                    used: amounts.approximateH100e($0.used),
                    limit: amounts.approximateH100e($0.limit)
                )
            },
            breaches: points.indices.filter { points[$0].used > points[$0].limit }.map { position in
                let end = position + 1 < points.count ? points[position + 1].time : nil
                return (points[position].time, end)
            },
            from: first.time,
            until: until,
            data: PageTable(
                caption: title + ": figures",
                columns: [.text("from"), .number("used, H100e"), .number("limit, H100e")],
                rows: points.map {
                    [.init("\($0.time)"), .init(used($0.used)), .init(limit($0.limit))]
                }
            ),
            isWide: true
        ).figure
    }
}

extension WindowRule {
    /// The days on which its limit steps by itself.
    var steps: [CivilDate] {
        switch self {
        case .period(let from, let until, _): [from, until]
        case .schedule(let steps): steps.map(\.from)
        case .calendarYear, .rolling, .allTime: []
        }
    }

    /// The window in a few words; of a schedule the step that comes next.
    func shortText(_ amounts: AmountStyle, on day: CivilDate) -> String {
        guard case .schedule(let steps) = self else { return text(amounts, of: "") }
        guard let next = steps.first(where: { $0.from > day }) else {
            return "cumulative, in steps; the last has come"
        }
        let amount = amounts.h100e(next.amount.tpp, rounding: .down)
        return "cumulative, in steps; the next to \(amount) H100e from \(next.from)"
    }
}
