// SPDX-License-Identifier: Apache-2.0

/// Decides items window after window on the thread that asks.
///
/// It is what a small batch runs on, and as quick as one core can be. A window whose claims all begin
/// with a plain alternative is **prepared** and **settled**: first the question of each test is
/// written where its record will be, then each is answered in its place, without a branch that
/// depends on what is read. Everything else, and a window in which some limit did not hold, is
/// decided one by one. What a window will read is asked of the memory while earlier ones are decided.
struct SerialDecider: Sendable {
    let items: BufferView<AllocationBatch.StoredItem>
    let cells: BufferView<Int64>
    let cellCount: Int
    let words: BufferView<UInt32>
    let wordCount: Int
    let limits: BufferView<StoredLimit>
    let maximumSum: Int64
    let writer: AllocationResult.Writer
    let windowLength: Int

    /// Decides all of so many items; returns the number of their tests.
    func decide(_ itemCount: Int, _ experience: inout Experience) -> Int {
        var testCount = 0
        var start = 0
        var window = 0..<min(windowLength, itemCount)
        prefetchRoutes(window)
        prefetchRoutes(following(window, itemCount))
        var prepared = prepare(window, experience)
        while start < itemCount {
            let next = following(window, itemCount)
            prefetchRoutes(following(next, itemCount))
            let preparedNext = prepare(next, experience)
            testCount &+= settle(window, prepared, &experience)
            start = window.upperBound
            window = next
            prepared = preparedNext
        }
        return testCount
    }

    /// The window after one, which may be empty.
    @inline(__always)
    func following(_ window: Range<Int>, _ end: Int) -> Range<Int> {
        window.upperBound..<min(window.upperBound &+ windowLength, end)
    }

    /// Where the tests of a window begin.
    @inline(__always)
    func firstTest(_ window: Range<Int>) -> Int { window.lowerBound &* writer.mostTests }

    /// Settles a window that was prepared or is to be decided one by one; returns the number of tests.
    @inline(__always)
    func settle(_ window: Range<Int>, _ prepared: Int?, _ experience: inout Experience) -> Int {
        let first = firstTest(window)
        if let prepared {
            if settlePlain(first..<(first &+ prepared)) {
                experience.noteSettled()
                return prepared
            }
            undo(first..<(first &+ prepared))
            experience.noteFailed()
        } else {
            experience.noteOneByOne()
        }
        return decideOneByOne(window, from: first) &- first
    }
}
