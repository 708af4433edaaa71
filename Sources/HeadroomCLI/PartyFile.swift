// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText

/// A file of parties: CSV with the columns `id`, `name`, `site`, `headquarters` and, if any has
/// one, `parent`.
struct PartyFile {
    /// A row that is a party.
    struct Row: Sendable {
        var line: Int
        var party: PartyRecord
    }

    /// A row that is not one.
    struct Rejected: Sendable {
        var line: Int
        var rejection: Rejection
    }

    /// The parties, each after its parent if that is in the file too.
    private(set) var rows: [Row] = []
    private(set) var rejected: [Rejected] = []

    private static let required = ["id", "name", "site", "headquarters"]
    private static let known = required + ["parent"]

    /// Reads a file.
    ///
    /// - Throws: What is wrong with its header, or why it can not be read.
    init(_ file: borrowing InputFile) throws {
        var reader = CSVReader()
        var isOver = false
        while !isOver {
            let block = try file.read()
            isOver = block.isEmpty
            if isOver { reader.finish() } else { reader.append(block) }
            try take(&reader)
        }
        guard !reader.columnNames.isEmpty else {
            throw Self.malformedHeader(found: "", expected: "a line with the names of the columns")
        }
        sortByParent()
    }

    private mutating func take(_ reader: inout CSVReader) throws(Rejection) {
        while true {
            switch reader.next() {
            case .needsInput: return
            case .rejected(let rejection):
                if reader.columnNames.isEmpty { throw rejection }
                rejected.append(Rejected(line: reader.line, rejection: rejection))
            case .record:
                let cells = (0..<reader.fieldCount).map { reader.text(ofField: $0) }
                if reader.columnNames.isEmpty {
                    try Self.check(header: cells)
                    reader.columnNames = cells
                    continue
                }
                take(cells, of: reader.columnNames, line: reader.line)
            }
        }
    }

    private static func check(header: [String]) throws(Rejection) {
        if let name = header.first(where: { !known.contains($0) }) {
            let hint = Suggestions.closest(to: name, in: known).map { "did you mean \($0)? " }
            throw Rejection(
                .unknownField,
                field: "header",
                found: name,
                expected: "a known column; \(hint ?? "")the columns are "
                    + known.joined(separator: ", ")
            )
        }
        if Set(header).count != header.count {
            throw malformedHeader(found: "a column twice", expected: "each column once")
        }
        if let name = required.first(where: { !header.contains($0) }) {
            throw malformedHeader(
                found: "no column \(name)",
                expected: required.joined(separator: ", ") + " and, if you like, parent"
            )
        }
    }

    private static func malformedHeader(found: String, expected: String) -> Rejection {
        Rejection(.malformedInput, field: "header", found: found, expected: expected)
    }

    private mutating func take(_ cells: [String], of columns: [String], line: Int) {
        func cell(_ name: String) -> String {
            columns.firstIndex(of: name).map { cells[$0] } ?? ""
        }
        do throws(Rejection) {
            let parent = cell("parent")
            let party = PartyRecord(
                id: try OptionValues.identifier(cell("id"), "id"),
                name: cell("name"),
                site: try OptionValues.country(cell("site"), "site"),
                headquarters: try OptionValues.country(cell("headquarters"), "headquarters"),
                parent: parent.isEmpty ? nil : try OptionValues.identifier(parent, "parent")
            )
            rows.append(Row(line: line, party: party))
        } catch {
            rejected.append(Rejected(line: line, rejection: error))
        }
    }

    /// Puts parents before those that they own, and rejects those that own each other in a circle.
    private mutating func sortByParent() {
        var positions: [PartyIdentifier: Int] = [:]
        for (position, row) in rows.enumerated() where positions[row.party.id] == nil {
            positions[row.party.id] = position
        }
        var sorted: [Row] = []
        var isTaken = [Bool](repeating: false, count: rows.count)
        for start in rows.indices where !isTaken[start] {
            var chain: [Int] = []
            var position: Int? = start
            while let current = position, !isTaken[current] {
                isTaken[current] = true
                chain.append(current)
                position = rows[current].party.parent.flatMap { positions[$0] }
            }
            if let position, let first = chain.firstIndex(of: position) {
                for member in chain[first...] { rejectCircle(rows[member]) }
                chain.removeSubrange(first...)
            }
            sorted += chain.reversed().map { rows[$0] }
        }
        rows = sorted
    }

    private mutating func rejectCircle(_ row: Row) {
        rejected.append(
            Rejected(
                line: row.line,
                rejection: Rejection(
                    .parentCycle,
                    field: "parent",
                    found: row.party.parent?.text ?? "",
                    expected: "a party that does not itself belong to \(row.party.id)"
                )
            )
        )
    }
}
