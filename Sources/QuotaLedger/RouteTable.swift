// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// The way of orders of one class and one size class: everything but whose limits they are.
struct RoutePlan: Sendable {
    /// Who refuses, if it is not a matter of limits.
    var refusal: (mechanism: MechanismKind, reason: Refusal)?
    /// Of an order that is refused without a limit: whether a status lapsed on the way.
    var attestationLapsed = false
    /// The alternatives, with the limits of each.
    var alternatives: [RouteAlternative] = []
    /// The mechanisms of the alternatives.
    var mechanisms: [MechanismKind] = []
    /// Whether a status lapsed on the way to each alternative.
    var lapsedBefore: [Bool] = []
    /// Whether the limits are the same for all parties.
    var isShared = false
    /// The route in the kernel's table, if it is shared and was asked for.
    var sharedRoute: RouteIndex?

    /// The mechanism that decides if the alternative `taken` is taken, or none is.
    func deciding(_ taken: Int?) -> MechanismKind {
        mechanisms.isEmpty ? .country : mechanisms[taken ?? mechanisms.count - 1]
    }
}

/// The way of orders that share consignee, destination, prohibition and size class.
struct ResolvedRoute: Sendable {
    /// Which plan it follows.
    var plan: Int32
    /// The route in the kernel's table; `nil` when it is refused before.
    var route: RouteIndex?

    init(plan: Int, route: RouteIndex?) {
        self.plan = Int32(plan)
        self.route = route
    }

    /// The way with a word; `nil` of 0.
    init?(word: Int64) {
        guard word != 0 else { return nil }
        plan = Int32(truncatingIfNeeded: word >> 2 & 0x3fff_ffff)
        let route = RouteIndex(rawValue: UInt32(truncatingIfNeeded: word >> 32))
        self.route = word & 2 == 0 ? nil : route
    }

    /// All of it in one word other than 0.
    var word: Int64 {
        let route = route.map { Int64(bitPattern: UInt64($0.rawValue)) << 32 | 2 } ?? 0
        return route | Int64(plan) << 2 | 1
    }
}

/// What makes two orders take the same way on the same day.
struct RouteKey: Hashable, Sendable {
    var party: PartyIndex
    var destination: CountryCode
    var isProhibited: Bool
    var isSmall: Bool

    /// All of it in one word.
    var word: UInt64 {
        UInt64(party.rawValue) << 18 | UInt64(destination.rawValue) << 2
            | (isProhibited ? 2 : 0) | (isSmall ? 1 : 0)
    }
}

/// The resolved routes of one stamp.
struct RouteTable: Sendable {
    var plans: [RoutePlan] = []
    private var routes: WordTable
    private var planPositions: WordTable

    init(seed: UInt64) {
        // Side by side what differs in its flags only.
        routes = WordTable(seed: seed, groupBits: 2)
        planPositions = WordTable(seed: seed)
    }

    subscript(key: RouteKey) -> ResolvedRoute? { ResolvedRoute(word: routes[key.word]) }

    /// Takes in the way of a key that has none yet, and returns it.
    mutating func add(_ route: ResolvedRoute, for key: RouteKey) -> ResolvedRoute {
        routes.set(route.word, of: key.word)
        return route
    }

    /// Reads where the ways of a party towards a country would be looked for; see
    /// ``OperationIndex/bringNear(_:)``.
    func bringNear(_ party: PartyIndex, _ destination: CountryCode) -> UInt64 {
        let key = RouteKey(
            party: party,
            destination: destination,
            isProhibited: false,
            isSmall: true
        )
        return routes.bringNear(key.word)
    }

    /// The plan of orders of a class and a size class, if it is worked out.
    func plan(of routeClass: RouteClass, isSmall: Bool) -> Int? {
        let mark = planPositions[Self.word(routeClass, isSmall)]
        return mark == 0 ? nil : Int(mark - 1)
    }

    mutating func add(_ plan: RoutePlan, of routeClass: RouteClass, isSmall: Bool) -> Int {
        plans.append(plan)
        planPositions.set(Int64(plans.count), of: Self.word(routeClass, isSmall))
        return plans.count - 1
    }

    private static func word(_ routeClass: RouteClass, _ isSmall: Bool) -> UInt64 {
        routeClass.number << 1 | (isSmall ? 1 : 0)
    }

    mutating func removeAll() {
        guard !plans.isEmpty else { return }
        plans.removeAll(keepingCapacity: true)
        routes.removeAll()
        planPositions.removeAll()
    }
}
