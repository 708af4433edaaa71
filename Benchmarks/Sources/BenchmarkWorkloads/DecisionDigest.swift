// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// A number over a stream of answers: equal for equal answers, whoever gave them and however they
/// were cut into batches.
///
/// It resists accidents, not adversaries. 64 bits of state, O(1) for each thing added.
public struct DecisionDigest: Hashable, Sendable {
    private var state: UInt64 = 0

    /// The digest of no answers.
    public init() {}

    /// The digest in 16 hexadecimal digits.
    public var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Adds a word.
    public mutating func add(_ word: UInt64) {
        state = SeededGenerator.mixed((state ^ word) &+ 0x9e37_79b9_7f4a_7c15)
    }

    /// Adds the outcome of an item, and what it was granted.
    ///
    /// `code` is the alternative taken, or 255 refused, 254 overflow, 253 adjusted.
    public mutating func addOutcome(code: UInt8, granted: Int64) {
        add(UInt64(code))
        add(UInt64(bitPattern: granted))
    }

    /// Adds the record of a test.
    public mutating func addTest(
        limit: UInt32,
        alternative: UInt32,
        used: Int64,
        allowed: Int64,
        base: Int64
    ) {
        add(UInt64(limit) << 32 | UInt64(alternative))
        add(UInt64(bitPattern: used))
        add(UInt64(bitPattern: allowed))
        add(UInt64(bitPattern: base))
    }

    /// Adds an answer of the oracle.
    public mutating func add(_ answer: PlainAnswer) {
        for test in answer.tests {
            addTest(
                limit: UInt32(test.limit),
                alternative: UInt32(test.alternative),
                used: test.used,
                allowed: test.allowed,
                base: test.base
            )
        }
        addOutcome(code: answer.outcome.code, granted: answer.granted)
    }
}

extension PlainOutcome {
    /// The code of an outcome in a digest.
    public var code: UInt8 {
        switch self {
        case .taken(let alternative): UInt8(alternative)
        case .refused: 255
        case .overflow: 254
        case .adjusted: 253
        }
    }

    /// The outcome of a code.
    public init(code: UInt8) {
        switch code {
        case 255: self = .refused
        case 254: self = .overflow
        case 253: self = .adjusted
        default: self = .taken(Int(code))
        }
    }
}
