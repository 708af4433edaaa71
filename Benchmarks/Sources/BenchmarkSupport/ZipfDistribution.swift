// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Ranks of which the first are drawn most often: rank `k`, counted from 0, with a probability in
/// proportion to `1 / (k + 1)^exponent`.
///
/// Exact, by an alias table (Walker 1977, in Vose's arrangement of 1991): O(ranks) to make, O(1) and
/// two numbers of the generator a draw. Any thread may use it.
public struct ZipfDistribution: Sendable {
    /// The exponent; 0.99 is that of YCSB.
    public let exponent: Double

    private var thresholds: [Double]
    private var aliases: [UInt32]

    /// Makes a distribution over `0..<rankCount`, at least 1 and at most 2^32.
    public init(rankCount: Int, exponent: Double = 0.99) {
        precondition(rankCount > 0, "a distribution must have a rank")
        precondition(rankCount <= Int(UInt32.max), "ranks must fit 32 bits")
        self.exponent = exponent
        let weights = (1...rankCount).map { pow(Double($0), -exponent) }
        let scale = Double(rankCount) / weights.reduce(0, +)
        thresholds = weights.map { $0 * scale }
        aliases = (0..<UInt32(rankCount)).map { $0 }
        var small: [Int] = []
        var large: [Int] = []
        for rank in thresholds.indices {
            if thresholds[rank] < 1 { small.append(rank) } else { large.append(rank) }
        }
        while let poor = small.popLast(), let rich = large.popLast() {
            aliases[poor] = UInt32(rich)
            thresholds[rich] -= 1 - thresholds[poor]
            if thresholds[rich] < 1 { small.append(rich) } else { large.append(rich) }
        }
        // What is left is 1 but for rounding.
        for rank in small + large { thresholds[rank] = 1 }
    }

    /// The number of ranks.
    public var rankCount: Int { thresholds.count }

    /// Draws a rank.
    public func draw(_ generator: inout SeededGenerator) -> Int {
        let column = generator.below(thresholds.count)
        return generator.fraction() < thresholds[column] ? column : Int(aliases[column])
    }
}
