// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

/// Reports of a ledger that has really decided.
@Suite struct LedgerReportTests {
    private func operation(
        _ id: String,
        _ time: String,
        _ action: Action
    ) throws -> LedgerModel.Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: Fixtures.actor(role: .operator),
            time: try Fixtures.noon(time),
            action: action
        )
    }

    private func order(
        _ id: String,
        _ time: String,
        tpp: Int64,
        deadline: String? = nil
    ) throws -> LedgerModel.Operation {
        try operation(
            id,
            time,
            .reserve(
                Reservation(
                    consignee: Fixtures.party("ACME"),
                    destination: try Fixtures.country("AE"),
                    lines: [.tpp(TPP(rawValue: tpp))],
                    endUse: EndUseIdentifier(checked: "inference"),
                    deadline: try deadline.map(Fixtures.noon)
                )
            )
        )
    }

    private func operations() throws -> [LedgerModel.Operation] {
        let acme = PartyRecord(
            id: Fixtures.party("ACME"),
            name: "Acme",
            site: try Fixtures.country("AE"),
            headquarters: try Fixtures.country("AE")
        )
        let brief = RulebookAdoption(bytes: ShippedRulebook.brief.file.bytes)
        return [
            try operation("init", "2025-01-20", .createLedger(Fixtures.creation())),
            try operation("rulebook", "2025-01-20", .adoptRulebook(brief)),
            try operation("party", "2025-01-20", .party(acme)),
            try order("small", "2025-02-01", tpp: 15_832_000),
            try order("large", "2025-02-02", tpp: 700_000_000, deadline: "2025-03-20"),
            try order("short", "2025-02-03", tpp: 50_000_001, deadline: "2025-02-10"),
            try order("too-large", "2025-02-04", tpp: 100_000_000),
            try order("after", "2025-03-01", tpp: 15_832_000),
        ]
    }

    private let large = OperationReference(id: OperationIdentifier(checked: "large"))

    @Test func theReportOfALedgerProvesItsSums() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let effects = try core.decide(try operations(), now: try Fixtures.noon("2025-03-01"))
        let report = core.capReport(at: try Fixtures.noon("2025-03-01"))
        let rendering = CapReportRendering(
            try #require(report),
            runOn: try Fixtures.noon("2025-03-02")
        )
        let lines = rendering.text(width: 100).split(separator: "\n").map(String.init)
        let expected = [
            "AE United Arab Emirates  capped  50,000.000  45,214.250  4,785.750    90.4  critical",
            "AE United        0.000        0.0  45,214.250  44,214.249  44,214.249  44,214.249  1,000.000   0.000",
            "small-order       1   1,000.000",
            "country           3  48,372.411",
            "country     limit-reached       1    6,316.322",
            "Reconciliation in TPP: granted 781,664,001 - expired 50,000,001 = open holds 731,664,000.",
            "Open holds: 715,832,000 against countries, 15,832,000 small orders, 0 other grants.",
            "The sums agree.",
        ]
        for line in expected { #expect(lines.contains(line)) }
        #expect(rendering.value["reconciliation"]?["is_reconciled"] == .boolean(true))
        // Two thresholds on the way up, one of them again after the expiry.
        #expect(effects.entries.count == 12)
    }

    @Test func theReportProvesWhatWasShippedFreedAndTakenBack() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let noon = Fixtures.noon
        let part = HoldPart.amount(TPP(rawValue: 300_000_000))
        let life = [
            try operation("s1", "2025-03-01", .ship(Shipment(hold: large, part: part))),
            try operation(
                "s2",
                "2025-03-02",
                .ship(
                    Shipment(hold: large, part: .amount(TPP(rawValue: 100_000_000)), isFinal: true)
                )
            ),
            try operation(
                "back",
                "2025-03-03",
                .giveBack(GoodsReturn(hold: large, part: .amount(TPP(rawValue: 50_000_000))))
            ),
            try operation(
                "lost",
                "2025-03-04",
                .retire(
                    Retirement(
                        hold: large,
                        part: .amount(TPP(rawValue: 1_000_000)),
                        cause: .loss
                    )
                )
            ),
            try operation(
                "off",
                "2025-03-05",
                .release(
                    HoldRelease(
                        hold: OperationReference(id: OperationIdentifier(checked: "small"))
                    )
                )
            ),
            try operation(
                "by law",
                "2025-03-06",
                .revoke(
                    Revocation(
                        hold: OperationReference(id: OperationIdentifier(checked: "after")),
                        reason: "withdrawn"
                    )
                )
            ),
        ]
        _ = try core.decide(try operations() + life, now: try noon("2025-03-06"))
        let found = core.capReport()
        let report = try #require(found)
        let rendering = CapReportRendering(report, runOn: try noon("2025-03-07"))
        let line = try #require(report.lines.first)
        // 400,000,000 shipped less 50,000,000 that came back; the retirement is not credited.
        #expect(line.shipped.rawValue == 350_000_000)
        #expect(line.held == .zero && line.used == line.shipped)
        #expect(report.isReconciled && report.openHolds == .zero && report.openHoldCount == 0)
        #expect(
            rendering.text().contains(
                "Reconciliation in TPP: granted 781,664,001 - expired 50,000,001 - released "
                    + "15,832,000 - revoked 15,832,000 - freed by final shipments 300,000,000 "
                    + "- shipped 400,000,000 = open holds 0."
            )
        )
        let sums = try #require(rendering.value["reconciliation"])
        for (name, amount) in [
            ("released", 15_832_000), ("revoked", 15_832_000), ("freed", 300_000_000),
            ("shipped", 400_000_000), ("returned", 50_000_000), ("retired", 1_000_000),
            ("shipment_count", 2), ("final_shipment_count", 1), ("open_hold_count", 0),
        ] as [(String, Int64)] { #expect(sums[name] == .integer(amount), "\(name)") }
    }

    @Test func theEntriesOfALedgerAreToldInItsOwnWords() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let now = try Fixtures.noon("2025-03-01")
        let entries = try core.decide(try operations(), now: now).entries
        let report = core.capReport(at: now)
        let rulebook = try #require(report).rulebook
        let explainer = Explainer(rulebook: rulebook, mode: .advisory)
        let sentences = entries.map(explainer.sentence)
        let expected: [String] = [
            "The hold of entry 6 expired: 3,158.160 H100e (50,000,001 TPP) are free again.",
            "Order after of NVIDIA, 1,000.000 H100e for ACME to United Arab Emirates (AE), was "
                + "granted as if enforced by country: the allocation of United Arab Emirates (AE) "
                + "has 4,785.750 H100e left.",
            "The allocation of United Arab Emirates (AE) reached 90 %: 45,214.250 H100e "
                + "(715,832,000 TPP) used of 50,000.000 H100e (791,600,000 TPP).",
        ]
        #expect(Array(sentences.suffix(3)) == expected)
        #expect(entries.compactMap(explainer.row).count == 5)
    }
}
