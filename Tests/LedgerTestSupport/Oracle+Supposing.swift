// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What tests let happen to see what would come of it.
extension Oracle {
    /// Lets an operation happen as if the ledger's policy let anybody do it, and says whether the
    /// rules accept it.
    public mutating func suppose(
        _ action: Action,
        by organisation: OrganisationIdentifier = nobody.organisation,
        at time: LedgerTime
    ) -> Bool {
        let actor = Actor(
            organisation: organisation,
            person: Oracle.nobody.person,
            role: .operator
        )
        let operation = Operation(
            id: OperationIdentifier(checked: "supposed-\(entries.count)"),
            actor: actor,
            action: action
        )
        settle(until: time, actor: actor)
        let outcome = outcome(of: operation, at: time)
        guard outcome.refusal == nil else { return false }
        let record = OperationRecord(id: operation.id, action: action, outcome: outcome)
        _ = write(.operation(record), at: time, actor: actor)
        return true
    }

    /// Lets a party's group have more in a country than it has, and says whether that could be done:
    /// as of the day before, which not every history allows.
    public mutating func supposeInstalled(
        _ amount: TPP,
        in country: CountryCode,
        for party: PartyIdentifier,
        at time: LedgerTime
    ) -> Bool {
        settle(until: time, actor: Oracle.nobody)
        guard let yesterday = time.day.adding(days: -1) else { return false }
        let group = facts.ultimateParent(of: party)
        func installed() -> [CountryCode: Int64] {
            var amounts: [CountryCode: Int64] = [:]
            for country in facts.knownCountries(group) {
                amounts[country] = facts.installedAmount(group, in: country)
            }
            return amounts.filter { $0.value != 0 }
        }
        var wanted = installed()
        wanted[country, default: 0] += amount.rawValue
        var amounts: [CountryCode: Int64] = [country: 0]
        for country in facts.knownCountries(group) {
            amounts[country] = facts.installedAmount(group, in: country, through: yesterday)
        }
        amounts[country, default: 0] += amount.rawValue
        let attestation = InstalledAttestation(
            party: party,
            asOf: yesterday,
            amounts: amounts.map { InstalledAmount(country: $0, amount: TPP(rawValue: $1)) }
        )
        return suppose(.attestInstalled(attestation), at: time) && installed() == wanted
    }

    /// The group of a party, by its ultimate parent.
    public func group(of party: PartyIdentifier) -> PartyIdentifier {
        facts.ultimateParent(of: party)
    }

    /// The days after one on which anything dated begins or ends, windows and ratings included, and
    /// the deadlines of open holds.
    public func turns(after time: LedgerTime) -> [LedgerTime] {
        var days = facts.turningDays(after: time.day, through: .of(2040, 1, 1))
        for attestation in facts.security {
            days.formUnion([attestation.dates.from, attestation.dates.until].compactMap(\.self))
        }
        days.formUnion(facts.devices.map(\.from))
        let deadlines = facts.charges.filter(\.isOpen).compactMap(\.deadline)
        return Set(days.map(LedgerTime.init(startOf:)) + deadlines).filter { $0 > time }
            .sorted { $0 < $1 }
    }
}
