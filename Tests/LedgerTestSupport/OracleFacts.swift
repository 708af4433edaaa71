// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What the log says, folded entry by entry into plain lists.
///
/// Nothing here is a balance of a limit: every question is answered by going through the lists
/// again.
struct OracleFacts: Sendable {
    /// The first answer to each operation, by organisation and id.
    var answered: [OperationKey: (action: Action, entry: EntryNumber)] = [:]
    /// The policy of the log's first entry, or the standard one.
    var policy = LedgerPolicy.standard
    var proposals: [OperationKey: OpenProposal] = [:]
    var parties: [PartyIdentifier: PartyRecord] = [:]
    var blocked: Set<PartyIdentifier> = []
    var statuses: [Status] = []
    var security: [SecurityAttestation] = []
    var agreements: [Agreement] = []
    /// By account and country, each in order of day, then of the log.
    var installed: [PartyIdentifier: [CountryCode: [InstalledChange]]] = [:]
    /// Everything that was ever attested.
    var attestedSum: Int128 = 0
    var attestedDays: [PartyIdentifier: CivilDate] = [:]
    var adoptions: [Adoption] = []
    var devices: [OracleDevice] = []
    var charges: [Charge] = []
    /// The legal holds in force, by the operations that placed them.
    var legalHolds: [OperationKey: LegalHoldSubject] = [:]
    /// The entries that were redacted, and those that approved it.
    var redacted: Set<EntryNumber> = []
    var approvals: Set<EntryNumber> = []
    /// The limits whose last entry says that they are in breach.
    var inBreach: Set<LimitName> = []

    struct OperationKey: Hashable, Sendable {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
    }

    struct OpenProposal: Sendable {
        var entry: EntryNumber
        var actor: Actor
        var id: OperationIdentifier
        var action: Action
        var isOpen: Bool
    }

    struct Status: Sendable {
        var key: OperationKey
        var kind: StatusKind
        var party: PartyIdentifier
        var dates: DateRange
        var isSuspended = false
        var isRevoked = false
    }

    struct Agreement: Sendable {
        var key: OperationKey
        var country: CountryCode
        var from: CivilDate
        var until: CivilDate?
    }

    /// A change of what an account has installed in a country.
    struct InstalledChange: Sendable {
        var day: CivilDate
        var entry: EntryNumber
        var delta: Int64
    }

    struct Adoption: Sendable {
        var entry: EntryNumber
        var time: LedgerTime
        var rulebook: OracleRulebook
    }

    /// A grant and what became of it.
    struct Charge: Sendable {
        var entry: EntryNumber
        var day: CivilDate
        var mechanism: MechanismKind
        /// The status that granted it, of `uveu` and `nveu`.
        var status: OperationKey?
        var party: PartyIdentifier
        var account: PartyIdentifier
        var country: CountryCode
        var deadline: LedgerTime?
        /// Whether something is open; a hold of 0 TPP is open until it is closed.
        var isOpen = true
        var open: Int64
        /// Everything that was ever shipped.
        var shipped: Int64 = 0
        var returned: Int64 = 0
        var retired: Int64 = 0

        /// What was shipped and is still there.
        var out: Int64 { shipped - returned - retired }
    }

    /// The rulebooks and catalogues that an adoption's bytes can name.
    let rulebookFiles: [[UInt8]: OracleRulebook]
    let deviceFiles: [[UInt8]: [OracleDevice]]

    init(rulebookFiles: [[UInt8]: OracleRulebook], deviceFiles: [[UInt8]: [OracleDevice]]) {
        self.rulebookFiles = rulebookFiles
        self.deviceFiles = deviceFiles
    }

    /// Takes in the next entry of the log.
    mutating func fold(_ entry: Entry) {
        switch entry.content {
        case .expiry(let expiry):
            for index in charges.indices where charges[index].entry == expiry.hold {
                charges[index].close(freeing: expiry.freed)
            }
        case .limit(let event):
            switch event.change {
            case .breached: inBreach.insert(event.name)
            case .cured, .unwatched: inBreach.remove(event.name)
            case .crossed: break
            }
        case .operation(let record):
            let key = OperationKey(organisation: entry.actor.organisation, id: record.id)
            answered[key] = (record.action, entry.number)
            fold(record, key: key, entry: entry)
        }
    }

    private mutating func fold(_ record: OperationRecord, key: OperationKey, entry: Entry) {
        switch (record.action, record.outcome) {
        case (.reserve(let reservation), .decided(let decision)) where decision.isGranted:
            charge(reservation, decision, entry: entry)
        case (_, .moved(let move)) where move.refusal == nil:
            fold(move, record.action, entry: entry)
        case (.attestInstalled(let attestation), .attested):
            fold(attestation, entry: entry.number)
        case (.propose(let proposal), let outcome):
            proposals[key] = OpenProposal(
                entry: entry.number,
                actor: entry.actor,
                id: record.id,
                action: proposal.action,
                isOpen: outcome == .accepted
            )
        case (.decideProposal(let decision), let outcome):
            fold(decision, outcome, by: key.organisation, entry: entry)
        case (let action, .accepted): fold(action, key: key, number: entry.number, at: entry.time)
        default: break
        }
    }

    /// An approval lets the proposed operation take effect, at the approval's time but under the
    /// proposal's name and number.
    private mutating func fold(
        _ decision: ProposalDecision,
        _ outcome: Outcome,
        by organisation: OrganisationIdentifier,
        entry: Entry
    ) {
        let named = OperationKey(decision.proposal, callersOwn: organisation)
        guard let proposal = proposals[named] else { return }
        switch outcome.refusal {
        case .notPermitted, .samePerson, .proposalClosed: return
        default: proposals[named]?.isOpen = false
        }
        guard decision.step == .approve, outcome == .accepted else { return }
        if proposal.action.kind == .redact { approvals.insert(entry.number) }
        fold(proposal.action, key: named, number: proposal.entry, at: entry.time)
    }

    private mutating func fold(
        _ action: Action,
        key: OperationKey,
        number: EntryNumber,
        at time: LedgerTime
    ) {
        switch action {
        case .createLedger(let creation):
            if number.rawValue == 0 { policy = creation.policy }
        case .party(let record): fold(record)
        case .block(let block):
            if block.isBlocked {
                blocked.insert(block.party)
            } else {
                blocked.remove(block.party)
            }
        case .grantStatus(let grant):
            statuses.append(
                Status(key: key, kind: grant.kind, party: grant.party, dates: grant.dates)
            )
        case .changeStatus(let change): fold(change, by: key.organisation)
        case .attestSecurity(let attestation): security.append(attestation)
        case .signAgreement(let signing):
            agreements.append(
                Agreement(
                    key: key,
                    country: signing.country,
                    from: signing.dates.from,
                    until: signing.dates.until
                )
            )
        case .endAgreement(let end):
            let named = OperationKey(end.agreement, callersOwn: key.organisation)
            for index in agreements.indices where agreements[index].key == named {
                agreements[index].until = end.until
            }
        case .adoptRulebook(let adoption):
            if let rulebook = rulebookFiles[adoption.bytes] {
                adoptions.append(Adoption(entry: number, time: time, rulebook: rulebook))
            }
        case .adoptDevices(let adoption): devices = deviceFiles[adoption.bytes] ?? []
        case .redact(let redaction): redacted.formUnion(redaction.entries)
        case .legalHold(let hold): fold(hold, key: key)
        case .attestInstalled, .reserve, .ship, .release, .extend, .giveBack, .retire, .revoke,
            .correct, .transferWeights, .tick, .propose, .decideProposal, .rotateKey:
            break
        }
    }

    private mutating func fold(_ change: StatusChange, by organisation: OrganisationIdentifier) {
        let named = OperationKey(change.grant, callersOwn: organisation)
        for index in statuses.indices where statuses[index].key == named {
            switch change.step {
            case .suspend: statuses[index].isSuspended = true
            case .reinstate: statuses[index].isSuspended = false
            case .revoke: statuses[index].isRevoked = true
            }
        }
    }
}

extension OracleFacts.OperationKey {
    /// What a reference names: the caller's own operation unless it says whose.
    init(_ reference: OperationReference, callersOwn organisation: OrganisationIdentifier) {
        self.init(organisation: reference.organisation ?? organisation, id: reference.id)
    }
}
