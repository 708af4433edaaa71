// SPDX-License-Identifier: Apache-2.0

/// A chart of a page: a drawing with a title, a description in words, and its figures as a table.
struct ChartFigure {
    /// What it shows.
    var title: String
    /// What there is to see, for whoever does not see it.
    var summary: String
    var width: Double
    var height: Double
    /// The figures.
    var data: PageTable
    /// Whether it fills the page, or stands beside others.
    var isWide = true
    /// Draws it; `id` begins every id that it makes.
    var draw: (_ page: inout HTMLWriter, _ id: String) -> Void

    /// Writes the figure.
    func write(into page: inout HTMLWriter, id: String) {
        page.element(.figure, [.init(.class, isWide ? "chart" : "chart small")]) { page in
            page.element(.figcaption, [.init(.id, id + "-caption")]) { $0.foreignText(title) }
            // What shrinks with its column needs no scrolling.
            let region: [HTMLWriter.Attribute] = [
                .init(.class, "scroll"), .init(.role, "region"),
                .init(.ariaLabelledBy, id + "-caption"), .init(.tabindex, "0"),
            ]
            page.element(.div, isWide ? region : []) { drawing(into: &$0, id: id) }
            page.element(.details) { page in
                page.element(.summary) { page in
                    page.text("Figures: ")
                    page.foreignText(title)
                }
                data.write(into: &page, id: id + "-figures")
            }
        }
    }

    private func drawing(into page: inout HTMLWriter, id: String) {
        let attributes: [HTMLWriter.Attribute] = [
            .init(.role, "img"), .init(.ariaLabelledBy, "\(id)-title \(id)-desc"),
            .init(.viewBox, "0 0 \(decimal(width)) \(decimal(height))"),
            .init(.width, width), .init(.height, height),
        ]
        page.element(.svg, attributes) { page in
            page.element(.title, [.init(.id, id + "-title")], title)
            page.element(.desc, [.init(.id, id + "-desc")], summary)
            draw(&page, id)
        }
    }
}

extension HTMLWriter {
    /// Where a text stands in relation to its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// Writes a text in a drawing.
    mutating func label(
        _ text: String,
        x: Double,
        y: Double,
        _ anchor: Anchor = .start,
        class style: String = "label"
    ) {
        element(
            .svgText,
            [
                .init(.class, style), .init(.x, x), .init(.y, y),
                .init(.textAnchor, anchor.rawValue),
            ],
            text
        )
    }

    /// Draws a line.
    mutating func line(
        class style: String,
        from start: (x: Double, y: Double),
        to end: (x: Double, y: Double)
    ) {
        empty(
            .line,
            [
                .init(.class, style), .init(.x1, start.x), .init(.y1, start.y), .init(.x2, end.x),
                .init(.y2, end.y),
            ]
        )
    }

    /// Draws a rectangle; with a pattern it is filled by it.
    mutating func rectangle(
        class style: String,
        x: Double,
        y: Double,
        width: Double,
        height: Double,
        pattern: String? = nil
    ) {
        var attributes: [Attribute] = [
            .init(.class, style), .init(.x, x), .init(.y, y), .init(.width, max(0, width)),
            .init(.height, height),
        ]
        if let pattern { attributes.append(.init(.fill, "url(#\(pattern))")) }
        empty(.rect, attributes)
    }

    /// Defines a pattern of slanting lines, so that areas differ by more than their color.
    mutating func hatching(id: String, class style: String, turned degrees: Int = 45) {
        element(.defs) { page in
            let attributes: [Attribute] = [
                .init(.id, id), .init(.width, 6), .init(.height, 6),
                .init(.patternUnits, "userSpaceOnUse"),
                .init(.patternTransform, "rotate(\(degrees))"),
            ]
            page.element(.pattern, attributes) { page in
                page.rectangle(class: style + "-ground", x: 0, y: 0, width: 6, height: 6)
                page.line(class: style + "-line", from: (0, 0), to: (0, 6))
            }
        }
    }
}

/// About how wide a text is in a drawing, in its units.
func drawnWidth(_ text: String) -> Double { Double(displayWidth(text)) * 6.6 }

/// A text cut to a number of terminal columns, with an ellipsis where something is left out.
func shortened(_ text: String, to width: Int) -> String {
    let text = plainText(text)
    guard displayWidth(text) > width else { return text }
    var (short, used) = ("", 0)
    for character in text {
        used += displayWidth(character)
        guard used < width else { break }
        short.append(character)
    }
    return short + "…"
}
