// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import LedgerReports
import LedgerText
import QuotaLedger
import Rulebook

/// Shows what the ledger answered, and says with which status the command ends.
struct AnswerReport {
    private let log: OpenLog
    private let asJSON: Bool
    private let role: Role
    private var shelf: RulebookShelf

    /// - Parameters:
    ///   - log: The ledger's log.
    ///   - asJSON: Whether results are JSON documents.
    ///   - role: For whom text is: what it shows of shared limits depends on it.
    init(_ log: OpenLog, asJSON: Bool, role: Role = .operator) {
        self.log = log
        self.asJSON = asJSON
        self.role = role
        shelf = RulebookShelf(log.log)
    }

    /// Shows the answer to an operation.
    mutating func show(_ answer: LedgerAnswer) throws(CommandFailure) -> ExitStatus {
        switch answer {
        case .rejected(let rejection): throw try rejected(rejection)
        case .recorded(let entry): return try show(entry, answeredAs: "recorded")
        case .replayed(let entry): return try show(entry, answeredAs: "replayed")
        }
    }

    /// Shows what a reservation would be answered, and what would let it through if it is refused.
    mutating func show(
        _ answer: CheckAnswer,
        on order: AskedOrder,
        under rulebook: Rulebook?,
        remedies: [Remedy]
    ) throws(CommandFailure) -> ExitStatus {
        switch answer {
        case .rejected(let rejection): throw try rejected(rejection)
        case .replay(let number): return try show(try entry(number), answeredAs: "replayed")
        case .refused(let refusal):
            if asJSON {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("answer", "refused")
                    writer.member("id", order.id.text)
                    writer.member("refusal", refusal.description)
                }
            } else {
                try Output.writeLine(
                    "Order \(order.id) of \(order.exporter) would be refused by the ledger's "
                        + "policy (\(refusal)): see 'headroom policy'."
                )
                try ResultText.writeBasis(log)
            }
            return .refused
        case .decided(let decision):
            if asJSON {
                let rendering = JSONRendering(
                    tppPerH100e: rulebook?.tppPerH100e.value,
                    hidesTotals: disclosure == .banded
                )
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("answer", "decided")
                    writer.member("id", order.id.text)
                    writer.key("decision")
                    writer.value(decision, rendering)
                    if !decision.isGranted { write(remedies, rendering, to: &writer) }
                }
            } else {
                try write(
                    explainer(rulebook).explanation(of: decision, on: order, remedies: remedies)
                )
            }
            return decision.isGranted ? .done : .refused
        }
    }

    /// Shows an entry with all that there is to say about it.
    ///
    /// `remedies` are what would have let a refused order through; `nil` of other entries.
    mutating func explain(_ entry: Entry, remedies: [Remedy]?) throws(CommandFailure) {
        _ = try show(entry, answeredAs: nil, remedies: remedies)
    }

    private mutating func show(
        _ entry: Entry,
        answeredAs answer: String?,
        remedies: [Remedy]? = nil
    ) throws(CommandFailure) -> ExitStatus {
        let rulebook = try shelf.rulebook(adoptedBy: entry.rulebook)
        if asJSON {
            let rendering = JSONRendering(
                tppPerH100e: rulebook?.tppPerH100e.value,
                includesFiles: answer == nil,
                hidesTotals: disclosure == .banded
            )
            try Output.document(asIfEnforced: log.isAdvisory) { writer in
                if let answer { writer.member("answer", answer) }
                writer.key("entry")
                writer.value(entry, rendering)
                if let remedies { write(remedies, rendering, to: &writer) }
            }
        } else {
            if answer == "replayed" {
                Output.note("headroom: note: answered before; this is the first answer again")
            }
            try write(explainer(rulebook).explanation(of: entry, remedies: remedies))
        }
        guard case .operation(let record) = entry.content else { return .done }
        if answer != nil { advise(on: record, of: entry) }
        return record.outcome.refusal == nil ? .done : .refused
    }

    /// Says what the next step is where two people are needed.
    private func advise(on record: OperationRecord, of entry: Entry) {
        switch (record.action, record.outcome) {
        case (_, .refused(.needsApproval)):
            Output.note(
                "headroom: note: two people are needed: propose it with '--propose', and have "
                    + "someone else run 'headroom approve'"
            )
        case (.reserve, .decided(let decision)) where decision.refusal == .limitReached:
            Output.note(
                "headroom: note: 'headroom explain \(record.id) --organisation "
                    + "\(entry.actor.organisation)' says what would make room"
            )
        case (.propose, .accepted):
            Output.note(
                "headroom: note: nothing has changed yet: someone else runs 'headroom approve "
                    + "\(record.id) --of \(entry.actor.organisation)'"
            )
        default: break
        }
    }

    /// Says what would let a refused order through, to whom the numbers of limits are shown.
    private func write(
        _ remedies: [Remedy],
        _ rendering: JSONRendering,
        to writer: inout JSONWriter
    ) {
        guard !rendering.hidesTotals else { return }
        writer.key("remedies")
        writer.value(remedies, rendering)
    }

    private func explainer(_ rulebook: Rulebook?) -> Explainer {
        Explainer(
            rulebook: rulebook,
            mode: log.creation?.mode ?? .advisory,
            disclosure: disclosure
        )
    }

    /// What the reader may see of limits that others share.
    private var disclosure: TotalsDisclosure { log.creation?.disclosure(to: role) ?? .open }

    private func write(_ explanation: Explanation) throws(CommandFailure) {
        try Output.write(
            explanation.text(width: ResultText.width, style: ResultText.style)
        )
    }

    private func entry(_ number: EntryNumber) throws(CommandFailure) -> Entry {
        do {
            if let entry = try log.log.entry(number) { return entry }
        } catch {
            throw CommandFailure(error)
        }
        throw CommandFailure(.failed, "entry \(number) is missing: run 'headroom verify'")
    }

    /// Shows a rejection as a result where results are JSON; the message comes from the failure.
    private func rejected(_ rejection: Rejection) throws(CommandFailure) -> CommandFailure {
        let rejection = Suggestions.completed(rejection)
        if asJSON { try Output.show(rejection, asIfEnforced: log.isAdvisory) }
        var failure = CommandFailure(rejection)
        failure.isShown = true
        return failure
    }
}

extension Output {
    /// Writes a rejection as a JSON document.
    static func show(_ rejection: Rejection, asIfEnforced: Bool?) throws(CommandFailure) {
        try document(asIfEnforced: asIfEnforced) { writer in
            writer.member("answer", "rejected")
            writer.key("rejection")
            writer.value(rejection)
        }
    }
}
