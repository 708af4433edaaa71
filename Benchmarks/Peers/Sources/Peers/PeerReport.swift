// SPDX-License-Identifier: Apache-2.0

public import BenchmarkSupport
import Foundation

/// All rows of a comparison, with the machine.
public struct PeerReport: Sendable, Codable {
    /// The version of this form.
    public var schema = "headroom-peers-1"
    /// The machine and how quiet it was; the servers' own CPU time does not count as others'.
    public var environment: BenchmarkEnvironment
    /// What the streams were made from.
    public var seed: UInt64
    /// The rows, in the order in which they were measured.
    public var rows: [PeerRow]

    /// Makes a report.
    public init(environment: BenchmarkEnvironment, seed: UInt64, rows: [PeerRow]) {
        self.environment = environment
        self.seed = seed
        self.rows = rows
    }

    /// The report as JSON.
    public func json() throws(PeerError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            throw PeerError("the report can not be written as JSON: \(error)")
        }
    }

    /// The report as CSV, a line for each row.
    public func csv() -> String {
        var lines = [
            "rule,workload,peer,durability,clients,batch,claims,runs,decisions_per_second,"
                + "coefficient_of_variation,client_cpu_seconds_per_million,"
                + "server_cpu_seconds_per_million,call_p50_microseconds,call_p99_microseconds,"
                + "bytes_per_claim,over_admissions,false_refusals,other_differences,"
                + "compared_one_by_one,settings,failure"
        ]
        for row in rows {
            lines.append(Self.fields(row).map(Self.quoted).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fields(_ row: PeerRow) -> [String] {
        let cpu = row.cpuSecondsPerMillion
        let calls = row.callMicroseconds
        var fields: [String] = [row.rule.rawValue, row.workload, row.peer, row.durability.rawValue]
        fields += [row.clients, row.batch, row.claims, row.wallSeconds.count].map { String($0) }
        fields.append(number(row.decisionsPerSecond, 1))
        fields.append(number(Figures.coefficientOfVariation(row.wallSeconds), 4))
        fields += [number(cpu?.client, 3), number(cpu?.server, 3)]
        fields += [number(calls?.median, 1), number(calls?.ninetyNinth, 1)]
        fields.append(number(row.bytesPerClaim, 1))
        if let verdict = row.verdict {
            fields += [verdict.overAdmissions, verdict.falseRefusals, verdict.otherDifferences]
                .map { String($0) }
            fields.append(verdict.isComparedOneByOne ? "yes" : "no")
        } else {
            fields += ["", "", "", ""]
        }
        return fields + [row.settings, row.failure ?? ""]
    }

    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else {
            return field
        }
        return "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    /// A number with so many decimals, or nothing.
    static func number(_ value: Double?, _ decimals: Int) -> String {
        value.map { String(format: "%.\(decimals)f", $0) } ?? ""
    }
}
