// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct PlotTests {
    private func row(_ workers: String, _ batch: Int, seconds: Double) -> BenchmarkRow {
        SampleReport.row(
            "kernel.K1.\(workers).batch\(batch)",
            seconds: [seconds],
            parameters: ["batch": "\(batch)", "workers": workers]
        )
    }

    private var report: BenchmarkReport {
        var yardstick = SampleReport.row(
            "y",
            seconds: [0.05],
            kind: .yardstick,
            parameters: ["batch": "64", "yardstick": "gather & copy"]
        )
        var rows = [
            row("serial", 64, seconds: 0.1), row("serial", 4_096, seconds: 0.1),
            row("2", 64, seconds: 0.2), row("2", 4_096, seconds: 0.05), yardstick,
        ]
        yardstick.parameters["batch"] = "4096"
        rows.append(yardstick)
        rows += (0..<8).map {
            SampleReport.row("kernel.K1.open\($0)", seconds: [1], kind: .openLoop)
        }
        return SampleReport.report(rows)
    }

    @Test func plotsAreWellFormedAndNameTheirAxes() throws {
        let plots = ReportPlots(report).plots
        #expect(
            plots.map(\.fileName) == [
                "kernel-K1-throughput.svg", "kernel-K1-latency-1.svg", "kernel-K1-latency-2.svg",
            ]
        )
        for named in plots {
            let texts = try #require(TextsOfDrawing(named.plot.svg).texts)
            #expect(texts.contains(named.plot.horizontal.label))
            #expect(texts.contains(named.plot.vertical.label))
            for line in named.plot.series { #expect(texts.contains(line.name)) }
        }
        #expect(plots[0].plot.vertical.label == "million decisions a second")
    }

    @Test func theCrossoverIsMarkedBetweenTheSizes() throws {
        let plot = try #require(ReportPlots(report).plots.first?.plot)
        #expect(plot.marks.count == 1)
        // Half as fast at 64, twice as fast at 4,096: even at their geometric mean, 512.
        #expect(abs(plot.marks[0].value - 512) < 1)
        #expect(plot.marks[0].text == "2 workers: as fast as serial from 512")
    }

    @Test func ledgersHaveALineForEachHistory() throws {
        var rows: [BenchmarkRow] = []
        for history in ["0", "1000000"] {
            for (batch, seconds) in [("1", 1_000.0), ("64", 10), ("8192", 1)] {
                var parameters = ["batch": batch, "sync": "on", "history": history]
                rows.append(
                    SampleReport.row(
                        "l.\(history).\(batch)",
                        seconds: [seconds],
                        parameters: parameters
                    )
                )
                parameters["callers"] = "1000"
                rows.append(
                    SampleReport.row(
                        "c.\(history).\(batch)",
                        seconds: [seconds],
                        parameters: parameters
                    )
                )
            }
        }
        let plot = try #require(ReportPlots(SampleReport.report(rows)).plots.first?.plot)
        #expect(plot.series.map(\.name) == ["sync on, history 0", "sync on, history 1,000,000"])
        #expect(plot.series.allSatisfy { $0.points.count == 3 })
        // A thousandth and more side by side: only a logarithmic axis shows both.
        #expect(plot.vertical.ticks.map(\.value) == [0.001, 0.01, 0.1, 1])
    }

    @Test func reportsWithoutSizesHaveNoThroughputPlot() {
        let report = SampleReport.report([
            SampleReport.row("recovery", seconds: [1], parameters: [:])
        ])
        #expect(ReportPlots(report).plots.isEmpty)
    }

    @Test func axesBeginAtZeroAndEndAboveTheGreatestValue() {
        for greatest in [0.0013, 0.9, 7, 52.3, 999, 1_000_001] {
            let axis = PlotAxis.linear("x", upTo: greatest)
            #expect(axis.least == 0)
            #expect(axis.greatest >= greatest)
            #expect(axis.greatest < greatest * 2)
            #expect((3...14).contains(axis.ticks.count))
            #expect(Set(axis.ticks.map(\.text)).count == axis.ticks.count)
        }
    }
}

/// The texts of a drawing, `nil` if it is not well-formed.
private final class TextsOfDrawing: NSObject, XMLParserDelegate {
    private(set) var texts: [String]?
    private var found: [String] = []
    private var current: String?

    init(_ svg: String) {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        if parser.parse() { texts = found }
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        if name == "text" { current = "" }
    }

    func parser(_ parser: XMLParser, foundCharacters characters: String) {
        current? += characters
    }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        if let text = current, name == "text" { found.append(text) }
        if name == "text" { current = nil }
    }
}
