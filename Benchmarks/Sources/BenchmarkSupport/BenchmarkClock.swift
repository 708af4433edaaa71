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

    /// Whether it watches the clock before a moment: to the point, and for a core of its own.
    private let isWatchful: Bool

    /// Makes the clock.
    ///
    /// - Parameter isWatchful: Whether ``wait(until:)`` is to be to the point, by looking at the clock
    ///   all the time shortly before the moment. Where moments follow each other closely that takes a
    ///   core away from what is measured; otherwise it sleeps and is late by about 60 microseconds.
    public init(isWatchful: Bool = true) { self.isWatchful = isWatchful }

    /// Now, in nanoseconds since the machine started.
    public var nanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    /// Sleeps until shortly before the moment and watches the clock for the rest, or sleeps until it.
    public func wait(until moment: UInt64) {
        while true {
            let now = nanoseconds
            guard now < moment else { return }
            let watched = isWatchful ? Self.watchNanoseconds : 0
            let left = moment - now
            guard left > watched else { continue }
            Thread.sleep(forTimeInterval: Double(left - watched) / 1_000_000_000)
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
