// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerAudit
import LedgerModel
import LedgerTestSupport
import QuotaLedger

/// What must be gone of the entries that were redacted, and what must not.
extension Judge {
    /// Whether an entry is what a redaction leaves of another.
    func isRedacted(_ entry: Entry, from whole: Entry) -> Bool {
        guard oracle.redactedEntries.contains(entry.number), entry.isRedacted,
            entry.actor.person == .redacted, entry.actor.organisation == whole.actor.organisation,
            entry.actor.role == whole.actor.role, entry.time == whole.time,
            entry.rulebook == whole.rulebook
        else { return false }
        switch (entry.content, whole.content) {
        case (.operation(let left), .operation(let record)):
            let text = record.action.freeText.map { _ in Redaction.placeholder }
            return left.id == record.id && left.outcome == record.outcome
                && left.action.kind == record.action.kind && left.action.freeText == text
        default: return entry.content == whole.content
        }
    }

    /// Checks that of what was redacted nothing personal is in the log, and that all else is what it
    /// was.
    func checkRedactions(in log: SimulatedEntryLog) throws(Violation) {
        guard !oracle.redactedEntries.isEmpty else { return }
        var differing: Entry?
        do throws(EntryLogError) {
            try log.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
                try BatchReader.forEachEntry(in: bytes) { number, bytes throws(EntryLogError) in
                    let found = try EntryCodec.decode(bytes)
                    let known = entries[Int(number.rawValue)]
                    let isRight =
                        oracle.redactedEntries.contains(number)
                        ? isRedacted(found, from: known) : found == known
                    if !isRight { differing = differing ?? found }
                    return .next
                }
                return .next
            }
        } catch {
            throw Violation(.notVerified, "\(error)")
        }
        guard let differing else { return }
        let isMeant = oracle.redactedEntries.contains(differing.number)
        throw Violation(
            .notRedacted,
            "entry \(differing.number), which \(isMeant ? "was" : "was not") redacted, is \(differing)"
        )
    }

    /// Verifies the log as `headroom verify` does, and judges it again as `--readjudicate` does.
    func readjudicate(
        _ log: SimulatedEntryLog,
        secret: LedgerSecret
    ) throws(Violation) {
        do {
            var frontier = MerkleFrontier()
            _ = try LedgerCore.verified(from: log, secret: secret, frontier: &frontier)
            _ = try AuditedLog(of: log, secret: secret)
        } catch {
            throw Violation(.notVerified, "\(error)")
        }
    }

    /// What was asked in an entry that is redacted by now, to be asked again; `nil` if there is none.
    func redactedOperation(_ pick: Int) -> Operation? {
        let numbers = oracle.redactedEntries.sorted()
        guard !numbers.isEmpty else { return nil }
        let entry = entries[Int(numbers[pick % numbers.count].rawValue)]
        guard case .operation(let record) = entry.content else { return nil }
        return Operation(id: record.id, actor: entry.actor, action: record.action)
    }
}
