// SPDX-License-Identifier: Apache-2.0

extension AllocationResult {
    /// An outcome in a byte; what is none of these is the alternative taken.
    enum Code {
        static var refused: UInt8 { .max }
        static var overflow: UInt8 { .max - 1 }
        static var adjusted: UInt8 { .max - 2 }
    }

    /// Where a decider writes what comes of the items.
    ///
    /// Each window of items has places of its own for its tests, so a window can be written before it
    /// is known what those before it tested.
    struct Writer: Sendable {
        let codes: BufferView<UInt8>
        let granted: BufferView<Int64>
        let testEnds: BufferView<UInt32>
        let tests: BufferView<TestedLimit>
        /// The most tests of an item.
        let mostTests: Int
    }

    /// The items of a window, a power of two.
    static var usualWindowLength: Int { 64 }
    /// So many tests are written at once for an item that is prepared, also if it has fewer.
    static var testsAtOnce: Int { 3 }

    /// Empties it and makes room for so many items with at most so many tests each.
    ///
    /// Memory that is not written stays untouched, so room for the worst case costs addresses only.
    mutating func begin(itemCount: Int, mostTests: Int, windowLength: Int) -> Writer {
        // What is written at once never reaches into the places of the next window.
        let mostTests = max(mostTests, Self.testsAtOnce)
        precondition(
            itemCount * mostTests <= UInt32.max,
            "the tests of a batch must fit 32 bits"
        )
        codes.reserve(itemCount)
        grantedAmounts.reserve(itemCount)
        testEnds.reserve(itemCount)
        allTests.reserve(itemCount * mostTests)
        codes.setCount(itemCount)
        grantedAmounts.setCount(itemCount)
        testEnds.setCount(itemCount)
        allTests.setCount(itemCount * mostTests)
        self.mostTests = mostTests
        windowMask = windowLength - 1
        testCount = 0
        return Writer(
            codes: codes.view,
            granted: grantedAmounts.view,
            testEnds: testEnds.view,
            tests: allTests.view,
            mostTests: mostTests
        )
    }

    /// Says how many tests were written.
    mutating func end(testCount: Int) { self.testCount = testCount }
}
