// SPDX-License-Identifier: Apache-2.0

import LedgerModel

// What grants take, and what shipments, returns and the rest move.

extension AuditBooks {
    /// Takes in a grant.
    mutating func charge(_ charge: Charge) {
        let index = charges.count
        charges.append(charge)
        if chargeDays.last != charge.day { chargeDays.append(charge.day) }
        if let deadline = charge.deadline {
            deadlines.add(Deadline(time: deadline, entry: charge.entry, charge: index))
        }
        heldSum += charge.open
        accounts[Int(charge.account)].change(in: charge.place) { $0.open += charge.open }
        book(DayCharges(day: charge.day, taken: charge.open), of: charge)
    }

    /// What is open of a hold becomes free, and the hold is closed.
    mutating func close(_ index: Int) {
        let freed = charges[index].open
        charges[index].open = 0
        charges[index].isOpen = false
        guard freed > 0 else { return }
        let charge = charges[index]
        heldSum -= freed
        accounts[Int(root(of: charge.account))].change(in: charge.place) { $0.open -= freed }
        book(DayCharges(day: charge.day, taken: -freed), of: charge)
    }

    /// Goods leave under a hold: they are installed at the destination on the day of the entry.
    mutating func ship(_ amount: Int64, under index: Int, isFinal: Bool, by entry: EntryNumber) {
        charges[index].open -= amount
        charges[index].shipped += amount
        let charge = charges[index]
        accounts[Int(root(of: charge.account))].change(in: charge.place) { $0.open -= amount }
        install(amount, charge, by: entry)
        if isFinal || charge.open == 0 { close(index) }
    }

    mutating func giveBack(_ amount: Int64, under index: Int, by entry: EntryNumber) {
        charges[index].returned += amount
        let charge = charges[index]
        book(DayCharges(day: charge.day, returned: amount), of: charge)
        install(-amount, charge, by: entry)
    }

    mutating func retire(_ amount: Int64, under index: Int, by entry: EntryNumber) {
        charges[index].retired += amount
        let charge = charges[index]
        book(DayCharges(day: charge.day, retired: amount), of: charge)
        install(-amount, charge, by: entry)
    }

    mutating func extend(_ index: Int, to deadline: LedgerTime) {
        charges[index].deadline = deadline
        deadlines.add(Deadline(time: deadline, entry: charges[index].entry, charge: index))
    }

    private mutating func install(_ delta: Int64, _ charge: Charge, by entry: EntryNumber) {
        let change = InstalledChange(day: day, entry: entry, delta: delta)
        accounts[Int(root(of: charge.account))].change(in: charge.place) { $0.add(change) }
    }

    /// Adds a change to what the charges of a subject amount to.
    private mutating func book(_ change: DayCharges, of charge: Charge) {
        let mechanism = rules.flatMap { rules in
            rules.rulebook.position(of: charge.mechanism).map { rules.rulebook.mechanisms[$0] }
        }
        switch charge.mechanism {
        case .country:
            countryBooks[charge.place.index].add(change, by: mechanism, on: day, mark: mark)
        case .nationalVEU:
            let index = nationalIndex(NationalKey(party: charge.party, place: charge.place))
            nationalBooks[index].add(change, by: mechanism, on: day, mark: mark)
        case .smallOrder:
            accounts[Int(root(of: charge.account))].smallOrders
                .add(change, by: mechanism, on: day, mark: mark)
        case .concern, .prohibited, .domestic, .allied, .universalVEU, .uncontrolled: break
        }
    }

    private mutating func nationalIndex(_ key: NationalKey) -> Int {
        if let index = nationalIndices[key] { return index }
        let index = nationalBooks.count
        nationalIndices[key] = index
        nationalBooks.append(ChargeBook())
        return index
    }

    // MARK: - Attestations of what is installed

    /// What an attestation says of every country that it names or that is known, beside what was
    /// known of the end of its day.
    func findings(
        _ attestation: InstalledAttestation,
        _ account: Account?
    ) -> [(place: CountryPlace, known: Int64, attested: Int64)] {
        var attested: [CountryPlace: Int64] = [:]
        for holding in account?.holdings ?? [] where holding.isKnown {
            attested[holding.place] = 0
        }
        for amount in attestation.amounts {
            attested[CountryPlace(amount.country)] = amount.amount.rawValue
        }
        return attested.sorted { $0.key.rawValue < $1.key.rawValue }.map { place, amount in
            let known = account?.holding(in: place)?.amount(through: attestation.asOf) ?? 0
            return (place, known, amount)
        }
    }

    mutating func take(_ attestation: InstalledAttestation, by entry: EntryNumber) -> AccountIndex {
        guard let party = party(attestation.party) else {
            preconditionFailure("who attests must be registered")
        }
        let account = account(of: ultimateParent(of: party))
        for finding in findings(attestation, accounts[Int(account)]) {
            let change = InstalledChange(
                day: attestation.asOf,
                entry: entry,
                delta: finding.attested - finding.known
            )
            accounts[Int(account)].change(in: finding.place) { $0.add(change) }
        }
        for amount in attestation.amounts { attestedSum += amount.amount.rawValue }
        accounts[Int(account)].attestedDay = attestation.asOf
        return account
    }
}
