// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// What an operation shows by itself.
    func rejectedByShape(_ action: Action) -> RejectionCode? {
        let isWellFormed =
            switch action {
            case .createLedger, .grantStatus, .attestSecurity, .signAgreement, .endAgreement: true
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
        return reservation.lines.allSatisfy {
            switch $0 {
            case .devices(_, let quantity): quantity > 0
            case .tpp(let amount): amount.rawValue > 0
            case .h100e(let claim): claim.thousandths > 0
            }
        }
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
        }
    }

    private func unknown(_ country: CountryCode) -> RejectionCode? {
        countries.contains(country) ? nil : .unknownCountry
    }

    private func unknown(_ party: PartyIdentifier) -> RejectionCode? {
        facts.parties[party] == nil ? .unknownParty : nil
    }

    /// The status that an operation granted.
    func status(
        _ reference: OperationReference,
        _ caller: OrganisationIdentifier
    ) -> OracleFacts.Status? {
        let key = OracleFacts.OperationKey(reference, callersOwn: caller)
        return facts.statuses.first { $0.key == key }
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
        return attestation.amounts.contains { $0.amount > .maximumAmount } ? .amountOverflow : nil
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
        let everHeld = facts.charges.reduce(0) { $0 + Int128($1.isHeld ? $1.amount : 0) }
        let attested = facts.installed.reduce(0) { $0 + Int128(max(0, $1.delta)) }
        return everHeld + attested + Int128(worth.controlled) > Int128(TPP.maximumSum.rawValue)
            ? .amountOverflow : nil
    }

    /// What an order is worth: all its lines, and those that count; `nil` when that does not fit.
    func worth(
        of reservation: Reservation,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> (all: Int64, controlled: Int64, hasControlled: Bool)? {
        var all: Int128 = 0
        var controlled: Int128 = 0
        var hasControlled = false
        for line in reservation.lines {
            var amount: Int128
            var counts = true
            switch line {
            case .devices(let id, let quantity):
                guard let device = facts.device(id, on: day) else { return nil }
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
        return (all, controlled, hasControlled)
    }
}
