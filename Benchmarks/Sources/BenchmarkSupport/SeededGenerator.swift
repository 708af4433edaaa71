// SPDX-License-Identifier: Apache-2.0

/// A generator of 64-bit numbers from a seed: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
///
/// The same seed gives the same numbers on every machine. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins the sequence of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next number of the sequence.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mixed(state)
    }

    /// The next number in `0..<bound`, which must be positive.
    ///
    /// By multiplication (Lemire, 2019) without its rejection step: the bias is below
    /// `bound / 2^64`, and the number drawn is always one, so that streams stay in step.
    public mutating func below(_ bound: Int) -> Int {
        precondition(bound > 0, "a bound must be positive")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The next number in `range`, which must not be empty.
    public mutating func amount(in range: ClosedRange<Int64>) -> Int64 {
        let width = range.upperBound - range.lowerBound + 1
        return range.lowerBound + Int64(next().multipliedFullWidth(by: UInt64(width)).high)
    }

    /// The next number in `0..<1`, in steps of 2^-53.
    public mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The finalizer of SplitMix64: a one-to-one map that mixes all bits.
    public static func mixed(_ word: UInt64) -> UInt64 {
        var mixed = word
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
