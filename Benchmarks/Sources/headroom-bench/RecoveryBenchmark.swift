// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger

/// From a log alone to a state that decides: every batch's checksum and chain, every entry decoded.
struct RecoveryBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery",
        abstract: "Rebuild a ledger's state from its log alone."
    )

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "A folder for the ledger; it is emptied.")
    var folder: String

    func run() throws {
        try? FileManager.default.removeItem(atPath: folder)
        let setup = LedgerSetup(workload: options.workload)
        let log = try write(setup)
        let written = try log.head().next
        var runs: [Measurement] = []
        for _ in 0..<options.runs {
            let (next, measurement) = try Measurement.of {
                try LedgerCore.recovered(from: log).next.rawValue
            }
            guard next == written else {
                throw ValidationError("\(next) of \(written) entries were recovered")
            }
            runs.append(measurement)
        }
        try options.report("recovery", unit: "entries", runs: runs)
    }

    /// Writes the ledger, and returns its log.
    private func write(_ setup: LedgerSetup) throws -> LMDBEntryLog {
        var bytes = [UInt8](repeating: 0, count: 32)
        for index in bytes.indices { bytes[index] = UInt8(index) }
        guard let secret = LedgerSecret(randomBytes: bytes) else {
            throw ValidationError("32 bytes should be a secret")
        }
        let log = try LMDBEntryLog.create(at: folder, secret: secret)
        let time = LedgerTime.earliest
        let ledger = try Ledger.open(log, secret: secret) { time }
        _ = try ledger.submit(try setup.beginning())
        try setup.forEachChunk(of: 8_192) { _ = try ledger.submit($0) }
        ledger.close()
        return log
    }
}
