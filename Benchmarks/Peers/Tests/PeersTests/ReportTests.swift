// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport
import Testing

@testable import Peers

@Suite struct ReportTests {
    private func report() -> PeerReport {
        let comparison = PeerComparison(
            workload: .uniform,
            rule: .all,
            shape: WorkloadShape(partyCount: 100, countryCount: 5, claimCount: 0, seed: 1),
            runCount: 2,
            hasWarmUp: true
        ) { _ in }
        var rows = comparison.run([
            PeerComparison.Entrant(MutexPeer(threads: 2), claimCount: 500),
            PeerComparison.Entrant(KernelPeer(batchCount: 64), claimCount: 500),
            PeerComparison.Entrant(FailingPeer(), claimCount: 500),
        ])
        rows[0].settings = "with a comma, and a \"quote\""
        return PeerReport(environment: EnvironmentCapture().finished(), seed: 1, rows: rows)
    }

    private struct FailingPeer: Peer {
        let name = "one that fails"
        let durability = Durability.none
        let clientCount = 1
        let batchCount = 1
        let settings = ""
        func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun {
            throw PeerError("it is broken")
        }
    }

    @Test func everyPeerHasItsRuns() throws {
        let rows = report().rows
        #expect(rows.map(\.wallSeconds.count) == [2, 2, 0])
        #expect(rows[0].verdict?.isExact == true && rows[1].verdict?.isExact == true)
        #expect(rows[2].failure == "it is broken" && rows[2].decisionsPerSecond == nil)
    }

    @Test func theTableHasARowForEachThatWorked() {
        let text = report().markdown()
        #expect(text.contains("#### In memory, K1, all three limits"))
        #expect(text.contains("| one mutex | memory | 2 | 1 |"))
        #expect(text.contains("| Headroom kernel | memory | 1 | 64 |"))
        #expect(text.contains("- one that fails, K1 all: it is broken"))
    }

    @Test func fieldsWithCommasAreQuoted() throws {
        let lines = report().csv().split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[1].hasSuffix("\"with a comma, and a \"\"quote\"\"\","))
        let json = try report().json()
        #expect(json.contains("\"schema\" : \"headroom-peers-1\""))
    }

    @Test func thePlotShowsWhatHasOneClient() throws {
        let plot = try #require(report().plot())
        #expect(plot.contains("<svg") && plot.contains("Headroom kernel"))
        #expect(!plot.contains("one mutex"))
    }

    @Test func numbersAreGroupedAndRounded() {
        #expect(PeerReport.grouped(1_234_567) == "1,230,000")
        #expect(PeerReport.grouped(999.6) == "1,000")
        #expect(PeerReport.grouped(12.4) == "12")
        #expect(LedgerRulebook.grouped(26_900_000) == "26,900,000")
    }

    @Test func percentilesAreNearestRanks() throws {
        let percentiles = try #require(Figures.percentiles((1...100).map { UInt64($0) * 1_000 }))
        #expect(percentiles.median == 50 && percentiles.ninetyNinth == 99)
        #expect(Figures.median([4, 1, 3, 2]) == 2.5)
    }
}
