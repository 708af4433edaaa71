// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

extension PeerReport {
    /// The report as Markdown: the machine, and a table for each rule, durability and stream.
    public func markdown() -> String {
        var text = machine()
        for rule in PeerRule.allCases {
            for isDurable in [false, true] {
                for workload in WorkloadName.allCases {
                    let part = rows.filter {
                        $0.rule == rule && ($0.durability != .none) == isDurable
                            && $0.workload == workload.rawValue
                    }
                    if part.isEmpty { continue }
                    text += "\n#### \(Self.title(rule, isDurable, workload))\n\n"
                    text += Self.table(part)
                }
            }
        }
        let failures = rows.filter { $0.failure != nil }
        if !failures.isEmpty {
            text += "\nWithout figures:\n\n"
            for row in failures {
                text +=
                    "- \(row.peer), \(row.workload) \(row.rule.rawValue): \(row.failure ?? "")\n"
            }
        }
        return text
    }

    /// The machine, as a list.
    private func machine() -> String {
        let memory = environment.memoryBytes / (1 << 30)
        var lines = [
            "\(environment.coreCount) cores of \(environment.processor), \(memory) GiB of memory",
            "\(environment.operatingSystem), Linux \(environment.kernel), "
                + "\(environment.fileSystem ?? "unknown file system")",
            "Swift \(environment.swiftVersion), \(environment.buildMode) build of "
                + "\(environment.commit ?? "an unknown commit"), \(environment.startedAt)",
            "seed \(seed)",
        ]
        if let warning = environment.warning { lines.append("**\(warning)**") }
        return lines.map { "- \($0)\n" }.joined()
    }

    private static func title(
        _ rule: PeerRule,
        _ isDurable: Bool,
        _ workload: WorkloadName
    ) -> String {
        let place = isDurable ? "Durable" : "In memory"
        let limits = rule == .all ? "all three limits" : "first limit that holds"
        return "\(place), \(workload.rawValue), \(limits)"
    }

    private static func table(_ rows: [PeerRow]) -> String {
        var text = """
            | peer | safe | clients | batch | decisions/s | spread | CPU s/million: client | server \
            | one call: p50 us | p99 us | over-admitted | falsely refused | other | checked |
            |---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---|

            """
        for row in rows where row.failure == nil { text += line(row) }
        return text
    }

    private static func line(_ row: PeerRow) -> String {
        let cpu = row.cpuSecondsPerMillion
        let cells = [
            row.peer, row.durability.rawValue, count(row.clients), count(row.batch),
            row.decisionsPerSecond.map(grouped) ?? "",
            spread(row.wallSeconds),
            number(cpu?.client, 2), number(cpu?.server, 2),
            number(row.callMicroseconds?.median, 1), number(row.callMicroseconds?.ninetyNinth, 1),
            row.verdict.map { count($0.overAdmissions) } ?? "",
            row.verdict.map { count($0.falseRefusals) } ?? "",
            row.verdict.map { count($0.otherDifferences) } ?? "",
            row.verdict.map { $0.isComparedOneByOne ? "each" : "sums" } ?? "",
        ]
        return "| " + cells.joined(separator: " | ") + " |\n"
    }

    private static func count(_ value: Int) -> String { LedgerRulebook.grouped(Int64(value)) }

    /// The coefficient of variation; one run says nothing of it.
    private static func spread(_ wallSeconds: [Double]) -> String {
        guard wallSeconds.count > 1 else { return "one run" }
        return number(Figures.coefficientOfVariation(wallSeconds) * 100, 1) + " %"
    }

    /// A number to three digits, with a comma before every third.
    static func grouped(_ value: Double) -> String {
        var unit = 1.0
        while value / unit >= 1_000 { unit *= 10 }
        return LedgerRulebook.grouped(Int64((value / unit).rounded() * unit))
    }
}
