// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import BenchmarkWorkloads
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerAudit
import LedgerModel
import QuotaLedger

/// From a log alone to a state that decides (L2), with its verification (V1), judged
/// again (V2) and after a crash.
struct RecoveryBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Rebuild a ledger from its log alone, verify it, and open it after a crash.",
        discussion: """
            recovery.checksums: every batch's checksum and link, every entry decoded and applied.
            recovery.hashes: every checksum, link, entry, leaf and root of the tree.
            recovery.readjudicate: the same, and every entry judged again by the audit.
            recovery.crash: a writer is killed while it writes; opening what it leaves.
            """
    )

    @OptionGroup var options: MarketOptions

    @Option(help: "A folder for the ledgers; it is emptied.")
    var folder: String

    @Flag(inversion: .prefixedNo, help: "Kill a writer in each run and open what it leaves.")
    var crash = true

    func run() throws {
        let capture = EnvironmentCapture(folder: folder)
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        let log = try write(MarketOperations(options.market))
        let written = try log.head().next
        var recovered: UInt64 = 0
        var verified: UInt64 = 0
        var judged: UInt64 = 0
        let runs = try options.output.interleaved.measure(
            [
                MeasuredCase(
                    name: "recovery.checksums",
                    body: { recovered = try LedgerCore.recovered(from: log).next.rawValue },
                    check: { try require(recovered, written, "recovered") }
                ),
                MeasuredCase(
                    name: "recovery.hashes",
                    body: { verified = try log.verify(secret: log.secret).size },
                    check: { try require(verified, written, "verified") }
                ),
                MeasuredCase(
                    name: "recovery.readjudicate",
                    body: {
                        judged = try AuditedLog(of: log, secret: log.secret).tally.entries
                    },
                    check: { try require(judged, written, "judged") }
                ),
            ],
            progress: .terminal
        )
        let bytes = try byteCount(log)
        var rows = [
            row("recovery.checksums", workload: "L2", Int(written), bytes, runs[0]),
            row("recovery.hashes", workload: "V1", Int(written), bytes, runs[1]),
            row("recovery.readjudicate", workload: "V2", Int(written), bytes, runs[2]),
        ]
        if crash {
            let runs = try (0..<options.output.runs).map(crashAndOpen)
            rows.append(row("recovery.crash", workload: "L2", options.orders, bytes, runs))
        }
        try options.output.publish("recovery", capture: capture, rows: rows)
    }

    private func row(
        _ name: String,
        workload: String,
        _ count: Int,
        _ bytes: Int,
        _ runs: [RunMeasurement]
    ) -> BenchmarkRow {
        BenchmarkRow(
            name: name,
            workload: workload,
            parameters: ["parties": "\(options.parties)", "orders": "\(options.orders)"],
            seed: options.seed,
            itemCount: count,
            unit: "entries",
            runs: runs,
            bytesPerItem: Double(bytes) / Double(max(1, count))
        )
    }

    private func require(_ found: UInt64, _ expected: UInt64, _ word: String) throws {
        guard found == expected else {
            throw BenchmarkFailure("\(found) of \(expected) entries were \(word)")
        }
    }

    /// Writes the ledger, and returns its log.
    private func write(_ setup: MarketOperations) throws -> LMDBEntryLog {
        let log = try LMDBEntryLog.create(at: "\(folder)/log", secret: .forBenchmarks())
        let ledger = try Ledger.open(log, secret: log.secret) { .earliest }
        _ = try ledger.submit(setup.beginning())
        try setup.forEachChunk(of: 8_192) { _ = try ledger.submit($0) }
        ledger.close()
        return log
    }

    private func byteCount(_ log: LMDBEntryLog) throws -> Int {
        var count = 0
        try log.read(from: EntryNumber(rawValue: 0)) { _, bytes throws(EntryLogError) in
            count += bytes.byteCount
            return .next
        }
        return count
    }

    // MARK: - Crash

    /// Lets a program of its own write a ledger, kills it in the midst, and opens what is there.
    ///
    /// The time is scaled to the number of orders, as no two writers are killed at one entry.
    private func crashAndOpen(_ run: Int) throws -> RunMeasurement {
        ProgressLine.terminal.show("recovery.crash, run \(run + 1) of \(options.output.runs)")
        defer { ProgressLine.terminal.clear() }
        let path = "\(folder)/crash-\(run)"
        var generator = SeededGenerator(seed: options.seed &+ UInt64(run))
        let least = options.orders / 2 + generator.below(max(1, options.orders / 2))
        let acknowledged = try CrashWriter.writeAndKill(
            options: options,
            folder: path,
            acknowledged: least
        )
        let log = try LMDBEntryLog.open(at: path, access: .readWrite)
        let (ledger, measurement) = try RunMeasurement.of {
            try Ledger.open(log, secret: log.secret) { .earliest }
        }
        let count = try log.head().next
        ledger.close()
        guard count >= UInt64(acknowledged) else {
            throw BenchmarkFailure(
                "\(acknowledged) entries were acknowledged and \(count) are there after the crash"
            )
        }
        try FileManager.default.removeItem(atPath: path)
        var scaled = measurement
        let factor = Double(options.orders) / Double(max(1, count))
        scaled.wallSeconds *= factor
        scaled.cpuSeconds *= factor
        scaled.busySeconds = scaled.busySeconds.map { $0 * factor }
        return scaled
    }
}

extension LedgerSecret {
    /// The secret of every ledger that a benchmark makes: it hides nothing.
    static func forBenchmarks() throws -> LedgerSecret {
        guard let secret = LedgerSecret(randomBytes: (0..<32).map { UInt8($0) }) else {
            throw BenchmarkFailure("32 bytes should be a secret")
        }
        return secret
    }
}
