// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import Dispatch
import Foundation

/// Checks against the published rooms of limits, with the decider idle and with it at work.
struct CheckBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Ask a board of limits what may fit, while the decider works or not.",
        discussion: """
            check.one: one limit, that of the hot country (K3). check.three: three limits of a \
            claim, party, country and region (K1). check.shares: two shares of a moving base (K4). \
            idle: nobody decides. busy: on another thread a decider decides the workload's stream \
            over and over, and publishes after each batch. check.gauge: gauges of all countries' \
            limits of a durable ledger; busy: another thread submits orders to it, and every batch \
            is synced before the gauges show it.
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

    @Option(help: "A folder for the ledger of check.gauge; it is emptied.")
    var folder = NSTemporaryDirectory() + "headroom-bench-check"

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
            let subject = Subject(
                word: word,
                workload: kind.rawValue,
                decider: worker,
                limitCount: busy.limitCount,
                look: { list.run($0, on: busy.board, from: $1) },
                takeNanoseconds: list.takeNanoseconds,
                start: busy.start,
                stop: busy.stop
            )
            for count in readerCounts {
                let pair = try measure(subject, readerCount: count)
                rows += pair.rows
                notes.append(pair.note)
            }
        }
        try withLedger { ledger in
            let list = GaugeList(ledger.gauges)
            let subject = Subject(
                word: "gauge",
                workload: "L1",
                decider: "ledger",
                limitCount: ledger.gauges.count,
                look: list.run(_:from:),
                takeNanoseconds: list.takeNanoseconds,
                start: ledger.start,
                stop: ledger.stop
            )
            for count in readerCounts {
                let pair = try measure(subject, readerCount: count)
                rows += pair.rows
                notes.append(pair.note)
            }
        }
        try output.publish("check", capture: capture, notes: notes, rows: rows)
    }

    /// What is looked at, and who changes it meanwhile.
    private struct Subject: Sendable {
        let word: String
        let workload: String
        let decider: String
        let limitCount: Int
        /// Looks so many times, as the reader of a number.
        let look: @Sendable (Int, Int) -> Void
        let takeNanoseconds: @Sendable () -> Int
        let start: @Sendable () -> Void
        /// Ends, checks what is shown, and says how many decisions a second were made.
        let stop: @Sendable () throws -> Double
    }

    /// A durable ledger at work in the folder, which is gone afterwards.
    private func withLedger(_ body: (BusyLedger) throws -> Void) throws {
        ProgressLine.terminal.show("check.gauge: making the ledger")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let market = GeneratedMarket(
            seed: seed,
            partyCount: min(parties, 20_000),
            orderCount: items
        )
        let ledger = try BusyLedger(folder: folder + "/log", market: market, batch: batch)
        defer { ledger.close() }
        try body(ledger)
    }

    private func measure(
        _ subject: Subject,
        readerCount: Int
    ) throws -> (rows: [BenchmarkRow], note: String) {
        let share = max(1, checks / readerCount)
        let body = {
            DispatchQueue.concurrentPerform(iterations: readerCount) { reader in
                subject.look(share, reader)
            }
        }
        var rates: [Double] = []
        var idleNanoseconds: [Double] = []
        var busyNanoseconds: [Double] = []
        let names = ["idle", "busy"].map { "check.\(subject.word).\($0).readers\(readerCount)" }
        let cases = [
            MeasuredCase(
                name: names[0],
                body: body,
                check: { idleNanoseconds.append(Double(subject.takeNanoseconds())) }
            ),
            MeasuredCase(
                name: names[1],
                prepare: { subject.start() },
                body: body,
                check: {
                    busyNanoseconds.append(Double(subject.takeNanoseconds()))
                    rates.append(try subject.stop())
                }
            ),
        ]
        let runs = try output.interleaved.measure(cases, progress: .terminal)
        let correctness = Correctness(comparedCount: subject.limitCount)
        let rows = zip(names, runs).map { name, runs in
            BenchmarkRow(
                name: name,
                workload: subject.workload,
                parameters: [
                    "batch": "\(batch)", "decider": subject.decider, "parties": "\(parties)",
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
