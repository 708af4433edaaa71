// SPDX-License-Identifier: Apache-2.0

/// A drawing in the SVG format, put together from few shapes; coordinates are pixels.
struct SVGDocument {
    /// Where a text stands to its point.
    enum Anchor: String {
        case start
        case middle
        case end
    }

    /// How a text looks.
    struct TextStyle {
        var size = 13.0
        var isBold = false
        var colour = "#222222"
        var anchor = Anchor.start
        /// Degrees, clockwise.
        var rotation = 0.0
    }

    /// How a line looks.
    struct LineStyle {
        var colour = "#222222"
        var width = 1.0
        /// Lengths of dashes and gaps; empty for a line without gaps.
        var dashes = ""
    }

    private let width: Int
    private let height: Int
    private var elements: [String] = []

    init(width: Int, height: Int, title: String) {
        self.width = width
        self.height = height
        elements.append("<title>\(Self.escaped(title))</title>")
        elements.append("<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>")
    }

    mutating func text(_ text: String, x: Double, y: Double, _ style: TextStyle = TextStyle()) {
        let (x, y) = (Self.number(x), Self.number(y))
        var attributes =
            "x=\"\(x)\" y=\"\(y)\" font-size=\"\(Self.number(style.size))\""
            + " fill=\"\(style.colour)\" text-anchor=\"\(style.anchor.rawValue)\""
        if style.isBold { attributes += " font-weight=\"bold\"" }
        if style.rotation != 0 {
            attributes += " transform=\"rotate(\(Self.number(style.rotation)) \(x) \(y))\""
        }
        elements.append("<text \(attributes)>\(Self.escaped(text))</text>")
    }

    mutating func line(_ points: [(x: Double, y: Double)], _ style: LineStyle = LineStyle()) {
        let list = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
        let dashes = style.dashes.isEmpty ? "" : " stroke-dasharray=\"\(style.dashes)\""
        elements.append(
            "<polyline points=\"\(list.joined(separator: " "))\" fill=\"none\""
                + " stroke=\"\(style.colour)\" stroke-width=\"\(Self.number(style.width))\"\(dashes)/>"
        )
    }

    /// Draws a mark of one of four shapes, so that lines can be told apart without colours.
    mutating func mark(_ shape: Int, x: Double, y: Double, colour: String) {
        let size = 4.5
        func polygon(_ corners: [(Double, Double)]) -> String {
            let list = corners.map { "\(Self.number(x + $0.0)),\(Self.number(y + $0.1))" }
            return "<polygon points=\"\(list.joined(separator: " "))\" fill=\"\(colour)\"/>"
        }
        switch shape % 4 {
        case 0:
            elements.append(
                "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\""
                    + " r=\"\(Self.number(size))\" fill=\"\(colour)\"/>"
            )
        case 1:
            let half = size * 0.9
            elements.append(polygon([(-half, -half), (half, -half), (half, half), (-half, half)]))
        case 2:
            elements.append(polygon([(0, -size * 1.2), (size * 1.1, size), (-size * 1.1, size)]))
        default:
            let wide = size * 1.3
            elements.append(polygon([(0, -wide), (wide, 0), (0, wide), (-wide, 0)]))
        }
    }

    /// The drawing as a file.
    var text: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
        viewBox="0 0 \(width) \(height)" font-family="DejaVu Sans, Helvetica, Arial, sans-serif">
        \(elements.joined(separator: "\n"))
        </svg>

        """
    }

    private static func number(_ value: Double) -> String { shortened(value, 1) }

    private static func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: String(character)
            }
        }.joined()
    }
}
