// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Measures wall and CPU time of this process from its making on.
public struct Stopwatch {
    /// What a stopwatch shows.
    public struct Reading: Sendable {
        /// The time that passed.
        public var wallSeconds: Double
        /// The CPU time of all threads of this process, user and system.
        public var cpuSeconds: Double

        /// Makes a reading.
        public init(wallSeconds: Double, cpuSeconds: Double) {
            self.wallSeconds = wallSeconds
            self.cpuSeconds = cpuSeconds
        }
    }

    private let start = ContinuousClock.now
    private let startCPU = Self.cpuSeconds()

    /// Starts it.
    public init() {}

    /// What passed since it was started.
    public func read() -> Reading {
        Reading(
            wallSeconds: (ContinuousClock.now - start) / .seconds(1),
            cpuSeconds: Self.cpuSeconds() - startCPU
        )
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
        }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// A clock in nanoseconds, from an arbitrary start.
    static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
