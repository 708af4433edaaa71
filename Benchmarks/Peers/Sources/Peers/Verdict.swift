// SPDX-License-Identifier: Apache-2.0

/// Whether a run was right, against deciding one claim at a time.
///
/// Where the order of the decisions is known they are compared one by one with ``PlainLoop``.
/// Where it is not (several connections of a server, claims taken without a lock), only what can be
/// said for every order is counted:
///
/// - a limit of which more is used than it allows, or of which not exactly the granted amounts are
///   used, is wrong in any order;
/// - a stream that says which claims fit in any order says which refusals are false;
/// - otherwise a refusal is false if, at the end of the run, there is room for the claim where it
///   looked: nothing in these streams gives room back, so there was as much when it was refused.
///
/// The last rule can miss false refusals and never counts a right one.
public struct Verdict: Sendable, Codable, Equatable {
    /// Limits of which more is used than they allow, and grants that should have been refused.
    public var overAdmissions: Int
    /// Claims that were refused and should have been granted.
    public var falseRefusals: Int
    /// Other differences: another limit was charged than should have been, or what is used of a
    /// limit is not the sum of what was granted on it.
    public var otherDifferences: Int
    /// Whether every decision was compared with that of the plain loop.
    public var isComparedOneByOne: Bool

    /// Whether nothing is wrong.
    public var isExact: Bool { overAdmissions == 0 && falseRefusals == 0 && otherDifferences == 0 }

    /// Judges a run.
    public init(_ run: PeerRun, _ workload: PeerWorkload) {
        overAdmissions = 0
        falseRefusals = 0
        otherDifferences = 0
        guard run.outcomes.count == workload.claims.count, run.used.count == workload.allowed.count
        else {
            isComparedOneByOne = false
            otherDifferences = workload.claims.count
            return
        }
        switch run.order {
        case .stream:
            isComparedOneByOne = true
            compare(run, workload, order: workload.claims.indices)
        case .decided(let order):
            isComparedOneByOne = true
            guard Self.isPermutation(order, count: workload.claims.count) else {
                otherDifferences = workload.claims.count
                return
            }
            compare(run, workload, order: order)
        case .unknown:
            isComparedOneByOne = false
            checkEveryOrder(run, workload)
        }
        checkSums(run, workload)
    }

    private mutating func compare(
        _ run: PeerRun,
        _ workload: PeerWorkload,
        order: some Sequence<Int>
    ) {
        var loop = PlainLoop(workload)
        for position in order {
            let right = loop.decide(claimAt: position)
            let given = run.outcomes[position]
            if given == right { continue }
            if right == PeerOutcome.refused {
                overAdmissions += 1
            } else if given == PeerOutcome.refused {
                falseRefusals += 1
            } else {
                otherDifferences += 1
            }
        }
    }

    private mutating func checkEveryOrder(_ run: PeerRun, _ workload: PeerWorkload) {
        for position in workload.claims.indices {
            let isRefused = run.outcomes[position] == PeerOutcome.refused
            if let isGranted = workload.isGrantedInAnyOrder {
                if isRefused, isGranted[position] { falseRefusals += 1 }
                // Only the draining stream has claims that no order grants.
                if !isRefused, !isGranted[position] { overAdmissions += 1 }
            } else if isRefused, hasRoom(forClaimAt: position, run, workload) {
                falseRefusals += 1
            }
        }
    }

    private func hasRoom(
        forClaimAt position: Int,
        _ run: PeerRun,
        _ workload: PeerWorkload
    ) -> Bool {
        let claim = workload.claims[position]
        let route = workload.routes[Int(claim.party)]
        let holding = (0..<3).count { place in
            run.used[route[place]] + claim.amount <= workload.allowed[route[place]]
        }
        return workload.rule == .all ? holding == 3 : holding > 0
    }

    /// What is used of each limit has to be the sum of what was granted on it.
    private mutating func checkSums(_ run: PeerRun, _ workload: PeerWorkload) {
        var sums = workload.usedBefore
        for (position, claim) in workload.claims.enumerated() {
            let outcome = run.outcomes[position]
            if outcome == PeerOutcome.refused { continue }
            let route = workload.routes[Int(claim.party)]
            let place = Int(outcome)
            guard 0 <= place, place < 3 else {
                otherDifferences += 1
                continue
            }
            for charged in workload.rule == .all ? 0..<3 : place..<place + 1 {
                sums[route[charged]] += claim.amount
            }
        }
        for limit in sums.indices {
            if run.used[limit] > workload.allowed[limit] { overAdmissions += 1 }
            if run.used[limit] != sums[limit] { otherDifferences += 1 }
        }
    }

    private static func isPermutation(_ order: [Int], count: Int) -> Bool {
        var isSeen = [Bool](repeating: false, count: count)
        for position in order {
            guard isSeen.indices.contains(position), !isSeen[position] else { return false }
            isSeen[position] = true
        }
        return order.count == count
    }
}
