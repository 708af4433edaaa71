// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Rulebook

extension LedgerState {
    /// Takes over what an operation brought about.
    mutating func recordOperation(
        _ record: OperationRecord,
        of entry: Entry
    ) throws(LedgerError) {
        switch (record.action, record.outcome) {
        case (.decideProposal(let decision), let outcome):
            try recordDecision(decision, outcome, of: entry)
        case (.reserve(let reservation), .decided(let decision)):
            try recordDecision(decision, on: reservation, of: entry)
        case (.propose(let proposal), .refused):
            // Known all the same: whoever approves it is told that it is closed.
            let kind = proposal.action.kind
            proposals.add(
                ProposalState(proposer: entry.actor, kind: kind, action: nil),
                entry: entry.number
            )
        case (_, .refused), (.transferWeights, .determined): return
        case (.attestInstalled(let attestation), .attested(let gaps)):
            try recordAttestation(attestation, gaps, entry)
        case (let action, .moved(let move)):
            guard move.refusal == nil else { return }
            try recordMove(move, by: action, of: entry)
        case (let action, .accepted):
            try recordLaw(action, entry: entry, origin: entry.number, by: entry.actor)
        default: throw .corrupt(entry.number, "its outcome is not one of its kind of operation")
        }
    }

    /// Takes over an operation that took effect, by itself or by the approval of a proposal.
    ///
    /// `origin` is the entry by which it is known from now on: its own, or the proposal's.
    private mutating func recordLaw(
        _ action: Action,
        entry: Entry,
        origin: EntryNumber,
        by actor: Actor
    ) throws(LedgerError) {
        switch action {
        case .createLedger(let creation): self.creation = creation
        case .party(let record): try recordParty(record, entry)
        case .block(let block):
            parties.setBlocked(block.isBlocked, try party(block.party, of: entry))
        case .grantStatus(let grant):
            statuses.grant(grant, party: try party(grant.party, of: entry), entry: origin)
            if grant.kind == .universal { watch.addLawDays(grant.dates) }
            lookAtChangedGroups(at: entry.time)
        case .changeStatus(let change):
            let granted = try number(of: change.grant, by: actor, in: entry)
            statuses.change(change.step, grantedBy: granted)
            lookAtChangedGroups(at: entry.time)
        case .attestSecurity(let attestation):
            statuses.attest(attestation.dates, party: try party(attestation.party, of: entry))
        case .signAgreement(let signing):
            agreements.sign(signing, entry: origin)
            watch.addLawDays(signing.dates)
            lookAt(signing.country, at: entry.time)
        case .endAgreement(let end):
            let signed = try number(of: end.agreement, by: actor, in: entry)
            agreements.end(signedBy: signed, until: end.until)
            watch.addLawDay(end.until)
            if let country = agreements.state(signedBy: signed)?.country {
                lookAt(country, at: entry.time)
            }
        case .adoptRulebook(let adoption):
            try recordRulebook(adoption, entry: entry, origin: origin)
        case .adoptDevices(let adoption): try recordDevices(adoption, entry: entry)
        case .propose(let proposal):
            proposals.add(
                ProposalState(
                    proposer: actor,
                    kind: proposal.action.kind,
                    action: proposal.action
                ),
                entry: entry.number
            )
        case .redact(let redaction):
            retention.redact(redaction.entries, by: entry.number)
            for number in redaction.entries { proposals.redact(number) }
        case .legalHold(let hold): try recordHold(hold, entry: entry, by: actor)
        case .correct, .tick, .rotateKey: break
        default: throw .corrupt(entry.number, "its outcome is not one of its kind of operation")
        }
    }

    private mutating func recordDecision(
        _ decision: ProposalDecision,
        _ outcome: Outcome,
        of entry: Entry
    ) throws(LedgerError) {
        let number = try number(of: decision.proposal, by: entry.actor, in: entry)
        guard let proposal = proposals[number] else {
            throw .corrupt(entry.number, "entry \(number) is no proposal")
        }
        switch outcome {
        case .accepted:
            guard let action = proposal.action else {
                throw .corrupt(entry.number, "proposal \(number) was decided before")
            }
            proposals.close(number)
            guard decision.step == .approve else { return }
            try recordLaw(action, entry: entry, origin: number, by: proposal.proposer)
        case .refused(let refusal):
            // What the operation itself was refused for ends the proposal.
            if !refusal.isOfPolicy { proposals.close(number) }
        default: throw .corrupt(entry.number, "its outcome is not one of its kind of operation")
        }
    }

    private mutating func recordHold(
        _ hold: LegalHold,
        entry: Entry,
        by actor: Actor
    ) throws(LedgerError) {
        switch hold.step {
        case .place(.party(let party)): retention.place(.party(party), by: entry.number)
        case .place(.entry(let held)): retention.place(.entry(held), by: entry.number)
        case .place(.operation(let reference)):
            // A legal hold on an order that is not remembered is in no report.
            if !remembersOrders, found(reference, by: actor.organisation) == nil { return }
            let held = try number(of: reference, by: actor, in: entry)
            retention.place(.entry(held), by: entry.number)
        case .lift(let reference):
            retention.lift(try number(of: reference, by: actor, in: entry))
        }
    }

    // MARK: - Parties and what they own

    private mutating func recordParty(_ record: PartyRecord, _ entry: Entry) throws(LedgerError) {
        if let parent = record.parent {
            guard parties.index(of: parent) != nil,
                !parties.closesCycle(record.id, parent: parent)
            else { throw .corrupt(entry.number, "its parent is unknown, or closes a circle") }
        }
        let change = parties.register(record)
        if !statuses.isEmpty { lookAtChangedGroups(at: entry.time) }
        guard case .merged(let joining, let group) = change else { return }
        for country in knownCountries(of: joining) {
            let amount = held.remove(HeldKey(account: joining, country: country).word)
            held.add(amount, to: HeldKey(account: group, country: country).word)
        }
        if let moves = installed.removeValue(forKey: joining) {
            installed[group, default: InstalledBase()].merge(moves)
        }
        if let charges = smallOrders.removeValue(forKey: joining) {
            smallOrders.updateOrTake(group) { $0.merge(charges) }
        }
        watch.look(at: entry.time) { $0.accounts.formUnion([joining, group]) }
    }

    private mutating func recordAttestation(
        _ attestation: InstalledAttestation,
        _ gaps: [InstalledGap],
        _ entry: Entry
    ) throws(LedgerError) {
        let account = parties.account(of: try party(attestation.party, of: entry))
        let known = installed[account] ?? InstalledBase()
        guard known.gaps(of: attestation) == gaps else {
            throw .corrupt(entry.number, "its gaps are not those between attested and known")
        }
        installed[account, default: InstalledBase()]
            .attest(gaps, asOf: attestation.asOf, entry: entry.number)
        for amount in attestation.amounts { try raiseBound(by: amount.amount, entry.number) }
        lookAtGroup(account, at: entry.time)
    }

    /// Adds to the bound; a log that passes what a sum may be was not decided by this code.
    mutating func raiseBound(by amount: TPP, _ entry: EntryNumber) throws(LedgerError) {
        let (sum, overflow) = bound.addingReportingOverflow(amount.rawValue)
        guard !overflow, sum <= TPP.maximumSum.rawValue else {
            throw .corrupt(entry, "the ledger's sums have no room for it")
        }
        bound = sum
    }

    // MARK: - The law

    private mutating func recordRulebook(
        _ adoption: RulebookAdoption,
        entry: Entry,
        origin: EntryNumber
    ) throws(LedgerError) {
        do {
            try rulebooks.adopt(adoption.bytes, at: entry.time, entry: origin)
        } catch {
            throw .corrupt(entry.number, "its rulebook can not be read: \(error)")
        }
        guard let adopted = rulebooks.adopted.last else { return }
        addLawDays(of: adopted)
        if let substitute = rulebooks.substitutes.last { addLawDays(of: substitute) }
        refreshMoment(at: entry.time)
        watch.look(at: entry.time) { look in
            look.isFull = true
            look.takesInSmallOrders = true
        }
    }

    /// Notes the days on which a rulebook, or one of its lists, starts or ends.
    mutating func addLawDays(of adopted: AdoptedRulebook) {
        watch.addLawDay(adopted.start.day)
        for tier in [CountryTier.home, .allied, .concern] {
            for row in adopted.rulebook.countries.rows(of: tier) { watch.addLawDays(row.days) }
        }
    }

    private mutating func recordDevices(
        _ adoption: DeviceAdoption,
        entry: Entry
    ) throws(LedgerError) {
        do {
            devices = try DeviceCatalogue.load(bytes: adoption.bytes, fileName: "devices")
            deviceBytes = adoption.bytes
            deviceEdition += 1
        } catch {
            throw .corrupt(entry.number, "its device catalogue can not be read: \(error)")
        }
    }

    // MARK: - What to look at

    private mutating func lookAt(_ country: CountryCode, at time: LedgerTime) {
        guard let counted = watch.moment?.rulebook.countries.counted(country) else { return }
        watch.look(at: time) { $0.keys.insert(.country(counted)) }
    }

    /// Asks for a look at the shares of a group, if they are watched.
    mutating func lookAtGroup(_ account: AccountIndex, at time: LedgerTime) {
        guard watch.groups.contains(parties.owner(of: account)) else { return }
        watch.look(at: time) { $0.accounts.insert(account) }
    }

    private mutating func lookAtChangedGroups(at time: LedgerTime) {
        for group in refreshGroups() {
            guard let account = parties.existingAccount(of: group) else { continue }
            watch.look(at: time) { $0.accounts.insert(account) }
        }
    }

    // MARK: - What entries name

    func party(_ id: PartyIdentifier, of entry: Entry) throws(LedgerError) -> PartyIndex {
        guard let index = parties.index(of: id) else {
            throw .corrupt(entry.number, "party '\(id)' is not registered")
        }
        return index
    }

    /// The operation that a reference names.
    func found(
        _ reference: OperationReference,
        by organisation: OrganisationIdentifier
    ) -> OperationIndex.Found? {
        found(
            OperationHasher(key: operations.key)
                .name(reference.organisation ?? organisation, reference.id)
        )
    }

    private func number(
        of reference: OperationReference,
        by actor: Actor,
        in entry: Entry
    ) throws(LedgerError) -> EntryNumber {
        guard let found = found(reference, by: actor.organisation) else {
            if let failure { throw failure }
            throw .corrupt(entry.number, "it names operation '\(reference.id)', which is unknown")
        }
        return found.number
    }
}

extension Refusal {
    /// Whether the ledger's policy, and not the operation's own rules, says no.
    var isOfPolicy: Bool {
        switch self {
        case .notPermitted, .needsApproval, .samePerson, .proposalClosed: true
        default: false
        }
    }
}

extension OperationClass {
    init(of record: OperationRecord) {
        guard case .reserve = record.action else {
            self = .other
            return
        }
        self = record.outcome.refusal == nil ? .grantedReservation : .refusedReservation
    }
}
