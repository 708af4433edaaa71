// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import Dispatch

/// Checks against the published rooms of limits, with the decider idle and with it at work.
struct CheckBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Ask a board of limits what may fit, while the decider works or not.",
        discussion: """
            check.one: one limit, that of the hot country (K3). check.three: three limits of a \
            claim, party, country and region (K1). check.shares: two shares of a moving base (K4). \
            idle: nobody decides. busy: on another thread a decider decides the workload's stream \
            over and over, and publishes after each batch.
            """
    )

    @OptionGroup var output: OutputOptions

    @Option(help: "Numbers of threads that check.")
    var readers = "1"

    @Option(help: "How many checks a run makes, of all threads together.")
    var checks = 50_000_000

    @Option(help: "How the decider decides: serial, or a number of workers.")
    var worker = "serial"

    @Option(help: "Items of the decider's batches.")
    var batch = 8_192

    @Option(help: "How many items the decider's stream has.")
    var items = 262_144

    @Option(help: "How many parties ask.")
    var parties = 1_000_000

    @Option(help: "The seed of the workloads.")
    var seed: UInt64 = 1

    func validate() throws {
        guard checks > 0 else { throw ValidationError("--checks must be at least 1") }
        guard batch > 0 else { throw ValidationError("--batch must be at least 1") }
        guard items > 0 else { throw ValidationError("--items must be at least 1") }
        guard parties > 0 else { throw ValidationError("--parties must be at least 1") }
    }

    /// What is checked, by its word.
    private static let subjects: [(word: String, kind: KernelWorkload.Kind)] = [
        ("one", .hotCountry), ("three", .uniform), ("shares", .hotGroup),
    ]

    func run() throws {
        let readerCounts = try KernelChoice.numbers(readers, "--readers")
        let decider = try KernelChoice.decider(worker)
        let capture = EnvironmentCapture()
        var rows: [BenchmarkRow] = []
        var notes: [String] = []
        for (word, kind) in Self.subjects {
            ProgressLine.terminal.show("check.\(word): making the stream and its answers")
            let workload = KernelWorkload(
                kind,
                size: KernelWorkload.Size(
                    partyCount: parties,
                    countryCount: 200,
                    itemCount: items
                ),
                seed: seed,
                limitCount: 3
            )
            let list = CheckList(workload, isOneLimit: word == "one")
            let busy = BusyDecider(workload, decider: decider, batchCount: batch)
            for count in readerCounts {
                let pair = try measure(word, list, busy, readerCount: count)
                rows += pair.rows
                notes.append(pair.note)
            }
        }
        try output.publish("check", capture: capture, notes: notes, rows: rows)
    }

    private func measure(
        _ word: String,
        _ list: CheckList,
        _ busy: BusyDecider,
        readerCount: Int
    ) throws -> (rows: [BenchmarkRow], note: String) {
        let share = max(1, checks / readerCount)
        let body = {
            DispatchQueue.concurrentPerform(iterations: readerCount) { reader in
                list.run(share, on: busy.board, from: reader)
            }
        }
        var rates: [Double] = []
        var idleNanoseconds: [Double] = []
        var busyNanoseconds: [Double] = []
        let names = ["idle", "busy"].map { "check.\(word).\($0).readers\(readerCount)" }
        let cases = [
            MeasuredCase(
                name: names[0],
                body: body,
                check: { idleNanoseconds.append(Double(list.takeNanoseconds())) }
            ),
            MeasuredCase(
                name: names[1],
                prepare: { busy.start() },
                body: body,
                check: {
                    busyNanoseconds.append(Double(list.takeNanoseconds()))
                    rates.append(try busy.stop())
                }
            ),
        ]
        let runs = try output.interleaved.measure(cases, progress: .terminal)
        let correctness = Correctness(comparedCount: busy.limitCount)
        let rows = zip(names, runs).map { name, runs in
            BenchmarkRow(
                name: name,
                workload: busy.workload.kind.rawValue,
                parameters: [
                    "batch": "\(batch)", "decider": worker, "parties": "\(parties)",
                    "items": "\(items)", "readers": "\(readerCount)",
                ],
                seed: seed,
                itemCount: share * readerCount,
                unit: "checks",
                runs: runs,
                correctness: correctness
            )
        }
        var busyRow = rows[1]
        busyRow.setRatio(to: rows[0], as: "idle", byCPUTime: false)
        let idle = Sample(Array(idleNanoseconds.suffix(output.runs)))
        let busyTime = Sample(Array(busyNanoseconds.suffix(output.runs)))
        busyRow.ratios["idle by the readers' CPU time"] =
            idle.median / busyTime.median
        let rate = scaled(Sample(rates).median)
        return (
            [rows[0], busyRow],
            "\(names[1]): meanwhile \(rate) decisions a second were made and published."
        )
    }
}
