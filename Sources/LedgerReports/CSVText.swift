// SPDX-License-Identifier: Apache-2.0

/// Text in CSV (RFC 4180), with lines that end with a line feed.
struct CSVText {
    private(set) var text = ""

    init(columns: [String]) { append(columns) }

    mutating func append(_ cells: [String]) {
        text += cells.map(Self.quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ cell: String) -> String {
        let marks: [UInt8] = [0x22, 0x2c, 0x0a, 0x0d]
        guard cell.utf8.contains(where: marks.contains) else { return cell }
        return "\""
            + cell.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
