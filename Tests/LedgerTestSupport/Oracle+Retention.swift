// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Redactions and legal holds (docs/decisions/0012-receipts-and-disclosure.md).
///
/// The oracle's entries keep who acted and free text: what is taken out is nothing that an answer
/// rests on.
extension Oracle {
    /// The entries of which what is personal must be gone from the log.
    public var redactedEntries: Set<EntryNumber> { facts.redacted }

    func isWellFormed(_ redaction: Redaction) -> Bool {
        (1...Redaction.maximumEntryCount).contains(redaction.entries.count)
            && zip(redaction.entries, redaction.entries.dropFirst()).allSatisfy { $0 < $1 }
    }

    func rejected(_ redaction: Redaction) -> RejectionCode? {
        redaction.entries.allSatisfy { $0.rawValue < UInt64(entries.count) }
            ? nil : .unknownReference
    }

    func rejected(_ hold: LegalHold, _ caller: OrganisationIdentifier) -> RejectionCode? {
        switch hold.step {
        case .place(.party(let party)): facts.parties[party] == nil ? .unknownParty : nil
        case .place(.entry(let number)):
            number.rawValue < UInt64(entries.count) ? nil : .unknownReference
        case .place(.operation(let reference)):
            facts.answered[OracleFacts.OperationKey(reference, callersOwn: caller)] == nil
                ? .unknownReference : nil
        case .lift(let reference):
            facts.legalHolds[OracleFacts.OperationKey(reference, callersOwn: caller)] == nil
                ? .unknownReference : nil
        }
    }

    /// Why entries may not be redacted.
    func refused(_ redaction: Redaction) -> Refusal? {
        let isHeld = redaction.entries.contains { number in
            let parties = parties(toldBy: number)
            return facts.legalHolds.values.contains { subject in
                switch subject {
                case .party(let party): parties.contains(party)
                case .entry(let held): held == number
                case .operation(let reference): facts.entry(of: reference) == number
                }
            }
        }
        if isHeld { return .onHold }
        let isFixed = redaction.entries.contains { number in
            if facts.redacted.contains(number) || facts.approvals.contains(number) { return true }
            if facts.proposals.values.contains(where: { $0.isOpen && $0.entry == number }) {
                return true
            }
            guard case .operation(let record) = entries[Int(number.rawValue)].content else {
                return false
            }
            switch record.action {
            case .redact, .legalHold: return true
            case .propose(let proposal): return proposal.action.kind == .redact
            default: return false
            }
        }
        return isFixed ? .notRedactable : nil
    }

    /// The parties that an entry names, and those that what it is about names.
    private func parties(toldBy number: EntryNumber) -> Set<PartyIdentifier> {
        let entry = entries[Int(number.rawValue)]
        switch entry.content {
        case .expiry(let expiry): return parties(toldBy: expiry.hold)
        case .limit(let event):
            switch event.name {
            case .country: return []
            case .smallOrder(let group, _), .countryShare(let group, _), .outsideShare(let group):
                return [group]
            case .nationalVEU(let party, _): return [party]
            }
        case .operation(let record):
            if case .moved(let move) = record.outcome { return parties(toldBy: move.hold) }
            return parties(named: record.action, entry.actor.organisation)
        }
    }

    private func parties(
        named action: Action,
        _ caller: OrganisationIdentifier
    ) -> Set<PartyIdentifier> {
        func about(_ reference: OperationReference) -> Set<PartyIdentifier> {
            let key = OracleFacts.OperationKey(reference, callersOwn: caller)
            return facts.answered[key].map { parties(toldBy: $0.entry) } ?? []
        }
        switch action {
        case .party(let record): return Set([record.id, record.parent].compactMap { $0 })
        case .block(let block): return [block.party]
        case .grantStatus(let grant): return [grant.party]
        case .changeStatus(let change): return about(change.grant)
        case .attestSecurity(let attestation): return [attestation.party]
        case .attestInstalled(let attestation): return [attestation.party]
        case .reserve(let reservation): return [reservation.consignee]
        case .transferWeights(let transfer): return [transfer.recipient]
        case .propose(let proposal): return parties(named: proposal.action, caller)
        case .decideProposal(let decision): return about(decision.proposal)
        case .correct(let correction):
            switch correction.target {
            case .entry(let number): return parties(toldBy: number)
            case .operation(let reference): return about(reference)
            }
        default: return Self.hold(of: action).map(about) ?? []
        }
    }
}

extension OracleFacts {
    /// Takes over a step of a legal hold, whose operation has this name.
    mutating func fold(_ hold: LegalHold, key: OperationKey) {
        switch hold.step {
        case .place(.operation(let reference)):
            let named = OperationKey(reference, callersOwn: key.organisation)
            legalHolds[key] = .operation(
                OperationReference(organisation: named.organisation, id: named.id)
            )
        case .place(let subject): legalHolds[key] = subject
        case .lift(let reference):
            legalHolds[OperationKey(reference, callersOwn: key.organisation)] = nil
        }
    }

    /// The entry of an operation that is named with its organisation.
    func entry(of reference: OperationReference) -> EntryNumber? {
        reference.organisation.flatMap {
            answered[OperationKey(reference, callersOwn: $0)]?.entry
        }
    }
}
