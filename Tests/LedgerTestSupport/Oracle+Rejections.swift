// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What an operation shows by itself.
    func rejectedByShape(_ action: Action) -> RejectionCode? {
        let isWellFormed =
            switch action {
            case .createLedger, .grantStatus, .attestSecurity, .signAgreement, .endAgreement,
                .release, .extend, .tick, .decideProposal:
                true
            case .party(let record): Self.isText(record.name)
            case .block(let block): Self.isText(block.reason)
            case .changeStatus(let change): Self.isText(change.reason)
            case .attestInstalled(let attestation):
                attestation.amounts.allSatisfy { $0.amount >= .zero }
                    && zip(attestation.amounts, attestation.amounts.dropFirst())
                        .allSatisfy { $0.country < $1.country }
            case .adoptRulebook(let adoption):
                adoption.bytes.count <= RulebookAdoption.maximumByteCount
            case .adoptDevices(let adoption):
                adoption.bytes.count <= RulebookAdoption.maximumByteCount
            case .reserve(let reservation): Self.isWellFormed(reservation)
            case .ship(let shipment): Self.isWellFormed(shipment.part)
            case .giveBack(let goods): Self.isWellFormed(goods.part)
            case .retire(let retirement): Self.isWellFormed(retirement.part)
            case .revoke(let revocation): Self.isText(revocation.reason)
            case .correct(let correction): Self.isText(correction.text)
            case .transferWeights(let transfer): Self.isText(transfer.model)
            case .rotateKey(let rotation): rotation.isWellFormed
            case .propose(let proposal):
                ActionKind.canBeProposed.contains(proposal.action.kind)
                    && rejectedByShape(proposal.action) == nil
            case .redact(let redaction):
                isWellFormed(redaction) && Self.isText(redaction.reason)
            case .legalHold(let hold): Self.isText(hold.reason)
            }
        return isWellFormed ? nil : .malformedField
    }

    private static func isText(_ text: String) -> Bool {
        (1...Reservation.maximumTextByteCount).contains(text.utf8.count)
    }

    private static func isWellFormed(_ reservation: Reservation) -> Bool {
        guard (1...Reservation.maximumLineCount).contains(reservation.lines.count) else {
            return false
        }
        if let reference = reservation.reference, !isText(reference) { return false }
        if reservation.isUpTo, reservation.lines.count != 1 { return false }
        return reservation.lines.allSatisfy {
            switch $0 {
            case .devices(_, let quantity): quantity > 0
            case .tpp(let amount): amount.rawValue > 0
            case .h100e(let claim): claim.thousandths > 0
            }
        }
    }

    private static func isWellFormed(_ part: HoldPart) -> Bool {
        if case .amount(let amount) = part { amount.rawValue > 0 } else { true }
    }

    /// What is looked up, then `no-rulebook`, then overflow.
    func rejectedByLookup(_ operation: Operation, at time: LedgerTime) -> RejectionCode? {
        let caller = operation.actor.organisation
        switch operation.action {
        case .createLedger: return entries.isEmpty ? nil : .ledgerExists
        case .party(let record): return rejected(record)
        case .block(let block): return unknown(block.party)
        case .grantStatus(let grant):
            if let code = unknown(grant.party) { return code }
            if case .national(let country) = grant.kind, let code = unknown(country) {
                return code
            }
            return facts.adoption(at: time) == nil ? .noRulebook : nil
        case .changeStatus(let change):
            return status(change.grant, caller) == nil ? .unknownReference : nil
        case .attestSecurity(let attestation): return unknown(attestation.party)
        case .attestInstalled(let attestation): return rejected(attestation, on: time.day)
        case .signAgreement(let signing): return unknown(signing.country)
        case .endAgreement(let end): return rejected(end, caller, on: time.day)
        case .adoptRulebook(let adoption):
            return facts.rulebookFiles[adoption.bytes] == nil ? .invalidRulebook : nil
        case .adoptDevices(let adoption):
            return facts.deviceFiles[adoption.bytes] == nil ? .invalidDevices : nil
        case .reserve(let reservation): return rejected(reservation, at: time)
        case .ship, .release, .giveBack, .retire, .revoke: return unknownHold(operation)
        case .extend(let longer):
            if let code = unknownHold(operation) { return code }
            return longer.deadline > time ? nil : .malformedField
        case .correct(let correction): return unknown(correction.target, caller)
        case .transferWeights(let transfer):
            if let code = unknown(transfer.recipient) ?? unknown(transfer.destination) {
                return code
            }
            return facts.adoption(at: time) == nil ? .noRulebook : nil
        case .tick, .rotateKey: return nil
        case .redact(let redaction): return rejected(redaction)
        case .legalHold(let hold): return rejected(hold, caller)
        case .propose(let proposal):
            var inner = operation
            inner.action = proposal.action
            return rejectedByLookup(inner, at: time)
        case .decideProposal(let decision):
            guard let proposal = proposal(decision.proposal, caller) else {
                return .unknownReference
            }
            guard decision.step == .approve else { return nil }
            // One that is closed has nothing left that could be judged in its place.
            guard proposal.isOpen else { return nil }
            return rejectedByLookup(Self.proposed(proposal), at: time)
        }
    }

    private func unknown(_ country: CountryCode) -> RejectionCode? {
        countries.contains(country) ? nil : .unknownCountry
    }

    private func unknown(_ party: PartyIdentifier) -> RejectionCode? {
        facts.parties[party] == nil ? .unknownParty : nil
    }

    private func unknownHold(_ operation: Operation) -> RejectionCode? {
        guard let hold = Self.hold(of: operation.action) else { return nil }
        return reservation(hold, operation.actor.organisation) == nil ? .unknownReference : nil
    }

    private func unknown(
        _ target: CorrectionTarget,
        _ caller: OrganisationIdentifier
    ) -> RejectionCode? {
        let isKnown =
            switch target {
            case .entry(let number): number.rawValue < UInt64(entries.count)
            case .operation(let reference):
                facts.answered[OracleFacts.OperationKey(reference, callersOwn: caller)] != nil
            }
        return isKnown ? nil : .unknownReference
    }

    private func rejected(_ record: PartyRecord) -> RejectionCode? {
        if let code = unknown(record.site) ?? unknown(record.headquarters) { return code }
        guard let parent = record.parent else { return nil }
        // A party that names itself is a circle also when it is new.
        if parent == record.id { return .parentCycle }
        if let code = unknown(parent) { return code }
        var ancestor: PartyIdentifier? = parent
        while let current = ancestor {
            if current == record.id { return .parentCycle }
            ancestor = facts.parties[current]?.parent
        }
        return nil
    }

    private func rejected(_ attestation: InstalledAttestation, on day: CivilDate)
        -> RejectionCode?
    {
        if let code = unknown(attestation.party) { return code }
        for amount in attestation.amounts {
            if let code = unknown(amount.country) { return code }
        }
        if attestation.asOf >= day { return .dateOutOfRange }
        if attestation.amounts.contains(where: { $0.amount > .maximumAmount }) {
            return .amountOverflow
        }
        let attested = attestation.amounts.reduce(0) { $0 + Int128($1.amount.rawValue) }
        return wouldOverflow(adding: attested) ? .amountOverflow : nil
    }

    private func rejected(
        _ end: AgreementEnd,
        _ caller: OrganisationIdentifier,
        on day: CivilDate
    ) -> RejectionCode? {
        let key = OracleFacts.OperationKey(end.agreement, callersOwn: caller)
        guard let agreement = facts.agreements.first(where: { $0.key == key }) else {
            return .unknownReference
        }
        if end.until < day { return .dateOutOfRange }
        if let presentEnd = agreement.until, end.until > presentEnd { return .dateOutOfRange }
        return nil
    }

    private func rejected(_ reservation: Reservation, at time: LedgerTime) -> RejectionCode? {
        if let code = unknown(reservation.destination) ?? unknown(reservation.consignee) {
            return code
        }
        for case .devices(let id, _) in reservation.lines
        where facts.device(id, on: time.day) == nil {
            return .unknownDevice
        }
        let rulebook = facts.adoption(at: time)?.rulebook
        if let rulebook, rulebook.endUses[reservation.endUse] == nil { return .unknownEndUse }
        if let deadline = reservation.deadline, deadline <= time { return .malformedField }
        guard let rulebook else { return .noRulebook }
        guard let worth = worth(of: reservation, rulebook, on: time.day),
            worth.all <= TPP.maximumAmount.rawValue
        else { return .amountOverflow }
        return wouldOverflow(adding: Int128(worth.controlled)) ? .amountOverflow : nil
    }

    /// Whether the largest sum of the ledger would pass 2^62: all that is open, everything that was
    /// ever shipped and everything that was ever attested.
    private func wouldOverflow(adding amount: Int128) -> Bool {
        let held = facts.charges.reduce(0) { $0 + Int128($1.open) + Int128($1.shipped) }
        return held + facts.attestedSum + amount > Int128(TPP.maximumSum.rawValue)
    }

    /// What an order is worth: all its lines, those that count, and the unit of its last line;
    /// `nil` when that does not fit.
    func worth(
        of reservation: Reservation,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> (all: Int64, controlled: Int64, hasControlled: Bool, unit: Int64)? {
        var all: Int128 = 0
        var controlled: Int128 = 0
        var hasControlled = false
        var unit: Int64 = 1
        for line in reservation.lines {
            var amount: Int128
            var counts = true
            unit = 1
            switch line {
            case .devices(let id, let quantity):
                guard let device = facts.device(id, on: day) else { return nil }
                unit = device.tpp
                amount = Int128(device.tpp) * Int128(quantity)
                counts = rulebook.isControlled(device)
            case .tpp(let tpp): amount = Int128(tpp.rawValue)
            case .h100e(let claim):
                // Whole TPP, rounded up.
                amount = Int128(claim.thousandths) * Int128(rulebook.tppPerH100e)
                amount = (amount + 999) / 1_000
            }
            all += amount
            if counts {
                controlled += amount
                hasControlled = true
            }
        }
        guard let all = Int64(exactly: all), let controlled = Int64(exactly: controlled) else {
            return nil
        }
        return (all, controlled, hasControlled, unit)
    }
}
