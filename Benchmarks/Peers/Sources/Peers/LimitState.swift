// SPDX-License-Identifier: Apache-2.0

/// The limits in memory, and the arithmetic that the mutex and the actor guard.
struct LimitState: Sendable {
    /// What is used and what is allowed side by side: one cache line for each limit tested.
    struct Limit: Sendable {
        var used: Int64
        let allowed: Int64
    }

    private(set) var limits: [Limit]
    /// How many claims were decided.
    private(set) var turn: UInt32 = 0
    private let rule: PeerRule

    init(_ workload: PeerWorkload) {
        limits = zip(workload.usedBefore, workload.allowed).map { Limit(used: $0, allowed: $1) }
        rule = workload.rule
    }

    var used: [Int64] { limits.map(\.used) }

    /// Decides a claim; the turn says which decision it was.
    @inline(__always)
    mutating func decide(amount: Int64, on route: LimitTriple) -> (outcome: Int8, turn: UInt32) {
        let turn = turn
        self.turn = turn &+ 1
        switch rule {
        case .all: return (decideAll(amount, route), turn)
        case .first: return (decideFirst(amount, route), turn)
        }
    }

    @inline(__always)
    private mutating func decideAll(_ amount: Int64, _ route: LimitTriple) -> Int8 {
        guard holds(Int(route.party), amount), holds(Int(route.group), amount),
            holds(Int(route.country), amount)
        else { return PeerOutcome.refused }
        limits[Int(route.party)].used &+= amount
        limits[Int(route.group)].used &+= amount
        limits[Int(route.country)].used &+= amount
        return 0
    }

    @inline(__always)
    private mutating func decideFirst(_ amount: Int64, _ route: LimitTriple) -> Int8 {
        if take(Int(route.party), amount) { return 0 }
        if take(Int(route.group), amount) { return 1 }
        return take(Int(route.country), amount) ? 2 : PeerOutcome.refused
    }

    @inline(__always)
    private func holds(_ limit: Int, _ amount: Int64) -> Bool {
        limits[limit].used &+ amount <= limits[limit].allowed
    }

    @inline(__always)
    private mutating func take(_ limit: Int, _ amount: Int64) -> Bool {
        guard holds(limit, amount) else { return false }
        limits[limit].used &+= amount
        return true
    }
}
