// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a run took.
struct Measurement: Codable {
    var wallSeconds: Double
    var cpuSeconds: Double
    var peakMemoryBytes: Int64

    /// Runs a body in this process.
    static func of<R>(_ body: () throws -> R) rethrows -> (R, Measurement) {
        let before = usage(RUSAGE_SELF)
        let start = ContinuousClock.now
        let result = try body()
        let wall = ContinuousClock.now - start
        let after = usage(RUSAGE_SELF)
        return (
            result,
            Measurement(
                wallSeconds: wall / .seconds(1),
                cpuSeconds: after.cpu - before.cpu,
                peakMemoryBytes: after.peak
            )
        )
    }

    /// Runs a program to its end and measures it as a whole process.
    static func ofProgram(_ path: String, _ arguments: [String]) throws -> (Int32, Measurement) {
        let before = usage(RUSAGE_CHILDREN)
        let start = ContinuousClock.now
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let wall = ContinuousClock.now - start
        let after = usage(RUSAGE_CHILDREN)
        return (
            process.terminationStatus,
            Measurement(
                wallSeconds: wall / .seconds(1),
                cpuSeconds: after.cpu - before.cpu,
                peakMemoryBytes: after.peak
            )
        )
    }

    private static func usage(_ who: __rusage_who_t) -> (cpu: Double, peak: Int64) {
        var usage = rusage()
        getrusage(who, &usage)
        func seconds(_ time: timeval) -> Double {
            Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
        }
        return (seconds(usage.ru_utime) + seconds(usage.ru_stime), Int64(usage.ru_maxrss) * 1_024)
    }
}

/// Several runs of one benchmark, with what they were run on.
struct BenchmarkReport: Codable {
    var benchmark: String
    var machine: String
    var cores: Int
    var seed: UInt64
    var items: Int
    var unit: String
    var runs: [Measurement]

    /// The median wall time, which is the figure to quote.
    var medianSeconds: Double { runs.map(\.wallSeconds).sorted()[runs.count / 2] }

    /// The standard deviation of the wall times over their mean.
    var coefficientOfVariation: Double {
        let times = runs.map(\.wallSeconds)
        let mean = times.reduce(0, +) / Double(times.count)
        let variance =
            times.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(max(1, times.count - 1))
        return variance.squareRoot() / mean
    }

    /// The report in a few lines for people.
    var summary: String {
        let rate = Double(items) / medianSeconds
        let cpu = runs.map(\.cpuSeconds).sorted()[runs.count / 2]
        let peak = runs.map(\.peakMemoryBytes).max() ?? 0
        return """
            \(benchmark): \(items) \(unit), seed \(seed), \(runs.count) runs on \(machine) \
            (\(cores) cores)
              median \(format(medianSeconds, 3)) s, \(format(rate / 1_000, 0)) thousand \(unit)/s, \
            spread \(format(coefficientOfVariation * 100, 1)) %
              CPU \(format(cpu / Double(items) * 1_000_000, 2)) s per million, peak memory \
            \(peak / 1_048_576) MiB
            """
    }

    private func format(_ number: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", number)
    }
}

/// The processor's name, as the system tells it.
func machineName() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        ?? "unknown"
}
