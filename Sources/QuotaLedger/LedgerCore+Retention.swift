// SPDX-License-Identifier: Apache-2.0

package import EntryLog
import LedgerModel

/// Redactions and legal holds.
///
/// What an entry says that is to be redacted is not in the state: it is read from the log. So an entry
/// can be named once it is durable, and nobody has been told its number before.
extension LedgerCore {
    /// Takes the log from which it reads what entries say that are to be redacted.
    ///
    /// Without it whatever is in front of the next entry can be named, and no party is found in it.
    package mutating func read(_ log: any EntryLog) { entryReader = LoggedEntry.reader(of: log) }

    func examine(_ redaction: Redaction) throws(Rejection) {
        let known = entryReader == nil ? nil : logged(redaction.entries)
        for number in redaction.entries {
            guard number.rawValue < state.next, known.map({ $0[number] != nil }) ?? true else {
                throw Rejection(
                    .unknownReference,
                    field: "entries",
                    found: number.description,
                    expected: "the number of an entry that is in the log"
                )
            }
        }
    }

    func examine(_ hold: LegalHold, by actor: Actor) throws(Rejection) {
        switch hold.step {
        case .place(.party(let id)): _ = try party(id, field: "party")
        case .place(.operation(let reference)): try require(operation: reference, by: actor)
        case .place(.entry(let number)): try require(entry: number)
        case .lift(let reference):
            let number = state.found(reference, by: actor.organisation)?.number
            guard number.flatMap({ state.retention.holds[$0] }) != nil else {
                throw Rejection(
                    .unknownReference,
                    field: "legal_hold",
                    found: reference.id.text,
                    expected: "the id of an operation that placed a legal hold which is in force"
                )
            }
        }
    }

    /// Why entries may not be redacted, if one of them may not.
    func refusal(of redaction: Redaction) -> Refusal? {
        let logged = logged(redaction.entries)
        for number in redaction.entries {
            #if PlantedBugs
                if PlantedBug.active == .ignoredLegalHold { break }
            #endif
            let parties = state.retention.holdsParties ? parties(of: logged[number]) : []
            if state.retention.holds(number, of: parties) { return .onHold }
        }
        let isKept = redaction.entries.contains { !canBeRedacted($0, logged[$0]) }
        return isKept ? .notRedactable : nil
    }

    private func canBeRedacted(_ number: EntryNumber, _ logged: LoggedEntry?) -> Bool {
        if state.retention.redacted.contains(number) { return false }
        if state.retention.approvals.contains(number) { return false }
        if let proposal = state.proposals[number] {
            // Whoever approves it must be someone else, and has to know what it is about.
            guard proposal.action == nil, proposal.kind != .redact else { return false }
        }
        guard let logged else { return true }
        return logged.canBeRedacted && !logged.entry.isOfRetention
    }

    /// The parties that an entry tells of, itself or by earlier ones that it names.
    private func parties(of logged: LoggedEntry?) -> Set<PartyIdentifier> {
        var parties: Set<PartyIdentifier> = []
        var next = logged?.entry
        while let entry = next {
            parties.formUnion(entry.parties)
            next = earlier(than: entry).flatMap { self.logged([$0])[$0]?.entry }
        }
        return parties
    }

    /// The earlier entry that an entry is about, if it is about one.
    private func earlier(than entry: Entry) -> EntryNumber? {
        let found: EntryNumber?
        switch entry.content {
        case .expiry(let expiry): found = expiry.hold
        case .limit: found = nil
        case .operation(let record):
            if case .moved(let move) = record.outcome {
                found = move.hold
            } else {
                found = earlier(than: record.action, by: entry.actor)
            }
        }
        return found.flatMap { $0 < entry.number ? $0 : nil }
    }

    private func earlier(than action: Action, by actor: Actor) -> EntryNumber? {
        let reference: OperationReference
        switch action {
        case .propose(let proposal): return earlier(than: proposal.action, by: actor)
        case .changeStatus(let change): reference = change.grant
        case .decideProposal(let decision): reference = decision.proposal
        case .correct(let correction):
            switch correction.target {
            case .entry(let number): return number
            case .operation(let named): reference = named
            }
        default:
            guard let hold = action.hold else { return nil }
            reference = hold
        }
        return state.found(reference, by: actor.organisation)?.number
    }

    /// Entries as the log has them, without those that are not durable yet; none if nobody reads them
    /// for this core.
    private func logged(_ numbers: [EntryNumber]) -> [EntryNumber: LoggedEntry] {
        do throws(EntryLogError) {
            return try entryReader?(numbers) ?? [:]
        } catch {
            state.fail(.log(error))
            return [:]
        }
    }

    /// Checks of a log that was taken over from its first entry on that what is redacted was approved to
    /// be, and what was approved is redacted.
    ///
    /// The latter only if nothing was appended while the log was read: what was read before may have
    /// been redacted since.
    package func checkRedactions(isWhole: Bool) throws(LedgerError) {
        let redacted = state.retention.redacted
        if let number = closedForms.subtracting(redacted).min() {
            throw .corrupt(number, "it is redacted, and no entry approves that")
        }
        if isWhole, let number = redacted.subtracting(closedForms).min() {
            throw .corrupt(number, "it should be redacted, as a later entry says that it is")
        }
    }

    /// The entries that an operation takes what is personal out of, if it is accepted.
    func redacted(by operation: Operation) -> [EntryNumber] {
        guard case .decideProposal(let decision) = operation.action, decision.step == .approve,
            let number = state.found(decision.proposal, by: operation.actor.organisation)?.number,
            case .redact(let redaction)? = state.proposals[number]?.action
        else { return [] }
        return redaction.entries
    }
}

extension Entry {
    /// Whether it says who redacted, or who keeps what from being redacted.
    fileprivate var isOfRetention: Bool {
        guard case .operation(let record) = content else { return false }
        if case .propose(let proposal) = record.action {
            return ActionKind.retention.contains(proposal.action.kind)
        }
        return ActionKind.retention.contains(record.action.kind)
    }

    /// The parties that it names.
    fileprivate var parties: [PartyIdentifier] {
        switch content {
        case .operation(let record): record.action.parties
        case .expiry: []
        case .limit(let event): event.name.party.map { [$0] } ?? []
        }
    }
}

extension Action {
    /// The parties that it names.
    fileprivate var parties: [PartyIdentifier] {
        switch self {
        case .party(let record): [record.id] + (record.parent.map { [$0] } ?? [])
        case .block(let block): [block.party]
        case .grantStatus(let grant): [grant.party]
        case .attestSecurity(let attestation): [attestation.party]
        case .attestInstalled(let attestation): [attestation.party]
        case .reserve(let reservation): [reservation.consignee]
        case .transferWeights(let transfer): [transfer.recipient]
        case .propose(let proposal): proposal.action.parties
        default: []
        }
    }
}

extension LimitName {
    /// The party whose limit it is, if it is a party's.
    fileprivate var party: PartyIdentifier? {
        switch self {
        case .country: nil
        case .smallOrder(let group, _): group
        case .nationalVEU(let party, _): party
        case .countryShare(let group, _): group
        case .outsideShare(let group): group
        }
    }
}
