// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation
import Testing

@Suite struct ReportTests {
    private let report = SampleReport.report([
        SampleReport.row("kernel.K1.serial.batch64", seconds: [1, 1.1, 0.9, 1, 1]),
        SampleReport.row("kernel.K1.serial.batch64.open", seconds: [1, 1], kind: .openLoop),
        SampleReport.row("kernel.K1.copy.batch64", seconds: [0.1, 0.1], kind: .yardstick),
    ])

    private func schema() throws -> SchemaCheck {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("schema/report-1.json")
        return try SchemaCheck(schema: Data(contentsOf: path))
    }

    @Test func reportsFitTheirSchema() throws {
        let findings = try schema().findings(in: report.json())
        #expect(findings == [])
        var bare = report
        bare.environment.governor = nil
        bare.environment.commit = nil
        bare.environment.fileSystem = nil
        bare.rows = []
        #expect(try schema().findings(in: bare.json()) == [])
    }

    @Test(arguments: [
        ("\"schemaVersion\" : 1", "\"schemaVersion\" : 2", "$.schemaVersion"),
        ("\"kind\" : \"openLoop\"", "\"kind\" : \"other\"", "$.rows[1].kind"),
        ("\"seed\" : 1", "\"seed\" : \"1\"", "$.rows[0].seed"),
        ("\"coreCount\" : 2", "\"coreCount\" : 0", "$.environment.coreCount"),
        ("\"unit\" : \"decisions\"", "\"units\" : \"decisions\"", "$.rows[0]: unit is missing"),
        ("0123456789abcdef", "0123456789ABCDEF", "$.rows[0].digest"),
        ("\"notes\" : [", "\"notes\" : [ true,", "$.notes[0]"),
    ])
    func whatDoesNotFitIsFound(text: String, replacement: String, place: String) throws {
        let json = String(decoding: try report.json(), as: UTF8.self)
        let changed = json.replacingOccurrences(of: text, with: replacement)
        #expect(changed != json)
        let findings = try schema().findings(in: Data(changed.utf8))
        #expect(findings.contains { $0.hasPrefix(place) }, "\(findings)")
    }

    @Test func reportsComeBackFromTheirFiles() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("report-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try report.json().write(to: URL(fileURLWithPath: path))
        let read = try BenchmarkReport.read(path)
        #expect(read.rows == report.rows)
        #expect(read.environment == report.environment)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: ReportFileError.self) { try BenchmarkReport.read(path) }
        #expect(throws: ReportFileError.self) { try BenchmarkReport.read(path + "-missing") }
    }

    @Test func summariesAreTheFiguresOfTheRuns() {
        let summary = report.rows[0].summary
        #expect(summary.medianWallSeconds == 1)
        #expect(summary.itemsPerSecond == 1_000_000)
        #expect(summary.cpuSecondsPerMillion == 1.5)
        #expect(summary.coresBusy == 1.5)
        #expect(abs(summary.provenOverlap - 0.5) < 1e-12)
    }

    @Test func everyRowOfTheTableIsInTheCSV() {
        let lines = report.csv.components(separatedBy: "\r\n")
        #expect(lines.count == report.rows.count + 2)
        #expect(lines.last == "")
        #expect(lines[0].components(separatedBy: ",") == BenchmarkReport.csvColumns)
        // No cell of these rows has a comma.
        for line in lines[1...3] {
            #expect(line.components(separatedBy: ",").count == BenchmarkReport.csvColumns.count)
        }
        for row in report.rows { #expect(report.text.contains(row.name)) }
    }

    @Test func cellsWithCommasAndQuotationMarksAreQuoted() {
        let row = SampleReport.row("x", seconds: [1], parameters: ["plan": "1,\"2\""])
        let csv = SampleReport.report([row]).csv
        #expect(csv.contains(",\"plan=1,\"\"2\"\"\","))
    }

    @Test func busyMachinesAreSaidLoudly() {
        #expect(report.environment.warning == nil)
        var busy = report
        busy.environment.othersShare = 0.4
        #expect(busy.text.contains("NOT A QUIET MEASUREMENT"))
        busy = report
        busy.environment.loadBefore = 1.5
        #expect(busy.text.contains("NOT A QUIET MEASUREMENT"))
    }

    @Test func theMachineIsDescribed() {
        let environment = EnvironmentCapture(folder: "/").finished()
        #expect(environment.coreCount > 0)
        #expect(environment.memoryBytes > 0)
        #expect(environment.fileSystem != nil)
        #expect((0...1).contains(environment.othersShare))
    }

    @Test func runsOfCasesAlternate() throws {
        var order: [String] = []
        let cases = ["a", "b"].map { name in
            MeasuredCase(
                name: name,
                prepare: { order.append("prepare \(name)") },
                body: { order.append(name) },
                check: { order.append("check \(name)") }
            )
        }
        let plan = InterleavedRuns(runCount: 2, warmUpCount: 1)
        let measured = try plan.measure(cases)
        #expect(measured.map(\.count) == [2, 2])
        let turn = ["prepare a", "a", "check a", "prepare b", "b", "check b"]
        #expect(order == turn + turn + turn)
    }
}
