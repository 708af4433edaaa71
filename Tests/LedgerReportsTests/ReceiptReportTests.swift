// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerReports
import Rulebook
import Testing

@Suite("What a receipt says") struct ReceiptReportTests {
    private func report(_ entry: Entry, tellsTotals: Bool = true) throws -> ReceiptReport {
        var limits: [LimitTest] = []
        if tellsTotals, case .operation(let record) = entry.content,
            case .decided(let decision) = record.outcome
        {
            limits = decision.tests
        }
        return ReceiptReport(
            number: entry.number,
            time: entry.time,
            kind: "reserve",
            actor: entry.actor,
            content: entry.content,
            tellsTotals: tellsTotals,
            limitsAfter: limits,
            creation: Fixtures.creation(disclosure: tellsTotals ? .open : .banded),
            adoption: EntryNumber(rawValue: 1),
            rulebook: try ShippedRulebook.brief.load(),
            rulebookHash: String(repeating: "ab", count: 32),
            headEntryCount: 42,
            headRoot: String(repeating: "cd", count: 32),
            head: "ledger.example.org\n42\nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0=\n",
            signers: ["ledger.example.org, key 01020304"]
        )
    }

    private func refusal() throws -> Entry {
        Entry(
            number: EntryNumber(rawValue: 17),
            time: try Fixtures.noon("2025-06-01"),
            actor: Fixtures.actor(),
            rulebook: EntryNumber(rawValue: 1),
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "PO-7"),
                    action: .reserve(
                        Reservation(
                            consignee: Fixtures.party("ACME"),
                            destination: try Fixtures.country("AE"),
                            lines: [.tpp(TPP(rawValue: 1_583_200))],
                            endUse: EndUseIdentifier(checked: "commercial")
                        )
                    ),
                    outcome: .decided(try DecisionCases.countryRefusal())
                )
            )
        )
    }

    @Test func aRefusalIsToldWithItsArithmeticAndWhatVouchesForIt() throws {
        #expect(
            try report(refusal()).explanation.text()
                == """
                Order PO-7 of NVIDIA, 100.000 H100e for ACME to United Arab Emirates (AE), was refused as if enforced by country: the allocation of United Arab Emirates (AE) has only 50.000 H100e left.

                tested, in H100e             used       limit    asked    left
                ---------------------  ----------  ----------  -------  ------  -----
                small-order ACME 2025   1,700.000   1,700.000  100.000   0.000
                country AE             49,950.000  50,000.000  100.000  50.000  binds

                entry      17, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  country: White House fact sheet of 13 January 2025, the cap on countries that are neither allies nor of concern
                order      1,583,200 TPP; end use commercial
                asked      100.000 H100e (1,583,200 TPP)
                room       50.000 H100e (791,600 TPP) are left: an order of at most that fits this limit
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sheet of 13 January 2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody
                with it    small-order ACME 2025: 1,700.000 H100e (26,914,399 TPP) used of 1,700.000 H100e (26,914,400 TPP)
                with it    country AE: 49,950.000 H100e (790,808,400 TPP) used of 50,000.000 H100e (791,600,000 TPP)
                file       rulebook, SHA-256 abababababababababababababababababababababababababababababababab
                proven     entry 17 is in the log of ledger.example.org of 42 entries with the root cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
                signed     ledger.example.org, key 01020304

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 advanced GPUs; per group and calendar year as in 15 CFR 740.29
                country AE             White House fact sheet of 13 January 2025, up to 50,000 advanced GPUs per country; 2025 to 2027 as in 15 CFR 742.6(b)(10)(iii)(B)

                """
        )
    }

    @Test func whatIsNotOpenedIsNotTold() throws {
        #expect(
            try report(refusal(), tellsTotals: false).explanation.text()
                == """
                Order PO-7 of NVIDIA, 100.000 H100e for ACME to United Arab Emirates (AE), was refused as if enforced by country: the allocation of United Arab Emirates (AE) has less left than was asked.

                tested, in H100e         asked
                ---------------------  -------  -----
                small-order ACME 2025  100.000
                country AE             100.000  binds

                entry      17, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  country: White House fact sheet of 13 January 2025, the cap on countries that are neither allies nor of concern
                order      1,583,200 TPP; end use commercial
                asked      100.000 H100e (1,583,200 TPP)
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sheet of 13 January 2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody
                file       rulebook, SHA-256 abababababababababababababababababababababababababababababababab
                not told   the numbers of the limits, which others draw on too: a hash stands for them
                proven     entry 17 is in the log of ledger.example.org of 42 entries with the root cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
                signed     ledger.example.org, key 01020304

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 advanced GPUs; per group and calendar year as in 15 CFR 740.29
                country AE             White House fact sheet of 13 January 2025, up to 50,000 advanced GPUs per country; 2025 to 2027 as in 15 CFR 742.6(b)(10)(iii)(B)

                """
        )
    }

    @Test func anExpiryIsToldWithoutWhoBroughtTheTime() throws {
        var told = try report(refusal(), tellsTotals: false)
        told.actor = nil
        told.content = .expiry(
            HoldExpiry(hold: EntryNumber(rawValue: 12), freed: TPP(rawValue: 1_583_200))
        )
        #expect(
            told.explanation.sentence
                == "The hold of entry 12 expired: 100.000 H100e (1,583,200 TPP) are free again."
        )
        #expect(!told.explanation.text().contains("kim"))
        told.content = nil
        told.kind = "breach"
        #expect(
            told.explanation.sentence
                == "Entry 17 (breach) is in the log; what it says is not told here."
        )
    }

    /// Set `HEADROOM_WRITE_SNAPSHOTS=1` to write it anew after a change that is meant.
    @Test func theReceiptIsThePageThatWasLookedAt() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots/receipt.html")
        let page = try report(refusal()).html
        if ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1" {
            try Data(page.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }
}
