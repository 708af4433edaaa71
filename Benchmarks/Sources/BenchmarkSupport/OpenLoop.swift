// SPDX-License-Identifier: Apache-2.0

/// What an open loop measured.
public struct OpenLoopRun: Sendable {
    /// From each caller's intended start to its answer: what a caller would have waited.
    public var latency = LatencyHistogram()
    /// From the moment at which work on the caller began to its answer: what is seen by those who
    /// only look at the work, and forget those who wait.
    public var service = LatencyHistogram()
    /// From the beginning to the last answer.
    public var wallNanoseconds: UInt64 = 0

    /// Makes an empty run.
    public init() {}
}

/// Callers that come on a schedule of their own, one server that takes who is there.
///
/// Latency counts from the **intended** start, so a stall shows in every caller that it delayed,
/// also in those who could not even be started meanwhile (no coordinated omission).
public struct OpenLoop<Clock: BenchmarkClock> {
    private let schedule: ArrivalSchedule
    private let clock: Clock

    /// Makes a loop.
    public init(schedule: ArrivalSchedule, clock: Clock) {
        self.schedule = schedule
        self.clock = clock
    }

    /// Serves callers one at a time, in order.
    public func run(count: Int, _ body: (Int) throws -> Void) rethrows -> OpenLoopRun {
        try runBatches(count: count, maximumBatchCount: 1) { try body($0.lowerBound) }
    }

    /// Serves all callers who are there together, at most `maximumBatchCount`; if nobody is there,
    /// waits for the next.
    ///
    /// `body` gets the numbers of the callers, and has answered them when it returns. Histograms
    /// are filled after the last answer, so that filling them delays nobody.
    public func runBatches(
        count: Int,
        maximumBatchCount: Int,
        _ body: (Range<Int>) throws -> Void
    ) rethrows -> OpenLoopRun {
        precondition(maximumBatchCount > 0, "a batch must have room for a caller")
        let starts = schedule.intendedStarts(count: count)
        var batches: [(end: Int, began: UInt64, ended: UInt64)] = []
        batches.reserveCapacity(count)
        let beginning = clock.nanoseconds
        var first = 0
        while first < count {
            clock.wait(until: beginning + starts[first])
            let began = clock.nanoseconds
            var end = first + 1
            let limit = min(count, first + maximumBatchCount)
            while end < limit, beginning + starts[end] <= began { end += 1 }
            try body(first..<end)
            batches.append((end, began, clock.nanoseconds))
            first = end
        }
        var run = OpenLoopRun()
        first = 0
        for batch in batches {
            for number in first..<batch.end {
                run.latency.record(batch.ended - beginning - starts[number])
            }
            run.service.record(batch.ended - batch.began, count: UInt64(batch.end - first))
            run.wallNanoseconds = batch.ended - beginning
            first = batch.end
        }
        return run
    }
}
