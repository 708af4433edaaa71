// SPDX-License-Identifier: Apache-2.0

/// All routes of a table, flat: a route is a range of alternatives, an alternative a range of
/// limits and a range of charges.
struct RouteStorage: Sendable {
    struct Route: Sendable {
        let firstAlternative: UInt32
        let alternativeCount: UInt32
    }

    struct Alternative: Sendable {
        let maximumAmount: Int64
        let firstLimit: UInt32
        let firstCharge: UInt32
        let limitCount: UInt8
        let chargeCount: UInt8

        var limitRange: Range<Int> { Int(firstLimit)..<Int(firstLimit) + Int(limitCount) }
        var chargeRange: Range<Int> { Int(firstCharge)..<Int(firstCharge) + Int(chargeCount) }
    }

    private(set) var routes: [Route] = []
    private(set) var alternatives: [Alternative] = []
    private(set) var limits: [LimitIndex] = []
    private(set) var charges: [CellIndex] = []

    var count: Int { routes.count }

    mutating func add(_ added: [AllocationTable.Alternative]) -> RouteIndex {
        let route = Route(
            firstAlternative: UInt32(alternatives.count),
            alternativeCount: UInt32(added.count)
        )
        for alternative in added {
            alternatives.append(
                Alternative(
                    maximumAmount: alternative.maximumAmount,
                    firstLimit: UInt32(limits.count),
                    firstCharge: UInt32(charges.count),
                    limitCount: UInt8(alternative.limits.count),
                    chargeCount: UInt8(alternative.charges.count)
                )
            )
            limits.append(contentsOf: alternative.limits)
            charges.append(contentsOf: alternative.charges)
        }
        routes.append(route)
        return RouteIndex(rawValue: UInt32(routes.count - 1))
    }

    /// Removes everything and keeps the memory: routes are rebuilt after every barrier.
    mutating func removeAll() {
        routes.removeAll(keepingCapacity: true)
        alternatives.removeAll(keepingCapacity: true)
        limits.removeAll(keepingCapacity: true)
        charges.removeAll(keepingCapacity: true)
    }
}
