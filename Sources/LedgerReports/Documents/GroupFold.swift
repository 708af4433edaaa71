// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Who belonged to which group when, folded from a log.
///
/// What is charged and installed hangs on an account of the ultimate parent. When an ultimate parent
/// gets a parent, its account becomes part of the other group's for good; should it leave again, it
/// begins with an account of its own.
struct GroupFold {
    /// An account that became part of another.
    struct Merger {
        var account: Int
        var into: Int
    }

    private struct OperationName: Hashable {
        var organisation: OrganisationIdentifier
        var id: OperationIdentifier
    }

    private var parents: [PartyIdentifier: PartyIdentifier] = [:]
    private var names: [PartyIdentifier: String] = [:]
    /// The account of each ultimate parent that has one.
    private var accounts: [PartyIdentifier: Int] = [:]
    /// Of each account the one that it is part of by now, or itself.
    private var roots: [Int] = []
    private var owners: [PartyIdentifier] = []
    /// Records that were proposed and not yet decided on.
    private var proposed: [OperationName: PartyRecord] = [:]

    init() {}

    /// Takes the next entry in; says whether it made one account part of another.
    @discardableResult
    mutating func take(_ entry: Entry) -> Merger? {
        guard case .operation(let record) = entry.content, case .accepted = record.outcome else {
            return nil
        }
        let organisation = entry.actor.organisation
        switch record.action {
        case .party(let party): return take(party)
        case .propose(let proposal):
            guard case .party(let party) = proposal.action else { return nil }
            proposed[OperationName(organisation: organisation, id: record.id)] = party
            return nil
        case .decideProposal(let decision):
            let name = OperationName(
                organisation: decision.proposal.organisation ?? organisation,
                id: decision.proposal.id
            )
            guard let party = proposed.removeValue(forKey: name), decision.step == .approve else {
                return nil
            }
            return take(party)
        default: return nil
        }
    }

    private mutating func take(_ record: PartyRecord) -> Merger? {
        names[record.id] = record.name
        parents[record.id] = record.parent
        guard let parent = record.parent, let joining = accounts.removeValue(forKey: record.id)
        else { return nil }
        let joined = account(of: parent)
        roots[joining] = joined
        return Merger(account: joining, into: joined)
    }

    /// The end of a party's chain of parents; the ledger lets no circle in.
    func ultimateParent(of party: PartyIdentifier) -> PartyIdentifier {
        var end = party
        while let parent = parents[end] { end = parent }
        return end
    }

    /// The account of a party's group, opened if there is none yet.
    mutating func account(of party: PartyIdentifier) -> Int {
        let group = ultimateParent(of: party)
        if let known = accounts[group] { return known }
        let account = roots.count
        roots.append(account)
        owners.append(group)
        accounts[group] = account
        return account
    }

    /// The account that hangs on an ultimate parent, if there is one.
    func existingAccount(of group: PartyIdentifier) -> Int? { accounts[group] }

    /// The account that an account is part of by now.
    func root(of account: Int) -> Int {
        var root = account
        while roots[root] != root { root = roots[root] }
        return root
    }

    /// The ultimate parent on which an account hangs, or hung before it became part of another.
    func owner(of account: Int) -> PartyIdentifier { owners[account] }

    /// The name of a party, as far as is known.
    func name(of party: PartyIdentifier) -> String? { names[party] }
}
