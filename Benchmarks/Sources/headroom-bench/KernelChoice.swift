// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import BenchmarkWorkloads

/// Which workloads, batches and workers of the kernel are measured, and how large.
struct KernelChoice: ParsableArguments {
    @Option(help: "Workloads, K1 to K8, or all.")
    var workload = "all"

    @Option(help: "Ways to decide: serial, or numbers of workers.")
    var workers = "serial"

    @Option(help: "Items of a batch.")
    var batch: String?

    @Option(help: "How many items a run decides.")
    var items: Int?

    @Option(help: "How many parties ask.")
    var parties: Int?

    @Option(help: "For how many countries.")
    var countries: Int?

    @Option(help: "The seed of the workloads.")
    var seed: UInt64 = 1

    @Flag(help: "A smoke run of some seconds: small streams, two sizes of batches.")
    var quick = false

    func validate() throws {
        guard items ?? 1 > 0 else { throw ValidationError("--items must be at least 1") }
        guard parties ?? 1 > 0 else { throw ValidationError("--parties must be at least 1") }
        guard countries ?? 2 > 1 else { throw ValidationError("--countries must be at least 2") }
    }

    var size: KernelWorkload.Size {
        let usual = quick ? KernelWorkload.Size.quick : .full
        return KernelWorkload.Size(
            partyCount: parties ?? usual.partyCount,
            countryCount: countries ?? usual.countryCount,
            itemCount: items ?? usual.itemCount
        )
    }

    var notes: [String] {
        quick ? ["A smoke run on small streams: its figures say nothing."] : []
    }

    func kinds() throws -> [KernelWorkload.Kind] {
        if workload == "all" { return KernelWorkload.Kind.allCases }
        return try Self.list(workload).map { name in
            guard let kind = KernelWorkload.Kind(rawValue: name.uppercased()) else {
                throw UsageError("--workload takes K1 to K8 with commas, or all: \(name)")
            }
            return kind
        }
    }

    func batchCounts() throws -> [Int] {
        try Self.numbers(batch ?? (quick ? "64,8192" : "64,1024,8192,262144"), "--batch")
    }

    func deciders() throws -> [KernelDecider] {
        try Self.list(workers).map { name in
            if name == "serial" { return .serial }
            throw UsageError("--workers takes serial: \(name)")
        }
    }

    /// The parts of a list with commas.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(String.init)
    }

    /// Positive numbers with commas between them.
    static func numbers(_ text: String, _ option: String) throws -> [Int] {
        let numbers = list(text).map { Int($0) ?? 0 }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }) else {
            throw UsageError("\(option) takes positive numbers with commas: \(text)")
        }
        return numbers
    }
}
