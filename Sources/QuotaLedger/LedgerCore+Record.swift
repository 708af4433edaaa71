// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

extension LedgerCore {
    /// Takes an operation that changes what later decisions depend on.
    ///
    /// Nothing is pending.
    mutating func record(_ asked: AskedOperation) throws(Rejection) -> CoreAnswer {
        move(to: asked.time)
        let refusal = try judge(asked)
        expireHolds(by: asked.time, actor: asked.actor)
        let number = EntryNumber(rawValue: nextNumber)
        let entry = Entry(
            number: number,
            time: asked.time,
            actor: asked.operation.actor,
            rulebook: state.rulebooks.inForce(at: asked.time)?.entry,
            content: .operation(
                OperationRecord(
                    id: asked.operation.id,
                    action: asked.operation.action,
                    outcome: refusal.map(Outcome.refused) ?? .accepted
                )
            )
        )
        commit(
            entry,
            indexing: .hashes(OperationHashes(name: asked.name, content: asked.content))
        )
        newestTime = asked.time
        nextNumber += 1
        invalidate()
        return .recorded(number)
    }

    /// Looks up what an operation names and asks the rules; `nil` if they allow it.
    private mutating func judge(_ asked: AskedOperation) throws(Rejection) -> Refusal? {
        switch asked.operation.action {
        case .createLedger:
            guard state.next == 0 else {
                throw Rejection(
                    .ledgerExists,
                    field: "operation",
                    found: "a second creation",
                    expected: "a log without entries"
                )
            }
        case .party(let record): try judge(record)
        case .block(let block): _ = try party(block.party, field: "party")
        case .grantStatus(let grant): return try judge(grant)
        case .changeStatus(let change): return try judge(change, asked)
        case .attestSecurity(let attestation):
            _ = try party(attestation.party, field: "party")
        case .attestInstalled(let attestation): return try judge(attestation, asked)
        case .signAgreement(let signing):
            try checkCountry(signing.country, field: "country")
        case .endAgreement(let end): try judge(end, asked)
        case .adoptRulebook(let adoption): try judge(adoption)
        case .adoptDevices(let adoption): try judge(adoption)
        case .reserve: preconditionFailure("a reservation is decided, not recorded")
        }
        return nil
    }

    private func judge(_ record: PartyRecord) throws(Rejection) {
        try checkCountry(record.site, field: "site")
        try checkCountry(record.headquarters, field: "headquarters")
        guard let parent = record.parent else { return }
        // A party that names itself closes a circle, registered or not.
        guard !state.parties.closesCycle(record.id, parent: parent) else {
            throw Rejection(
                .parentCycle,
                field: "parent",
                found: parent.text,
                expected: "a party that does not itself belong to \(record.id)"
            )
        }
        _ = try party(parent, field: "parent")
    }

    private func judge(_ grant: StatusGrant) throws(Rejection) -> Refusal? {
        let party = try party(grant.party, field: "party")
        if case .national(let country) = grant.kind {
            try checkCountry(country, field: "country")
        }
        guard let moment else { throw noRulebook() }
        guard state.isEligible(grant.kind, party: party, at: moment) else { return .notEligible }
        guard !state.statuses.overlaps(grant, party: party, parties: state.parties) else {
            return .statusExists
        }
        return nil
    }

    private mutating func judge(
        _ change: StatusChange,
        _ asked: AskedOperation
    ) throws(Rejection) -> Refusal? {
        guard let number = known(asked.name(of: change.grant, hasher))?.number,
            let status = state.statuses.state(grantedBy: number)
        else {
            throw Rejection(
                .unknownReference,
                field: "grant",
                found: change.grant.id.text,
                expected: "the id of an operation that granted a status"
            )
        }
        return status.isRevoked ? .statusRevoked : nil
    }

    private func judge(
        _ attestation: InstalledAttestation,
        _ asked: AskedOperation
    ) throws(Rejection) -> Refusal? {
        let party = try party(attestation.party, field: "party")
        for amount in attestation.amounts { try checkCountry(amount.country, field: "installed") }
        guard attestation.asOf < asked.day else {
            throw Rejection(
                .dateOutOfRange,
                field: "as_of",
                found: attestation.asOf.description,
                expected: "a day before the operation's, \(asked.day)"
            )
        }
        var sum: Int64 = 0
        for amount in attestation.amounts {
            guard amount.amount <= .maximumAmount else {
                throw Rejection(
                    .amountOverflow,
                    field: "installed",
                    found: amount.amount.description,
                    expected: "at most \(TPP.maximumAmount) in \(amount.country)"
                )
            }
            sum += amount.amount.rawValue
        }
        guard sum <= table.maximumSum - state.bound else {
            throw Rejection(
                .amountOverflow,
                field: "installed",
                found: "\(sum) TPP",
                expected: "at most \(table.maximumSum - state.bound) TPP in all, all that the "
                    + "ledger's sums have room for"
            )
        }
        guard let account = state.parties.existingAccount(of: party),
            let base = state.installed[account]
        else { return nil }
        return base.isSuperseded(attestation.asOf) ? .attestationSuperseded : nil
    }

    private mutating func judge(_ end: AgreementEnd, _ asked: AskedOperation) throws(Rejection) {
        guard let number = known(asked.name(of: end.agreement, hasher))?.number,
            let agreement = state.agreements.state(signedBy: number)
        else {
            throw Rejection(
                .unknownReference,
                field: "agreement",
                found: end.agreement.id.text,
                expected: "the id of an operation that signed an agreement"
            )
        }
        guard end.until >= asked.day else {
            throw Rejection(
                .dateOutOfRange,
                field: "until",
                found: end.until.description,
                expected: "the operation's day, \(asked.day), or a later one"
            )
        }
        if let until = agreement.until, end.until > until {
            throw Rejection(
                .dateOutOfRange,
                field: "until",
                found: end.until.description,
                expected: "not after the agreement's own end, \(until)"
            )
        }
    }

    private func judge(_ adoption: RulebookAdoption) throws(Rejection) {
        do {
            _ = try Rulebook.load(bytes: adoption.bytes, fileName: "rulebook")
        } catch {
            throw Rejection(
                .invalidRulebook,
                field: "rulebook",
                found: "\(error)",
                expected: "a valid rulebook: run 'headroom rulebook validate'"
            )
        }
    }

    private func judge(_ adoption: DeviceAdoption) throws(Rejection) {
        do {
            _ = try DeviceCatalogue.load(bytes: adoption.bytes, fileName: "devices")
        } catch {
            throw Rejection(
                .invalidDevices,
                field: "devices",
                found: "\(error)",
                expected: "a valid device catalogue"
            )
        }
    }
}
