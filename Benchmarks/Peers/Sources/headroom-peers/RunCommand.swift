// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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

    @Option(parsing: .upToNextOption, help: "The streams: K1, K3, K5.")
    var workloads = ["K1", "K3", "K5"]

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
        WorkloadName.allCases.filter { workloads.contains($0.rawValue) }
    }

    private var rules: [PeerRule] {
        PeerRule.allCases.filter { rule == "both" || rule == $0.rawValue }
    }

    func validate() throws {
        guard names.count == workloads.count else {
            throw ValidationError("the streams are K1, K3 and K5")
        }
        guard !rules.isEmpty else { throw ValidationError("the rule is all, first or both") }
        guard runs ?? 1 >= 1 else { throw ValidationError("there must be a run") }
    }

    func run() throws {
        let list = EntrantList(
            folder: folder,
            postgreSQL: postgresql.map {
                EntrantList.Server(address: $0, process: postgresqlProcess)
            },
            redis: redis.map { EntrantList.Server(address: $0, process: redisProcess) },
            memoryClaimCount: quick ? 262_144 : 4_194_304,
            divisor: quick ? 16 : 1
        )
        var rows: [PeerRow] = []
        for rule in rules {
            for name in names {
                if !withoutMemory { rows += memoryRows(list, name, rule) }
                if !withoutDurable { rows += try durableRows(list, name, rule) }
            }
        }
        let report = PeerReport(machine: machine(), seed: seed, rows: rows)
        print(report.markdown())
        if let output { try write(report, to: output) }
        if rows.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
    }

    private func comparison(
        _ name: WorkloadName,
        _ rule: PeerRule,
        partyCount: Int
    ) -> Comparison {
        let isQuiet = quiet
        return Comparison(
            workload: name,
            rule: rule,
            shape: WorkloadShape(
                partyCount: partyCount,
                countryCount: 200,
                claimCount: 0,
                seed: seed
            ),
            runCount: runs ?? (quick ? 1 : 5)
        ) { text in
            if !isQuiet { FileHandle.standardError.write(Data("peers: \(text)\n".utf8)) }
        }
    }

    private func chosen(_ entrants: [Comparison.Entrant]) -> [Comparison.Entrant] {
        guard let only else { return entrants }
        return entrants.filter { $0.name.contains(only) }
    }

    private func memoryRows(
        _ list: EntrantList,
        _ name: WorkloadName,
        _ rule: PeerRule
    ) -> [PeerRow] {
        comparison(name, rule, partyCount: quick ? 100_000 : 1_000_000)
            .run(chosen(list.inMemory()))
    }

    private func durableRows(
        _ list: EntrantList,
        _ name: WorkloadName,
        _ rule: PeerRule
    ) throws -> [PeerRow] {
        let comparison = comparison(name, rule, partyCount: 10_000)
        var rows = comparison.run(chosen(try list.durable(rule)))
        let ledgerBytes = rows.filter { $0.batch == 8_192 }.compactMap(\.bytesPerClaim).first
        if let ledgerBytes {
            for floor in list.floors(bytesPerClaim: ledgerBytes) {
                rows.append(
                    list.row(floor, workload: name, rule: rule, runCount: comparison.runCount)
                )
            }
        }
        return rows
    }

    private func machine() -> [String] {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        let name = line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
        return ["\(ProcessInfo.processInfo.activeProcessorCount) cores of \(name ?? "unknown")"]
    }

    private func write(_ report: PeerReport, to output: String) throws {
        let folder = URL(fileURLWithPath: output)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(report.markdown().utf8).write(to: folder.appendingPathComponent("peers.md"))
        try Data(report.json().utf8).write(to: folder.appendingPathComponent("peers.json"))
        try Data(report.csv().utf8).write(to: folder.appendingPathComponent("peers.csv"))
    }
}
