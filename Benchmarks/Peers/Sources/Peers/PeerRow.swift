// SPDX-License-Identifier: Apache-2.0

/// A row of the comparison: one peer with one set of settings on one stream, over several runs.
public struct PeerRow: Sendable, Codable {
    /// What the peer is.
    public var peer: String
    /// What is safe when a caller is told.
    public var durability: Durability
    /// Threads, tasks or connections that ask at once.
    public var clients: Int
    /// Claims in one call, transaction or pipeline.
    public var batch: Int
    /// Settings that the columns do not show.
    public var settings: String
    /// The stream.
    public var workload: String
    /// How claims use their limits.
    public var rule: PeerRule
    /// How many claims a run decides.
    public var claims: Int
    /// The wall time of each run.
    public var wallSeconds: [Double] = []
    /// The CPU time of this process in each run.
    public var clientSeconds: [Double] = []
    /// The CPU time of the server in each run; empty without a server.
    public var serverSeconds: [Double] = []
    /// The median and the 99th percentile of single calls over all runs, in microseconds.
    public var callMicroseconds: Percentiles?
    /// Bytes that the peer's own log grew by for each claim.
    public var bytesPerClaim: Double?
    /// What is wrong with the decisions, over all runs; `nil` of a row that decides nothing.
    public var verdict: Verdict?
    /// Why there are no figures.
    public var failure: String?

    /// Two percentiles.
    public struct Percentiles: Sendable, Codable {
        /// Half of all calls took at most this.
        public var median: Double
        /// All but one in a hundred took at most this.
        public var ninetyNinth: Double
    }

    /// Decisions a second in the median run.
    public var decisionsPerSecond: Double? {
        wallSeconds.isEmpty ? nil : Double(claims) / Figures.median(wallSeconds)
    }

    /// The CPU seconds of client and server for a million decisions, in the median run.
    public var cpuSecondsPerMillion: (client: Double, server: Double?)? {
        guard !clientSeconds.isEmpty else { return nil }
        let scale = 1_000_000 / Double(max(1, claims))
        return (
            Figures.median(clientSeconds) * scale,
            serverSeconds.isEmpty ? nil : Figures.median(serverSeconds) * scale
        )
    }

    /// Whether the batches are single claims.
    var isSingle: Bool { batch == 1 }
}

/// Statistics of a few numbers.
enum Figures {
    /// The middle of the numbers, of an even count the mean of the two.
    static func median(_ values: [Double]) -> Double {
        precondition(!values.isEmpty, "a median needs a value")
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The standard deviation over the mean; 0 of fewer than two numbers.
    static func coefficientOfVariation(_ values: [Double]) -> Double {
        guard values.count > 1 else { return 0 }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot() / mean
    }

    /// The median and the 99th percentile (nearest rank) of nanoseconds, in microseconds.
    static func percentiles(_ nanoseconds: [UInt64]) -> PeerRow.Percentiles? {
        guard !nanoseconds.isEmpty else { return nil }
        let sorted = nanoseconds.sorted()
        func rank(_ share: Double) -> Double {
            let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
            return Double(sorted[max(0, place)]) / 1_000
        }
        return PeerRow.Percentiles(median: rank(0.5), ninetyNinth: rank(0.99))
    }
}
