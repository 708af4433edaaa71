// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What the log says, folded entry by entry into plain lists.
///
/// Nothing here is a balance: every question is answered by going through the lists again.
struct OracleFacts: Sendable {
    /// The first answer to each operation, by organisation and id.
    var answered: [OperationKey: (action: Action, entry: EntryNumber)] = [:]
    var parties: [PartyIdentifier: PartyRecord] = [:]
    var blocked: Set<PartyIdentifier> = []
    var statuses: [Status] = []
    var security: [SecurityAttestation] = []
    var agreements: [Agreement] = []
    var installed: [InstalledChange] = []
    var attestedDays: [PartyIdentifier: CivilDate] = [:]
    var adoptions: [Adoption] = []
    var devices: [OracleDevice] = []
    var charges: [Charge] = []

    struct OperationKey: Hashable, Sendable {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
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
        var account: PartyIdentifier
        var country: CountryCode
        var day: CivilDate
        var entry: EntryNumber
        var delta: Int64
    }

    struct Adoption: Sendable {
        var entry: EntryNumber
        var time: LedgerTime
        var rulebook: OracleRulebook
    }

    /// A grant; what it holds counts until it expires.
    struct Charge: Sendable {
        var entry: EntryNumber
        var day: CivilDate
        var mechanism: MechanismKind
        var party: PartyIdentifier
        var account: PartyIdentifier
        var country: CountryCode
        var amount: Int64
        var deadline: LedgerTime?
        var isHeld = true
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
                charges[index].isHeld = false
            }
        case .operation(let record):
            let key = OperationKey(organisation: entry.actor.organisation, id: record.id)
            answered[key] = (record.action, entry.number)
            switch record.outcome {
            case .refused: break
            case .accepted: fold(record.action, key: key, entry: entry)
            case .decided(let decision): fold(record.action, decision, entry: entry)
            }
        }
    }

    private mutating func fold(_ action: Action, _ decision: Decision, entry: Entry) {
        guard case .reserve(let reservation) = action, decision.isGranted else { return }
        charges.append(
            Charge(
                entry: entry.number,
                day: entry.time.day,
                mechanism: decision.mechanism,
                party: reservation.consignee,
                account: ultimateParent(of: reservation.consignee),
                country: reservation.destination,
                amount: decision.asked.rawValue,
                deadline: reservation.deadline
            )
        )
    }

    private mutating func fold(_ action: Action, key: OperationKey, entry: Entry) {
        switch action {
        case .createLedger, .reserve: break
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
        case .attestInstalled(let attestation): fold(attestation, entry: entry.number)
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
                adoptions.append(
                    Adoption(entry: entry.number, time: entry.time, rulebook: rulebook)
                )
            }
        case .adoptDevices(let adoption): devices = deviceFiles[adoption.bytes] ?? []
        }
    }

    /// When an ultimate parent gets a parent, all that hangs on it joins the new group for good.
    private mutating func fold(_ record: PartyRecord) {
        let wasUltimateParent = parties[record.id].map { $0.parent == nil } ?? false
        parties[record.id] = record
        guard wasUltimateParent, record.parent != nil else { return }
        let old = record.id
        let new = ultimateParent(of: record.id)
        for index in charges.indices where charges[index].account == old {
            charges[index].account = new
        }
        for index in installed.indices where installed[index].account == old {
            installed[index].account = new
        }
        if let day = attestedDays.removeValue(forKey: old) {
            attestedDays[new] = max(day, attestedDays[new] ?? day)
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

    private mutating func fold(_ attestation: InstalledAttestation, entry: EntryNumber) {
        let account = ultimateParent(of: attestation.party)
        var attested: [CountryCode: Int64] = [:]
        for change in installed where change.account == account { attested[change.country] = 0 }
        for amount in attestation.amounts { attested[amount.country] = amount.amount.rawValue }
        for (country, amount) in attested.sorted(by: { $0.key < $1.key }) {
            let known = installedAmount(account, in: country, through: attestation.asOf)
            installed.append(
                InstalledChange(
                    account: account,
                    country: country,
                    day: attestation.asOf,
                    entry: entry,
                    delta: amount - known
                )
            )
        }
        attestedDays[account] = attestation.asOf
    }
}

extension OracleFacts.OperationKey {
    /// What a reference names: the caller's own operation unless it says whose.
    init(_ reference: OperationReference, callersOwn organisation: OrganisationIdentifier) {
        self.init(organisation: reference.organisation ?? organisation, id: reference.id)
    }
}
