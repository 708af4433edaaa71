// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import Rulebook

/// What the ledger says of one party and its group at a moment.
public struct PartyReport: Hashable, Sendable {
    /// Of what it is.
    public var scope: ReportScope
    /// The party's record.
    public var party: PartyRecord
    /// Whether it is blocked.
    public var isBlocked: Bool
    /// How many parties its group has.
    public var memberCount: Int
    /// What the group has installed, holds and may have; its shares only while they are watched.
    public var group: GroupShares
    /// Whether the group has a Universal VEU status that is neither ended nor revoked.
    public var isWatched: Bool
    /// The windows of the party as a National VEU, by country.
    public var nationalWindows: [LimitWindow]
    /// The window of the group's small orders this year; `nil` if it never had one, or the rulebook
    /// has no such limit.
    public var smallOrders: LimitWindow?
    /// The party's open holds, in order of their grants.
    public var holds: [OpenHold]
    /// The statuses of the party, and the Universal ones of its group, in order of their grants.
    public var statuses: [GrantedStatus]

    /// Makes a report; nothing is checked here.
    public init(
        scope: ReportScope,
        party: PartyRecord,
        isBlocked: Bool,
        memberCount: Int,
        group: GroupShares,
        isWatched: Bool,
        nationalWindows: [LimitWindow],
        smallOrders: LimitWindow?,
        holds: [OpenHold],
        statuses: [GrantedStatus]
    ) {
        self.scope = scope
        self.party = party
        self.isBlocked = isBlocked
        self.memberCount = memberCount
        self.group = group
        self.isWatched = isWatched
        self.nationalWindows = nationalWindows
        self.smallOrders = smallOrders
        self.holds = holds
        self.statuses = statuses
    }
}

extension LedgerCore {
    /// What the ledger says of a party at a moment not before the newest entry, with what is due by
    /// then; `nil` if it does not know the party, or no rulebook is in force.
    ///
    /// O(holds and parties).
    public func partyReport(
        of party: PartyIdentifier,
        at time: LedgerTime? = nil
    ) -> PartyReport? {
        state.reported(after: time)?.partyReport(of: party)
    }
}

extension ReportedState {
    fileprivate func partyReport(of id: PartyIdentifier) -> PartyReport? {
        guard let party = state.parties.index(of: id) else { return nil }
        let group = state.parties.ultimateParent(of: party)
        let account = state.parties.existingAccount(of: group)
        let isWatched = state.watch.groups.contains(group)
        var shares = state.shares(of: group, at: moment)
        if !isWatched { shares.outside = nil }
        return PartyReport(
            scope: scope,
            party: state.parties[party].record,
            isBlocked: state.parties.isBlocked(party),
            memberCount: state.parties.parties.indices.count {
                state.parties.ultimateParent(of: PartyIndex(rawValue: UInt32($0))) == group
            },
            group: shares,
            isWatched: isWatched,
            nationalWindows: nationalKeys(of: party)
                .compactMap { state.window(of: .national($0), at: moment) },
            smallOrders: account.flatMap { account in
                guard state.smallOrders[account] != nil else { return nil }
                let year = Int32(clamping: moment.day.year)
                return state.window(of: .smallOrder(account, year: year), at: moment)
            },
            holds: state.openHolds { $0.party == party },
            statuses: state.grantedStatuses(at: moment).filter {
                $0.grant.party == id
                    || $0.grant.kind == .universal && $0.group == shares.group
            }
        )
    }

    /// The countries in which a party was ever charged or is a National VEU, as accounts.
    private func nationalKeys(of party: PartyIndex) -> [NationalKey] {
        let charged = state.nationals.keys.filter { $0.party == party }.map(\.country)
        let granted = state.statuses.national(of: party).compactMap { status -> CountryCode? in
            if case .national(let country) = status.grant.kind { country } else { nil }
        }
        return Set((charged + granted).map(moment.rulebook.countries.counted)).sorted()
            .map { NationalKey(party: party, country: $0) }
    }
}
