// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension OracleFacts {
    /// The end of the parent chain.
    func ultimateParent(of party: PartyIdentifier) -> PartyIdentifier {
        var end = party
        while let parent = parties[end]?.parent { end = parent }
        return end
    }

    /// The adoption in force: the latest start wins, ties go to the later entry.
    func adoption(at time: LedgerTime) -> Adoption? {
        var best: (start: LedgerTime, adoption: Adoption)?
        for adoption in adoptions {
            let start = max(LedgerTime(startOf: adoption.rulebook.effective), adoption.time)
            guard start <= time else { continue }
            if let found = best, found.start > start { continue }
            best = (start, adoption)
        }
        return best?.adoption
    }

    /// The row of a device that rates it on a day: the last one begun, or the earliest of all when
    /// none has; `nil` when the catalogue does not have the device.
    func device(_ id: DeviceIdentifier, on day: CivilDate) -> OracleDevice? {
        let rows = devices.filter { $0.id == id }.sorted { $0.from < $1.from }
        return rows.last { $0.from <= day } ?? rows.first
    }

    /// Whether an agreement with a country holds on a day.
    func hasAgreement(with country: CountryCode, on day: CivilDate) -> Bool {
        agreements.contains {
            guard $0.country == country, $0.from <= day else { return false }
            return $0.until.map { day < $0 } ?? true
        }
    }

    /// Whether a party's security attestation is current on a day.
    func isAttested(_ party: PartyIdentifier, on day: CivilDate) -> Bool {
        security.contains { $0.party == party && $0.dates.contains(day) }
    }

    /// What an account has installed in a country: its changes in order of day, then of the log,
    /// held at 0 at each step.
    func installedAmount(
        _ account: PartyIdentifier,
        in country: CountryCode,
        through last: CivilDate = .latest
    ) -> Int64 {
        let changes =
            installed
            .filter { $0.country == country && $0.account == account && $0.day <= last }
            .sorted { ($0.day, $0.entry) < ($1.day, $1.entry) }
        return changes.reduce(0) { max(0, $0 + $1.delta) }
    }

    /// The countries in which an account has, or had, something installed.
    func knownCountries(_ account: PartyIdentifier) -> Set<CountryCode> {
        Set(installed.filter { $0.account == account }.map(\.country))
    }

    /// What a group owns, everywhere.
    func base(_ account: PartyIdentifier) -> Int64 {
        knownCountries(account).reduce(0) { $0 + installedAmount(account, in: $1) }
    }

    /// A group's open holds towards the countries meant, whatever mechanism granted them.
    func held(_ account: PartyIdentifier, towards countries: Set<CountryCode>) -> Int64 {
        var sum: Int64 = 0
        for charge in charges
        where charge.isHeld && charge.account == account && countries.contains(charge.country) {
            sum += charge.amount
        }
        return sum
    }

    /// The charges of a mechanism that count today, as far as they are still held.
    func charged(
        _ mechanism: MechanismKind,
        where isMeant: (Charge) -> Bool,
        counts: (CivilDate) -> Bool
    ) -> Int64 {
        var sum: Int64 = 0
        for charge in charges
        where charge.mechanism == mechanism && charge.isHeld && isMeant(charge)
            && counts(charge.day)
        {
            sum += charge.amount
        }
        return sum
    }
}
