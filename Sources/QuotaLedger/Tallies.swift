// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How many decisions of one kind there were, and how much they asked.
public struct Tally: Hashable, Sendable {
    /// The number of decisions.
    public var count: Int64 = 0
    /// What they asked together, in controlled TPP; of grants what was granted, of what happens to
    /// holds what was moved or freed.
    public var asked: TPP = .zero

    /// Makes a tally.
    public init(count: Int64 = 0, asked: TPP = .zero) {
        self.count = count
        self.asked = asked
    }

    mutating func add(_ amount: TPP) {
        count += 1
        // The ledger's bound keeps grants far below; refusals may ask the most for ever.
        asked = asked.adding(amount) ?? asked
    }
}

/// What a refusal is counted under.
public struct RefusalKey: Hashable, Sendable, Comparable {
    /// The mechanism that refused.
    public var mechanism: MechanismKind
    /// Why.
    public var refusal: Refusal

    /// Makes a key.
    public init(mechanism: MechanismKind, refusal: Refusal) {
        self.mechanism = mechanism
        self.refusal = refusal
    }

    /// The order of the mechanisms, then of the reasons.
    public static func < (left: RefusalKey, right: RefusalKey) -> Bool {
        (left.mechanism.rawValue, left.refusal.rawValue)
            < (right.mechanism.rawValue, right.refusal.rawValue)
    }
}

/// Counts of all decisions, for reports and their reconciliation.
public struct DecisionTallies: Hashable, Sendable {
    /// Grants by the mechanism that granted.
    public var grants: [MechanismKind: Tally] {
        get { Dictionary(uniqueKeysWithValues: grantTallies.map { ($0.key, $0.tally) }) }
        set {
            grantTallies = newValue.map { KeyedTally(key: $0, tally: $1) }
                .sorted { $0.key.rawValue < $1.key.rawValue }
        }
    }
    /// Refusals by mechanism and reason.
    public var refusals: [RefusalKey: Tally] {
        get { Dictionary(uniqueKeysWithValues: refusalTallies.map { ($0.key, $0.tally) }) }
        set {
            refusalTallies = newValue.map { KeyedTally(key: $0, tally: $1) }
                .sorted { $0.key < $1.key }
        }
    }
    /// In order of their keys: there are a few, and they are looked for with every decision.
    private var grantTallies: [KeyedTally<MechanismKind>] = []
    private var refusalTallies: [KeyedTally<RefusalKey>] = []
    /// Holds that expired, and what they freed.
    public var expiries = Tally()
    /// Holds that were given up, and what they freed.
    public var releases = Tally()
    /// Holds that were taken back by authority, and what they freed.
    public var revocations = Tally()
    /// Final shipments, and what they freed.
    public var finals = Tally()
    /// Shipments, and what was shipped.
    public var shipments = Tally()
    /// Returns, and what came back.
    public var returns = Tally()
    /// Retirements, and what is no longer there.
    public var retirements = Tally()

    /// Makes counts without any decision.
    public init() {}

    /// Counts a grant.
    mutating func addGrant(by mechanism: MechanismKind, of granted: TPP) {
        grantTallies.add(granted, under: mechanism) { $0.rawValue < $1.rawValue }
    }

    /// Counts a refusal.
    mutating func addRefusal(_ refusal: Refusal, by mechanism: MechanismKind, of asked: TPP) {
        refusalTallies.add(asked, under: RefusalKey(mechanism: mechanism, refusal: refusal), by: <)
    }
}

/// A tally and what it counts.
private struct KeyedTally<Key: Hashable & Sendable>: Hashable, Sendable {
    var key: Key
    var tally = Tally()
}

extension Array {
    fileprivate mutating func add<Key>(
        _ amount: TPP,
        under key: Key,
        by precedes: (Key, Key) -> Bool
    ) where Element == KeyedTally<Key> {
        for position in indices where self[position].key == key {
            return self[position].tally.add(amount)
        }
        let position = firstIndex { precedes(key, $0.key) } ?? endIndex
        insert(KeyedTally(key: key), at: position)
        self[position].tally.add(amount)
    }
}
