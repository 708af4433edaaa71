// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// Headroom's kernel: batches decided exactly, each decision with the limits it tested.
///
/// Filling the batch and reading every outcome are in the time.
public struct KernelPeer: Peer {
    /// What it is.
    public var name: String { team == nil ? "Headroom kernel" : "Headroom kernel, team" }
    /// In memory.
    public let durability = Durability.none
    /// The threads that decide.
    public var clientCount: Int { team?.workerCount ?? 1 }
    /// How many claims are in a batch.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings = "records what was used and allowed of each limit tested"

    private let team: WorkerTeam?

    /// Makes a peer with so many claims in a batch, decided by so many threads.
    public init(batchCount: Int, workerCount: Int = 1) {
        self.batchCount = batchCount
        team = workerCount > 1 ? WorkerTeam(workerCount: workerCount) : nil
    }

    /// Decides all claims, batch after batch.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        var table = AllocationTable()
        let (cells, routes) = Self.build(workload, in: &table)
        var batch = AllocationBatch()
        batch.reserveCapacity(batchCount)
        var result = AllocationResult()
        var outcomes: [Int8] = []
        outcomes.reserveCapacity(workload.claims.count)
        let stopwatch = Stopwatch()
        var start = 0
        while start < workload.claims.count {
            let end = min(start + batchCount, workload.claims.count)
            batch.removeAll(keepingCapacity: true)
            for position in start..<end {
                let claim = workload.claims[position]
                batch.append(.claim(route: routes[Int(claim.party)], amount: claim.amount))
            }
            if let team {
                table.decide(batch, into: &result, with: team)
            } else {
                table.decide(batch, into: &result)
            }
            for position in 0..<result.count {
                if case .taken(let alternative) = result.outcome(at: position) {
                    outcomes.append(Int8(truncatingIfNeeded: alternative))
                } else {
                    outcomes.append(PeerOutcome.refused)
                }
            }
            start = end
        }
        let time = stopwatch.read()
        return PeerRun(
            outcomes: outcomes,
            order: .stream,
            used: cells.map { table.value(of: $0) },
            time: time
        )
    }

    /// Fills a table with a workload's limits, and a route for each party in the order of the
    /// parties' numbers; returns the cells of what is used of each limit, and the routes.
    static func build(
        _ workload: PeerWorkload,
        in table: inout AllocationTable
    ) -> (cells: [CellIndex], routes: [RouteIndex]) {
        var routes: [RouteIndex] = []
        var cells: [CellIndex] = []
        var limits: [LimitIndex] = []
        for (usedBefore, allowed) in zip(workload.usedBefore, workload.allowed) {
            let used = table.addCell(usedBefore)
            cells.append(used)
            limits.append(table.addLimit(.amount(used: used, allowed: table.addCell(allowed))))
        }
        for route in workload.routes {
            let places = [Int(route.party), Int(route.group), Int(route.country)]
            switch workload.rule {
            case .all:
                routes.append(
                    table.addRoute([
                        AllocationTable.Alternative(
                            limits: places.map { limits[$0] },
                            charges: places.map { cells[$0] }
                        )
                    ])
                )
            case .first:
                routes.append(
                    table.addRoute(
                        places.map { place in
                            AllocationTable.Alternative(
                                limits: [limits[place]],
                                charges: [cells[place]]
                            )
                        }
                    )
                )
            }
        }
        return (cells, routes)
    }
}
