// SPDX-License-Identifier: Apache-2.0

/// A table of a page.
struct PageTable {
    /// A column.
    struct Column {
        var heading: String
        /// Whether its cells are numbers, which stand at the right.
        var isNumber: Bool

        static func text(_ heading: String) -> Column {
            Column(heading: heading, isNumber: false)
        }
        static func number(_ heading: String) -> Column {
            Column(heading: heading, isNumber: true)
        }
    }

    /// A cell.
    struct Cell: ExpressibleByStringLiteral {
        var text: String
        /// Whether it asks to be noticed; the text itself has to say why.
        var isWarning = false

        init(_ text: String, isWarning: Bool = false) {
            self.text = text
            self.isWarning = isWarning
        }

        init(stringLiteral text: String) { self.init(text) }
    }

    /// What it is a table of.
    var caption: String
    var columns: [Column]
    /// The rows; the first cell of each says what the row is about.
    var rows: [[Cell]]

    /// The most columns that fit a sheet of paper upright.
    private static let uprightColumnCount = 9
    /// The number of rows from which on the table scrolls under its headings.
    private static let longRowCount = 25

    /// Makes a table of one for terminals.
    init(_ table: TextTable, caption: String) {
        self.init(
            caption: caption,
            columns: table.columns.map {
                Column(heading: $0.heading, isNumber: $0.alignment == .right)
            },
            rows: table.rows.map { row in
                row.map { Cell($0.text, isWarning: $0.emphasis == .warning) }
            }
        )
    }

    init(caption: String, columns: [Column], rows: [[Cell]]) {
        self.caption = caption
        self.columns = columns
        self.rows = rows
    }

    /// Writes the table in a region that can be scrolled, also with the keyboard.
    func write(into page: inout HTMLWriter, id: String) {
        var classes = "scroll"
        if rows.count > Self.longRowCount { classes += " long" }
        if columns.count > Self.uprightColumnCount { classes += " wide" }
        let attributes: [HTMLWriter.Attribute] = [
            .init(.class, classes), .init(.role, "region"), .init(.ariaLabelledBy, id),
            .init(.tabindex, "0"),
        ]
        page.element(.div, attributes) { page in
            page.element(.table) { page in
                page.element(.caption, [.init(.id, id)], caption)
                page.element(.thead) { page in
                    page.element(.tr) { page in
                        for column in columns { write(column, into: &page) }
                    }
                }
                page.element(.tbody) { page in
                    for row in rows { write(row, into: &page) }
                }
            }
        }
    }

    private func write(_ column: Column, into page: inout HTMLWriter) {
        guard !column.heading.isEmpty else { return page.element(.td, [], "") }
        var attributes: [HTMLWriter.Attribute] = [.init(.scope, "col")]
        if column.isNumber { attributes.append(.init(.class, "number")) }
        page.element(.th, attributes, column.heading)
    }

    private func write(_ row: [Cell], into page: inout HTMLWriter) {
        page.element(.tr) { page in
            for (position, cell) in row.enumerated() {
                var classes: [String] = []
                if columns[position].isNumber { classes.append("number") }
                if cell.isWarning { classes.append("warning") }
                var attributes: [HTMLWriter.Attribute] = []
                if !classes.isEmpty {
                    attributes.append(.init(.class, classes.joined(separator: " ")))
                }
                if position == 0, !cell.text.isEmpty {
                    attributes.append(.init(.scope, "row"))
                    page.element(.th, attributes) { $0.foreignText(cell.text) }
                } else if columns[position].isNumber || cell.text.isEmpty {
                    page.element(.td, attributes, cell.text)
                } else {
                    page.element(.td, attributes) { $0.foreignText(cell.text) }
                }
            }
        }
    }
}
