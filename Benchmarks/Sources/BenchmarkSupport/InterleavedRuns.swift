// SPDX-License-Identifier: Apache-2.0

/// One thing to measure, several times.
public struct MeasuredCase {
    /// What it is called in the progress line.
    public var name: String
    /// Done before each run, not measured.
    public var prepare: () throws -> Void
    /// What is measured.
    public var body: () throws -> Void
    /// Done after each run, not measured; throws if the run did not do what it should.
    public var check: () throws -> Void

    /// Makes a case.
    public init(
        name: String,
        prepare: @escaping () throws -> Void = {},
        body: @escaping () throws -> Void,
        check: @escaping () throws -> Void = {}
    ) {
        self.name = name
        self.prepare = prepare
        self.body = body
        self.check = check
    }
}

/// Runs cases in turns: the first run of each, then the second of each, and so on.
///
/// So what changes on the machine in the meantime falls on all of them, and ratios between them
/// stay true. The first turns warm up and do not count.
public struct InterleavedRuns {
    /// How many runs of each case count.
    public var runCount: Int
    /// How many go before them and do not.
    public var warmUpCount: Int

    /// Makes a plan of at least one run.
    public init(runCount: Int = 5, warmUpCount: Int = 1) {
        precondition(runCount > 0, "there must be a run")
        precondition(warmUpCount >= 0, "a count must not be negative")
        self.runCount = runCount
        self.warmUpCount = warmUpCount
    }

    /// Runs the cases; the measurements of each that count, in the order of the cases.
    public func measure(
        _ cases: [MeasuredCase],
        progress: ProgressLine = .silent
    ) throws -> [[RunMeasurement]] {
        var measurements = [[RunMeasurement]](repeating: [], count: cases.count)
        for turn in 0..<warmUpCount + runCount {
            for (place, measured) in cases.enumerated() {
                let run = turn < warmUpCount ? "warm-up" : "run \(turn - warmUpCount + 1)"
                progress.show("\(measured.name), \(run) of \(runCount)")
                try measured.prepare()
                let measurement = try RunMeasurement.of(measured.body).measurement
                try measured.check()
                if turn >= warmUpCount { measurements[place].append(measurement) }
            }
        }
        progress.clear()
        return measurements
    }
}
