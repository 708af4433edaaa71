// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Testing

@Suite struct ComparisonTests {
    private let old = SampleReport.report([
        SampleReport.row("a", seconds: [1.00, 1.01, 0.99, 1.00, 1.00]),
        SampleReport.row("b", seconds: [2.00, 2.01, 1.99, 2.00, 2.00]),
    ])

    private func outcome(_ new: BenchmarkReport, threshold: Double = 0.05) -> Int32 {
        Comparison(old, new, threshold: threshold).outcome.rawValue
    }

    @Test func theSameFiguresAreNoSlowdown() {
        #expect(outcome(old) == 0)
    }

    @Test func aSlowdownBeyondTheThresholdIsOne() {
        var new = old
        new.rows[1] = SampleReport.row("b", seconds: [2.2, 2.21, 2.19, 2.2, 2.2])
        #expect(outcome(new) == 1)
        #expect(outcome(new, threshold: 0.2) == 0)
    }

    @Test func aGainIsNoSlowdown() {
        var new = old
        new.rows[0] = SampleReport.row("a", seconds: [0.5, 0.5, 0.5, 0.5, 0.5])
        #expect(outcome(new) == 0)
    }

    @Test func anotherMachineIsNotComparable() {
        for change in [
            { (environment: inout BenchmarkEnvironment) in environment.processor = "Other" },
            { $0.coreCount = 4 },
            { $0.memoryBytes = 32 << 30 },
            { $0.buildMode = "debug" },
            { $0.fileSystem = "xfs" },
        ] {
            var new = old
            change(&new.environment)
            #expect(outcome(new) == 3)
        }
    }

    @Test func anotherKernelIsOnlyARemark() {
        var new = old
        new.environment.kernel = "6.2.0"
        let comparison = Comparison(old, new)
        #expect(comparison.outcome == .noSlowdown)
        #expect(comparison.remarks == ["another kernel: 6.1.0, 6.2.0"])
    }

    @Test func otherWorkIsNotComparable() {
        let steady = [1.0, 1.0, 1.0, 1.0, 1.0]
        for row in [
            SampleReport.row("a", seconds: steady, digest: "fedcba9876543210"),
            SampleReport.row("a", seconds: steady, parameters: ["batch": "8192"]),
            SampleReport.row("a", seconds: steady, kind: .openLoop),
            SampleReport.row("c", seconds: steady),
        ] {
            var new = old
            new.rows[0] = row
            #expect(outcome(new) == 3)
        }
    }

    @Test func runsThatVaryByMoreThanATenthAreNotComparable() {
        var new = old
        new.rows[0] = SampleReport.row("a", seconds: [0.8, 1.2, 1.0, 0.8, 1.2])
        #expect(Sample([0.8, 1.2, 1.0, 0.8, 1.2]).coefficientOfVariation > 0.1)
        #expect(outcome(new) == 3)
        // Also where they would count as slower.
        new.rows[0] = SampleReport.row("a", seconds: [8, 12, 10, 8, 12])
        #expect(outcome(new) == 3)
    }

    @Test func aSlowdownIsReportedBesideWhatCanNotBeCompared() {
        var new = old
        new.rows[0] = SampleReport.row("a", seconds: [0.8, 1.2, 1.0, 0.8, 1.2])
        new.rows[1] = SampleReport.row("b", seconds: [3, 3, 3, 3, 3])
        #expect(outcome(new) == 1)
    }

    @Test func openLoopsAreComparedByTheirTail() {
        let seconds = [1.0, 1.0, 1.0, 1.0, 1.0]
        let before = SampleReport.report([
            SampleReport.row("open", seconds: seconds, kind: .openLoop)
        ])
        let after = SampleReport.report([
            SampleReport.row("open", seconds: seconds, kind: .openLoop, tail: 2_000)
        ])
        #expect(Comparison(before, after).outcome == .slowdown)
        #expect(Comparison(after, before).outcome == .noSlowdown)
    }

    @Test func yardsticksAreNotJudged() {
        var slow = old
        slow.rows.append(SampleReport.row("y", seconds: [1, 1, 1, 1, 1], kind: .yardstick))
        #expect(Comparison(slow, old).outcome == .noSlowdown)
    }

    @Test func nothingInCommonIsNotComparable() {
        #expect(Comparison(SampleReport.report([]), old).outcome == .notComparable)
    }

    @Test func threadsThatMustHaveOverlappedAreCounted() {
        let run = RunMeasurement(
            wallSeconds: 2,
            cpuSeconds: 3,
            peakMemoryBytes: 0,
            busySeconds: [1.8, 1.2]
        )
        #expect(abs(run.provenOverlap - 0.5) < 1e-12)
        let alone = RunMeasurement(
            wallSeconds: 2,
            cpuSeconds: 2,
            peakMemoryBytes: 0,
            busySeconds: [1, 1]
        )
        #expect(alone.provenOverlap == 0)
    }
}
