// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// A clock that never runs backwards, and waiting by it.
///
/// Any thread may use it.
public protocol BenchmarkClock: Sendable {
    /// Now, in nanoseconds since a moment of the clock's own.
    var nanoseconds: UInt64 { get }

    /// Returns when the clock shows `nanoseconds` or more.
    func wait(until nanoseconds: UInt64)
}

/// The machine's monotonic clock.
public struct SystemClock: BenchmarkClock {
    /// How long before the moment waiting turns from sleeping to looking at the clock: sleepers are
    /// woken late by about 60 microseconds.
    private static let watchNanoseconds: UInt64 = 200_000

    /// Makes the clock.
    public init() {}

    /// Now, in nanoseconds since the machine started.
    public var nanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Sleeps until shortly before the moment and watches the clock for the rest.
    public func wait(until moment: UInt64) {
        while true {
            let now = nanoseconds
            guard now < moment else { return }
            let left = moment - now
            guard left > Self.watchNanoseconds else { continue }
            Thread.sleep(forTimeInterval: Double(left - Self.watchNanoseconds) / 1_000_000_000)
        }
    }
}

/// A clock that moves only when it is told to, or waited on.
///
/// For tests.
public final class SimulatedClock: BenchmarkClock {
    private let now: Mutex<UInt64>

    /// Makes a clock that shows `nanoseconds`.
    public init(nanoseconds: UInt64 = 0) { now = Mutex(nanoseconds) }

    /// What it shows.
    public var nanoseconds: UInt64 { now.withLock { $0 } }

    /// Moves it forward.
    public func advance(by nanoseconds: UInt64) { now.withLock { $0 += nanoseconds } }

    /// Moves it to the moment, unless it is past it.
    public func wait(until moment: UInt64) { now.withLock { $0 = max($0, moment) } }
}
