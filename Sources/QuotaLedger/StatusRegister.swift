// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A status as it stands.
struct StatusState: Sendable {
    /// The entry that granted it.
    var entry: EntryNumber
    var grant: StatusGrant
    var party: PartyIndex
    var isSuspended = false
    var isRevoked = false

    func isActive(on day: CivilDate) -> Bool {
        !isSuspended && !isRevoked && grant.dates.contains(day)
    }
}

/// The VEU statuses and the security attestations of those who hold them.
struct StatusRegister: Sendable {
    private(set) var statuses: [StatusState] = []
    private var positionByEntry: [EntryNumber: Int] = [:]
    private var universalPositions: [Int] = []
    private var nationalPositions: [PartyIndex: [Int]] = [:]
    private(set) var attestedDates: [PartyIndex: [DateRange]] = [:]

    /// Whether no status was ever granted.
    var isEmpty: Bool { statuses.isEmpty }

    /// The Universal VEU statuses, whoever holds them.
    var universal: [StatusState] { universalPositions.map { statuses[$0] } }

    /// The National VEU statuses of a party.
    func national(of party: PartyIndex) -> [StatusState] {
        nationalPositions[party]?.map { statuses[$0] } ?? []
    }

    func state(grantedBy entry: EntryNumber) -> StatusState? {
        positionByEntry[entry].map { statuses[$0] }
    }

    mutating func grant(_ grant: StatusGrant, party: PartyIndex, entry: EntryNumber) {
        add(StatusState(entry: entry, grant: grant, party: party))
    }

    /// Adds a status as it stands.
    mutating func add(_ status: StatusState) {
        positionByEntry[status.entry] = statuses.count
        switch status.grant.kind {
        case .universal: universalPositions.append(statuses.count)
        case .national: nationalPositions[status.party, default: []].append(statuses.count)
        }
        statuses.append(status)
    }

    mutating func change(_ step: StatusStep, grantedBy entry: EntryNumber) {
        guard let position = positionByEntry[entry] else { return }
        switch step {
        case .suspend: statuses[position].isSuspended = true
        case .reinstate: statuses[position].isSuspended = false
        case .revoke: statuses[position].isRevoked = true
        }
    }

    mutating func attest(_ dates: DateRange, party: PartyIndex) {
        attestedDates[party, default: []].append(dates)
    }

    func isAttested(_ party: PartyIndex, on day: CivilDate) -> Bool {
        attestedDates[party]?.contains { $0.contains(day) } ?? false
    }

    /// Whether a grant overlaps a status of its kind in the group, or, of a National VEU, one of
    /// the same party and country.
    func overlaps(_ grant: StatusGrant, party: PartyIndex, parties: PartyRegister) -> Bool {
        let group = parties.ultimateParent(of: party)
        let candidates =
            switch grant.kind {
            case .universal: universalPositions
            case .national: nationalPositions[party] ?? []
            }
        return candidates.contains { position in
            let status = statuses[position]
            guard !status.isRevoked, status.grant.kind == grant.kind,
                status.grant.dates.overlaps(grant.dates)
            else { return false }
            return switch grant.kind {
            case .universal: parties.ultimateParent(of: status.party) == group
            case .national: status.party == party
            }
        }
    }
}
