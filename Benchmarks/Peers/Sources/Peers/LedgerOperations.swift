// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// A workload as operations of a ledger.
struct LedgerOperations: Sendable {
    /// When everything happens.
    static let time = LedgerTime(
        startOf: CivilDate(year: 2025, month: 6, day: 2) ?? LedgerTime.earliest.day
    )

    private let workload: PeerWorkload
    private let countries: [CountryCode]
    private let names: [PartyIdentifier]
    private let actor = Actor(
        organisation: OrganisationIdentifier(checked: "BENCH"),
        person: PersonIdentifier(checked: "bench"),
        role: .operator
    )

    /// - Throws: ``PeerError`` if the workload does not fit a rulebook: there limits of one kind are
    ///   all the same, and there are only so many countries.
    init(_ workload: PeerWorkload) throws(PeerError) {
        let shipped = CountryTable.shipped.countries.map(\.code)
        guard workload.rule == .first, workload.countryCount <= shipped.count else {
            throw PeerError(
                "the ledger takes limits in a row, of at most \(shipped.count) countries"
            )
        }
        self.workload = workload
        countries = Array(shipped.prefix(workload.countryCount))
        names = workload.routes.indices.map { PartyIdentifier(checked: "P\($0)") }
    }

    private func country(ofParty party: Int) -> CountryCode {
        let firstCountry = workload.partyCount + workload.groupCount
        return countries[Int(workload.routes[party].country) - firstCountry]
    }

    private func operation(_ id: String, _ action: Action) -> Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: actor,
            time: Self.time,
            action: action
        )
    }

    /// Creation, devices, the rulebook, the parties and their statuses, and the history.
    func beginning() throws(PeerError) -> [Operation] {
        let allowed = workload.allowed
        guard let partyLimit = allowed.first, let countryLimit = allowed.last,
            let dates = DateRange(from: Self.time.day, until: nil)
        else { throw PeerError("a workload without limits") }
        let rulebook = LedgerRulebook.text(
            party: partyLimit,
            group: allowed[workload.partyCount],
            country: countryLimit
        )
        let settings = LedgerCreation(
            origin: OrganisationIdentifier(checked: "peers"),
            mode: .advisory,
            disclosure: .open
        )
        var operations = [
            operation("create", .createLedger(settings)),
            operation("devices", .adoptDevices(DeviceAdoption(bytes: ShippedFile.devices.bytes))),
            operation("rulebook", .adoptRulebook(RulebookAdoption(bytes: Array(rulebook.utf8)))),
        ]
        for (number, name) in names.enumerated() {
            let country = country(ofParty: number)
            let head = number - number % WorkloadShape.partiesPerGroup
            let record = PartyRecord(
                id: name,
                name: "Party \(number)",
                site: country,
                headquarters: country,
                parent: number == head ? nil : names[head]
            )
            let status = StatusGrant(kind: .national(country), party: name, dates: dates)
            operations.append(operation("party-\(number)", .party(record)))
            operations.append(operation("status-\(number)", .grantStatus(status)))
        }
        for (number, claim) in workload.history.enumerated() {
            operations.append(reservation("H\(number)", claim))
        }
        return operations
    }

    /// The claims at these positions.
    func reservations(_ positions: Range<Int>) -> [Operation] {
        positions.map { reservation("C\($0)", workload.claims[$0]) }
    }

    private func reservation(_ id: String, _ claim: PeerClaim) -> Operation {
        let party = Int(claim.party)
        let reservation = Reservation(
            consignee: names[party],
            destination: country(ofParty: party),
            lines: [.tpp(TPP(rawValue: claim.amount))],
            endUse: EndUseIdentifier(checked: "commercial")
        )
        return operation(id, .reserve(reservation))
    }

    /// The limit that a name of the ledger means.
    func limit(_ name: LimitName) throws(PeerError) -> Int {
        switch name {
        case .nationalVEU(let party, _): return try number(party)
        case .smallOrder(let group, _):
            return workload.partyCount + (try number(group)) / WorkloadShape.partiesPerGroup
        case .country(let code):
            guard let place = countries.firstIndex(of: code) else { break }
            return workload.partyCount + workload.groupCount + place
        case .countryShare, .outsideShare: break
        }
        throw PeerError("the ledger tested \(name), which is no limit of the workload")
    }

    private func number(_ party: PartyIdentifier) throws(PeerError) -> Int {
        guard let number = Int(party.text.dropFirst()), names.indices.contains(number) else {
            throw PeerError("the ledger names a party \(party) that is not there")
        }
        return number
    }
}
