// SPDX-License-Identifier: Apache-2.0

import LedgerModel

// What becomes of grants, of what groups own, and of both when groups join.

extension OracleFacts {
    mutating func charge(_ reservation: Reservation, _ decision: Decision, entry: Entry) {
        let status = grantingStatus(
            decision.mechanism,
            of: reservation.consignee,
            in: reservation.destination,
            at: entry.time
        )
        charges.append(
            Charge(
                entry: entry.number,
                day: entry.time.day,
                mechanism: decision.mechanism,
                status: status?.key,
                party: reservation.consignee,
                account: ultimateParent(of: reservation.consignee),
                country: reservation.destination,
                deadline: reservation.deadline,
                open: decision.granted.rawValue
            )
        )
    }

    mutating func fold(_ move: HoldMove, _ action: Action, entry: Entry) {
        guard let index = charges.firstIndex(where: { $0.entry == move.hold }) else { return }
        let amount = move.amount.rawValue
        switch action {
        case .ship(let shipment):
            charges[index].open -= amount
            charges[index].shipped += amount
            install(amount, under: charges[index], entry: entry)
            if shipment.isFinal || charges[index].open == 0 {
                charges[index].close(freeing: move.freed)
            }
        case .release, .revoke: charges[index].close(freeing: move.freed)
        case .extend(let extension_): charges[index].deadline = extension_.deadline
        case .giveBack:
            charges[index].returned += amount
            install(-amount, under: charges[index], entry: entry)
        case .retire:
            charges[index].retired += amount
            install(-amount, under: charges[index], entry: entry)
        default: break
        }
    }

    /// Goods arrive at, or leave, the destination of a hold on the day of an entry.
    private mutating func install(_ delta: Int64, under charge: Charge, entry: Entry) {
        let change = InstalledChange(day: entry.time.day, entry: entry.number, delta: delta)
        installed[charge.account, default: [:]][charge.country, default: []].add(change)
    }

    mutating func fold(_ attestation: InstalledAttestation, entry: EntryNumber) {
        let account = ultimateParent(of: attestation.party)
        for (country, known, attested) in installedFindings(attestation) {
            let change = InstalledChange(
                day: attestation.asOf,
                entry: entry,
                delta: attested - known
            )
            installed[account, default: [:]][country, default: []].add(change)
        }
        attestedSum += attestation.amounts.reduce(0) { $0 + Int128($1.amount.rawValue) }
        attestedDays[account] = attestation.asOf
    }

    /// What an attestation says of every country that it names or that is known, beside what was
    /// known of the end of its day.
    func installedFindings(
        _ attestation: InstalledAttestation
    ) -> [(country: CountryCode, known: Int64, attested: Int64)] {
        let account = ultimateParent(of: attestation.party)
        var attested: [CountryCode: Int64] = [:]
        for country in knownCountries(account) { attested[country] = 0 }
        for amount in attestation.amounts { attested[amount.country] = amount.amount.rawValue }
        return attested.sorted { $0.key < $1.key }.map { country, amount in
            let known = installedAmount(account, in: country, through: attestation.asOf)
            return (country, known, amount)
        }
    }

    /// When an ultimate parent gets a parent, all that hangs on it joins the new group for good.
    mutating func fold(_ record: PartyRecord) {
        let wasUltimateParent = parties[record.id].map { $0.parent == nil } ?? false
        parties[record.id] = record
        guard wasUltimateParent, record.parent != nil else { return }
        let old = record.id
        let new = ultimateParent(of: record.id)
        for index in charges.indices where charges[index].account == old {
            charges[index].account = new
        }
        for (country, changes) in installed.removeValue(forKey: old) ?? [:] {
            for change in changes {
                installed[new, default: [:]][country, default: []].add(change)
            }
        }
        if let day = attestedDays.removeValue(forKey: old) {
            attestedDays[new] = max(day, attestedDays[new] ?? day)
        }
    }
}

extension OracleFacts.Charge {
    /// What is open becomes free.
    mutating func close(freeing freed: TPP) {
        open -= freed.rawValue
        isOpen = false
    }
}

extension [OracleFacts.InstalledChange] {
    /// Puts a change where its day, then its entry, belongs.
    fileprivate mutating func add(_ change: OracleFacts.InstalledChange) {
        let position = lastIndex { ($0.day, $0.entry) <= (change.day, change.entry) }
        insert(change, at: position.map { $0 + 1 } ?? 0)
    }
}
