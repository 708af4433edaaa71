// SPDX-License-Identifier: Apache-2.0

/// What a report may use to stress parts of its text.
public enum TextStyle: Hashable, Sendable {
    /// Nothing: text for files and pipes.
    case plain
    /// The ANSI sequences of terminals (ECMA-48, select graphic rendition).
    case ansi
}

/// A table of text with aligned columns, separated by two blanks.
///
/// It fits a width by wrapping its text columns, the widest first. Where even that does not fit,
/// each row becomes a block of lines, one for each cell, and no number is ever cut. No line ends
/// with a blank.
public struct TextTable: Hashable, Sendable {
    /// On which side of a column its cells stand.
    public enum Alignment: Hashable, Sendable {
        /// Text.
        case left
        /// Numbers.
        case right
    }

    /// How much a cell asks to be noticed; shown only in ``TextStyle/ansi``.
    public enum Emphasis: Hashable, Sendable {
        /// Not at all.
        case plain
        /// Bold.
        case strong
        /// Dimmed.
        case faint
        /// In the color of warnings.
        case warning
    }

    /// A column.
    public struct Column: Hashable, Sendable {
        /// What stands above it; empty for none.
        public var heading: String
        /// On which side its cells stand.
        public var alignment: Alignment
        /// Whether its cells may go on in the next line.
        public var canWrap: Bool

        /// A column of text that may wrap.
        public static func text(_ heading: String) -> Column {
            Column(heading: heading, alignment: .left, canWrap: true)
        }

        /// A column of words that stay on one line.
        public static func word(_ heading: String) -> Column {
            Column(heading: heading, alignment: .left, canWrap: false)
        }

        /// A column of numbers.
        public static func number(_ heading: String) -> Column {
            Column(heading: heading, alignment: .right, canWrap: false)
        }
    }

    /// A cell. Control characters in its text are shown escaped.
    public struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
        /// What it says, on one line.
        public let text: String
        /// How much it asks to be noticed.
        public let emphasis: Emphasis

        /// Makes a cell.
        public init(_ text: String, _ emphasis: Emphasis = .plain) {
            self.text = plainText(text)
            self.emphasis = emphasis
        }

        /// Makes a plain cell.
        public init(stringLiteral text: String) { self.init(text) }
    }

    /// The columns, from the left.
    public let columns: [Column]
    /// The rows, from above.
    public private(set) var rows: [[Cell]] = []

    /// Makes a table without rows.
    public init(_ columns: [Column]) {
        precondition(!columns.isEmpty, "a table must have a column")
        self.columns = columns
    }

    /// Adds a row at the end; it must have a cell for each column.
    public mutating func append(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row must have a cell for each column")
        rows.append(row)
    }

    /// The width that the table has when nothing but headings is wrapped.
    public var naturalWidth: Int {
        TableLayout.total(TableLayout(self).natural)
    }

    /// The table in lines.
    ///
    /// - Parameters:
    ///   - width: The columns that there are; `nil` for as many as it takes.
    ///   - style: How cells are stressed.
    public func lines(width: Int?, style: TextStyle = .plain) -> [String] {
        let layout = TableLayout(self)
        guard let width else { return lines(widths: layout.natural, style: style) }
        let (widths, fits) = layout.fitted(to: width)
        guard fits || !hasHeadings else { return blocks(width: width, style: style) }
        return lines(widths: widths, style: style)
    }

    private var hasHeadings: Bool { columns.contains { !$0.heading.isEmpty } }

    private func lines(widths: [Int], style: TextStyle) -> [String] {
        var lines: [String] = []
        if hasHeadings {
            let headings = columns.map { Cell($0.heading, .strong) }
            lines += TableLayout.row(headings, columns, widths, style, wrapsAll: true)
            var rule = PaddedLine(style: style)
            for width in widths { rule.add(Cell(String(repeating: "-", count: width)), width) }
            lines.append(rule.text)
        }
        for row in rows { lines += TableLayout.row(row, columns, widths, style, wrapsAll: false) }
        return lines
    }

    /// Each row as a block of `heading  cell` lines, blocks apart by an empty line.
    private func blocks(width: Int, style: TextStyle) -> [String] {
        let label = columns.map { displayWidth($0.heading) }.max() ?? 0
        let value = max(TableLayout.leastWidth, width - label - TableLayout.gap)
        var lines: [String] = []
        for row in rows {
            if !lines.isEmpty { lines.append("") }
            for (column, cell) in zip(columns, row) where !cell.text.isEmpty {
                lines += TableLayout.row(
                    [Cell(column.heading, .strong), cell],
                    [.word(""), column.canWrap ? .text("") : .word("")],
                    [label, value],
                    style,
                    wrapsAll: false
                )
            }
        }
        return lines
    }
}
