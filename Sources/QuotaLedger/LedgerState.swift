// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Rulebook

/// A National VEU's account: a party in a country.
struct NationalKey: Hashable, Sendable {
    var party: PartyIndex
    var country: CountryCode
}

/// How an operation gets into the index by which it is found again.
enum Indexing: Sendable {
    /// It is there already.
    case done
    /// Under these hashes.
    case hashes(OperationHashes)
}

/// Everything that follows from the entries of the log, and from nothing else.
///
/// It changes in one way only, ``record(_:indexing:)``, whether an entry was decided just now or is
/// read back from the log: a ledger that recovers is the ledger that crashed.
struct LedgerState: Sendable {
    var creation: LedgerCreation?
    var parties = PartyRegister()
    var statuses = StatusRegister()
    var agreements = AgreementRegister()
    var rulebooks = RulebookTimeline()
    var devices: DeviceCatalogue?
    /// The file of the adopted catalogue, byte for byte.
    var deviceBytes: [UInt8]?
    var holds = HoldRegister()
    var installed: [AccountIndex: InstalledBase] = [:]
    var smallOrders: [AccountIndex: DayTotals] = [:]
    var nationals: [NationalKey: DayTotals] = [:]
    var countries: [CountryCode: DayTotals] = [:]
    var operations: OperationIndex
    var newestTime: LedgerTime = .earliest
    var next: UInt64 = 0
    var tallies = DecisionTallies()
    /// A bound on every sum in the ledger: all open holds and all that was ever attested together.
    var bound: Int64 = 0
    /// What the groups that were asked about hold per country; others are summed when asked.
    private var heldByAccount: [AccountIndex: [CountryCode: Int64]] = [:]

    init(key: HashKey) { operations = OperationIndex(key: key) }

    /// What the open holds of an account amount to, per country.
    ///
    /// The first question about an account reads all holds; from then on the sums are kept.
    mutating func held(by account: AccountIndex) -> [CountryCode: Int64] {
        if let known = heldByAccount[account] { return known }
        var sums: [CountryCode: Int64] = [:]
        for hold in holds.holds where hold.isOpen && hold.account == account {
            sums[hold.country, default: 0] += hold.amount
        }
        heldByAccount[account] = sums
        return sums
    }

    /// Takes an entry over that has been decided, or was read from a log of decided ones.
    ///
    /// - Throws: ``LedgerError`` if the entry does not fit the entries before it.
    mutating func record(_ entry: Entry, indexing: Indexing) throws(LedgerError) {
        guard entry.number.rawValue == next else {
            throw .corrupt(entry.number, "its number should be \(next)")
        }
        guard entry.time >= newestTime else {
            throw .corrupt(entry.number, "its time lies before the entry in front of it")
        }
        switch entry.content {
        case .operation(let record):
            try recordOperation(record, of: entry)
            if case .hashes(let hashes) = indexing {
                operations.insert(hashes.name, number: entry.number, content: hashes.content)
            }
        case .expiry(let expiry): try recordExpiry(expiry, of: entry)
        }
        newestTime = entry.time
        next += 1
    }

    private mutating func recordOperation(
        _ record: OperationRecord,
        of entry: Entry
    ) throws(LedgerError) {
        if case .decided(let decision) = record.outcome {
            guard case .reserve(let reservation) = record.action else {
                throw .corrupt(entry.number, "only a reservation has a decision")
            }
            tallies.add(decision)
            guard decision.isGranted else { return }
            return try recordGrant(of: reservation, decision: decision, entry: entry)
        }
        guard record.outcome == .accepted else { return }
        switch record.action {
        case .createLedger(let creation): self.creation = creation
        case .party(let party): try recordParty(party, entry)
        case .block(let block):
            parties.setBlocked(block.isBlocked, try party(block.party, of: entry))
        case .grantStatus(let grant):
            statuses.grant(grant, party: try party(grant.party, of: entry), entry: entry.number)
        case .changeStatus(let change):
            let granted = try number(of: change.grant, in: entry)
            statuses.change(change.step, grantedBy: granted)
        case .attestSecurity(let attestation):
            statuses.attest(attestation.dates, party: try party(attestation.party, of: entry))
        case .attestInstalled(let attestation):
            let account = parties.account(of: try party(attestation.party, of: entry))
            installed[account, default: InstalledBase()].attest(attestation, entry: entry.number)
            for amount in attestation.amounts { try raiseBound(by: amount.amount, entry) }
        case .signAgreement(let signing): agreements.sign(signing, entry: entry.number)
        case .endAgreement(let end):
            agreements.end(
                signedBy: try number(of: end.agreement, in: entry),
                until: end.until
            )
        case .adoptRulebook(let adoption): try recordRulebook(adoption, entry: entry)
        case .adoptDevices(let adoption): try recordDevices(adoption, entry: entry)
        case .reserve: throw .corrupt(entry.number, "a reservation needs a decision")
        }
    }

    /// Adds to the bound; a log that passes what a sum may be was not decided by this code.
    private mutating func raiseBound(by amount: TPP, _ entry: Entry) throws(LedgerError) {
        let (sum, overflow) = bound.addingReportingOverflow(amount.rawValue)
        guard !overflow, sum <= TPP.maximumSum.rawValue else {
            throw .corrupt(entry.number, "the ledger's sums have no room for it")
        }
        bound = sum
    }

    private mutating func recordParty(_ record: PartyRecord, _ entry: Entry) throws(LedgerError) {
        if let parent = record.parent {
            guard parties.index(of: parent) != nil,
                !parties.closesCycle(record.id, parent: parent)
            else { throw .corrupt(entry.number, "its parent is unknown, or closes a circle") }
        }
        guard case .merged(let joining, let group) = parties.register(record) else { return }
        holds.move(from: joining, to: group)
        heldByAccount[joining] = nil
        heldByAccount[group] = nil
        if let moves = installed.removeValue(forKey: joining) {
            installed[group, default: InstalledBase()].merge(moves)
        }
        if let charges = smallOrders.removeValue(forKey: joining) {
            smallOrders[group, default: DayTotals()].merge(charges)
        }
    }

    private mutating func recordRulebook(
        _ adoption: RulebookAdoption,
        entry: Entry
    ) throws(LedgerError) {
        do {
            try rulebooks.adopt(adoption.bytes, at: entry.time, entry: entry.number)
        } catch {
            throw .corrupt(entry.number, "its rulebook can not be read: \(error)")
        }
    }

    private mutating func recordDevices(
        _ adoption: DeviceAdoption,
        entry: Entry
    ) throws(LedgerError) {
        do {
            devices = try DeviceCatalogue.load(bytes: adoption.bytes, fileName: "devices")
            deviceBytes = adoption.bytes
        } catch {
            throw .corrupt(entry.number, "its device catalogue can not be read: \(error)")
        }
    }

    private mutating func recordGrant(
        of reservation: Reservation,
        decision: Decision,
        entry: Entry
    ) throws(LedgerError) {
        let party = try party(reservation.consignee, of: entry)
        let account = parties.account(of: party)
        let amount = decision.asked.rawValue
        let day = entry.time.day
        try raiseBound(by: decision.asked, entry)
        switch decision.mechanism {
        case .smallOrder: smallOrders[account, default: DayTotals()].add(amount, on: day)
        case .nationalVEU:
            let key = NationalKey(party: party, country: reservation.destination)
            nationals[key, default: DayTotals()].add(amount, on: day)
        case .country:
            countries[reservation.destination, default: DayTotals()].add(amount, on: day)
        case .domestic, .allied, .universalVEU, .uncontrolled: break
        case .concern, .prohibited:
            throw .corrupt(entry.number, "\(decision.mechanism) grants nothing")
        }
        heldByAccount[account]?[reservation.destination, default: 0] += amount
        holds.add(
            Hold(
                number: entry.number,
                amount: amount,
                deadline: reservation.deadline,
                day: day,
                party: party,
                account: account,
                country: reservation.destination,
                mechanism: decision.mechanism,
                isOpen: true
            )
        )
    }

    private mutating func recordExpiry(
        _ expiry: HoldExpiry,
        of entry: Entry
    ) throws(LedgerError) {
        guard let position = holds.nextDue(by: entry.time),
            holds.holds[position].number == expiry.hold,
            holds.holds[position].amount == expiry.freed.rawValue
        else { throw .corrupt(entry.number, "hold \(expiry.hold) does not expire then") }
        let hold = holds.holds[position]
        free(hold)
        holds.expireNext()
        bound -= hold.amount
        tallies.expiries.add(expiry.freed)
    }

    /// The state as it will be when everything has fallen due that does by a time.
    func expired(by time: LedgerTime) -> LedgerState {
        var later = self
        while let position = later.holds.nextDue(by: time) {
            let hold = later.holds.holds[position]
            later.free(hold)
            later.holds.expireNext()
            later.bound -= hold.amount
            later.tallies.expiries.add(TPP(rawValue: hold.amount))
        }
        return later
    }

    /// Takes a hold's charge back from the day of its decision.
    mutating func free(_ hold: Hold) {
        switch hold.mechanism {
        case .smallOrder: smallOrders[hold.account]?.subtract(hold.amount, on: hold.day)
        case .nationalVEU:
            nationals[NationalKey(party: hold.party, country: hold.country)]?
                .subtract(hold.amount, on: hold.day)
        case .country: countries[hold.country]?.subtract(hold.amount, on: hold.day)
        default: break
        }
        heldByAccount[hold.account]?[hold.country, default: 0] -= hold.amount
    }

    private func party(
        _ id: PartyIdentifier,
        of entry: Entry
    ) throws(LedgerError) -> PartyIndex {
        guard let index = parties.index(of: id) else {
            throw .corrupt(entry.number, "party '\(id)' is not registered")
        }
        return index
    }

    /// The entry that a reference names.
    func number(
        of reference: OperationReference,
        by organisation: OrganisationIdentifier
    ) throws(LedgerError) -> EntryNumber? {
        try operations.find(
            OperationHasher(key: operations.key)
                .name(reference.organisation ?? organisation, reference.id)
        )?.number
    }

    private func number(
        of reference: OperationReference,
        in entry: Entry
    ) throws(LedgerError) -> EntryNumber {
        guard let number = try number(of: reference, by: entry.actor.organisation) else {
            throw .corrupt(entry.number, "it names operation '\(reference.id)', which is unknown")
        }
        return number
    }
}
