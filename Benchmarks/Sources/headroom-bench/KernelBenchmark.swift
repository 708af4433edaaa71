// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads

/// The kernel alone: batches of resolved claims, in memory (K1 to K8).
struct KernelBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernel",
        abstract: "Decide K1 to K8 with the kernel alone, and check every decision.",
        discussion: """
            Each row decides the whole stream in each run. Before it is measured its decisions are \
            held against an oracle that takes one item at a time; after each run the cells are. A \
            difference fails the run.
            """
    )

    @OptionGroup var choice: KernelChoice
    @OptionGroup var output: OutputOptions

    @Option(help: "Also an open loop, with callers on a schedule: fixed or poisson.")
    var openLoop: OpenLoopSchedule?

    @Option(help: "The load of the open loop, in percent of what the closed loop reached.")
    var load = "70%"

    @Option(help: "A file of digests that the decisions must have, a line for each workload.")
    var digests: String?

    @Flag(help: "Write the digests into the file instead of comparing.")
    var writeDigests = false

    func run() throws {
        guard let load = CompareCommand.share(load), load > 0 else {
            throw UsageError("--load takes a percentage between 0 and 100: \(load)")
        }
        let workloads = try choice.kinds()
        let batches = try choice.batchCounts()
        let deciders = try choice.deciders()
        let capture = EnvironmentCapture()
        var rows: [BenchmarkRow] = []
        var found: [(workload: String, digest: String)] = []
        for kind in workloads {
            ProgressLine.terminal.show("\(kind.rawValue): making the stream and its answers")
            let workload = KernelWorkload(kind, size: choice.size, seed: choice.seed)
            let measured = MeasuredWorkload(workload, batchCounts: batches)
            rows += try measured.closedLoop(deciders, output.interleaved)
            if let openLoop {
                rows += try measured.openLoop(
                    deciders,
                    schedule: openLoop,
                    load: load,
                    output.interleaved
                )
            }
            found.append((kind.rawValue, measured.expected.digest.text))
        }
        try output.publish("kernel", capture: capture, notes: choice.notes, rows: rows)
        guard let digests else { return }
        if writeDigests {
            try DigestFile(found).write(to: digests)
        } else {
            try DigestFile.read(digests).require(found)
        }
    }
}

/// The schedules of an open loop.
enum OpenLoopSchedule: String, ExpressibleByArgument, CaseIterable {
    case fixed
    case poisson

    func arrivals(perSecond: Double, seed: UInt64) -> ArrivalSchedule {
        switch self {
        case .fixed: .fixed(perSecond: perSecond)
        case .poisson: .poisson(perSecond: perSecond, seed: seed)
        }
    }
}
