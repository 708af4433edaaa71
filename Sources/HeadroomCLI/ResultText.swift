// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LedgerReports
import LedgerText

/// How results are laid out on the terminal, or for a file or a pipe.
enum ResultText {
    /// Whether results go to a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The columns of the terminal; `nil` for as many as it takes.
    static var width: Int? {
        guard isTerminal else { return nil }
        return columns(of: STDOUT_FILENO)
    }

    /// The columns of the terminal that a descriptor is; `nil` if nobody knows.
    static func columns(of descriptor: Int32) -> Int? {
        if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) {
            return max(columns, 20)
        }
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return max(Int(size.ws_col), 20)
    }

    /// Colors as `--color` says; if it does not, on a terminal, unless the user wants none
    /// (no-color.org).
    static var style: TextStyle {
        switch ColorChoice.current {
        case .always: return .ansi
        case .never: return .plain
        case .auto:
            let environment = ProcessInfo.processInfo.environment
            let wantsNone = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
            return isTerminal && !wantsNone && environment["TERM"] != "dumb" ? .ansi : .plain
        }
    }

    /// Writes a table, and what stands for it if it has no rows.
    static func write(_ table: TextTable, ifEmpty text: String) throws(CommandFailure) {
        guard !table.rows.isEmpty else { return try Output.writeLine(text) }
        let lines = table.lines(width: width, style: style)
        try Output.write(lines.map { $0 + "\n" }.joined())
    }

    /// Writes facts, each with its label.
    static func write(_ facts: [(label: String, text: String)]) throws(CommandFailure) {
        var table = TextTable([.word(""), .text("")])
        for fact in facts {
            table.append([TextTable.Cell(fact.label, .faint), TextTable.Cell(fact.text)])
        }
        try write(table, ifEmpty: "")
    }

    /// The note below every text of an advisory ledger.
    static func writeBasis(_ log: OpenLog) throws(CommandFailure) {
        if log.isAdvisory { try Output.writeLine("as if enforced") }
    }
}

extension JSONWriter {
    /// Writes the members of a report's tree into the object that is open.
    mutating func members(of value: ReportValue) {
        guard case .object(let members) = value else { return }
        for member in members {
            key(member.name)
            self.value(member.value)
        }
    }

    /// Writes a report's tree.
    mutating func value(_ value: ReportValue) {
        switch value {
        case .object:
            beginObject()
            members(of: value)
            endObject()
        case .array(let values):
            beginArray()
            for value in values { self.value(value) }
            endArray()
        case .text(let text), .decimal(let text): string(text)
        case .integer(let number): integer(number)
        case .boolean(let flag): boolean(flag)
        case .null: null()
        }
    }
}
