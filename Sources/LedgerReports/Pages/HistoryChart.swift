// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger

/// The history of a limit as a chart with its figures.
struct HistoryChart {
    private let history: LimitHistory
    private let title: String
    private let from: LedgerTime
    private let until: LedgerTime
    private let amounts: AmountStyle
    private let isWide: Bool

    /// The most rows of its table; of more points there is a row a month, a quarter or a year.
    private static let rowCount = 40

    init(
        _ history: LimitHistory,
        title: String,
        from: LedgerTime,
        until: LedgerTime,
        amounts: AmountStyle,
        isWide: Bool = false
    ) {
        self.history = history
        self.title = title
        self.from = from
        self.until = until
        self.amounts = amounts
        self.isWide = isWide
    }

    var figure: ChartFigure {
        StepChart(
            title: title,
            summary: summary,
            unit: "H100e",
            points: history.points.map {
                StepChart.Point(
                    time: $0.time,
                    used: amounts.approximateH100e($0.used),
                    limit: amounts.approximateH100e($0.limit)
                )
            },
            breaches: history.breaches.map { ($0.from, $0.until) },
            from: from,
            until: until,
            data: history.points.count <= Self.rowCount ? everyPoint : byPeriod,
            isWide: isWide
        ).figure
    }

    /// What there is to see, in words.
    private var summary: String {
        guard let last = history.points.last,
            let most = history.points.max(by: { $0.used < $1.used })
        else { return "No data." }
        var text =
            "Use over time against the limit. At the end \(used(last.used)) of \(limit(last.limit)) "
            + "H100e are used. The most was \(used(most.used)) H100e, from \(most.time.day) on."
        let limits = history.points.map(\.limit)
        let steps = zip(limits, limits.dropFirst()).filter { $0.0 != $0.1 }.count
        if steps > 0 { text += " The limit changed \(counted(steps, "time"))." }
        for breach in history.breaches.prefix(3) {
            text +=
                " In breach from \(breach.from.day)"
                + (breach.until.map { " until \($0.day)" } ?? " on") + "."
        }
        if history.breaches.count > 3 {
            text += " In breach \(history.breaches.count) times in all."
        }
        return text
    }

    private func used(_ amount: TPP) -> String { amounts.h100e(amount, rounding: .up) }
    private func limit(_ amount: TPP) -> String { amounts.h100e(amount, rounding: .down) }

    private var caption: String { title + ": use over time, figures in H100e" }

    private var everyPoint: PageTable {
        PageTable(
            caption: caption,
            columns: [.text("from"), .number("used"), .number("limit")],
            rows: history.points.map { point in
                [
                    .init(point.time.description), .init(used(point.used)),
                    .init(limit(point.limit)),
                ]
            }
        )
    }

    /// A row for each period: what is used at its end, the most in it, and the limit at its end.
    private var byPeriod: PageTable {
        guard let first = history.points.first?.time.day.parts,
            let last = history.points.last?.time.day.parts
        else { return table(heading: "period", rows: []) }
        let months = (last.year - first.year) * 12 + last.month - first.month + 1
        let length = [1, 3, 12, 120].first { months / $0 < Self.rowCount } ?? 120
        var rows: [(String, TPP, TPP, TPP)] = []
        var period: Int?
        for point in history.points {
            let parts = point.time.day.parts
            let number = (parts.year * 12 + parts.month - 1) / length
            if number == period, let row = rows.last {
                rows[rows.count - 1] = (row.0, point.used, max(row.2, point.used), point.limit)
            } else {
                // What stood at the end of the period before stands at the beginning of this one.
                let before = rows.last?.1 ?? .zero
                rows.append(
                    (name(number, length), point.used, max(before, point.used), point.limit)
                )
            }
            period = number
        }
        return table(heading: length == 1 ? "month" : "from", rows: rows)
    }

    private func name(_ number: Int, _ length: Int) -> String {
        let month = number * length
        let text = String(month % 12 + 1)
        return "\(month / 12)-" + (text.utf8.count == 1 ? "0" : "") + text
    }

    private func table(
        heading: String,
        rows: [(label: String, used: TPP, most: TPP, limit: TPP)]
    ) -> PageTable {
        PageTable(
            caption: caption,
            columns: [
                .text(heading), .number("used at the end"), .number("most used"),
                .number("limit"),
            ],
            rows: rows.map { row in
                [
                    .init(row.label), .init(used(row.used)), .init(used(row.most)),
                    .init(limit(row.limit)),
                ]
            }
        )
    }
}

extension AmountStyle {
    /// An amount in H100e for a drawing, in which a rounded pixel is as good as the exact figure.
    func approximateH100e(_ amount: TPP) -> Double {
        Double(amount.rawValue) / Double(tppPerH100e)
    }

    /// An amount in H100e without decimals from 1,000 on, where they would crowd a drawing.
    func short(_ amount: TPP, rounding: H100Rounding) -> String {
        guard amount.rawValue / tppPerH100e >= 1_000 else {
            return h100e(amount, rounding: rounding)
        }
        let (whole, rest) = amount.rawValue.quotientAndRemainder(dividingBy: tppPerH100e)
        return switch rounding {
        case .down: grouped(whole)
        case .up: grouped(rest > 0 ? whole + 1 : whole)
        }
    }
}
