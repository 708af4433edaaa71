// SPDX-License-Identifier: Apache-2.0

/// Runs peers side by side on one stream.
///
/// After a warm-up of each, the peers take turns run by run, so that what disturbs the machine for a
/// while disturbs them all.
public struct PeerComparison: Sendable {
    /// Something to run, with the number of claims that fits it.
    public struct Entrant: Sendable {
        let peer: any Peer
        /// What the peer is.
        public var name: String { peer.name }
        /// How many claims are in a call, transaction or pipeline.
        public var batchCount: Int { peer.batchCount }
        let claimCount: Int

        /// Makes an entrant.
        public init(_ peer: any Peer, claimCount: Int) {
            self.peer = peer
            self.claimCount = claimCount
        }
    }

    /// The stream.
    public var workload: WorkloadName
    /// How claims use their limits.
    public var rule: PeerRule
    /// Parties, countries and seed; each entrant has its own number of claims.
    public var shape: WorkloadShape
    /// How many runs are measured.
    public var runCount: Int
    /// Whether each peer runs once before, without being measured.
    public var hasWarmUp: Bool
    /// Is told what is being done.
    public var progress: @Sendable (String) -> Void

    /// Makes a comparison.
    public init(
        workload: WorkloadName,
        rule: PeerRule,
        shape: WorkloadShape,
        runCount: Int,
        hasWarmUp: Bool,
        progress: @escaping @Sendable (String) -> Void
    ) {
        self.workload = workload
        self.rule = rule
        self.shape = shape
        self.runCount = runCount
        self.hasWarmUp = hasWarmUp
        self.progress = progress
    }

    /// Runs all entrants; one that fails has a row that says why.
    public func run(_ entrants: [Entrant]) -> [PeerRow] {
        var rows = entrants.map { emptyRow($0) }
        var calls = [[UInt64]](repeating: [], count: entrants.count)
        var streams: [Int: PeerWorkload] = [:]
        for round in (hasWarmUp ? 0 : 1)...runCount {
            for (place, entrant) in entrants.enumerated() where rows[place].failure == nil {
                let stage = round == 0 ? "warm-up" : "run \(round) of \(runCount)"
                progress(
                    "\(workload.rawValue) \(rule.rawValue), \(stage): \(rows[place].peer), "
                        + "\(rows[place].durability.rawValue), \(rows[place].clients) clients, "
                        + "batch \(rows[place].batch)"
                )
                let stream = streams[entrant.claimCount] ?? makeStream(entrant.claimCount)
                streams[entrant.claimCount] = stream
                do throws(PeerError) {
                    let run = try entrant.peer.run(stream)
                    rows[place].add(run, Verdict(run, stream), isMeasured: round > 0)
                    if round > 0 { calls[place] += run.callNanoseconds ?? [] }
                } catch {
                    rows[place].failure = error.description
                }
            }
        }
        for place in rows.indices {
            rows[place].callMicroseconds = Figures.percentiles(calls[place])
        }
        return rows
    }

    private func makeStream(_ claimCount: Int) -> PeerWorkload {
        var shape = shape
        shape.claimCount = claimCount
        return workload.workload(shape, rule: rule)
    }

    private func emptyRow(_ entrant: Entrant) -> PeerRow {
        PeerRow(
            peer: entrant.peer.name,
            durability: entrant.peer.durability,
            clients: entrant.peer.clientCount,
            batch: entrant.peer.batchCount,
            settings: entrant.peer.settings,
            workload: workload.rawValue,
            rule: rule,
            claims: entrant.claimCount
        )
    }
}

extension PeerRow {
    /// Adds a run; what is wrong counts in a warm-up too.
    mutating func add(_ run: PeerRun, _ verdict: Verdict, isMeasured: Bool) {
        self.verdict = self.verdict.map { $0.adding(verdict) } ?? verdict
        guard isMeasured else { return }
        wallSeconds.append(run.wallSeconds)
        clientSeconds.append(run.clientSeconds)
        if let seconds = run.serverSeconds { serverSeconds.append(seconds) }
        bytesPerClaim = run.bytesPerClaim
    }
}

extension Verdict {
    /// What is wrong in two runs together.
    func adding(_ other: Verdict) -> Verdict {
        var sum = self
        sum.overAdmissions += other.overAdmissions
        sum.falseRefusals += other.falseRefusals
        sum.otherDifferences += other.otherDifferences
        sum.isComparedOneByOne = isComparedOneByOne && other.isComparedOneByOne
        return sum
    }
}
