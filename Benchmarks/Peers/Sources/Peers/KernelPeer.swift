// SPDX-License-Identifier: Apache-2.0

import AllocationKernel

/// Headroom's kernel: batches decided exactly, each decision with the limits it tested.
///
/// Filling the batch and reading every outcome are in the time.
public struct KernelPeer: Peer {
    /// What it is.
    public let name = "Headroom kernel"
    /// In memory.
    public let durability = Durability.none
    /// The threads that decide.
    public let clientCount = 1
    /// How many claims are in a batch.
    public let batchCount: Int
    /// What the columns do not show.
    public let settings = "records what was used and allowed of each limit tested"

    /// Makes a peer with so many claims in a batch.
    public init(batchCount: Int) { self.batchCount = batchCount }

    /// Decides all claims, batch after batch.
    public func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
        var table = AllocationTable()
        let cells = Self.build(workload, in: &table)
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
                batch.append(
                    .claim(
                        route: RouteIndex(rawValue: UInt32(truncatingIfNeeded: claim.party)),
                        amount: claim.amount
                    )
                )
            }
            table.decide(batch, into: &result)
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

    /// Fills a table with a workload's limits, and a route for each party under the party's number;
    /// returns the cells of what is used of each limit.
    static func build(
        _ workload: PeerWorkload,
        in table: inout AllocationTable
    ) -> [CellIndex] {
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
                _ = table.addRoute([
                    AllocationTable.Alternative(
                        limits: places.map { limits[$0] },
                        charges: places.map { cells[$0] }
                    )
                ])
            case .first:
                _ = table.addRoute(
                    places.map { place in
                        AllocationTable.Alternative(
                            limits: [limits[place]],
                            charges: [cells[place]]
                        )
                    }
                )
            }
        }
        return cells
    }
}
