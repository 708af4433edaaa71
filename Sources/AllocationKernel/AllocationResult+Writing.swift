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
    /// Each worker writes its own items and, from a place that it is given, its own tests.
    struct Writer: Sendable {
        let codes: BufferView<UInt8>
        let granted: BufferView<Int64>
        let testEnds: BufferView<UInt32>
        let tests: BufferView<TestedLimit>
        let touched: BufferView<Int64>
    }

    /// Empties it and makes room for so many items with at most so many tests each.
    ///
    /// Memory that is not written stays untouched, so room for the worst case costs addresses only.
    mutating func begin(itemCount: Int, mostTests: Int) -> Writer {
        precondition(
            itemCount * mostTests <= UInt32.max,
            "the tests of a batch must fit 32 bits"
        )
        touched.reserve(8)
        codes.reserve(itemCount)
        grantedAmounts.reserve(itemCount)
        testEnds.reserve(itemCount)
        allTests.reserve(itemCount * mostTests)
        codes.setCount(itemCount)
        grantedAmounts.setCount(itemCount)
        testEnds.setCount(itemCount)
        allTests.setCount(0)
        return Writer(
            codes: codes.view,
            granted: grantedAmounts.view,
            testEnds: testEnds.view,
            tests: allTests.view,
            touched: touched.view
        )
    }

    /// Says how many tests were written.
    mutating func end(testCount: Int) { allTests.setCount(testCount) }
}
