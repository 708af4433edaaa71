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

    // MARK: Statuses

    /// Whether a party's security attestation is current on a day.
    func isAttested(_ party: PartyIdentifier, on day: CivilDate) -> Bool {
        security.contains { $0.party == party && $0.dates.contains(day) }
    }

    /// Headquarters, or the ultimate parent's headquarters, in home or allied.
    func isEligible(
        _ party: PartyIdentifier,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> Bool {
        if rulebook.anyoneCanBeUniversal { return true }
        for holder in [party, ultimateParent(of: party)] {
            guard let record = parties[holder] else { continue }
            let tier = rulebook.tier(record.headquarters, on: day)
            if tier == .home || tier == .allied { return true }
        }
        return false
    }

    /// The statuses by which a mechanism would grant an order, were their holders attested: in
    /// order of their grants.
    func activeStatuses(
        _ mechanism: MechanismKind,
        of consignee: PartyIdentifier,
        in destination: CountryCode,
        _ rulebook: OracleRulebook,
        on day: CivilDate
    ) -> [Status] {
        let group = ultimateParent(of: consignee)
        return statuses.filter { status in
            guard !status.isRevoked, !status.isSuspended, status.dates.contains(day) else {
                return false
            }
            switch (mechanism, status.kind) {
            case (.universalVEU, .universal):
                return ultimateParent(of: status.party) == group
                    && isEligible(status.party, rulebook, on: day)
            case (.nationalVEU, .national(let country)):
                return status.party == consignee
                    && rulebook.counted(country) == rulebook.counted(destination)
            default: return false
            }
        }
    }

    /// Whether the rulebook lets a status help, as far as its holder's attestation goes.
    func isAttestedEnough(_ status: Status, _ rulebook: OracleRulebook, on day: CivilDate) -> Bool {
        !rulebook.needsSecurityAttestation || isAttested(status.party, on: day)
    }

    /// The status by which a mechanism grants: of those that help, the one granted first.
    func grantingStatus(
        _ mechanism: MechanismKind,
        of consignee: PartyIdentifier,
        in destination: CountryCode,
        at time: LedgerTime
    ) -> Status? {
        guard let rulebook = adoption(at: time)?.rulebook else { return nil }
        return activeStatuses(mechanism, of: consignee, in: destination, rulebook, on: time.day)
            .first { isAttestedEnough($0, rulebook, on: time.day) }
    }

    // MARK: What groups own and hold

    /// What an account has installed in a country: its changes in order of day, then of the log,
    /// held at 0 at each step.
    func installedAmount(
        _ account: PartyIdentifier,
        in country: CountryCode,
        through last: CivilDate = .latest
    ) -> Int64 {
        var sum: Int64 = 0
        for change in installed[account]?[country] ?? [] where change.day <= last {
            sum = max(0, sum + change.delta)
        }
        return sum
    }

    /// The countries in which an account has, or had, something installed.
    func knownCountries(_ account: PartyIdentifier) -> [CountryCode] {
        installed[account].map { Array($0.keys) } ?? []
    }

    /// What a group owns, everywhere.
    func base(_ account: PartyIdentifier) -> Int64 {
        knownCountries(account).reduce(0) { $0 + installedAmount(account, in: $1) }
    }
}
