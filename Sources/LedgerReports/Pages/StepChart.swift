// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What is used of a limit against what it allows, over time, as steps.
struct StepChart {
    /// How things stand from an instant on, on the chart's scale.
    struct Point {
        var time: LedgerTime
        var used: Double
        var limit: Double
    }

    var title: String
    var summary: String
    /// What the upright scale counts, such as `H100e`.
    var unit: String
    /// In order of time; each stands until the next.
    var points: [Point]
    /// When more was used than allowed.
    var breaches: [(from: LedgerTime, until: LedgerTime?)]
    /// The ends of the scale of time.
    var from: LedgerTime
    var until: LedgerTime
    /// What stands beside the end of the line of use, and of the limit.
    var names = (used: "used", limit: "limit")
    var data: PageTable
    var isWide = false

    private var width: Double { isWide ? 760 : 372 }
    private var height: Double { isWide ? 240 : 176 }
    private static let top = 30.0

    /// The chart.
    var figure: ChartFigure {
        ChartFigure(
            title: title,
            summary: summary,
            width: width,
            height: height,
            data: data,
            isWide: isWide
        ) { page, id in draw(&page, id) }
    }

    private func draw(_ page: inout HTMLWriter, _ id: String) {
        let amounts = AmountScale(upTo: points.map { max($0.used, $0.limit) }.max() ?? 0)
        let times = TimeScale(from: from, until: until, tickCount: isWide ? 10 : 5)
        let labels = amounts.ticks.map(amounts.label)
        let frame = Frame(
            left: (labels.map(drawnWidth).max() ?? 0) + 12,
            right: width - 10,
            top: Self.top,
            bottom: height - 24,
            amounts: amounts,
            times: times
        )
        page.hatching(id: id + "-breach", class: "breach", turned: -45)
        page.label(unit, x: frame.left - 6, y: 12, .end, class: "tick")
        for (tick, label) in zip(amounts.ticks, labels) {
            let y = frame.y(tick)
            page.line(class: "grid", from: (frame.left, y), to: (frame.right, y))
            page.label(label, x: frame.left - 6, y: y + 4, .end, class: "tick")
        }
        for tick in times.ticks {
            let x = frame.x(tick.time)
            page.line(class: "grid", from: (x, frame.bottom), to: (x, frame.bottom + 4))
            // Near an edge a label would leave the drawing.
            let half = drawnWidth(tick.label) / 2
            let inside = min(max(x, half), width - half)
            page.label(tick.label, x: inside, y: height - 7, .middle, class: "tick")
        }
        for breach in breaches { draw(breach, in: frame, &page, id) }
        guard let last = points.last else { return }
        page.empty(.path, [.init(.class, "area"), .init(.d, area(in: frame))])
        page.empty(
            .path,
            [.init(.class, "limit"), .init(.d, steps(\.limit, in: frame))]
        )
        page.empty(.path, [.init(.class, "use"), .init(.d, steps(\.used, in: frame))])
        nameLines(last, in: frame, &page)
    }

    /// Where things stand in the drawing.
    private struct Frame {
        var left: Double
        var right: Double
        var top: Double
        var bottom: Double
        var amounts: AmountScale
        var times: TimeScale

        func x(_ time: LedgerTime) -> Double { left + (right - left) * times.position(of: time) }
        func y(_ amount: Double) -> Double {
            bottom - (bottom - top) * min(1, max(0, amount / amounts.end))
        }
    }

    /// A hatched band over the time of a breach, and a triangle where it begins.
    private func draw(
        _ breach: (from: LedgerTime, until: LedgerTime?),
        in frame: Frame,
        _ page: inout HTMLWriter,
        _ id: String
    ) {
        let start = frame.x(breach.from)
        let end = frame.x(breach.until ?? until)
        page.rectangle(
            class: "breach",
            x: start,
            y: frame.top,
            width: max(2, end - start),
            height: frame.bottom - frame.top,
            pattern: id + "-breach"
        )
        let top = decimal(frame.top - 2)
        let path = "M\(decimal(start - 5)) \(decimal(frame.top - 11))h10L\(decimal(start)) \(top)Z"
        page.empty(.path, [.init(.class, "mark"), .init(.d, path)])
        // Where there are many, the triangles say enough.
        guard breaches.count <= 2 else { return }
        let isNearEnd = start > frame.right - 70
        page.label(
            "in breach",
            x: isNearEnd ? start - 8 : start + 8,
            y: frame.top - 3,
            isNearEnd ? .end : .start,
            class: "name warning"
        )
    }

    private func steps(_ column: KeyPath<Point, Double>, in frame: Frame) -> String {
        var path = ""
        var written: (x: String, y: String)?
        for point in points {
            let x = decimal(frame.x(point.time))
            let y = decimal(frame.y(point[keyPath: column]))
            guard let before = written else {
                path = "M\(x) \(y)"
                written = (x, y)
                continue
            }
            if y == before.y { continue }
            path += (x == before.x ? "" : "H\(x)") + "V\(y)"
            written = (x, y)
        }
        return path + "H\(decimal(frame.x(until)))"
    }

    private func area(in frame: Frame) -> String {
        guard let first = points.first else { return "" }
        return steps(\.used, in: frame)
            + "V\(decimal(frame.bottom))H\(decimal(frame.x(first.time)))Z"
    }

    /// Names the lines at their right ends, apart from each other and from the edges.
    private func nameLines(_ last: Point, in frame: Frame, _ page: inout HTMLWriter) {
        let limit = frame.y(last.limit)
        let used = frame.y(last.used)
        let isAbove = used < limit
        var limitName = isAbove ? limit + 13 : limit - 5
        var usedName = isAbove ? used - 5 : used + 13
        if !isAbove, used - limit > 24 { usedName = used - 5 }
        if limitName < frame.top + 8 { limitName = limit + 13 }
        usedName = min(max(usedName, frame.top + 8), frame.bottom - 3)
        limitName = min(limitName, frame.bottom - 3)
        if abs(usedName - limitName) < 11 {
            usedName = limitName + (usedName < limitName ? -12 : 12)
        }
        page.label(names.limit, x: frame.right - 3, y: limitName, .end, class: "name")
        page.label(names.used, x: frame.right - 3, y: usedName, .end, class: "name use-name")
    }
}
