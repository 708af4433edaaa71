// SPDX-License-Identifier: Apache-2.0

/// How a claim uses its three limits.
public enum PeerRule: String, Sendable, CaseIterable, Codable {
    /// All three must hold, and all three are charged; a refused claim leaves no trace in any.
    case all
    /// They are tried in order (party, group, country) and the first that holds is charged: the
    /// fall-through of Headroom's rulebooks.
    case first
}

/// One claim: a party asks for an amount.
public struct PeerClaim: Hashable, Sendable {
    /// The party, counted from 0; its group and country follow from it.
    public var party: Int32
    /// How much it asks, 1 or more.
    public var amount: Int64

    /// Makes a claim.
    public init(party: Int32, amount: Int64) {
        self.party = party
        self.amount = amount
    }
}

/// The three limits of a party, as indices of ``PeerWorkload/allowed``.
public struct LimitTriple: Hashable, Sendable {
    /// The party's own limit.
    public var party: Int32
    /// Its group's.
    public var group: Int32
    /// Its country's.
    public var country: Int32

    /// A limit by its place: the party's is 0, the group's 1, the country's 2.
    subscript(place: Int) -> Int {
        switch place {
        case 0: Int(party)
        case 1: Int(group)
        default: Int(country)
        }
    }

    /// Makes a triple.
    public init(party: Int32, group: Int32, country: Int32) {
        self.party = party
        self.group = group
        self.country = country
    }
}

/// What a claim came to, as one byte: the place of the limit charged, or ``refused``.
///
/// Under ``PeerRule/all`` every grant is 0.
public enum PeerOutcome {
    /// The claim was refused.
    public static let refused: Int8 = -1
}

/// A stream of claims against limits: the same for every peer.
///
/// Limits are numbered parties first, then groups, then countries, so that whoever locks them in
/// ascending order takes the hottest last and holds it for the shortest time.
public struct PeerWorkload: Sendable {
    /// Its name: K1, K3 or K5.
    public let name: String
    /// What the rule is.
    public let rule: PeerRule
    /// The limits of each party.
    public let routes: [LimitTriple]
    /// How much each limit allows.
    public let allowed: [Int64]
    /// What was asked, and granted, before the stream begins; not part of any measurement.
    public let history: [PeerClaim]
    /// What is used of each limit when the stream begins: what the history leaves.
    public let usedBefore: [Int64]
    /// What is asked, in order.
    public let claims: [PeerClaim]
    /// The number of groups.
    public let groupCount: Int
    /// The number of countries.
    public let countryCount: Int
    /// Which claims must be granted in whatever order they are decided; `nil` where that depends on
    /// the order.
    public let isGrantedInAnyOrder: [Bool]?

    /// The number of parties.
    public var partyCount: Int { routes.count }

    init(
        name: String,
        rule: PeerRule,
        routes: [LimitTriple],
        allowed: [Int64],
        history: [PeerClaim] = [],
        claims: [PeerClaim],
        groupCount: Int,
        countryCount: Int,
        isGrantedInAnyOrder: [Bool]?
    ) {
        self.name = name
        self.rule = rule
        self.routes = routes
        self.allowed = allowed
        self.history = history
        self.claims = claims
        usedBefore = Self.used(after: history, rule, routes, allowed)
        self.groupCount = groupCount
        self.countryCount = countryCount
        self.isGrantedInAnyOrder = isGrantedInAnyOrder
    }

    private static func used(
        after history: [PeerClaim],
        _ rule: PeerRule,
        _ routes: [LimitTriple],
        _ allowed: [Int64]
    ) -> [Int64] {
        var used = [Int64](repeating: 0, count: allowed.count)
        for claim in history {
            let outcome = PlainLoop.decide(claim, routes[Int(claim.party)], rule, allowed, &used)
            precondition(outcome != PeerOutcome.refused, "the history of a stream must be granted")
        }
        return used
    }
}
