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

/// What decisions ask of a party, in 16 bytes.
private struct PartyLink: Sendable {
    /// The parent; itself of a party that has none.
    var parent: PartyIndex
    /// The account that it opened as an ultimate parent; ``AccountIndex/nobody`` if it has none.
    var account = AccountIndex.nobody
    var site: CountryCode
    var headquarters: CountryCode
    var isBlocked = false
}

/// The parties, their parents and the accounts of their groups.
struct PartyRegister: Sendable {
    private(set) var parties: [PartyState] = []
    /// Beside each party what is asked of it most.
    private var links: [PartyLink] = []
    private var indexByName = NameTable()
    private var hasher: OperationHasher
    /// Each account that was ever opened.
    private var accounts: [Account] = []

    private struct Account: Sendable {
        /// The account that it merged into, or itself.
        var root: AccountIndex
        /// The ultimate parent that it hung on.
        var owner: PartyIndex
    }

    /// Makes an empty register.
    ///
    /// - Parameter key: The key of the hashes by which parties are found.
    init(key: HashKey) { hasher = OperationHasher(key: key) }

    /// The parties as they were, without accounts; `nil` if an identifier is there twice or the
    /// parents go in circles.
    ///
    /// Parents are found by their identifiers, as ``register(_:)`` does. Parties are found again once
    /// the register has its key.
    init?(restoring records: [(record: PartyRecord, isBlocked: Bool)]) {
        self.init(key: HashKey(first: 0, second: 0))
        var indexByIdentifier: [PartyIdentifier: PartyIndex] = [:]
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
        links = parties.enumerated().map { position, party in
            Self.link(party, at: PartyIndex(rawValue: UInt32(position)))
        }
    }

    /// Finds the parties by hashes under another key from now on.
    ///
    /// O(parties).
    mutating func useKey(_ key: HashKey) {
        hasher = OperationHasher(key: key)
        indexByName = NameTable(capacity: parties.count)
        for (position, party) in parties.enumerated() {
            indexByName.insert(hasher.name(party.record.id), position: position)
        }
    }

    private static func link(_ party: PartyState, at index: PartyIndex) -> PartyLink {
        PartyLink(
            parent: party.parent ?? index,
            account: party.account ?? .nobody,
            site: party.record.site,
            headquarters: party.record.headquarters,
            isBlocked: party.isBlocked
        )
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

    func index(of id: PartyIdentifier) -> PartyIndex? { index(of: hasher.name(id)) }

    /// The party with the hash of an identifier under the register's key.
    func index(of name: Hash128) -> PartyIndex? {
        indexByName[name].map { PartyIndex(rawValue: UInt32($0)) }
    }

    /// Reads where a party would be looked for; see ``OperationIndex/bringNear(_:)``.
    func bringNear(_ name: Hash128) -> UInt64 { indexByName.bringNear(name) }

    subscript(index: PartyIndex) -> PartyState { parties[Int(index.rawValue)] }

    func identifier(of index: PartyIndex) -> PartyIdentifier {
        parties[Int(index.rawValue)].record.id
    }

    func site(of index: PartyIndex) -> CountryCode { links[Int(index.rawValue)].site }

    func headquarters(of index: PartyIndex) -> CountryCode {
        links[Int(index.rawValue)].headquarters
    }

    func isBlocked(_ index: PartyIndex) -> Bool { links[Int(index.rawValue)].isBlocked }

    /// The end of the parent chain.
    ///
    /// O(length of the chain); the chain has no cycle.
    func ultimateParent(of index: PartyIndex) -> PartyIndex {
        var current = index
        while true {
            let parent = links[Int(current.rawValue)].parent
            if parent == current { return current }
            current = parent
        }
    }

    /// Whether giving a party this parent would close a circle.
    func closesCycle(_ id: PartyIdentifier, parent: PartyIdentifier) -> Bool {
        if id == parent { return true }
        guard let index = index(of: id), var current = self.index(of: parent) else {
            return false
        }
        while true {
            if current == index { return true }
            let next = links[Int(current.rawValue)].parent
            guard next != current else { return false }
            current = next
        }
    }

    /// Registers or changes a party whose parent is known and closes no circle.
    mutating func register(_ record: PartyRecord) -> AccountChange {
        let parent = record.parent.flatMap { index(of: $0) }
        let name = hasher.name(record.id)
        guard let index = index(of: name) else {
            let index = PartyIndex(rawValue: UInt32(parties.count))
            indexByName.insert(name, position: parties.count)
            parties.append(PartyState(record: record, parent: parent))
            links.append(Self.link(parties[parties.count - 1], at: index))
            return .none
        }
        let position = Int(index.rawValue)
        parties[position].record = record
        parties[position].parent = parent
        defer { links[position] = Self.link(parties[position], at: index) }
        guard let parent, let joining = parties[position].account else { return .none }
        // An ultimate parent joins another group: its account goes with it, for good. Leaving
        // again later finds no account here, and opens a new one.
        parties[position].account = nil
        links[position] = Self.link(parties[position], at: index)
        let joined = account(of: parent)
        accounts[Int(joining.rawValue)].root = joined
        return .merged(joining, into: joined)
    }

    mutating func setBlocked(_ isBlocked: Bool, _ index: PartyIndex) {
        parties[Int(index.rawValue)].isBlocked = isBlocked
        links[Int(index.rawValue)].isBlocked = isBlocked
    }

    /// The account of a party's group, opened if there is none yet.
    mutating func account(of index: PartyIndex) -> AccountIndex {
        let root = ultimateParent(of: index)
        let known = links[Int(root.rawValue)].account
        if known != .nobody { return known }
        let account = AccountIndex(rawValue: UInt32(accounts.count))
        accounts.append(Account(root: account, owner: root))
        parties[Int(root.rawValue)].account = account
        links[Int(root.rawValue)].account = account
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
        let account = links[Int(ultimateParent(of: index).rawValue)].account
        return account == .nobody ? nil : account
    }
}
