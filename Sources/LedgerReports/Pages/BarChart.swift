// SPDX-License-Identifier: Apache-2.0

/// Horizontal bars of two parts, with the limit of each.
///
/// The parts differ by pattern, the limit is a line, and what passes it is marked with a triangle
/// and said in words: nothing depends on color.
struct BarChart {
    /// One bar.
    struct Bar {
        var label: String
        /// How much there is of the two parts, on the chart's scale.
        var parts: (Double, Double)
        /// Where the limit lies; `nil` where there is none.
        var limit: Double?
        /// The figure beside the bar.
        var value: String
        /// More words beside the bar.
        var detail: String
        /// Whether it passes its limit.
        var isInBreach: Bool
    }

    var title: String
    var summary: String
    /// What the scale counts, such as `% of the limit`.
    var unit: String
    /// The names of the two parts and of the limit.
    var names: (first: String, second: String, limit: String)
    var bars: [Bar]
    var data: PageTable
    /// The end of the scale that is not passed: longer bars are cut, with an arrow.
    var longest = 200.0

    private static let width = 760.0
    private static let rowHeight = 21.0
    private static let barHeight = 12.0
    private static let top = 54.0
    private static let labelColumns = 30
    /// How many bars a drawing has; more of them are cut to sheets, so that paper can break between.
    private static let sheetBarCount = 45

    /// The chart, in as many figures as it takes.
    var figures: [ChartFigure] {
        let count = max(1, (bars.count + Self.sheetBarCount - 1) / Self.sheetBarCount)
        // Equal sheets, rather than a full one and a rest.
        let size = (bars.count + count - 1) / count
        return (0..<count).map { sheet in
            let range = sheet * size..<min(bars.count, (sheet + 1) * size)
            let part = count == 1 ? "" : " (\(range.lowerBound + 1) to \(range.upperBound))"
            var shown = self
            shown.bars = Array(bars[range])
            shown.data.rows = Array(data.rows[range])
            return figure(of: shown, titled: title + part)
        }
    }

    private func figure(of shown: BarChart, titled title: String) -> ChartFigure {
        let scale = scale
        return ChartFigure(
            title: title,
            summary: summary,
            width: Self.width,
            height: Self.top + Double(shown.bars.count) * Self.rowHeight + 10,
            data: shown.data
        ) { page, id in shown.draw(on: scale, &page, id) }
    }

    /// The scale of all sheets.
    private var scale: AmountScale {
        let most = bars.map { max($0.parts.0 + $0.parts.1, $0.limit ?? 0) }.max() ?? 0
        return AmountScale(upTo: min(most, longest), tickCount: 5)
    }

    private func draw(on scale: AmountScale, _ page: inout HTMLWriter, _ id: String) {
        let labels = bars.map { shortened($0.label, to: Self.labelColumns) }
        let left = min(230, max(70, (labels.map(drawnWidth).max() ?? 0) + 12))
        let values = bars.map { drawnWidth($0.value) }.max() ?? 0
        let details = bars.map { drawnWidth($0.detail) }.max() ?? 0
        let right = Self.width - min(310, values + details + 34)
        let bottom = Self.top + Double(bars.count) * Self.rowHeight
        func x(_ value: Double) -> Double {
            left + (right - left) * min(1, value / scale.end)
        }
        page.hatching(id: id + "-hatch", class: "hatch")
        key(&page, id, x: left)
        for tick in scale.ticks {
            page.line(class: "grid", from: (x(tick), Self.top - 6), to: (x(tick), bottom))
            page.label(
                scale.label(tick),
                x: x(tick),
                y: Self.top - 11,
                .middle,
                class: "tick"
            )
        }
        page.label(unit, x: right + 26, y: Self.top - 11, class: "tick")
        for (row, bar) in bars.enumerated() {
            let y = Self.top + Double(row) * Self.rowHeight
            let middle = y + Self.rowHeight / 2
            page.label(labels[row], x: left - 10, y: middle + 4, .end)
            draw(bar, y: middle - Self.barHeight / 2, x, end: scale.end, &page, id)
            page.label(
                bar.value,
                x: right + 14 + values,
                y: middle + 4,
                .end,
                class: bar.isInBreach ? "value warning" : "value"
            )
            page.label(bar.detail, x: right + 24 + values, y: middle + 4, class: "detail")
        }
    }

    private func draw(
        _ bar: Bar,
        y: Double,
        _ x: (Double) -> Double,
        end: Double,
        _ page: inout HTMLWriter,
        _ id: String
    ) {
        let (first, second) = bar.parts
        let middle = y + Self.barHeight / 2
        if first > 0 {
            page.rectangle(
                class: "first",
                x: x(0),
                y: y,
                width: x(first) - x(0),
                height: Self.barHeight
            )
        }
        if second > 0, first < end {
            page.rectangle(
                class: "second",
                x: x(first),
                y: y,
                width: max(1, x(first + second) - x(first)),
                height: Self.barHeight,
                pattern: id + "-hatch"
            )
        }
        if let limit = bar.limit, limit <= end {
            page.line(
                class: "limit",
                from: (x(limit), y - (Self.rowHeight - Self.barHeight) / 2),
                to: (x(limit), y + Self.barHeight + (Self.rowHeight - Self.barHeight) / 2)
            )
        }
        if first + second > end {
            // An arrow: the bar goes on.
            let tip = x(end)
            let path =
                "M\(decimal(tip)) \(decimal(y - 2))L\(decimal(tip + 8)) \(decimal(middle))"
                + "L\(decimal(tip)) \(decimal(y + Self.barHeight + 2))Z"
            page.empty(.path, [.init(.class, "mark"), .init(.d, path)])
        }
    }

    /// What the patterns and the line stand for.
    private func key(_ page: inout HTMLWriter, _ id: String, x left: Double) {
        var x = left
        page.rectangle(class: "first", x: x, y: 6, width: 18, height: Self.barHeight)
        page.label(names.first, x: x + 24, y: 16)
        x += 24 + drawnWidth(names.first) + 18
        page.rectangle(
            class: "second",
            x: x,
            y: 6,
            width: 18,
            height: Self.barHeight,
            pattern: id + "-hatch"
        )
        page.label(names.second, x: x + 24, y: 16)
        x += 24 + drawnWidth(names.second) + 18
        page.line(class: "limit", from: (x + 4, 3), to: (x + 4, 21))
        page.label(names.limit, x: x + 12, y: 16)
    }
}
