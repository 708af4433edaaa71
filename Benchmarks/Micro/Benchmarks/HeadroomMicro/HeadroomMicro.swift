// SPDX-License-Identifier: Apache-2.0

import Benchmark

/// What the benchmark library runs.
let benchmarks: @Sendable () -> Void = {
    registerKernelBenchmarks()
    registerCodecBenchmarks()
    registerTreeBenchmarks()
    registerReaderBenchmarks()
}

/// A count that is the same in every run; the thresholds hold these and no times.
///
/// The name has neither blanks nor commas: the library does not check what has.
func count(_ name: String) -> BenchmarkMetric {
    .custom(name, polarity: .prefersSmaller, useScalingFactor: false)
}

/// The times that are shown and the counts that are checked.
func configuration(counting names: String...) -> Benchmark.Configuration {
    Benchmark.Configuration(
        metrics: [.wallClock, .cpuUser] + names.map(count),
        warmupIterations: 2,
        maxDuration: .seconds(1),
        maxIterations: 200
    )
}
