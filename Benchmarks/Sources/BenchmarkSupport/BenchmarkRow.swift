// SPDX-License-Identifier: Apache-2.0

/// One line of a report: one thing, measured several times.
public struct BenchmarkRow: Codable, Hashable, Sendable {
    /// What a row is for.
    public enum Kind: String, Codable, Sendable {
        /// Work one after the other, as fast as it goes.
        case closedLoop
        /// Callers on a schedule of their own.
        case openLoop
        /// A limit to hold the others against: what the machine does with the same bytes.
        case yardstick
    }

    /// Unique in its report, dotted, without blanks: what ``Comparison`` finds a row by.
    public var name: String
    /// Closed loop, open loop or yardstick.
    public var kind: Kind
    /// The workload, such as `K1`.
    public var workload: String
    /// What else tells the row from others: workers, batch size, rate and the like.
    public var parameters: [String: String]
    /// The seed of the workload.
    public var seed: UInt64
    /// How many items a run has.
    public var itemCount: Int
    /// What an item is, in the plural: `decisions`.
    public var unit: String
    /// The runs that count, in their order.
    public let runs: [RunMeasurement]
    /// What the runs say together.
    public let summary: RowSummary
    /// A number that two rows share if they gave the same answers, in hexadecimal digits.
    public var digest: String?
    /// What was found wrong with the answers; `nil` where they were not compared.
    public var correctness: Correctness?
    /// The latencies of all runs together.
    public var latency: LatencySummary?
    /// The mean size of what is kept of an item.
    public var bytesPerItem: Double?
    /// Figures of this row over those of another, by a word for the other: the throughput over that
    /// of a yardstick unless the word says something else.
    public var ratios: [String: Double]

    /// Makes a row of at least one run; its summary is computed.
    public init(
        name: String,
        kind: Kind = .closedLoop,
        workload: String,
        parameters: [String: String] = [:],
        seed: UInt64,
        itemCount: Int,
        unit: String,
        runs: [RunMeasurement],
        digest: String? = nil,
        correctness: Correctness? = nil,
        latency: LatencySummary? = nil,
        bytesPerItem: Double? = nil,
        ratios: [String: Double] = [:]
    ) {
        self.name = name
        self.kind = kind
        self.workload = workload
        self.parameters = parameters
        self.seed = seed
        self.itemCount = itemCount
        self.unit = unit
        self.runs = runs
        summary = RowSummary(itemCount: itemCount, runs: runs)
        self.digest = digest
        self.correctness = correctness
        self.latency = latency
        self.bytesPerItem = bytesPerItem
        self.ratios = ratios
    }

    /// Sets the ratio of this row's throughput to another's, which has to be of the same items.
    ///
    /// The same is set by CPU time, which a machine that is not quiet disturbs less.
    public mutating func setRatio(to other: BenchmarkRow, as word: String) {
        guard other.summary.itemsPerSecond > 0 else { return }
        ratios[word] = summary.itemsPerSecond / other.summary.itemsPerSecond
        guard summary.cpuSecondsPerMillion > 0 else { return }
        ratios["\(word) by CPU time"] =
            other.summary.cpuSecondsPerMillion / summary.cpuSecondsPerMillion
    }
}

/// What the runs of a row say together.
public struct RowSummary: Codable, Hashable, Sendable {
    /// The wall time in the middle.
    public var medianWallSeconds: Double
    /// Items over that time: the figure to quote.
    public var itemsPerSecond: Double
    /// The standard deviation of the wall times over their mean.
    public var coefficientOfVariation: Double
    /// Time on a core, of all threads, for a million items; the median of the runs.
    public var cpuSecondsPerMillion: Double
    /// Time on a core over wall time: how many cores were busy on average; the median of the runs.
    public var coresBusy: Double
    /// The least share of a run in which two threads were on cores at once; the median of the runs.
    public var provenOverlap: Double
    /// The most memory in use up to the last run's end.
    public var peakMemoryBytes: Int64

    /// Computes the summary of at least one run.
    public init(itemCount: Int, runs: [RunMeasurement]) {
        let walls = Sample(runs.map(\.wallSeconds))
        medianWallSeconds = walls.median
        itemsPerSecond = walls.median > 0 ? Double(itemCount) / walls.median : 0
        coefficientOfVariation = walls.coefficientOfVariation
        let cpu = Sample(runs.map(\.cpuSeconds)).median
        cpuSecondsPerMillion = cpu / Double(max(1, itemCount)) * 1_000_000
        coresBusy =
            Sample(
                runs.map { $0.wallSeconds > 0 ? $0.cpuSeconds / $0.wallSeconds : 0 }
            ).median
        provenOverlap = Sample(runs.map(\.provenOverlap)).median
        peakMemoryBytes = runs.map(\.peakMemoryBytes).max() ?? 0
    }
}

/// How answers differ from those of an evaluator that takes one item at a time.
public struct Correctness: Codable, Hashable, Sendable {
    /// How many answers were compared.
    public var comparedCount: Int
    /// Granted although it should have been refused.
    public var overAdmissionCount: Int
    /// Refused although it should have been granted.
    public var falseRefusalCount: Int
    /// Any other difference: the alternative, the amount granted, a limit's record, what was used
    /// in the end.
    public var otherDifferenceCount: Int

    /// Makes a count of differences.
    public init(
        comparedCount: Int = 0,
        overAdmissionCount: Int = 0,
        falseRefusalCount: Int = 0,
        otherDifferenceCount: Int = 0
    ) {
        self.comparedCount = comparedCount
        self.overAdmissionCount = overAdmissionCount
        self.falseRefusalCount = falseRefusalCount
        self.otherDifferenceCount = otherDifferenceCount
    }

    /// Whether nothing differs.
    public var isExact: Bool {
        overAdmissionCount == 0 && falseRefusalCount == 0 && otherDifferenceCount == 0
    }
}
