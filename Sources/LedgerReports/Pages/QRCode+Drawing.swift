// SPDX-License-Identifier: Apache-2.0

extension QRCode {
    /// How many modules around a code have to be light.
    private static let quietCount = 4
    /// How wide a module is on a screen, in pixels.
    private static let modulePixels = 4.0

    /// Writes the code as a figure.
    ///
    /// Dark on light whatever the colors around it are: many cameras read nothing else.
    func write(into page: inout HTMLWriter, title: String, id: String) {
        let width = side + 2 * Self.quietCount
        page.element(.figure) { page in
            page.element(.figcaption, [.init(.id, id + "-caption")]) { $0.foreignText(title) }
            let attributes: [HTMLWriter.Attribute] = [
                .init(.role, "img"), .init(.ariaLabelledBy, id + "-caption"),
                .init(.viewBox, "0 0 \(width) \(width)"),
                .init(.width, Double(width) * Self.modulePixels),
                .init(.height, Double(width) * Self.modulePixels),
            ]
            page.element(.svg, attributes) { page in
                page.empty(
                    .rect,
                    [
                        .init(.width, "\(width)"), .init(.height, "\(width)"),
                        .init(.fill, "#ffffff"),
                    ]
                )
                page.empty(.path, [.init(.d, outline), .init(.fill, "#000000")])
            }
        }
    }

    /// The dark modules, row by row, as the path of a drawing.
    private var outline: String {
        var path = ""
        for row in 0..<side {
            var column = 0
            while column < side {
                let start = column
                while column < side, isDark(row: row, column: column) { column += 1 }
                let length = column - start
                if length > 0 {
                    path +=
                        "M\(start + Self.quietCount) \(row + Self.quietCount)h\(length)v1h-\(length)z"
                }
                column += 1
            }
        }
        return path
    }
}
