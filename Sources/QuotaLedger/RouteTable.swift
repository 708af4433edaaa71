// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Rulebook

/// The way of orders that share consignee, destination, prohibition and size class, resolved.
struct ResolvedRoute: Sendable {
    /// Who refuses, if it is not a matter of limits.
    var refusal: (mechanism: MechanismKind, reason: Refusal)?
    /// The route in the kernel's table; `nil` when it is refused before.
    var route: RouteIndex?
    /// The mechanisms of the route's alternatives.
    var mechanisms: [MechanismKind] = []
    /// The slots that each alternative tests, in order.
    var slots: [[Int]] = []
    /// The words that a grant by each alternative adds to.
    var charges: [[CellIndex]] = []
    var attestationLapsed = false
    var account: AccountIndex
}

/// What makes two orders take the same way on the same day.
struct RouteKey: Hashable, Sendable {
    var party: PartyIndex
    var destination: CountryCode
    var isProhibited: Bool
    var isSmall: Bool
}

/// The resolved routes of one stamp.
struct RouteTable: Sendable {
    private(set) var routes: [ResolvedRoute] = []
    private var positions: [RouteKey: Int32] = [:]

    func position(of key: RouteKey) -> Int? { positions[key].map(Int.init) }

    mutating func add(_ route: ResolvedRoute, for key: RouteKey) -> Int {
        positions[key] = Int32(routes.count)
        routes.append(route)
        return routes.count - 1
    }

    mutating func removeAll() {
        guard !routes.isEmpty else { return }
        routes.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
    }
}
