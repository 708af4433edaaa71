// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// A report as a benchmark would make it, for tests of what is done with reports.
enum SampleReport {
    static let environment = BenchmarkEnvironment(
        processor: "Example 9000",
        coreCount: 2,
        memoryBytes: 16 << 30,
        operatingSystem: "Debian GNU/Linux 12 (bookworm)",
        kernel: "6.1.0",
        governor: "performance",
        swiftVersion: "6.3",
        buildMode: "release",
        commit: String(repeating: "0a", count: 20),
        fileSystem: "ext4",
        startedAt: "2026-01-01T00:00:00Z",
        loadBefore: 0.1,
        loadAfter: 0.9,
        othersShare: 0.01
    )

    /// A row whose runs take these times.
    static func row(
        _ name: String,
        seconds: [Double],
        kind: BenchmarkRow.Kind = .closedLoop,
        parameters: [String: String] = ["batch": "64", "workers": "serial"],
        digest: String? = "0123456789abcdef",
        tail: UInt64 = 1_000
    ) -> BenchmarkRow {
        var histogram = LatencyHistogram()
        for place in 1...100_000 as ClosedRange<UInt64> { histogram.record(place * tail / 1_000) }
        return BenchmarkRow(
            name: name,
            kind: kind,
            workload: "K1",
            parameters: parameters,
            seed: 1,
            itemCount: 1_000_000,
            unit: "decisions",
            runs: seconds.map {
                RunMeasurement(
                    wallSeconds: $0,
                    cpuSeconds: 1.5 * $0,
                    peakMemoryBytes: 1 << 20,
                    busySeconds: [$0, 0.5 * $0],
                    latency: kind == .openLoop ? histogram.summary : nil
                )
            },
            digest: digest,
            correctness: Correctness(comparedCount: 1_000_000),
            latency: kind == .openLoop ? histogram.summary : nil,
            bytesPerItem: 100.5,
            ratios: ["gather and copy": 0.5]
        )
    }

    static func report(_ rows: [BenchmarkRow]) -> BenchmarkReport {
        BenchmarkReport(
            command: "kernel",
            arguments: ["kernel", "--quick"],
            environment: environment,
            notes: ["A note, with a comma and a \"quotation\" < & >."],
            rows: rows
        )
    }
}
