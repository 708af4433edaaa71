// SPDX-License-Identifier: Apache-2.0

/// Lines over two axes with a legend beside them, dark on light, in colours that the colour-blind
/// can tell apart (Okabe and Ito, 2008); each line has its own mark as well.
public struct LinePlot: Sendable {
    /// A line.
    public struct Series: Sendable {
        /// What the legend calls it.
        public var name: String
        /// Its points, by ascending `x`.
        public var points: [(x: Double, y: Double)]
        /// Whether it is a level to hold the others against: dashed, without marks.
        public var isReference: Bool

        /// Makes a line.
        public init(_ name: String, _ points: [(x: Double, y: Double)], isReference: Bool = false) {
            self.name = name
            self.points = points
            self.isReference = isReference
        }
    }

    /// What it shows.
    public var title: String
    /// What else to know: machine, seed.
    public var subtitle: String
    /// The horizontal axis.
    public var horizontal: PlotAxis
    /// The vertical axis.
    public var vertical: PlotAxis
    /// The lines.
    public var series: [Series]
    /// Values of the horizontal axis that are marked, with a text each.
    public var marks: [(value: Double, text: String)] = []

    private static let colours = [
        "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A5A00", "#56B4E9", "#000000", "#E69F00",
    ]
    private static let greys = ["#777777", "#444444", "#999999"]
    private static let dashes = ["8 5", "2 3", "12 3 2 3", "5 2"]
    private static let width = 1_140.0
    private static let height = 560.0
    private static let left = 96.0
    private static let right = 700.0
    private static let top = 84.0
    private static let bottom = 480.0

    /// Makes a plot.
    public init(
        title: String,
        subtitle: String,
        horizontal: PlotAxis,
        vertical: PlotAxis,
        series: [Series]
    ) {
        self.title = title
        self.subtitle = subtitle
        self.horizontal = horizontal
        self.vertical = vertical
        self.series = series
    }

    /// The plot as an SVG file.
    public var svg: String {
        var drawing = SVGDocument(width: Int(Self.width), height: Int(Self.height), title: title)
        drawing.text(
            title,
            x: Self.left,
            y: 34,
            SVGDocument.TextStyle(size: 19, isBold: true)
        )
        drawing.text(
            subtitle,
            x: Self.left,
            y: 56,
            SVGDocument.TextStyle(size: 12, colour: "#555555")
        )
        drawAxes(&drawing)
        drawMarks(&drawing)
        for (place, line) in series.enumerated() { draw(line, place, &drawing) }
        return drawing.text
    }

    private func x(_ value: Double) -> Double {
        Self.left + horizontal.place(of: value) * (Self.right - Self.left)
    }

    private func y(_ value: Double) -> Double {
        Self.bottom - vertical.place(of: value) * (Self.bottom - Self.top)
    }

    private func drawAxes(_ drawing: inout SVGDocument) {
        for tick in vertical.ticks {
            let height = y(tick.value)
            drawing.line(
                [(Self.left, height), (Self.right, height)],
                SVGDocument.LineStyle(colour: "#DDDDDD")
            )
            drawing.text(
                tick.text,
                x: Self.left - 10,
                y: height + 4.5,
                SVGDocument.TextStyle(anchor: .end)
            )
        }
        var lastEnd = -Double.infinity
        for tick in horizontal.ticks {
            let place = x(tick.value)
            drawing.line([(place, Self.bottom), (place, Self.bottom + 6)])
            // A digit is about 8 pixels wide: a text that would touch the one before is left out.
            let half = Double(tick.text.count) * 4 + 6
            guard place - half > lastEnd else { continue }
            lastEnd = place + half
            drawing.text(
                tick.text,
                x: place,
                y: Self.bottom + 24,
                SVGDocument.TextStyle(anchor: .middle)
            )
        }
        drawing.line([(Self.left, Self.top), (Self.left, Self.bottom), (Self.right, Self.bottom)])
        drawing.text(
            horizontal.label,
            x: (Self.left + Self.right) / 2,
            y: Self.bottom + 54,
            SVGDocument.TextStyle(size: 14, anchor: .middle)
        )
        drawing.text(
            vertical.label,
            x: 26,
            y: (Self.top + Self.bottom) / 2,
            SVGDocument.TextStyle(size: 14, anchor: .middle, rotation: -90)
        )
    }

    /// Draws a line down for each mark; the texts stand in the legend's column, where no line runs.
    private func drawMarks(_ drawing: inout SVGDocument) {
        var lastPosition = -Double.infinity
        var lift = 0.0
        for (place, mark) in marks.sorted(by: { $0.value < $1.value }).enumerated() {
            let position = x(mark.value)
            // Letters of marks that lie close together stand side by side.
            lift = position - lastPosition < 14 ? lift + 14 : 0
            lastPosition = position
            drawing.line(
                [(position, Self.top), (position, Self.bottom)],
                SVGDocument.LineStyle(colour: "#777777", width: 1.5, dashes: "2 4")
            )
            let letter = String(UnicodeScalar(UInt8(65 + place % 26)))
            drawing.text(
                letter,
                x: position + lift,
                y: Self.top - 6,
                SVGDocument.TextStyle(isBold: true, colour: "#555555", anchor: .middle)
            )
            drawing.text(
                "\(letter)  \(mark.text)",
                x: Self.right + 26,
                y: legendTop + Double(series.count) * 24 + 26 + Double(place) * 20,
                SVGDocument.TextStyle(size: 12, colour: "#555555")
            )
        }
    }

    private var legendTop: Double { Self.top + 10 }

    private func draw(_ line: Series, _ place: Int, _ drawing: inout SVGDocument) {
        let reference = series[..<place].filter(\.isReference).count
        let colour =
            line.isReference
            ? Self.greys[reference % Self.greys.count] : Self.colours[place % Self.colours.count]
        let style = SVGDocument.LineStyle(
            colour: colour,
            width: line.isReference ? 1.5 : 2.2,
            dashes: line.isReference ? Self.dashes[reference % Self.dashes.count] : ""
        )
        let points = line.points.map { (x: x($0.x), y: y($0.y)) }
        drawing.line(points, style)
        let height = legendTop + Double(place) * 24
        drawing.line([(Self.right + 24, height), (Self.right + 54, height)], style)
        if !line.isReference {
            for point in points { drawing.mark(place, x: point.x, y: point.y, colour: colour) }
            drawing.mark(place, x: Self.right + 39, y: height, colour: colour)
        }
        drawing.text(line.name, x: Self.right + 64, y: height + 4.5)
    }
}
