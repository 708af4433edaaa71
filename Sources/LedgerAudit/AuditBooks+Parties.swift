// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension AuditBooks {
    /// The end of the parent chain.
    func ultimateParent(of party: PartyIndex) -> PartyIndex {
        var end = party
        while parties[Int(end)].parent >= 0 { end = parties[Int(end)].parent }
        return end
    }

    /// The account that an account has become.
    func root(of account: AccountIndex) -> AccountIndex {
        var end = account
        while accounts[Int(end)].joined >= 0 { end = accounts[Int(end)].joined }
        return end
    }

    /// The account of an ultimate parent, opened when it is first needed.
    mutating func account(of group: PartyIndex) -> AccountIndex {
        let known = parties[Int(group)].account
        if known >= 0 { return known }
        let account = AccountIndex(accounts.count)
        accounts.append(Account(owner: group))
        parties[Int(group)].account = account
        return account
    }

    /// Registers or changes a party.
    ///
    /// When an ultimate parent gets a parent, all that hangs on it joins the new group; when any
    /// other party changes or loses its parent, nothing moves.
    ///
    /// - Returns: Whether groups may have changed, and the accounts of which there is one less.
    mutating func take(_ record: PartyRecord) -> (movesGroups: Bool, joined: [AccountIndex]) {
        let parent = record.parent.flatMap { party($0) } ?? -1
        guard let index = party(record.id) else {
            register(
                AuditedParty(
                    id: record.id,
                    site: CountryPlace(record.site),
                    headquarters: CountryPlace(record.headquarters),
                    parent: parent
                )
            )
            return (false, [])
        }
        let before = parties[Int(index)].parent
        parties[Int(index)].site = CountryPlace(record.site)
        parties[Int(index)].headquarters = CountryPlace(record.headquarters)
        parties[Int(index)].parent = parent
        guard parent != before else { return (false, []) }
        renewUniversalStatuses()
        let old = parties[Int(index)].account
        guard before < 0, old >= 0 else { return (true, []) }
        parties[Int(index)].account = -1
        let new = account(of: ultimateParent(of: index))
        let leaving = accounts[Int(old)]
        accounts[Int(old)] = Account(owner: index)
        accounts[Int(old)].joined = new
        accounts[Int(new)].take(leaving)
        return (true, [old, new])
    }

    // MARK: - Statuses

    mutating func add(_ grant: StatusGrant, named key: OperationKey) {
        guard let party = party(grant.party) else { return }
        statusIndices[key] = statuses.count
        parties[Int(party)].statuses.append(statuses.count)
        statuses.append(AuditedStatus(kind: grant.kind, party: party, dates: grant.dates))
        addTurningDays([grant.dates.from, grant.dates.until])
        renewUniversalStatuses()
    }

    mutating func take(_ change: StatusChange, by caller: Int32) {
        guard let index = key(change.grant, callersOwn: caller).flatMap({ statusIndices[$0] })
        else { return }
        switch change.step {
        case .suspend: statuses[index].isSuspended = true
        case .reinstate: statuses[index].isSuspended = false
        case .revoke: statuses[index].isRevoked = true
        }
        renewWatchedGroups()
    }

    private mutating func renewUniversalStatuses() {
        universalStatuses = [:]
        for index in statuses.indices where statuses[index].kind == .universal {
            universalStatuses[ultimateParent(of: statuses[index].party), default: []].append(index)
        }
        renewWatchedGroups()
    }

    /// Groups with a member whose Universal VEU status has begun, and has neither ended nor been
    /// revoked; suspended, not attested or not eligible make no difference.
    mutating func renewWatchedGroups() {
        watchedGroups = Set(
            universalStatuses.compactMap { group, indices in
                let isWatched = indices.contains { index in
                    !statuses[index].isRevoked && statuses[index].dates.contains(day)
                }
                return isWatched ? group : nil
            }
        )
    }

    /// Whether a party's security attestation is current.
    func isAttested(_ party: PartyIndex) -> Bool {
        parties[Int(party)].attestations.contains { $0.contains(day) }
    }

    /// Whether a party meets the conditions of a status.
    func isEligible(_ kind: StatusKind, _ party: PartyIndex, _ rules: RulesOfDay) -> Bool {
        let conditions = rules.rulebook.file.statuses
        let eligibility =
            kind == .universal ? conditions.universal.value : conditions.national.value
        switch eligibility {
        case .anyone: return true
        case .headquartersOrUltimateParentHomeOrAllied:
            return [party, ultimateParent(of: party)].contains {
                rules.tier(parties[Int($0)].headquarters).isHomeOrAllied
            }
        }
    }

    /// Whether a status is in the days of its grant, neither suspended nor revoked, and its holder
    /// eligible; whether it is attested is asked apart.
    func isActive(_ index: Int, _ rules: RulesOfDay) -> Bool {
        let status = statuses[index]
        return !status.isRevoked && !status.isSuspended && status.dates.contains(day)
            && isEligible(status.kind, status.party, rules)
    }

    /// Whether a status helps as far as its holder's attestation goes.
    func isAttestedEnough(_ index: Int, _ rules: RulesOfDay) -> Bool {
        switch rules.rulebook.file.statuses.securityAttestation.value {
        case .notRequired: true
        case .required: isAttested(statuses[index].party)
        }
    }

    /// The statuses that may help an order, in the order in which they took effect.
    func candidates(
        _ mechanism: MechanismKind,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> [Int] {
        switch mechanism {
        case .universalVEU:
            guard !universalStatuses.isEmpty else { return [] }
            return universalStatuses[ultimateParent(of: consignee)] ?? []
        case .nationalVEU:
            return parties[Int(consignee)].statuses.filter { index in
                guard case .national(let country) = statuses[index].kind else { return false }
                return rules.counted(CountryPlace(country)) == rules.counted(destination)
            }
        default: return []
        }
    }

    /// The status by which a mechanism grants: of those that help the one that took effect first.
    func grantingStatus(
        _ mechanism: MechanismKind,
        _ consignee: PartyIndex,
        _ destination: CountryPlace,
        _ rules: RulesOfDay
    ) -> Int? {
        candidates(mechanism, consignee, destination, rules)
            .first { isActive($0, rules) && isAttestedEnough($0, rules) }
    }
}
