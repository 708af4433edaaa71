// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkSupport
import Foundation
import Peers

/// Runs the comparison and writes its tables.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the comparison; servers that are not named are left out."
    )

    @Option(help: "A folder for the peers' files; what it holds of theirs is deleted.")
    var folder: String

    @Option(help: "Where to write peers.md, peers.json, peers.csv and peers.svg.")
    var output: String?

    @Option(help: "A connection string of libpq for PostgreSQL.")
    var postgresql: String?

    @Option(help: "The process of PostgreSQL that was started first.")
    var postgresqlProcess: Int32 = 0

    @Option(help: "The Unix socket of Redis.")
    var redis: String?

    @Option(help: "The process of Redis.")
    var redisProcess: Int32 = 0

    @Option(help: "How claims use their limits: all, first, or both.")
    var rule = "both"

    @Option(
        parsing: .upToNextOption,
        help: "The streams: K1, K3, K5; with --quick only K1 and K5 unless given."
    )
    var workloads: [String] = []

    @Option(help: "Only peers whose name holds this text.")
    var only: String?

    @Flag(help: "Leave out what keeps everything in memory.")
    var withoutMemory = false

    @Flag(help: "Leave out what is durable.")
    var withoutDurable = false

    @Option(help: "How many runs of each row are measured.")
    var runs: Int?

    @Option(help: "The seed of the streams.")
    var seed: UInt64 = 1

    @Flag(help: "Small streams and one run: to see that everything works, not to measure.")
    var quick = false

    @Flag(help: "Say nothing about the progress.")
    var quiet = false

    private var names: [WorkloadName] {
        if workloads.isEmpty { return quick ? [.uniform, .draining] : WorkloadName.allCases }
        return WorkloadName.allCases.filter { workloads.contains($0.rawValue) }
    }

    private var rules: [PeerRule] {
        PeerRule.allCases.filter { rule == "both" || rule == $0.rawValue }
    }

    func validate() throws {
        guard workloads.isEmpty || names.count == workloads.count else {
            throw ValidationError("the streams are K1, K3 and K5")
        }
        guard !rules.isEmpty else { throw ValidationError("the rule is all, first or both") }
        guard runs ?? 1 >= 1 else { throw ValidationError("there must be a run") }
    }

    func run() throws {
        let capture = EnvironmentCapture(folder: try existingFolder())
        let stopwatch = Stopwatch()
        let serverSecondsBefore = serverSeconds()
        let list = EntrantList(
            folder: folder,
            postgreSQL: postgresql.map {
                EntrantList.Server(address: $0, process: postgresqlProcess)
            },
            redis: redis.map { EntrantList.Server(address: $0, process: redisProcess) },
            memoryClaimCount: quick ? 65_536 : 2_097_152,
            divisor: quick ? 32 : 1
        )
        var rows: [PeerRow] = []
        for rule in rules {
            for name in names {
                if !withoutMemory { rows += memoryRows(list, name, rule) }
                if !withoutDurable { rows += try durableRows(list, name, rule) }
            }
        }
        let report = PeerReport(
            environment: environment(
                capture,
                stopwatch,
                serverSeconds: serverSeconds() - serverSecondsBefore
            ),
            seed: seed,
            rows: rows
        )
        print(report.markdown())
        if let output { try write(report, to: output) }
        if rows.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    private func existingFolder() throws -> String {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        return folder
    }

    private func comparison(
        _ name: WorkloadName,
        _ rule: PeerRule,
        partyCount: Int
    ) -> PeerComparison {
        let isQuiet = quiet
        return PeerComparison(
            workload: name,
            rule: rule,
            shape: WorkloadShape(
                partyCount: partyCount,
                countryCount: 200,
                claimCount: 0,
                seed: seed
            ),
            runCount: runs ?? (quick ? 1 : 5),
            hasWarmUp: !quick
        ) { text in
            if !isQuiet { FileHandle.standardError.write(Data("peers: \(text)\n".utf8)) }
        }
    }

    private func chosen(_ entrants: [PeerComparison.Entrant]) -> [PeerComparison.Entrant] {
        entrants.filter { entrant in
            if let only, !entrant.name.contains(only) { return false }
            // Enough of each kind to see that it works.
            return !quick || [1, 128, 1_024].contains(entrant.batchCount)
        }
    }

    private func memoryRows(
        _ list: EntrantList,
        _ name: WorkloadName,
        _ rule: PeerRule
    ) -> [PeerRow] {
        comparison(name, rule, partyCount: quick ? 20_000 : 1_000_000)
            .run(chosen(list.inMemory()))
    }

    private func durableRows(
        _ list: EntrantList,
        _ name: WorkloadName,
        _ rule: PeerRule
    ) throws -> [PeerRow] {
        let comparison = comparison(name, rule, partyCount: quick ? 1_000 : 10_000)
        var rows = comparison.run(chosen(try list.durable(rule)))
        let ledgerBytes = rows.filter { $0.batch >= 1_024 }.compactMap(\.bytesPerClaim).first
        if let ledgerBytes {
            for floor in list.floors(bytesPerClaim: ledgerBytes) {
                rows.append(
                    list.row(floor, workload: name, rule: rule, runCount: comparison.runCount)
                )
            }
        }
        return rows
    }

    /// The environment, without counting what the servers did as the work of others.
    private func environment(
        _ capture: EnvironmentCapture,
        _ stopwatch: Stopwatch,
        serverSeconds: Double
    ) -> BenchmarkEnvironment {
        var environment = capture.finished()
        let coreSeconds = stopwatch.read().wallSeconds * Double(max(1, environment.coreCount))
        if coreSeconds > 0 {
            let share = environment.othersShare - serverSeconds / coreSeconds
            environment.othersShare = max(0, share)
        }
        return environment
    }

    private func serverSeconds() -> Double {
        var seconds = 0.0
        if postgresql != nil { seconds += ServerProcesses(root: postgresqlProcess).cpuSeconds() }
        if redis != nil { seconds += ServerProcesses(root: redisProcess).cpuSeconds() }
        return seconds
    }

    private func write(_ report: PeerReport, to output: String) throws {
        let folder = URL(fileURLWithPath: output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(report.markdown().utf8).write(to: folder.appendingPathComponent("peers.md"))
        try Data(report.json().utf8).write(to: folder.appendingPathComponent("peers.json"))
        if let plot = report.plot() {
            try Data(plot.utf8).write(to: folder.appendingPathComponent("peers.svg"))
        }
        try Data(report.csv().utf8).write(to: folder.appendingPathComponent("peers.csv"))
    }
}
