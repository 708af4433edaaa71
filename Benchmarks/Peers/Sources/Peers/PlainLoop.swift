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
        switch rule {
        case .all:
            for place in 0..<3 where used[route[place]] + claim.amount > allowed[route[place]] {
                return PeerOutcome.refused
            }
            for place in 0..<3 { used[route[place]] += claim.amount }
            return 0
        case .first:
            for place in 0..<3 where used[route[place]] + claim.amount <= allowed[route[place]] {
                used[route[place]] += claim.amount
                return Int8(place)
            }
            return PeerOutcome.refused
        }
    }
}
