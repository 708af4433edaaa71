// SPDX-License-Identifier: Apache-2.0

/// What everyone is judged by: one claim at a time, as plainly as it can be written.
public struct PlainLoop: Sendable {
    /// What is used of each limit.
    public private(set) var used: [Int64]
    private let workload: PeerWorkload

    /// Makes a loop before the first claim of a stream.
    public init(_ workload: PeerWorkload) {
        self.workload = workload
        used = workload.usedBefore
    }

    /// Decides one claim of the stream.
    public mutating func decide(claimAt position: Int) -> Int8 {
        let claim = workload.claims[position]
        let route = workload.routes[Int(claim.party)]
        return Self.decide(claim, route, workload.rule, workload.allowed, &used)
    }

    /// Decides all claims in their order.
    public mutating func decideAll() -> [Int8] {
        workload.claims.indices.map { decide(claimAt: $0) }
    }

    static func decide(
        _ claim: PeerClaim,
        _ route: LimitTriple,
        _ rule: PeerRule,
        _ allowed: [Int64],
        _ used: inout [Int64]
    ) -> Int8 {
        let limits = [Int(route.party), Int(route.group), Int(route.country)]
        switch rule {
        case .all:
            for limit in limits where used[limit] + claim.amount > allowed[limit] {
                return PeerOutcome.refused
            }
            for limit in limits { used[limit] += claim.amount }
            return 0
        case .first:
            for (place, limit) in limits.enumerated()
            where used[limit] + claim.amount <= allowed[limit] {
                used[limit] += claim.amount
                return Int8(place)
            }
            return PeerOutcome.refused
        }
    }
}
