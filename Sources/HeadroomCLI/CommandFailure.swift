// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerProofs
import LedgerText
import QuotaLedger
import Rulebook

/// Why a command ended early: the exit status and what to say on standard error.
struct CommandFailure: Error {
    var status: ExitStatus
    /// One line each; the first is the error, further ones are details of it.
    var lines: [String]
    /// What is wrong with the input, if that is what happened.
    var rejection: Rejection?
    /// Whether a JSON document about it is on standard output already.
    var isShown = false
    /// Whether nobody reads the result any more, of which nothing is said.
    var isUnread = false
    /// Whether the files are not what was written.
    var isDamage = false

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        lines = [oneLine(message)]
    }

    init(_ rejection: Rejection) {
        self.init(.rejected, rejection.description)
        self.rejection = rejection
    }

    init(_ error: EntryLogError) {
        let status: ExitStatus =
            switch error {
            case .ledgerExists, .locked: .conflict
            case .notALedger: .rejected
            default: .failed
            }
        self.init(status, error.description)
        if case .corrupt = error { isDamage = true }
    }

    init(_ error: LedgerError) {
        switch error {
        case .log(let error): self.init(error)
        case .fenced: self.init(.conflict, error.description)
        case .corrupt:
            self.init(.failed, error.description)
            isDamage = true
        case .index, .busy, .closed: self.init(.failed, error.description)
        }
    }

    init(_ error: RulebookError) {
        self.init(.rejected, "")
        lines = error.description.split(separator: "\n").map(String.init)
    }

    /// Whatever was thrown, as a failure of the command.
    init(any error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as EntryLogError: self.init(error)
        case let error as LedgerError: self.init(error)
        case let error as PublicationError: self.init(error)
        case let error as RulebookError: self.init(error)
        case let rejection as Rejection: self.init(rejection)
        default: self.init(.failed, "\(error)")
        }
    }

    /// Says on standard error what happened.
    func report() {
        for line in lines { Output.note("headroom: error: \(line)") }
    }

    /// Shows what happened as the JSON document that is the command's result, unless that has been
    /// shown or begun.
    func showDocument() {
        guard !isShown, Output.isUntouched else { return }
        // Where standard output is what failed, there is nowhere to say so.
        try? Output.document(asIfEnforced: nil) { writer in
            if let rejection {
                writer.member("answer", "rejected")
                writer.key("rejection")
                writer.value(rejection)
                return
            }
            writer.member("answer", "failed")
            writer.member("status", Int64(status.rawValue))
            writer.key("messages")
            writer.beginArray()
            for line in lines { writer.string(line) }
            writer.endArray()
        }
    }
}

/// A text on one line.
func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: "; ")
}
