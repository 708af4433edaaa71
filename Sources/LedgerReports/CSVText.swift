// SPDX-License-Identifier: Apache-2.0

/// Text in CSV (RFC 4180), with lines that end with a line feed.
package struct CSVText {
    private(set) var text = ""

    init(columns: [String]) { append(columns) }

    mutating func append(_ cells: [String]) { text += Self.line(cells) }

    /// Cells as a line, quoted where they must be.
    package static func line(_ cells: [String]) -> String {
        cells.map(quoted).joined(separator: ",") + "\n"
    }

    /// A text from outside as a cell that no spreadsheet takes for a formula: what would begin one
    /// has an apostrophe in front (OWASP, "CSV Injection").
    static func withoutFormula(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        // = + - @, a tab and a carriage return.
        let beginnings: [UInt8] = [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]
        return beginnings.contains(first) ? "'" + text : text
    }

    /// The same, so that it can be undone: a text with an apostrophe in front, if it had one of its
    /// own too, is the text behind it.
    package static func withoutFormulaReversibly(_ text: String) -> String {
        text.utf8.first == 0x27 ? "'" + text : withoutFormula(text)
    }

    private static func quoted(_ cell: String) -> String {
        let marks: [UInt8] = [0x22, 0x2c, 0x0a, 0x0d]
        guard cell.utf8.contains(where: marks.contains) else { return cell }
        return "\""
            + cell.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
