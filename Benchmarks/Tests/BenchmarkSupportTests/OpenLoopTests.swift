// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Testing

@Suite struct OpenLoopTests {
    /// A thousand callers a second: one each millisecond.
    private let schedule = ArrivalSchedule.fixed(perSecond: 1_000)
    private let millisecond: UInt64 = 1_000_000

    @Test func fixedSchedulesKeepTheirDistance() {
        let starts = ArrivalSchedule.fixed(perSecond: 3).intendedStarts(count: 7)
        #expect(starts.first == 0)
        #expect(starts[3] == 1_000_000_000)
        #expect(starts[6] == 2_000_000_000)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func poissonSchedulesHaveTheirRateAndSpread(seed: UInt64) {
        let schedule = ArrivalSchedule.poisson(perSecond: 1_000, seed: seed)
        let starts = schedule.intendedStarts(count: 100_000)
        #expect(starts == schedule.intendedStarts(count: 100_000))
        #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 })
        let gaps = Sample(zip(starts, starts.dropFirst()).map { Double($1 - $0) })
        #expect(abs(gaps.mean / 1_000_000 - 1) < 0.02)
        // Exponential gaps deviate by their mean.
        #expect(abs(gaps.coefficientOfVariation - 1) < 0.02)
    }

    @Test func aStallShowsInEveryStartThatItDelayed() {
        let clock = SimulatedClock(nanoseconds: 5_000)
        let loop = OpenLoop(schedule: schedule, clock: clock)
        // Each answer takes a tenth of a millisecond; the eleventh stalls for 50.
        let run = loop.run(count: 100) { number in
            clock.advance(by: number == 10 ? 50 * millisecond : millisecond / 10)
        }
        #expect(run.latency.count == 100)
        // The stall took callers 10 to 60 with it: each millisecond another one waits, and the
        // queue is worked off at 0.9 milliseconds gained a caller.
        let late = run.latency.summary.map { $0.maximumNanoseconds } ?? 0
        #expect(late >= 50 * millisecond)
        let delayed = countAbove(run.latency, 1 * millisecond, of: 100)
        #expect((50...60).contains(delayed))
        // Those who look at the work alone see one slow answer.
        #expect(countAbove(run.service, 1 * millisecond, of: 100) == 1)
    }

    @Test func batchesTakeAllWhoAreThere() {
        let clock = SimulatedClock()
        let loop = OpenLoop(schedule: schedule, clock: clock)
        var batches: [Range<Int>] = []
        let run = loop.runBatches(count: 10, maximumBatchCount: 4) { range in
            batches.append(range)
            clock.advance(by: range.lowerBound == 1 ? 6 * millisecond + 1 : 1)
        }
        // While callers 1 is answered, 2 to 7 come: four, then what is there, then one by one.
        #expect(batches == [0..<1, 1..<2, 2..<6, 6..<8, 8..<9, 9..<10])
        #expect(run.latency.count == 10)
    }

    @Test func answersOnOtherThreadsCountFromTheIntendedStart() throws {
        let clock = SimulatedClock()
        let recorder = OpenLoopRecorder(schedule: schedule, count: 4, clock: clock)
        recorder.issue { number in
            // Issuing the second caller is held up: the third starts late.
            if number == 1 { clock.advance(by: 5 * millisecond) }
            #expect(recorder.finished() == nil)
        }
        recorder.complete(0..<4)
        let run = try #require(recorder.finished())
        #expect(run.wallNanoseconds == 6 * millisecond)
        let summary = try #require(run.latency.summary)
        #expect(summary.maximumNanoseconds >= 6 * millisecond)
        #expect(run.latency.nanoseconds(atPercentile: 25) >= 3 * millisecond)
    }

    /// How many of `count` latencies are greater than a bound.
    private func countAbove(_ histogram: LatencyHistogram, _ bound: UInt64, of count: Int) -> Int {
        (1...count).filter { place in
            histogram.nanoseconds(atPercentile: 100 * Double(place) / Double(count)) > bound
        }.count
    }
}
