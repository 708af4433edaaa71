// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The position of a party in the register.
struct PartyIndex: Hashable, Sendable {
    var rawValue: UInt32

    /// Stands where a limit is of no party.
    static let nobody = PartyIndex(rawValue: .max)
}

/// The account of a group: what is charged, held and installed hangs on it.
///
/// An account outlives the membership of parties: when an ultimate parent gets a parent, its
/// account merges into the new group's for good.
struct AccountIndex: Hashable, Sendable {
    var rawValue: UInt32

    /// Stands where a limit is of no group.
    static let nobody = AccountIndex(rawValue: .max)
}

/// One party as it stands.
struct PartyState: Sendable {
    var record: PartyRecord
    var parent: PartyIndex?
    var isBlocked = false
    /// The account that this party opened as an ultimate parent, if it has one.
    var account: AccountIndex?
}

/// What a registration did to the accounts.
enum AccountChange: Equatable {
    case none
    /// The first account and all it holds is now part of the second.
    case merged(AccountIndex, into: AccountIndex)
}

/// The parties, their parents and the accounts of their groups.
struct PartyRegister: Sendable {
    private(set) var parties: [PartyState] = []
    private var indexByIdentifier: [PartyIdentifier: PartyIndex] = [:]
    /// Each account that was ever opened.
    private var accounts: [Account] = []

    private struct Account: Sendable {
        /// The account that it merged into, or itself.
        var root: AccountIndex
        /// The ultimate parent that it hung on.
        var owner: PartyIndex
    }

    init() {}

    /// The parties as they were, without accounts; `nil` if an identifier is there twice or the
    /// parents go in circles.
    ///
    /// Parents are found by their identifiers, as ``register(_:)`` does.
    init?(restoring records: [(record: PartyRecord, isBlocked: Bool)]) {
        for (position, party) in records.enumerated() {
            let index = PartyIndex(rawValue: UInt32(position))
            guard indexByIdentifier.updateValue(index, forKey: party.record.id) == nil else {
                return nil
            }
        }
        parties = records.map { record, isBlocked in
            PartyState(
                record: record,
                parent: record.parent.flatMap { indexByIdentifier[$0] },
                isBlocked: isBlocked
            )
        }
        guard hasNoCircle else { return nil }
    }

    /// Whether every chain of parents ends.
    private var hasNoCircle: Bool {
        var ends = [Bool](repeating: false, count: parties.count)
        for start in parties.indices {
            var chain: [Int] = []
            var current = start
            while !ends[current] {
                guard chain.count < parties.count else { return false }
                chain.append(current)
                guard let parent = parties[current].parent else { break }
                current = Int(parent.rawValue)
            }
            for position in chain { ends[position] = true }
        }
        return true
    }

    func index(of id: PartyIdentifier) -> PartyIndex? { indexByIdentifier[id] }

    subscript(index: PartyIndex) -> PartyState { parties[Int(index.rawValue)] }

    func identifier(of index: PartyIndex) -> PartyIdentifier { self[index].record.id }

    /// The end of the parent chain.
    ///
    /// O(length of the chain); the chain has no cycle.
    func ultimateParent(of index: PartyIndex) -> PartyIndex {
        var current = index
        while let parent = self[current].parent { current = parent }
        return current
    }

    /// Whether giving a party this parent would close a circle.
    func closesCycle(_ id: PartyIdentifier, parent: PartyIdentifier) -> Bool {
        if id == parent { return true }
        guard let index = indexByIdentifier[id], var current = indexByIdentifier[parent] else {
            return false
        }
        while true {
            if current == index { return true }
            guard let next = self[current].parent else { return false }
            current = next
        }
    }

    /// Registers or changes a party whose parent is known and closes no circle.
    mutating func register(_ record: PartyRecord) -> AccountChange {
        let parent = record.parent.flatMap { indexByIdentifier[$0] }
        guard let index = indexByIdentifier[record.id] else {
            indexByIdentifier[record.id] = PartyIndex(rawValue: UInt32(parties.count))
            parties.append(PartyState(record: record, parent: parent))
            return .none
        }
        let position = Int(index.rawValue)
        parties[position].record = record
        parties[position].parent = parent
        guard let parent, let joining = parties[position].account else { return .none }
        // An ultimate parent joins another group: its account goes with it, for good. Leaving
        // again later finds no account here, and opens a new one.
        parties[position].account = nil
        let joined = account(of: parent)
        accounts[Int(joining.rawValue)].root = joined
        return .merged(joining, into: joined)
    }

    mutating func setBlocked(_ isBlocked: Bool, _ index: PartyIndex) {
        parties[Int(index.rawValue)].isBlocked = isBlocked
    }

    /// The account of a party's group, opened if there is none yet.
    mutating func account(of index: PartyIndex) -> AccountIndex {
        let root = Int(ultimateParent(of: index).rawValue)
        if let account = parties[root].account { return account }
        let account = AccountIndex(rawValue: UInt32(accounts.count))
        accounts.append(Account(root: account, owner: PartyIndex(rawValue: UInt32(root))))
        parties[root].account = account
        return account
    }

    /// The account in which an account is by now: itself, or the one that it merged into.
    ///
    /// O(merges in a row).
    func root(of account: AccountIndex) -> AccountIndex {
        var current = account
        while true {
            let next = accounts[Int(current.rawValue)].root
            if next == current { return current }
            current = next
        }
    }

    /// The ultimate parent that an account hangs on, or hung on before it merged.
    func owner(of account: AccountIndex) -> PartyIndex { accounts[Int(account.rawValue)].owner }

    /// The account of a party's group if it has been opened.
    func existingAccount(of index: PartyIndex) -> AccountIndex? {
        self[ultimateParent(of: index)].account
    }
}
