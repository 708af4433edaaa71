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
    private(set) var routes: [ResolvedRoute] = []
    var plans: [RoutePlan] = []
    private var positions: WordTable
    private var planPositions: WordTable

    init(seed: UInt64) {
        positions = WordTable(seed: seed)
        planPositions = WordTable(seed: seed)
    }

    func position(of key: RouteKey) -> Int32? {
        let mark = positions[key.word]
        return mark == 0 ? nil : Int32(truncatingIfNeeded: mark - 1)
    }

    mutating func add(_ route: ResolvedRoute, for key: RouteKey) -> Int32 {
        routes.append(route)
        positions.set(Int64(routes.count), of: key.word)
        return Int32(routes.count - 1)
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

    func plan(ofRoute position: Int32) -> Int { Int(routes[Int(position)].plan) }

    mutating func removeAll() {
        guard !plans.isEmpty else { return }
        routes.removeAll(keepingCapacity: true)
        plans.removeAll(keepingCapacity: true)
        positions.removeAll()
        planPositions.removeAll()
    }
}
