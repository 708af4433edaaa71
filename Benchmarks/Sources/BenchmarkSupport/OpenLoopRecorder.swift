// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// An open loop whose answers come later and on other threads.
///
/// One thread ``issue(_:)``s the callers, any thread reports answers with ``complete(_:)``. Latency
/// counts from the intended start, as in ``OpenLoop``.
public final class OpenLoopRecorder<Clock: BenchmarkClock>: Sendable {
    private struct State {
        var beginning: UInt64 = 0
        var began: [UInt64]
        var ended: [UInt64]
        var answeredCount = 0
    }

    private let clock: Clock
    private let starts: [UInt64]
    private let state: Mutex<State>

    /// Makes a recorder for `count` callers.
    public init(schedule: ArrivalSchedule, count: Int, clock: Clock) {
        self.clock = clock
        starts = schedule.intendedStarts(count: count)
        state = Mutex(
            State(
                began: [UInt64](repeating: 0, count: count),
                ended: [UInt64](repeating: 0, count: count)
            )
        )
    }

    /// How many callers were answered.
    public var answeredCount: Int { state.withLock { $0.answeredCount } }

    /// Calls `body` for each caller at its intended start, or as soon after it as the calls before
    /// have returned; `body` must not wait for the answer.
    public func issue(_ body: (Int) throws -> Void) rethrows {
        let beginning = clock.nanoseconds
        state.withLock { $0.beginning = beginning }
        for number in starts.indices {
            clock.wait(until: beginning + starts[number])
            let now = clock.nanoseconds
            state.withLock { $0.began[number] = now }
            try body(number)
        }
    }

    /// Notes that a caller, or several at once, were answered now.
    public func complete(_ numbers: Range<Int>) {
        let now = clock.nanoseconds
        state.withLock { state in
            for number in numbers { state.ended[number] = now }
            state.answeredCount += numbers.count
        }
    }

    /// Notes that a caller was answered now.
    public func complete(_ number: Int) { complete(number..<number + 1) }

    /// What was measured; `nil` while some callers were not answered.
    public func finished() -> OpenLoopRun? {
        state.withLock { state in
            guard state.answeredCount == starts.count else { return nil }
            var run = OpenLoopRun()
            for number in starts.indices {
                let ended = state.ended[number] - state.beginning
                run.latency.record(ended - starts[number])
                run.service.record(state.ended[number] - state.began[number])
                run.wallNanoseconds = max(run.wallNanoseconds, ended)
            }
            return run
        }
    }
}
