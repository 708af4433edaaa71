// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger
import StateStore

/// From closed folders to a ledger that decides, by a snapshot: the log and the derived state are
/// opened, the state is read and checked, and nothing is left to be read from the log.
struct OpeningBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "opening",
        abstract: "Open a ledger that has a snapshot at its end."
    )

    @OptionGroup var options: MarketOptions

    @Option(help: "A folder for the ledger; it is emptied.")
    var folder: String

    @Option(help: "How many of the orders are still open.")
    var open = 100_000

    @Flag(help: "Keep all ids in memory and in the snapshot, without runs on disk.")
    var inMemory = false

    private static let secretBytes = (0..<32).map { UInt8($0) }
    private static let dayOfHolds = LedgerTime(
        startOf: CivilDate(year: 2025, month: 6, day: 3) ?? .earliest
    )
    private static let dayAfter = LedgerTime(
        startOf: CivilDate(year: 2025, month: 6, day: 4) ?? .earliest
    )

    func run() throws {
        let capture = EnvironmentCapture(folder: folder)
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        guard let secret = LedgerSecret(randomBytes: Self.secretBytes) else {
            throw BenchmarkFailure("32 bytes should be a secret")
        }
        let written = try write(secret)
        var runs: [RunMeasurement] = []
        for _ in 0..<options.output.runs {
            runs.append(try measure(secret, expecting: written))
        }
        try options.output.publish(
            "opening",
            capture: capture,
            notes: ["The ledger has \(written) entries and \(open) open holds."],
            rows: [
                options.row(
                    "opening",
                    workload: "snapshot",
                    unit: "ids",
                    parameters: ["open": "\(open)", "inMemory": "\(inMemory)"],
                    runs: runs
                )
            ]
        )
    }

    private func measure(
        _ secret: LedgerSecret,
        expecting written: EntryNumber
    ) throws -> RunMeasurement {
        // Threads of the ledger before may hold it for a moment after it is closed.
        try releaseWaiting()
        let (ledger, measurement) = try RunMeasurement.of {
            try openLedger(LMDBEntryLog.open(at: "\(folder)/log", access: .readWrite), secret)
        }
        guard ledger.recovery.replayedFrom == written else {
            throw BenchmarkFailure("the snapshot was not used: \(ledger.recovery)")
        }
        ledger.close()
        return measurement
    }

    /// Returns as soon as nobody in this process has the folders open.
    private func releaseWaiting() throws {
        for _ in 0..<100 {
            let log = try? LMDBEntryLog.open(at: "\(folder)/log", access: .readWrite)
            let store = try? LMDBStateStore(path: "\(folder)/state")
            if log != nil, store != nil { return }
            usleep(10_000)
        }
        throw BenchmarkFailure("the ledger is still open")
    }

    private func openLedger(_ log: LMDBEntryLog, _ secret: LedgerSecret) throws -> Ledger {
        let store = try LMDBStateStore(path: "\(folder)/state")
        return try Ledger.open(
            log,
            secret: secret,
            snapshots: store,
            operations: inMemory ? nil : OperationStorage(store),
            policy: SnapshotPolicy(entriesAtClose: 1)
        ) { .earliest }
    }

    /// Writes the ledger with a snapshot at its end; returns how many entries it has.
    private func write(_ secret: LedgerSecret) throws -> EntryNumber {
        let log = try LMDBEntryLog.create(at: "\(folder)/log", secret: secret)
        let ledger = try openLedger(log, secret)
        let setup = MarketOperations(options.market)
        _ = try ledger.submit(setup.beginning())
        for first in stride(from: 0, to: options.orders, by: 8_192) {
            let numbers = first..<min(first + 8_192, options.orders)
            _ = try ledger.submit(
                try numbers.map { number in
                    try setup.homeOrder(
                        "H\(number)",
                        at: nil,
                        deadline: number < options.orders - open ? Self.dayOfHolds : nil
                    )
                }
            )
        }
        _ = try ledger.submit([setup.tick("end", at: Self.dayAfter)])
        ledger.close()
        return EntryNumber(rawValue: try log.head().next)
    }
}
