// SPDX-License-Identifier: Apache-2.0

/// Figures of repeated runs, and what they say together.
public struct Sample: Hashable, Sendable {
    /// The figures, in ascending order.
    public let sorted: [Double]

    /// Makes a sample of at least one figure.
    public init(_ values: [Double]) {
        precondition(!values.isEmpty, "a sample must have a value")
        sorted = values.sorted()
    }

    /// The number of figures.
    public var count: Int { sorted.count }

    /// The least figure.
    public var least: Double { sorted[0] }

    /// The greatest figure.
    public var greatest: Double { sorted[sorted.count - 1] }

    /// The arithmetic mean.
    public var mean: Double { sorted.reduce(0, +) / Double(count) }

    /// The middle figure, or the mean of the two in the middle.
    public var median: Double {
        let middle = count / 2
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// The standard deviation as estimated from a sample (division by `count - 1`); 0 of one figure.
    public var standardDeviation: Double {
        guard count > 1 else { return 0 }
        let mean = mean
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(count - 1)).squareRoot()
    }

    /// The standard deviation over the mean; 0 if the mean is 0.
    public var coefficientOfVariation: Double { mean == 0 ? 0 : standardDeviation / mean }
}
