// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What one run took.
public struct RunMeasurement: Codable, Hashable, Sendable {
    /// From its beginning to its end.
    public var wallSeconds: Double
    /// Time on a core, of all threads.
    public var cpuSeconds: Double
    /// The most memory that the process had in use up to the run's end.
    public var peakMemoryBytes: Int64
    /// Seconds on a core of each thread that was on one for 1 % of the run or more, longest first.
    public var busySeconds: [Double]
    /// The latencies of the run, if it measured some.
    public var latency: LatencySummary?

    /// Makes a measurement.
    public init(
        wallSeconds: Double,
        cpuSeconds: Double,
        peakMemoryBytes: Int64,
        busySeconds: [Double] = [],
        latency: LatencySummary? = nil
    ) {
        self.wallSeconds = wallSeconds
        self.cpuSeconds = cpuSeconds
        self.peakMemoryBytes = peakMemoryBytes
        self.busySeconds = busySeconds
        self.latency = latency
    }

    /// How long, at least, two or more threads were on cores at once, as a share of the run.
    ///
    /// If the two busiest threads were busy for `a` and `b` of a run of length `w`, they overlapped
    /// for `a + b - w` at least, however their work was spread. A thread that spins is busy.
    public var provenOverlap: Double {
        guard busySeconds.count > 1, wallSeconds > 0 else { return 0 }
        return max(0, busySeconds[0] + busySeconds[1] - wallSeconds) / wallSeconds
    }

    /// Measures a body that runs in this process.
    public static func of<R>(
        _ body: () throws -> R
    ) rethrows -> (result: R, measurement: RunMeasurement) {
        let threads = ThreadUsage()
        let before = ProcessUsage()
        let clock = SystemClock()
        let start = clock.nanoseconds
        let result = try body()
        let wall = Double(clock.nanoseconds - start) / 1_000_000_000
        let after = ProcessUsage()
        return (
            result,
            RunMeasurement(
                wallSeconds: wall,
                cpuSeconds: after.cpuSeconds - before.cpuSeconds,
                peakMemoryBytes: after.peakMemoryBytes,
                busySeconds: ThreadUsage().busySeconds(since: threads).filter { $0 >= wall / 100 }
            )
        )
    }

    /// Runs a program to its end and measures the whole process; what it prints is dropped.
    ///
    /// - Throws: if the program can not be started.
    public static func ofProgram(
        _ path: String,
        _ arguments: [String]
    ) throws -> (status: Int32, measurement: RunMeasurement) {
        let before = ProcessUsage(of: .endedPrograms)
        let clock = SystemClock()
        let start = clock.nanoseconds
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let wall = Double(clock.nanoseconds - start) / 1_000_000_000
        let after = ProcessUsage(of: .endedPrograms)
        return (
            process.terminationStatus,
            RunMeasurement(
                wallSeconds: wall,
                cpuSeconds: after.cpuSeconds - before.cpuSeconds,
                peakMemoryBytes: after.peakMemoryBytes
            )
        )
    }
}
