// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import Foundation

/// The durable ledger (L1): orders in, entries with salted leaves on the disk, ids indexed, answers.
struct LedgerBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Decide orders durably at several batch sizes and lengths of history.",
        discussion: """
            A row submits batches of so many orders, two under way at once (one of batch 1: a lone \
            caller). Beside it stand the same batches appended to a bare log, and SHA-256 of their \
            bytes. The rows callers submit one order each: as fast as it goes, and on a schedule.
            """
    )

    @OptionGroup var output: OutputOptions

    @Option(help: "A folder for the ledgers; it is emptied.")
    var folder: String

    @Option(help: "A folder in memory, where syncing costs nothing, for the rows without sync.")
    var memoryFolder = "/dev/shm/headroom-bench"

    @Option(help: "Orders of a batch.")
    var batch = "1,64,1024,8192,65536"

    @Option(help: "With sync, without, or both: on, off.")
    var sync = "on,off"

    @Option(help: "Entries that are in the ledger before the first run.")
    var history = "0"

    @Option(help: "How many orders a run submits, at most; small batches submit fewer.")
    var orders = 262_144

    @Option(help: "How many parties.")
    var parties = 20_000

    @Option(help: "The seed of the orders.")
    var seed: UInt64 = 1

    @Option(help: "How many callers submit one order each at once; 0 to leave them out.")
    var callers = 1_000

    @Option(help: "The callers' load in the open loop, in percent of what they reached.")
    var load = "70%"

    @Option(help: "The callers' schedule in the open loop: fixed or poisson.")
    var openLoop = OpenLoopSchedule.poisson

    func validate() throws {
        guard orders > 0 else { throw ValidationError("--orders must be at least 1") }
        guard parties > 0 else { throw ValidationError("--parties must be at least 1") }
        guard callers >= 0 else { throw ValidationError("--callers must not be negative") }
    }

    func run() throws {
        guard let share = CompareCommand.share(load), share > 0 else {
            throw UsageError("--load takes a percentage between 0 and 100: \(load)")
        }
        let batches = try KernelChoice.numbers(batch, "--batch")
        let histories = KernelChoice.list(history).map { Int($0) ?? -1 }
        guard !histories.isEmpty, histories.allSatisfy({ $0 >= 0 }) else {
            throw UsageError("--history takes numbers with commas: \(history)")
        }
        let syncs = KernelChoice.list(sync)
        guard !syncs.isEmpty, syncs.allSatisfy({ $0 == "on" || $0 == "off" }) else {
            throw UsageError("--sync takes on, off or both with a comma: \(sync)")
        }
        let capture = EnvironmentCapture(folder: folder)
        var rows: [BenchmarkRow] = []
        for sync in syncs {
            for entryCount in histories {
                let trial = try LedgerTrial(
                    folder: sync == "on" ? folder : memoryFolder,
                    sync: sync,
                    history: entryCount,
                    market: GeneratedMarket(seed: seed, partyCount: parties, orderCount: orders)
                )
                rows += try trial.batchRows(batches, orderCount: orders, output.interleaved)
                if callers > 0 {
                    rows += try trial.callerRows(
                        callers,
                        orderCount: orders,
                        schedule: openLoop,
                        load: share,
                        output.interleaved
                    )
                }
                try trial.close()
            }
        }
        try output.publish(
            "ledger",
            capture: capture,
            notes: ["Without sync: a folder in memory (\(memoryFolder)), nothing else differs."],
            rows: Self.withBareCommits(rows)
        )
    }

    /// Sets the latencies of single orders against the bare commit of one.
    private static func withBareCommits(_ rows: [BenchmarkRow]) -> [BenchmarkRow] {
        rows.map { row in
            guard row.kind != .yardstick, row.parameters["batch"] == "1" else { return row }
            let bare = rows.first {
                $0.parameters["yardstick"] == LedgerTrial.bareLog
                    && $0.parameters["batch"] == "1"
                    && $0.parameters["sync"] == row.parameters["sync"]
                    && $0.parameters["history"] == row.parameters["history"]
            }
            guard let commit = bare?.latency?.nanoseconds(atPercentile: 50), commit > 0 else {
                return row
            }
            var row = row
            for percentile in [50.0, 99] {
                guard let own = row.latency?.nanoseconds(atPercentile: percentile) else { continue }
                let word = "bare commits in p\(shortened(percentile, 0))"
                row.ratios[word] = Double(own) / Double(commit)
            }
            return row
        }
    }
}
