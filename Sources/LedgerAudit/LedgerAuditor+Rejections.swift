// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Why an operation must not have become an entry.
struct ExpectedRejection: Hashable, Sendable {
    var code: RejectionCode
    /// What is wrong with it, in words.
    var why: String

    init(_ code: RejectionCode, _ why: String) {
        self.code = code
        self.why = why
    }
}

// The checks that come before an operation becomes an entry, in their order. That ids are not used
// twice and time does not run backwards is asked of every entry.

extension LedgerAuditor {
    /// Why a reservation must have been rejected, if so.
    func rejection(
        of reservation: Reservation,
        _ consignee: PartyIndex?,
        _ worth: AuditBooks.Worth?,
        isKnownEndUse: Bool,
        at time: LedgerTime
    ) -> ExpectedRejection? {
        if !isWellFormed(reservation) { return .init(.malformedField, "no order has such fields") }
        if let found = unknown(reservation.destination) { return found }
        if consignee == nil {
            return .init(.unknownParty, "the consignee \(reservation.consignee) is not registered")
        }
        if worth == nil, let id = unknownDevice(reservation) {
            return .init(.unknownDevice, "the catalogue in force has no device \(id)")
        }
        if books.rules != nil, !isKnownEndUse {
            return .init(
                .unknownEndUse,
                "the rulebook in force has no end use \(reservation.endUse)"
            )
        }
        if let deadline = reservation.deadline, deadline <= time {
            return .init(.malformedField, "the deadline \(deadline) is not later than the order")
        }
        if books.rules == nil { return noRulebook }
        guard let worth, worth.all <= TPP.maximumAmount.rawValue else {
            return .init(.amountOverflow, "the order is worth more than \(TPP.maximumAmount)")
        }
        return overflow(adding: worth.controlled)
    }

    private func unknownDevice(_ reservation: Reservation) -> DeviceIdentifier? {
        for case .devices(let id, _) in reservation.lines where books.ratings[id] == nil {
            return id
        }
        return nil
    }

    private func isWellFormed(_ reservation: Reservation) -> Bool {
        guard !reservation.lines.isEmpty,
            reservation.lines.count <= Reservation.maximumLineCount,
            !reservation.isUpTo || reservation.lines.count == 1
        else { return false }
        if let reference = reservation.reference, !isText(reference) { return false }
        return reservation.lines.allSatisfy { line in
            switch line {
            case .devices(_, let quantity): quantity > 0
            case .tpp(let amount): amount.rawValue > 0
            case .h100e(let claim): claim.thousandths > 0
            }
        }
    }

    private func isText(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= Reservation.maximumTextByteCount
    }

    /// Why any operation but a reservation must have been rejected, if so.
    func rejection(of action: Action, by caller: Int32, _ entry: Entry) -> ExpectedRejection? {
        isWellFormed(action)
            ? looked(action, by: caller, entry)
            : .init(.malformedField, "no \(action.kind) has such fields")
    }

    private func isWellFormed(_ action: Action) -> Bool {
        switch action {
        case .createLedger, .grantStatus, .attestSecurity, .signAgreement, .endAgreement,
            .release, .extend, .tick, .decideProposal:
            true
        case .party(let record): isText(record.name)
        case .block(let block): isText(block.reason)
        case .changeStatus(let change): isText(change.reason)
        case .attestInstalled(let attestation):
            attestation.amounts.allSatisfy { $0.amount.rawValue >= 0 }
                && zip(attestation.amounts, attestation.amounts.dropFirst())
                    .allSatisfy { $0.country < $1.country }
        case .adoptRulebook(let adoption):
            adoption.bytes.count <= RulebookAdoption.maximumByteCount
        case .adoptDevices(let adoption):
            adoption.bytes.count <= RulebookAdoption.maximumByteCount
        case .reserve(let reservation): isWellFormed(reservation)
        case .ship(let shipment): isWellFormed(shipment.part)
        case .giveBack(let goods): isWellFormed(goods.part)
        case .retire(let retirement): isWellFormed(retirement.part)
        case .revoke(let revocation): isText(revocation.reason)
        case .correct(let correction): isText(correction.text)
        case .transferWeights(let transfer): isText(transfer.model)
        case .rotateKey(let rotation): rotation.isWellFormed
        case .propose(let proposal):
            ActionKind.canBeProposed.contains(proposal.action.kind)
                && isWellFormed(proposal.action)
        case .redact(let redaction):
            (1...Redaction.maximumEntryCount).contains(redaction.entries.count)
                && zip(redaction.entries, redaction.entries.dropFirst()).allSatisfy { $0 < $1 }
                && isText(redaction.reason)
        case .legalHold(let hold): isText(hold.reason)
        }
    }

    private func isWellFormed(_ part: HoldPart) -> Bool {
        if case .amount(let amount) = part { amount.rawValue > 0 } else { true }
    }

    /// What is looked up, then `no-rulebook`, then overflow.
    private func looked(
        _ action: Action,
        by caller: Int32,
        _ entry: Entry
    ) -> ExpectedRejection? {
        switch action {
        case .createLedger:
            return entry.number.rawValue == 0 ? nil : .init(.ledgerExists, "there is a ledger")
        case .party(let record): return rejection(of: record)
        case .block(let block): return unknown(block.party)
        case .grantStatus(let grant):
            if let found = unknown(grant.party) { return found }
            if case .national(let country) = grant.kind, let found = unknown(country) {
                return found
            }
            return books.rules == nil ? noRulebook : nil
        case .changeStatus(let change):
            return unknown(change.grant, "status", caller) { books.statusIndices[$0] != nil }
        case .attestSecurity(let attestation): return unknown(attestation.party)
        case .attestInstalled(let attestation): return rejection(of: attestation, entry.time.day)
        case .signAgreement(let signing): return unknown(signing.country)
        case .endAgreement(let end): return rejection(of: end, caller, entry.time.day)
        case .adoptRulebook(let adoption):
            guard (try? Self.rulebook(adoption.bytes)) == nil else { return nil }
            return .init(.invalidRulebook, "the file is no rulebook")
        case .adoptDevices(let adoption):
            guard (try? Self.catalogue(adoption.bytes)) == nil else { return nil }
            return .init(.invalidDevices, "the file is no device catalogue")
        case .reserve: return nil
        case .ship, .release, .giveBack, .retire, .revoke: return unknownHold(action, caller)
        case .extend(let longer):
            if let found = unknownHold(action, caller) { return found }
            guard longer.deadline <= entry.time else { return nil }
            return .init(.malformedField, "the deadline is not later than the operation")
        case .correct(let correction): return rejection(of: correction.target, caller, entry)
        case .transferWeights(let transfer):
            if let found = unknown(transfer.recipient) ?? unknown(transfer.destination) {
                return found
            }
            return books.rules == nil ? noRulebook : nil
        case .tick: return nil
        case .rotateKey(let rotation):
            return rotationFault(rotation, books.origin, entry.number)
                .map { .init(.malformedField, $0) }
        case .propose(let proposal): return looked(proposal.action, by: caller, entry)
        case .redact(let redaction):
            return redaction.entries.last.map { $0 < entry.number } ?? false
                ? nil : .init(.unknownReference, "an entry is named that is not in the log yet")
        case .legalHold(let hold): return rejection(of: hold, caller, entry)
        case .decideProposal(let decision):
            guard let proposal = proposal(decision.proposal, caller) else {
                return .init(.unknownReference, "there is no proposal \(decision.proposal.id)")
            }
            // One that is closed has nothing left that could be judged in its place.
            guard decision.step == .approve, proposal.isOpen else { return nil }
            let proposer = books.knownNumber(of: proposal.actor.organisation) ?? caller
            return looked(proposal.action, by: proposer, entry)
        }
    }

    private func rejection(
        of hold: LegalHold,
        _ caller: Int32,
        _ entry: Entry
    ) -> ExpectedRejection? {
        switch hold.step {
        case .place(.party(let party)): unknown(party)
        case .place(.entry(let number)): rejection(of: .entry(number), caller, entry)
        case .place(.operation(let reference)):
            rejection(of: .operation(reference), caller, entry)
        case .lift(let reference):
            unknown(reference, "legal hold", caller) { books.retention.holds[$0] != nil }
        }
    }

    // MARK: - What is looked up

    private var noRulebook: ExpectedRejection { .init(.noRulebook, "no rulebook is in force") }

    private func unknown(_ country: CountryCode) -> ExpectedRejection? {
        guard !books.assigned[CountryPlace(country).index] else { return nil }
        return .init(.unknownCountry, "\(country) is no country")
    }

    private func unknown(_ party: PartyIdentifier) -> ExpectedRejection? {
        guard books.party(party) == nil else { return nil }
        return .init(.unknownParty, "party \(party) is not registered")
    }

    private func unknown(
        _ reference: OperationReference,
        _ noun: String,
        _ caller: Int32,
        isKnown: (OperationKey) -> Bool
    ) -> ExpectedRejection? {
        if let key = books.key(reference, callersOwn: caller), isKnown(key) { return nil }
        return .init(.unknownReference, "there is no \(noun) \(reference.id)")
    }

    private func unknownHold(_ action: Action, _ caller: Int32) -> ExpectedRejection? {
        guard let reference = hold(of: action), reservation(reference, caller) == nil else {
            return nil
        }
        return .init(.unknownReference, "there is no reservation \(reference.id)")
    }

    private func rejection(
        of target: CorrectionTarget,
        _ caller: Int32,
        _ entry: Entry
    ) -> ExpectedRejection? {
        switch target {
        case .entry(let number):
            number < entry.number
                ? nil : .init(.unknownReference, "there is no entry \(number) yet")
        case .operation(let reference):
            unknown(reference, "operation", caller) { books.answer(to: $0) != nil }
        }
    }

    private func rejection(of record: PartyRecord) -> ExpectedRejection? {
        if let found = unknown(record.site) ?? unknown(record.headquarters) { return found }
        guard let parent = record.parent else { return nil }
        let circle = ExpectedRejection(.parentCycle, "the parents would run in a circle")
        // A party that names itself is a circle also when it is new.
        if parent == record.id { return circle }
        guard var ancestor = books.party(parent) else { return unknown(parent) }
        guard let index = books.party(record.id) else { return nil }
        while ancestor >= 0 {
            if ancestor == index { return circle }
            ancestor = books.parties[Int(ancestor)].parent
        }
        return nil
    }

    private func rejection(
        of attestation: InstalledAttestation,
        _ day: CivilDate
    ) -> ExpectedRejection? {
        if let found = unknown(attestation.party) { return found }
        for amount in attestation.amounts {
            if let found = unknown(amount.country) { return found }
        }
        if attestation.asOf >= day {
            return .init(.dateOutOfRange, "the attested day \(attestation.asOf) has not ended")
        }
        if attestation.amounts.contains(where: { $0.amount > .maximumAmount }) {
            return .init(.amountOverflow, "more than \(TPP.maximumAmount) in one country")
        }
        return overflow(adding: attestation.amounts.reduce(0) { $0 + $1.amount.rawValue })
    }

    private func rejection(
        of end: AgreementEnd,
        _ caller: Int32,
        _ day: CivilDate
    ) -> ExpectedRejection? {
        guard let key = books.key(end.agreement, callersOwn: caller),
            let index = books.agreementIndices[key]
        else { return .init(.unknownReference, "there is no agreement \(end.agreement.id)") }
        let presentEnd = books.agreements[index].until
        guard end.until < day || presentEnd.map({ end.until > $0 }) ?? false else { return nil }
        return .init(.dateOutOfRange, "an agreement can not end on \(end.until)")
    }

    /// Whether the largest sum of the ledger would pass 2^62: all that is open, everything that was
    /// ever shipped and everything that was ever attested, before anything falls due.
    private func overflow(adding amount: Int64) -> ExpectedRejection? {
        let sum = Int128(heldSumBeforeDue) + Int128(books.attestedSum) + Int128(amount)
        guard sum > Int128(TPP.maximumSum.rawValue) else { return nil }
        return .init(.amountOverflow, "what is held and owned would be more than 2^62 TPP")
    }

    // MARK: - The plain form

    /// A reference that names the caller's own organisation, which the plain form leaves out.
    func namesItsOwn(_ action: Action, _ own: OrganisationIdentifier) -> String? {
        let reference: OperationReference?
        switch action {
        case .changeStatus(let change): reference = change.grant
        case .endAgreement(let end): reference = end.agreement
        case .correct(let correction):
            if case .operation(let named) = correction.target {
                reference = named
            } else {
                reference = nil
            }
        case .decideProposal(let decision): reference = decision.proposal
        case .propose(let proposal): return namesItsOwn(proposal.action, own)
        case .legalHold(let hold):
            switch hold.step {
            case .place(.operation(let named)), .lift(let named): reference = named
            case .place: reference = nil
            }
        default: reference = hold(of: action)
        }
        guard let reference, reference.organisation == own else { return nil }
        return "\(reference.id) of \(own)"
    }
}
