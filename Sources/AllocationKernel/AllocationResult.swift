// SPDX-License-Identifier: Apache-2.0

/// What came of one item of a batch.
public enum AllocationOutcome: Hashable, Sendable {
    /// The claim took this alternative of its route, counted from 0, and charged its cells.
    case taken(alternative: Int)
    /// No alternative of the route was open to the claim and held.
    ///
    /// The claim left no trace in any cell.
    case refused
    /// The first alternative that held would have brought a cell above the table's maximum sum.
    ///
    /// The claim left no trace in any cell. Its tests end with those of that alternative.
    case overflow
    /// The adjustment was made.
    case adjusted
}

/// A limit that a claim tested, as it stood just before.
public struct TestedLimit: Hashable, BitwiseCopyable, Sendable {
    /// Which limit.
    public let limit: LimitIndex
    /// The alternative that tested it, counted from 0 within the claim's route.
    public let alternative: UInt32
    /// What was used of it.
    public internal(set) var used: Int64
    /// How much it allowed, never negative.
    ///
    /// Of a share: the whole part of the numerator times the base over the denominator, shown as
    /// `Int64.max` if it is more.
    public internal(set) var allowed: Int64
    /// What the base held; 0 of a limit that is no share.
    public let base: Int64

    /// Makes a record of a test.
    public init(limit: LimitIndex, alternative: UInt32, used: Int64, allowed: Int64, base: Int64) {
        self.limit = limit
        self.alternative = alternative
        self.used = used
        self.allowed = allowed
        self.base = base
    }
}

/// What came of a batch: an outcome for each item and, for each claim, the limits it tested.
///
/// A buffer that its owner hands to ``AllocationTable/decide(_:into:)`` again and again: each call
/// replaces what it held, and allocates only when it outgrows all earlier ones.
///
/// One owner at a time may change a result; it can be handed from thread to thread.
public struct AllocationResult: ~Copyable, Sendable {
    var codes = AlignedBuffer<UInt8>()
    /// What each item was granted.
    var grantedAmounts = AlignedBuffer<Int64>()
    /// Where the tests of each item end, which is where those of the next begin.
    var testEnds = AlignedBuffer<UInt32>()
    var allTests = AlignedBuffer<TestedLimit>()
    /// The most tests of an item, and the items of a window less one: the tests of each window begin
    /// where those of as many items with the most tests would.
    var mostTests = 0
    var windowMask = usualWindowLength - 1
    /// The number of tests of all items together.
    public internal(set) var testCount = 0

    /// Makes an empty result.
    public init() {}

    /// The number of items.
    public var count: Int { codes.count }

    /// What came of the item at a position of the batch.
    public func outcome(at position: Int) -> AllocationOutcome {
        switch codes[position] {
        case Code.refused: .refused
        case Code.overflow: .overflow
        case Code.adjusted: .adjusted
        case let alternative: .taken(alternative: Int(alternative))
        }
    }

    /// What the claim at a position of the batch was granted: what it asked or, if it asked for
    /// "up to", perhaps less; 0 when it took nothing, and of an adjustment.
    public func granted(at position: Int) -> Int64 { grantedAmounts[position] }

    /// The limits that the claim at a position of the batch tested, in order; none of an
    /// adjustment.
    ///
    /// These are all limits of every alternative it reached; of a plain claim the taken one is the
    /// last. An alternative that is closed to so large a claim is not reached. They are copied;
    /// ``testRange(at:)`` and ``test(at:)`` copy nothing.
    public func tests(at position: Int) -> [TestedLimit] {
        testRange(at: position).map { allTests[$0] }
    }

    /// Where the tests of an item lie among those of all items, for use with ``test(at:)``.
    ///
    /// Those of one item follow those of the item before, but now and then places are left out: no
    /// place outside of these ranges holds a test.
    public func testRange(at position: Int) -> Range<Int> {
        let end = Int(testEnds[position])
        let start =
            position & windowMask == 0 ? position * mostTests : Int(testEnds[position - 1])
        return start..<end
    }

    /// A test by its place, one of a ``testRange(at:)``.
    public func test(at place: Int) -> TestedLimit { allTests[place] }
}
