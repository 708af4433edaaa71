// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Decides a batch with a team: windows are prepared by all and settled by one at a time, in order.
///
/// Preparing reads items and routes, which nobody changes, and writes where nobody else writes, so
/// any number can do it at once. Settling reads and changes cells, and is done in log order by
/// whoever finds the next chunk prepared and nobody settling; so the duty goes from worker to worker,
/// and each always has something to do. What comes of an item is what one core gives: it settles the
/// same windows in the same order.
final class ParallelDecider: TeamWork, @unchecked Sendable {
    private let decider: SerialDecider
    private let itemCount: Int
    /// The items of a chunk: so many are prepared by one worker, and settled in one go.
    private let chunkLength: Int
    private let chunkCount: Int
    /// How often a worker that has nothing to do looks again before it goes.
    private let spins: Int
    /// For each window, the number of its tests if it is prepared, else -1.
    private let prepared: BufferView<Int32>
    /// The chunks that somebody prepares or has prepared.
    private let begun = LoneWord()
    /// The chunks that are settled.
    private let settled = LoneWord()
    /// 1 while somebody settles.
    private let isSettling = LoneWord()
    /// For each chunk of those that may be under way, one more than the last that was prepared there.
    private let ready: [LoneWord]

    // Whoever settles has these alone.
    private(set) var experience: Experience
    private(set) var testCount = 0

    /// So many chunks may be prepared ahead of settling: what is written stays in a core's cache.
    private static var mostAhead: Int { 8 }

    /// A word alone on its cache lines.
    private final class LoneWord: Sendable {
        private let before = InlineArray<15, UInt64>(repeating: 0)
        let value = Atomic<Int>(0)
        private let after = InlineArray<15, UInt64>(repeating: 0)
    }

    init(
        _ decider: SerialDecider,
        itemCount: Int,
        windowsPerChunk: Int,
        prepared: BufferView<Int32>,
        spins: Int,
        _ experience: Experience
    ) {
        self.decider = decider
        self.itemCount = itemCount
        chunkLength = windowsPerChunk * decider.windowLength
        chunkCount = (itemCount + chunkLength - 1) / chunkLength
        self.spins = spins
        self.prepared = prepared
        self.experience = experience
        ready = (0..<Self.mostAhead).map { _ in LoneWord() }
    }

    func work(as worker: Int, meeting: Meeting) {
        var spinsLeft = spins
        // A worker without anything to do may go: whoever has what it waits for will go on.
        while spinsLeft > 0 {
            let next = settled.value.load(ordering: .acquiring)
            if next == chunkCount { return }
            if isReady(next) {
                if isSettling.value.exchange(1, ordering: .acquiring) == 0 {
                    settleWhatIsReady()
                    isSettling.value.store(0, ordering: .releasing)
                    spinsLeft = spins
                    continue
                }
            }
            if let chunk = begin(before: min(next + Self.mostAhead, chunkCount)) {
                prepare(chunk)
                ready[chunk % Self.mostAhead].value.store(chunk + 1, ordering: .releasing)
                spinsLeft = spins
                continue
            }
            spinsLeft -= 1
        }
    }

    private func isReady(_ chunk: Int) -> Bool {
        ready[chunk % Self.mostAhead].value.load(ordering: .acquiring) == chunk + 1
    }

    /// A chunk that nobody has begun to prepare.
    private func begin(before bound: Int) -> Int? {
        var chunk = begun.value.load(ordering: .relaxed)
        while chunk < bound {
            let (isMine, seen) = begun.value.weakCompareExchange(
                expected: chunk,
                desired: chunk + 1,
                ordering: .relaxed
            )
            if isMine { return chunk }
            chunk = seen
        }
        return nil
    }

    private func items(of chunk: Int) -> Range<Int> {
        chunk * chunkLength..<min((chunk + 1) * chunkLength, itemCount)
    }

    private func prepare(_ chunk: Int) {
        let items = items(of: chunk)
        decider.prepare(items, prepared)
    }

    private func settleWhatIsReady() {
        var chunk = settled.value.load(ordering: .relaxed)
        while chunk < chunkCount, isReady(chunk) {
            testCount &+= decider.settle(items(of: chunk), prepared, &experience)
            chunk += 1
            settled.value.store(chunk, ordering: .releasing)
        }
    }
}

extension SerialDecider {
    /// Prepares the windows of a chunk, and notes how.
    fileprivate func prepare(_ chunk: Range<Int>, _ prepared: BufferView<Int32>) {
        var window = chunk.lowerBound..<min(chunk.lowerBound &+ windowLength, chunk.upperBound)
        prefetchRoutes(window)
        var number = chunk.lowerBound / windowLength
        while !window.isEmpty {
            let next = following(window, chunk.upperBound)
            prefetchRoutes(next)
            prepared[number] = Int32(truncatingIfNeeded: prepareQuestions(window) ?? -1)
            number &+= 1
            window = next
        }
    }

    /// Settles the windows of a chunk; returns the number of their tests.
    fileprivate func settle(
        _ chunk: Range<Int>,
        _ prepared: BufferView<Int32>,
        _ experience: inout Experience
    ) -> Int {
        var testCount = 0
        var window = chunk.lowerBound..<min(chunk.lowerBound &+ windowLength, chunk.upperBound)
        var number = chunk.lowerBound / windowLength
        prefetchCells(window, Int(prepared[number]))
        while !window.isEmpty {
            let next = following(window, chunk.upperBound)
            if !next.isEmpty { prefetchCells(next, Int(prepared[number &+ 1])) }
            let tests = Int(prepared[number])
            testCount &+= settle(window, tests < 0 ? nil : tests, &experience)
            number &+= 1
            window = next
        }
        return testCount
    }
}
