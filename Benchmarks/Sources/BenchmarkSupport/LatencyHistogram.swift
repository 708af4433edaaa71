// SPDX-License-Identifier: Apache-2.0

import Histogram

/// Latencies in nanoseconds, each within 0.1 % of what was recorded (an HdrHistogram with three
/// significant digits).
///
/// A value: one owner at a time may change it; threads keep their own and ``add(_:)`` them.
public struct LatencyHistogram: Sendable {
    private var histogram: Histogram<UInt64>

    /// Makes an empty histogram that grows with what is recorded.
    public init() {
        histogram = Histogram(numberOfSignificantValueDigits: .three)
        histogram.autoResize = true
    }

    /// The number of latencies.
    public var count: UInt64 { histogram.totalCount }

    /// Records a latency as often as `count` says.
    public mutating func record(_ nanoseconds: UInt64, count: UInt64 = 1) {
        // With automatic growth every value has a place.
        _ = histogram.record(nanoseconds, count: count)
    }

    /// Records all latencies of another histogram.
    public mutating func add(_ other: LatencyHistogram) { histogram.add(other.histogram) }

    /// The latency in nanoseconds that `percentile` of 100 do not exceed; 0 of an empty histogram.
    public func nanoseconds(atPercentile percentile: Double) -> UInt64 {
        count == 0 ? 0 : histogram.valueAtPercentile(percentile)
    }

    /// The figures that are kept and shown; `nil` of an empty histogram.
    public var summary: LatencySummary? {
        guard count > 0 else { return nil }
        return LatencySummary(
            count: count,
            meanNanoseconds: histogram.mean,
            maximumNanoseconds: histogram.max,
            points: LatencySummary.percentiles.map {
                LatencyPoint(percentile: $0, nanoseconds: histogram.valueAtPercentile($0))
            }
        )
    }
}

/// A percentile and the latency that it names.
public struct LatencyPoint: Codable, Hashable, Sendable {
    /// Of 100.
    public var percentile: Double
    /// The latency that so many do not exceed, in nanoseconds.
    public var nanoseconds: UInt64

    /// Makes a point.
    public init(percentile: Double, nanoseconds: UInt64) {
        self.percentile = percentile
        self.nanoseconds = nanoseconds
    }
}

/// What is kept of a histogram of latencies.
public struct LatencySummary: Codable, Hashable, Sendable {
    /// The percentiles that are kept, ascending.
    public static let percentiles: [Double] = [50, 75, 90, 95, 99, 99.9, 99.99, 99.999]

    /// The number of latencies.
    public var count: UInt64
    /// Their mean.
    public var meanNanoseconds: Double
    /// The longest.
    public var maximumNanoseconds: UInt64
    /// One point for each of ``percentiles``.
    public var points: [LatencyPoint]

    /// Makes a summary.
    public init(
        count: UInt64,
        meanNanoseconds: Double,
        maximumNanoseconds: UInt64,
        points: [LatencyPoint]
    ) {
        self.count = count
        self.meanNanoseconds = meanNanoseconds
        self.maximumNanoseconds = maximumNanoseconds
        self.points = points
    }

    /// The latency at one of the percentiles that are kept, else `nil`.
    public func nanoseconds(atPercentile percentile: Double) -> UInt64? {
        points.first { $0.percentile == percentile }?.nanoseconds
    }
}
