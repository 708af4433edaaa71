// SPDX-License-Identifier: Apache-2.0

/// The widths of a table's columns.
struct TableLayout {
    /// The blanks between two columns.
    static let gap = 2
    /// The least width to which a text column is shrunk.
    static let leastWidth = 8

    /// The widths at which only headings wrap.
    let natural: [Int]
    private let longestWords: [Int]
    private let canWrap: [Bool]

    init(_ table: TextTable) {
        var natural: [Int] = []
        var longestWords: [Int] = []
        for (position, column) in table.columns.enumerated() {
            let heading = Self.longestWord(column.heading)
            let texts = table.rows.map { $0[position].text }
            natural.append(max(heading, texts.map(displayWidth).max() ?? 0))
            longestWords.append(
                column.canWrap ? max(heading, texts.map(Self.longestWord).max() ?? 0) : 0
            )
        }
        self.natural = natural
        self.longestWords = longestWords
        canWrap = table.columns.map(\.canWrap)
    }

    /// The width of all columns with the blanks between them.
    static func total(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + gap * (widths.count - 1)
    }

    /// Widths that fit, if they can: the widest text column shrinks first, whole words are broken
    /// last.
    func fitted(to width: Int) -> (widths: [Int], fits: Bool) {
        var widths = natural
        var excess = Self.total(widths) - width
        for least in [longestWords, canWrap.map { _ in Self.leastWidth }] {
            while excess > 0 {
                let shrinkable = widths.indices.filter {
                    canWrap[$0] && widths[$0] > max(least[$0], Self.leastWidth)
                }
                guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[widest] -= 1
                excess -= 1
            }
        }
        return (widths, excess <= 0)
    }

    private static func longestWord(_ text: String) -> Int {
        text.split(separator: " ").map { displayWidth(String($0)) }.max() ?? 0
    }

    /// A row in lines: as many as its longest cell takes.
    static func row(
        _ cells: [TextTable.Cell],
        _ columns: [TextTable.Column],
        _ widths: [Int],
        _ style: TextStyle,
        wrapsAll: Bool
    ) -> [String] {
        let parts = zip(zip(cells, columns), widths).map { pair, width in
            pair.1.canWrap || wrapsAll ? wrapped(pair.0.text, width: width) : [pair.0.text]
        }
        let height = parts.map(\.count).max() ?? 0
        return (0..<height).map { index in
            var line = PaddedLine(style: style)
            for (position, part) in parts.enumerated() {
                // Headings stand at the bottom of their row, cells at the top.
                let offset = wrapsAll ? index - (height - part.count) : index
                let text = part.indices.contains(offset) ? part[offset] : ""
                line.add(
                    TextTable.Cell(text, cells[position].emphasis),
                    widths[position],
                    columns[position].alignment
                )
            }
            return line.text
        }
    }
}

/// A line that is built column by column and never ends with a blank.
struct PaddedLine {
    private(set) var text = ""
    private let style: TextStyle
    private var blanks = 0

    init(style: TextStyle) { self.style = style }

    mutating func add(
        _ cell: TextTable.Cell,
        _ width: Int,
        _ alignment: TextTable.Alignment = .left
    ) {
        let padding = max(0, width - displayWidth(cell.text))
        if alignment == .right { blanks += padding }
        if !cell.text.isEmpty {
            text += String(repeating: " ", count: blanks) + styled(cell)
            blanks = 0
        }
        if alignment == .left { blanks += padding }
        blanks += TableLayout.gap
    }

    private func styled(_ cell: TextTable.Cell) -> String {
        guard style == .ansi else { return cell.text }
        let code =
            switch cell.emphasis {
            case .plain: ""
            case .strong: "1"
            case .faint: "2"
            case .warning: "33"
            }
        return code.isEmpty ? cell.text : "\u{1b}[\(code)m\(cell.text)\u{1b}[0m"
    }
}
