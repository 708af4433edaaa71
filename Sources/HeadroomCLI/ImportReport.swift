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
        /// The name of the file that is read.
        var fileName: String
    }

    private struct State {
        var tally = ImportTally()
        var shelf: RulebookShelf
        var rejects: RejectsFile?
        var lastProgress: UInt64 = 0
        var waiting: [UInt8] = []
        /// Whether whoever read standard output has gone.
        var isUnread = false
    }

    private let log: OpenLog
    private let choice: Choice
    private let state: Mutex<State>
    private let showsProgress = isatty(STDERR_FILENO) == 1

    /// How many rejected rows are told on standard error.
    private static let toldRejectionCount: Int64 = 10
    /// How often progress is shown.
    private static let progressNanoseconds: UInt64 = 200_000_000

    init(_ log: OpenLog, _ choice: Choice) throws(CommandFailure) {
        self.log = log
        self.choice = choice
        var rejects: RejectsFile?
        if let path = choice.rejectsPath { rejects = try RejectsFile(path) }
        state = Mutex(State(shelf: RulebookShelf(log.log), rejects: rejects))
    }

    /// Takes what became of some rows.
    func take(_ rows: [ImportedRow]) throws {
        try state.withLock { state in
            for row in rows {
                state.tally.add(row)
                if case .rejected(let rejection) = row.result {
                    try tell(rejection, row.line, &state)
                }
                if choice.showsEach { try show(row, &state) }
            }
            try write(&state)
            showProgress(&state)
        }
    }

    /// Shows the summary and returns the status that says how it went.
    func finish() throws -> ExitStatus {
        try state.withLock { state in
            if showsProgress, state.lastProgress > 0 { Output.note("") }
            try state.rejects?.close()
            let tally = state.tally
            tellRest(tally)
            guard !state.isUnread else { return tally.status }
            guard choice.asJSON else {
                try Output.write(tally.text(isAdvisory: log.isAdvisory))
                return tally.status
            }
            let layout: JSONWriter.Layout = choice.showsEach ? .compact : .pretty
            try Output.document(asIfEnforced: log.isAdvisory, layout: layout) { writer in
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
        _ line: Int,
        _ state: inout State
    ) throws(CommandFailure) {
        if state.tally.rejectionCount <= Self.toldRejectionCount {
            let message = Suggestions.completed(rejection)
                .line(inFile: choice.fileName, atLine: line)
            Output.note("headroom: error: \(message)")
        }
        try state.rejects?.append(rejection, line)
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
                state.waiting += Output.documentBytes(
                    asIfEnforced: log.isAdvisory,
                    layout: .compact
                ) { writer in
                    writer.member("answer", "rejected")
                    writer.key("rejection")
                    writer.value(rejection, line: row.line)
                }
            } else {
                append("line \(row.line)  rejected  \(rejection.code)", &state)
            }
        case .answered(let answer):
            guard let entry = answer.entry else { return }
            try show(entry, isReplay: answer == .replayed(entry), row.line, &state)
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
        state.waiting += Output.documentBytes(asIfEnforced: log.isAdvisory, layout: .compact) {
            writer in
            writer.member("answer", isReplay ? "replayed" : "recorded")
            writer.member("line", Int64(line))
            writer.key("entry")
            writer.value(entry, rendering)
        }
    }

    private func append(_ line: String, _ state: inout State) {
        state.waiting += Array(line.utf8)
        state.waiting.append(UInt8(ascii: "\n"))
    }

    private func showProgress(_ state: inout State) {
        guard showsProgress else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now - state.lastProgress >= Self.progressNanoseconds else { return }
        state.lastProgress = now
        let text = "\r\(state.tally.rowCount) orders"
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// The file of rejected rows: CSV with their lines and what is wrong with them.
struct RejectsFile: Sendable {
    private let path: String
    private let handle: FileHandle
    private var waiting = Array("line,code,field,found,expected\n".utf8)

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        // What is there is written to, not replaced: it may be a pipe or a device.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .failed,
                "--rejects: the file \(path) can not be written: "
                    + "\(unsafe String(cString: strerror(errno))). Choose another place"
            )
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Refuses to write the rejects over the orders they come from.
    static func check(_ path: String, isNot input: String) throws(Rejection) {
        var one = stat()
        var other = stat()
        guard input != "-", unsafe stat(path, &one) == 0, unsafe stat(input, &other) == 0,
            one.st_dev == other.st_dev, one.st_ino == other.st_ino
        else { return }
        throw OptionValues.malformed(
            "rejects",
            path,
            "another file than the orders, which would be overwritten"
        )
    }

    mutating func append(_ rejection: Rejection, _ line: Int) throws(CommandFailure) {
        let cells = [
            "\(line)", "\(rejection.code)", rejection.field, rejection.found, rejection.expected,
        ]
        waiting += Array(cells.map(Self.quoted).joined(separator: ",").utf8)
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count >= 1 << 16 { try flush() }
    }

    mutating func close() throws(CommandFailure) {
        try flush()
        try? handle.close()
    }

    private mutating func flush() throws(CommandFailure) {
        do {
            try handle.write(contentsOf: Data(waiting))
            waiting.removeAll(keepingCapacity: true)
        } catch {
            throw CommandFailure(.failed, "--rejects: \(path): \(Output.systemMessage(error))")
        }
    }

    private static func quoted(_ cell: String) -> String {
        let marks: [UInt8] = [0x22, 0x2c, 0x0a, 0x0d]
        guard cell.utf8.contains(where: marks.contains) else { return cell }
        return "\""
            + cell.split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\"\"") + "\""
    }
}
