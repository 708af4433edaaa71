// SPDX-License-Identifier: Apache-2.0

import Foundation

/// When the callers of an open loop come, whether or not those before them were answered.
public enum ArrivalSchedule: Hashable, Sendable {
    /// One after the other at one distance.
    case fixed(perSecond: Double)
    /// Independent of one another (exponential distances), as a seed says.
    case poisson(perSecond: Double, seed: UInt64)

    /// How many come in a second, on average.
    public var perSecond: Double {
        switch self {
        case .fixed(let perSecond), .poisson(let perSecond, _): perSecond
        }
    }

    /// The word for it in options and reports.
    public var name: String {
        switch self {
        case .fixed: "fixed"
        case .poisson: "poisson"
        }
    }

    /// The intended starts of `count` callers in nanoseconds from the beginning, ascending.
    public func intendedStarts(count: Int) -> [UInt64] {
        precondition(perSecond > 0, "a rate must be positive")
        let nanoseconds = 1_000_000_000 / perSecond
        switch self {
        case .fixed:
            // Multiplied, not added up: rounding does not accumulate.
            return (0..<count).map { UInt64(Double($0) * nanoseconds) }
        case .poisson(_, let seed):
            var generator = SeededGenerator(seed: seed)
            var moment = 0.0
            return (0..<count).map { _ in
                // 1 - fraction lies in (0, 1]: the logarithm is finite.
                moment -= log(1 - generator.fraction()) * nanoseconds
                return UInt64(moment)
            }
        }
    }
}
