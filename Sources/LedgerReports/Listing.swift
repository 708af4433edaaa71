// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A list of one kind of things: a table for people, CSV and a tree for JSON, from the same cells.
///
/// Names of columns are those of CSV and JSON. An amount is one column for people, in H100e where a
/// factor is given; in CSV it is two, `_tpp` and `_h100e`, and so in JSON, where the first has no
/// ending. Pure; safe to use from any thread.
public struct Listing: Hashable, Sendable {
    /// A value in a list.
    public enum Value: Hashable, Sendable {
        /// Text.
        case text(String)
        /// A count.
        case count(Int64)
        /// An amount; `nil` where there is none, which is not 0.
        case amount(TPP?)
        /// A difference of amounts, shown with its sign.
        case difference(TPP)
        /// How much of a limit is used, in percent.
        case percent(used: TPP, limit: TPP)
        /// An entry's number.
        case entry(EntryNumber)
        /// A number that is no count, such as a year.
        case number(Int64)
        /// Yes or no.
        case flag(Bool)
        /// Nothing is known, or nothing is there.
        case none
    }

    /// A column.
    public struct Column: Hashable, Sendable {
        /// What kind of values it has.
        enum Kind: Hashable, Sendable {
            /// Text that may wrap.
            case text
            /// Words that stay on one line.
            case word
            /// A count.
            case count
            /// A number that is told without commas: a part in percent, an entry.
            case number
            /// An amount, with the direction in which H100e are rounded.
            case amount(H100Rounding)
        }

        let name: String
        let heading: String
        let kind: Kind
        /// Whether people see it, too.
        let isInTable: Bool

        init(_ name: String, _ heading: String? = nil, _ kind: Kind = .word, isInTable: Bool = true)
        {
            self.name = name
            self.heading = heading ?? name.split(separator: "_").joined(separator: " ")
            self.kind = kind
            self.isInTable = isInTable
        }
    }

    /// What it is called in JSON.
    public let name: String
    let columns: [Column]
    let amounts: AmountStyle?
    /// The rows.
    public private(set) var rows: [[Value]] = []
    /// The rows that ask to be noticed.
    private var warnings: Set<Int> = []

    init(_ name: String, _ columns: [Column], in amounts: AmountStyle? = nil) {
        self.name = name
        self.columns = columns
        self.amounts = amounts
    }

    mutating func append(_ row: [Value], isWarning: Bool = false) {
        precondition(row.count == columns.count, "a row must have a value for each column")
        if isWarning { warnings.insert(rows.count) }
        rows.append(row)
    }

    // MARK: For people

    /// The list as a table.
    public var table: TextTable {
        let shown = columns.indices.filter { columns[$0].isInTable }
        var table = TextTable(
            shown.map { position in
                let column = columns[position]
                return switch column.kind {
                case .text: .text(column.heading)
                case .word: .word(column.heading)
                case .count, .number, .amount: .number(column.heading)
                }
            }
        )
        for (number, row) in rows.enumerated() {
            let emphasis: TextTable.Emphasis = warnings.contains(number) ? .warning : .plain
            table.append(
                shown.map { TextTable.Cell(text(of: row[$0], columns[$0]), emphasis) }
            )
        }
        return table
    }

    private func text(of value: Value, _ column: Column) -> String {
        switch value {
        case .text(let text): text
        case .count(let count): grouped(count)
        case .amount(let amount?): text(of: amount, column)
        case .difference(let amount): (amount > .zero ? "+" : "") + text(of: amount, column)
        case .percent(let used, let limit): Percentage.text(used: used, limit: limit)
        case .entry(let number): "\(number)"
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .amount(nil), .none: "-"
        }
    }

    private func text(of amount: TPP, _ column: Column) -> String {
        amounts?.h100e(amount, rounding: column.rounding) ?? AmountStyle.tpp(amount)
    }

    // MARK: For programs

    /// The list as CSV: a header row, then a row each.
    public var csv: String { csv(beginningWith: []) }

    /// The list as CSV whose rows all begin with the same cells.
    func csv(beginningWith context: [(column: String, cell: String)]) -> String {
        var csv = CSVText(columns: context.map(\.column) + csvColumns)
        let beginning = context.map(\.cell)
        for row in rows { csv.append(beginning + zip(columns, row).flatMap { cells($1, $0) }) }
        return csv.text
    }

    /// The columns of ``csv``, in order.
    public var csvColumns: [String] {
        columns.flatMap { column -> [String] in
            guard case .amount = column.kind else { return [column.name] }
            return [column.name + "_tpp"] + (amounts == nil ? [] : [column.name + "_h100e"])
        }
    }

    private func cells(_ value: Value, _ column: Column) -> [String] {
        switch value {
        case .text(let text): return [CSVText.withoutFormula(text)]
        case .count(let count): return ["\(count)"]
        case .percent(let used, let limit):
            return [Percentage(used: used, limit: limit)?.decimal ?? ""]
        case .entry(let number): return ["\(number)"]
        case .number(let number): return ["\(number)"]
        case .flag(let flag): return [flag ? "yes" : "no"]
        case .amount(let amount?), .difference(let amount):
            let h100e = amounts.map { $0.decimal(amount, rounding: column.rounding) }
            return ["\(amount.rawValue)"] + (h100e.map { [$0] } ?? [])
        case .amount(nil): return [""] + (amounts == nil ? [] : [""])
        case .none: return [""]
        }
    }

    /// The list as an array of objects.
    public var value: ReportValue {
        .array(rows.map { row in .object(zip(columns, row).flatMap { members($1, $0) }) })
    }

    private func members(_ value: Value, _ column: Column) -> [ReportValue.Member] {
        switch value {
        case .text(let text): return [.init(column.name, .text(text))]
        case .count(let count): return [.init(column.name, .integer(count))]
        case .percent(let used, let limit):
            let percentage = Percentage(used: used, limit: limit)
            return [.init(column.name, percentage.map { .decimal($0.decimal) } ?? .null)]
        case .entry(let number): return [.init(column.name, .entry(number))]
        case .number(let number): return [.init(column.name, .integer(number))]
        case .flag(let flag): return [.init(column.name, .boolean(flag))]
        case .amount(let amount?), .difference(let amount):
            return amounts?.members(column.name, amount, column.rounding)
                ?? [.init(column.name, .integer(amount.rawValue))]
        case .amount(nil):
            let names = [column.name] + (amounts == nil ? [] : [column.name + "_h100e"])
            return names.map { .init($0, .null) }
        case .none: return [.init(column.name, .null)]
        }
    }
}

extension Listing.Column {
    fileprivate var rounding: H100Rounding {
        if case .amount(let rounding) = kind { rounding } else { .down }
    }
}
