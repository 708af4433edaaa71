// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkWorkloads
import EntryLog
import Foundation
import Glibc
import LMDBEntryLog
import LedgerModel
import QuotaLedger

/// Writes a ledger and says after each batch how many entries are acknowledged, until it is killed.
struct CrashWriter: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crash-writer",
        abstract: "Write a ledger to be killed; `recovery` runs it.",
        shouldDisplay: false
    )

    @Option var folder: String
    @Option var orders: Int
    @Option var parties: Int
    @Option var seed: UInt64

    private static let chunkCount = 1_024

    func run() throws {
        let log = try LMDBEntryLog.create(at: folder, secret: .forBenchmarks())
        let ledger = try Ledger.open(log, secret: log.secret) { .earliest }
        let market = GeneratedMarket(seed: seed, partyCount: parties, orderCount: orders)
        let setup = MarketOperations(market)
        var acknowledged = 0
        func submit(_ operations: [LedgerModel.Operation]) throws {
            // Events of limits stand among the entries: what is acknowledged is a lower bound.
            acknowledged += try ledger.submit(operations).count
            FileHandle.standardOutput.write(Data("\(acknowledged)\n".utf8))
        }
        try submit(setup.beginning())
        var orders = market.orders()
        while true {
            var chunk: [LedgerModel.Operation] = []
            while chunk.count < Self.chunkCount {
                if let operation = setup.reservation(orders.next()) { chunk.append(operation) }
            }
            try submit(chunk)
        }
    }

    /// Runs such a writer, kills it once it has acknowledged so many entries, and returns how many
    /// it acknowledged in all.
    static func writeAndKill(
        options: MarketOptions,
        folder: String,
        acknowledged least: Int
    ) throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [
            "crash-writer", "--folder", folder, "--orders", "\(options.orders)",
            "--parties", "\(options.parties)", "--seed", "\(options.seed)",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var printed = ""
        var last = 0
        var isKilled = false
        while true {
            let data = pipe.fileHandleForReading.availableData
            guard !data.isEmpty else { break }
            printed += String(decoding: data, as: UTF8.self)
            // A line that is not whole yet waits for its rest.
            let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
            printed = String(lines.last ?? "")
            last = lines.dropLast().compactMap { Int($0) }.last ?? last
            if last >= least, !isKilled {
                isKilled = true
                kill(process.processIdentifier, SIGKILL)
            }
        }
        process.waitUntilExit()
        guard isKilled else { throw BenchmarkFailure("the writer ended before it was killed") }
        return last
    }
}
