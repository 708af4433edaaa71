// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What was redacted, and what must not be, as the audit keeps it.
///
/// The parties that entries tell of are not kept, nor their encodings: whether a hold on a party, or an
/// older encoding, stood against a redaction is not judged again, and counted instead.
struct AuditedRetention: Sendable {
    /// The holds in force: on an entry, or else on a party.
    var holds: [OperationKey: EntryNumber?] = [:]
    /// The entries that were redacted by approval.
    private(set) var redacted: Set<EntryNumber> = []
    /// The entries of redactions, of their approvals and of legal holds, which stay as they are.
    private(set) var kept: Set<EntryNumber> = []
    /// The entries that are redacted and of which no approval came yet.
    private(set) var unexplained: Set<EntryNumber> = []

    mutating func see(_ entry: Entry, isKept: Bool) {
        if entry.isRedacted { unexplained.insert(entry.number) }
        if isKept { kept.insert(entry.number) }
    }

    /// Takes over an approved redaction.
    mutating func redact(_ entries: [EntryNumber]) {
        redacted.formUnion(entries)
        unexplained.subtract(entries)
    }

    /// Why entries may not be redacted, as far as it can be told.
    func refusal(of redaction: Redaction, openProposals: Set<EntryNumber>) -> Refusal? {
        let held = Set(holds.values.compactMap { $0 })
        if redaction.entries.contains(where: held.contains) { return .onHold }
        let isKept = redaction.entries.contains {
            redacted.contains($0) || kept.contains($0) || openProposals.contains($0)
        }
        return isKept ? .notRedactable : nil
    }

    /// Whether a refusal may be right for a reason that is not judged again.
    func mayBeRight(_ found: Refusal?, expected: Refusal?) -> Bool {
        switch found {
        case .onHold: holds.values.contains { $0 == nil }
        case .notRedactable: expected == nil
        default: false
        }
    }
}

extension AuditBooks {
    /// Places or lifts a legal hold, whose operation has this name.
    mutating func take(_ hold: LegalHold, named key: OperationKey) {
        switch hold.step {
        case .place(.party): retention.holds[key] = .some(nil)
        case .place(.entry(let number)): retention.holds[key] = number
        case .place(.operation(let reference)):
            let named = self.key(reference, callersOwn: key.organisation)
            retention.holds[key] = named.flatMap { answer(to: $0)?.entry }
        case .lift(let reference):
            guard let named = self.key(reference, callersOwn: key.organisation) else { return }
            retention.holds[named] = nil
        }
    }
}

extension Action {
    /// Whether it is a redaction or a legal hold.
    var isOfRetention: Bool {
        switch self {
        case .redact, .legalHold: true
        default: false
        }
    }

    /// Whether it approves a proposal, and does not decline it.
    var isApproval: Bool {
        if case .decideProposal(let decision) = self { decision.step == .approve } else { false }
    }
}

extension Entry {
    /// What was asked, if somebody asked.
    var operationAction: Action? {
        if case .operation(let record) = content { record.action } else { nil }
    }
}

extension Actor {
    /// Whether it may be the same actor, as far as who acted was not taken out.
    func isNotOther(than other: Actor) -> Bool {
        organisation == other.organisation && role == other.role
            && (person == other.person || person == .redacted || other.person == .redacted)
    }
}
