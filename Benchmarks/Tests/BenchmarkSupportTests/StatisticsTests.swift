// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Testing

@Suite struct StatisticsTests {
    @Test func aSampleHasItsKnownFigures() {
        // Worked out by hand: mean 5, squares of differences 32 over 7.
        let sample = Sample([2, 4, 4, 4, 5, 5, 7, 9])
        #expect(sample.mean == 5)
        #expect(sample.median == 4.5)
        #expect(abs(sample.standardDeviation - (32.0 / 7).squareRoot()) < 1e-12)
        #expect(abs(sample.coefficientOfVariation - (32.0 / 7).squareRoot() / 5) < 1e-12)
        #expect(sample.least == 2)
        #expect(sample.greatest == 9)
    }

    @Test func oneFigureHasNoSpread() {
        let sample = Sample([3])
        #expect(sample.median == 3)
        #expect(sample.coefficientOfVariation == 0)
    }

    @Test func theGeneratorGivesThePublishedNumbers() {
        // The first numbers of SplitMix64 from the seed 1234567 (Rosetta Code, "SplitMix64").
        var generator = SeededGenerator(seed: 1_234_567)
        #expect(generator.next() == 6_457_827_717_110_365_317)
        #expect(generator.next() == 3_203_168_211_198_807_973)
        #expect(generator.next() == 9_817_491_932_198_370_423)
    }

    @Test func aHistogramKeepsThreeDigits() throws {
        var histogram = LatencyHistogram()
        for nanoseconds in 1...100_000 as ClosedRange<UInt64> { histogram.record(nanoseconds) }
        let summary = try #require(histogram.summary)
        #expect(summary.count == 100_000)
        for (percentile, expected) in [(50.0, 50_000.0), (99, 99_000), (99.9, 99_900)] {
            let found = try #require(summary.nanoseconds(atPercentile: percentile))
            #expect(abs(Double(found) - expected) / expected < 0.002)
        }
        #expect(abs(summary.meanNanoseconds - 50_000.5) / 50_000.5 < 0.002)
    }

    @Test(arguments: [0.5, 0.99, 1.2])
    func zipfDrawsEachRankAsOftenAsItShould(exponent: Double) {
        let ranks = ZipfDistribution(rankCount: 100, exponent: exponent)
        var generator = SeededGenerator(seed: 7)
        let drawCount = 400_000
        var counts = [Int](repeating: 0, count: 100)
        for _ in 0..<drawCount { counts[ranks.draw(&generator)] += 1 }
        var weights: [Double] = []
        for rank in 1...100 { weights.append(power(Double(rank), -exponent)) }
        let total = weights.reduce(0, +)
        // Pearson's statistic has 99 degrees of freedom: mean 99, standard deviation 14.
        var statistic = 0.0
        for (count, weight) in zip(counts, weights) {
            let expected = Double(drawCount) * weight / total
            statistic += (Double(count) - expected) * (Double(count) - expected) / expected
        }
        #expect(statistic < 99 + 5 * 14)
    }

    /// `base` to an exponent by the series of the exponential: independent of the library's.
    private func power(_ base: Double, _ exponent: Double) -> Double {
        var logarithm = 0.0
        let ratio = (base - 1) / (base + 1)
        var term = ratio
        for place in stride(from: 1, to: 4_001, by: 2) {
            logarithm += 2 * term / Double(place)
            term *= ratio * ratio
        }
        let argument = logarithm * exponent
        var sum = 1.0
        var factor = 1.0
        for place in 1...200 {
            factor *= argument / Double(place)
            sum += factor
        }
        return sum
    }
}
