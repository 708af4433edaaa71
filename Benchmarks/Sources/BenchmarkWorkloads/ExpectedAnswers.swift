// SPDX-License-Identifier: Apache-2.0

public import BenchmarkSupport

/// What the oracle answers to a whole stream, kept small enough for millions of items.
public struct ExpectedAnswers: Sendable {
    /// The outcome of each item, as a code of ``DecisionDigest``.
    public private(set) var codes: [UInt8] = []
    /// What each item was granted.
    public private(set) var granted: [Int64] = []
    /// The digest over outcomes, grants and tests.
    public private(set) var digest = DecisionDigest()
    /// What each cell holds after the last item.
    public private(set) var cells: [Int64]
    /// How many limits all items together tested.
    public private(set) var testCount = 0
    /// How many claims were granted.
    public private(set) var grantCount = 0
    /// How many claims were refused.
    public private(set) var refusalCount = 0

    /// Has the oracle answer a workload.
    ///
    /// Takes about a microsecond an item.
    public init(_ workload: KernelWorkload) {
        var evaluator = PlainEvaluator(workload.model)
        codes.reserveCapacity(workload.items.count)
        granted.reserveCapacity(workload.items.count)
        for item in workload.items {
            let answer = evaluator.answer(item)
            codes.append(answer.outcome.code)
            granted.append(answer.granted)
            digest.add(answer)
            testCount += answer.tests.count
            switch answer.outcome {
            case .taken: grantCount += 1
            case .refused, .overflow: refusalCount += 1
            case .adjusted: break
            }
        }
        cells = evaluator.cells
    }

    /// The number of items.
    public var count: Int { codes.count }

    /// Whether the item at a position was granted something.
    public func isGrant(at position: Int) -> Bool { PlainOutcome(code: codes[position]).isGrant }

    /// Counts an answer that somebody gave to the item at a position, and how it differs.
    public func compare(
        code: UInt8,
        granted amount: Int64,
        at position: Int,
        into correctness: inout Correctness
    ) {
        correctness.comparedCount += 1
        guard code != codes[position] || amount != granted[position] else { return }
        let isGrant = PlainOutcome(code: code).isGrant
        switch (isGrant, self.isGrant(at: position)) {
        case (true, false): correctness.overAdmissionCount += 1
        case (false, true): correctness.falseRefusalCount += 1
        default:
            if amount > granted[position] {
                correctness.overAdmissionCount += 1
            } else if amount < granted[position] {
                correctness.falseRefusalCount += 1
            } else {
                correctness.otherDifferenceCount += 1
            }
        }
    }

    /// Counts an answer of those who only say whether they granted all that was asked.
    public func compare(
        isGrant: Bool,
        at position: Int,
        into correctness: inout Correctness
    ) {
        correctness.comparedCount += 1
        switch (isGrant, self.isGrant(at: position)) {
        case (true, false): correctness.overAdmissionCount += 1
        case (false, true): correctness.falseRefusalCount += 1
        default: break
        }
    }
}
