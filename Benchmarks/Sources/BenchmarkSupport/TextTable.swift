// SPDX-License-Identifier: Apache-2.0

/// Cells in columns that line up, for a terminal.
public struct TextTable: Sendable {
    /// Where the text of a column stands.
    public enum Alignment: Sendable {
        /// Words.
        case leading
        /// Numbers.
        case trailing
    }

    private let columns: [(title: String, alignment: Alignment)]
    private var rows: [[String]] = []

    /// Makes a table without rows.
    public init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row with a text for each column.
    public mutating func append(_ row: [String]) {
        precondition(row.count == columns.count, "a row must have a text for each column")
        rows.append(row)
    }

    /// The table in lines; columns in which nothing stands are left out.
    public var text: String {
        let shown = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
        let widths = shown.map { column in
            ([columns[column].title] + rows.map { $0[column] }).map(\.count).max() ?? 0
        }
        let lines = [columns.map(\.title)] + rows
        return lines.map { line in
            var text = ""
            for (column, width) in zip(shown, widths) {
                let cell = line[column]
                let padding = String(repeating: " ", count: width - cell.count)
                if !text.isEmpty { text += "  " }
                text += columns[column].alignment == .leading ? cell + padding : padding + cell
            }
            while text.last == " " { text.removeLast() }
            return text
        }.joined(separator: "\n")
    }
}
