// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LedgerModel
import LedgerReports
import LedgerText
import QuotaLedger
import Rulebook
import Synchronization

/// Shows an import while it runs: rejected rows, each order if that is asked for, progress.
final class ImportReport: Sendable {
    /// What is to be shown.
    struct Choice: Sendable {
        var asJSON = false
        /// One line for each order.
        var showsEach = false
        /// A file for all rejected rows.
        var rejectsPath: String?
        /// Whether nothing is written, and the answers are those that would be given.
        var isRehearsal = false
        /// The name of the file that is read.
        var fileName: String
        /// How many bytes it has, if that is known.
        var byteCount: UInt64?
    }

    private struct State {
        var tally = ImportTally()
        var shelf: RulebookShelf
        var rejects: RejectsFile?
        var progress = ProgressLine("orders")
        var waiting: [UInt8] = []
        /// Whether whoever read standard output has gone.
        var isUnread = false
    }

    private let log: OpenLog
    private let choice: Choice
    private let state: Mutex<State>

    /// How many rejected rows are told on standard error.
    private static let toldRejectionCount: Int64 = 10

    init(_ log: OpenLog, _ choice: Choice) throws(CommandFailure) {
        self.log = log
        self.choice = choice
        var rejects: RejectsFile?
        if let path = choice.rejectsPath { rejects = try RejectsFile(path) }
        state = Mutex(State(shelf: RulebookShelf(log.log), rejects: rejects))
    }

    /// Takes what became of some rows, and how much of the file had been read by then.
    func take(_ rows: [ImportedRow], _ readByteCount: UInt64) throws {
        try state.withLock { state in
            for row in rows {
                state.tally.add(row)
                if case .rejected(let rejection) = row.result {
                    try tell(rejection, row, &state)
                }
                if choice.showsEach { try show(row, &state) }
            }
            if !state.waiting.isEmpty { state.progress.makeRoom() }
            try write(&state)
            let share = choice.byteCount.map { Double(readByteCount) / Double(max($0, 1)) }
            state.progress.show(UInt64(state.tally.rowCount), share: share)
        }
    }

    /// Says that a signal ends the import, and how to go on.
    func interrupt() {
        state.withLock { state in
            state.progress.end()
            // The next run writes the file anew.
            try? state.rejects?.close()
            let advice =
                choice.isRehearsal
                ? "nothing was written"
                : "what was answered is recorded; run it again as it was, and it goes on behind it"
            Output.note(
                "headroom: note: interrupted after \(state.tally.rowCount) orders: \(advice)"
            )
        }
    }

    /// Shows the summary and returns the status that says how it went.
    func finish() throws -> ExitStatus {
        try state.withLock { state in
            state.progress.end()
            try state.rejects?.close()
            let tally = state.tally
            tellRest(tally)
            guard !state.isUnread else { return tally.status }
            guard choice.asJSON else {
                try Output.write(
                    tally.text(isRehearsal: choice.isRehearsal, isAdvisory: log.isAdvisory)
                )
                return tally.status
            }
            let layout: JSONWriter.Layout = choice.showsEach ? .compact : .pretty
            try Output.document(asIfEnforced: log.isAdvisory, layout: layout) { writer in
                writer.member("dry_run", choice.isRehearsal)
                writer.key("summary")
                writer.beginObject()
                tally.write(to: &writer)
                writer.endObject()
            }
            return tally.status
        }
    }

    /// Writes what waits; when nobody reads it any more, the orders are taken in all the same.
    private func write(_ state: inout State) throws(CommandFailure) {
        defer { state.waiting.removeAll(keepingCapacity: true) }
        guard !state.isUnread else { return }
        do throws(CommandFailure) {
            try Output.write(state.waiting)
        } catch {
            guard error.isUnread else { throw error }
            state.isUnread = true
        }
    }

    private func tell(
        _ rejection: Rejection,
        _ row: ImportedRow,
        _ state: inout State
    ) throws(CommandFailure) {
        if state.tally.rejectionCount <= Self.toldRejectionCount {
            let message = Suggestions.completed(rejection)
                .line(inFile: choice.fileName, atLine: row.line)
            state.progress.makeRoom()
            Output.note("headroom: error: \(message)")
        }
        try state.rejects?.append(rejection, row.line, row: row.bytes)
    }

    private func tellRest(_ tally: ImportTally) {
        let untold = tally.rejectionCount - Self.toldRejectionCount
        guard untold > 0 else { return }
        let advice = choice.rejectsPath.map { "all of them are in \($0)" }
        Output.note(
            "headroom: error: \(untold) more rows were rejected; "
                + (advice ?? "'--rejects FILE' writes all of them to a file")
        )
    }

    private func show(_ row: ImportedRow, _ state: inout State) throws(CommandFailure) {
        switch row.result {
        case .rejected(let rejection):
            if choice.asJSON {
                showDocument(&state) { writer in
                    writer.member("answer", "rejected")
                    writer.key("rejection")
                    writer.value(rejection, line: row.line)
                }
            } else {
                append("line \(row.line)  rejected  \(rejection.code)", &state)
            }
        case .recorded(let entry): try show(entry, isReplay: false, row.line, &state)
        case .replayed(let entry): try show(entry, isReplay: true, row.line, &state)
        case .repeated(let id, _):
            guard choice.asJSON else {
                append("line \(row.line)  repeats an earlier line  \(id)", &state)
                return
            }
            showDocument(&state) { writer in
                writer.member("answer", "repeated")
                writer.member("line", Int64(row.line))
                writer.member("id", id.text)
            }
        }
    }

    private func show(
        _ entry: Entry,
        isReplay: Bool,
        _ line: Int,
        _ state: inout State
    ) throws(CommandFailure) {
        let rulebook = try state.shelf.rulebook(adoptedBy: entry.rulebook)
        guard choice.asJSON else {
            let explainer = Explainer(
                rulebook: rulebook,
                mode: log.creation?.mode ?? .advisory
            )
            let row = explainer.row(of: entry)?.line(isAdvisory: log.isAdvisory)
            append(row ?? explainer.sentence(for: entry), &state)
            return
        }
        let rendering = JSONRendering(tppPerH100e: rulebook?.tppPerH100e.value)
        showDocument(&state) { writer in
            guard !choice.isRehearsal || isReplay else {
                return supposed(entry, line, rendering, &writer)
            }
            writer.member("answer", isReplay ? "replayed" : "recorded")
            writer.member("line", Int64(line))
            writer.key("entry")
            writer.value(entry, rendering)
        }
    }

    /// Writes what would be answered, in the words of 'headroom check': there is no such entry.
    private func supposed(
        _ entry: Entry,
        _ line: Int,
        _ rendering: JSONRendering,
        _ writer: inout JSONWriter
    ) {
        guard case .operation(let record) = entry.content else { return }
        var decision: Decision?
        if case .decided(let found) = record.outcome { decision = found }
        writer.member("answer", decision == nil ? "refused" : "decided")
        writer.member("line", Int64(line))
        writer.member("id", record.id.text)
        if let decision {
            writer.key("decision")
            writer.value(decision, rendering)
        } else {
            writer.member("refusal", record.outcome.refusal?.description)
        }
    }

    private func showDocument(_ state: inout State, _ members: (inout JSONWriter) -> Void) {
        state.waiting += Output.documentBytes(
            asIfEnforced: log.isAdvisory,
            layout: .compact,
            members
        )
    }

    private func append(_ line: String, _ state: inout State) {
        state.waiting += Array(line.utf8)
        state.waiting.append(UInt8(ascii: "\n"))
    }
}
