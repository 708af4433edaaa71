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
        _ action: Action,
        role: Role = .operator
    ) throws -> LedgerModel.Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: Fixtures.actor(role: role),
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
            ),
            role: .vendor
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
            try operation(
                "ship",
                "2025-03-01",
                .ship(
                    Shipment(
                        hold: OperationReference(id: OperationIdentifier(checked: "large")),
                        part: .amount(TPP(rawValue: 100_000_000))
                    )
                ),
                role: .vendor
            ),
            try operation(
                "release",
                "2025-03-01",
                .release(
                    HoldRelease(
                        hold: OperationReference(id: OperationIdentifier(checked: "after"))
                    )
                ),
                role: .vendor
            ),
        ]
    }

    @Test func theReportOfALedgerProvesItsSums() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let effects = core.decide(try operations(), now: try Fixtures.noon("2025-03-01"))
        let report = core.capReport(at: try Fixtures.noon("2025-03-01"))
        let rendering = CapReportRendering(
            try #require(report),
            runOn: try Fixtures.noon("2025-03-02")
        )
        let lines = rendering.text(width: 100).split(separator: "\n").map(String.init)
        let expected = [
            "AE United Arab Emirates  capped  50,000.000  44,214.250  5,785.750    88.4  busy",
            "AE United Arab Emirates  6,316.322       12.6  37,897.929  1,000.000   0.000",
            "AE United Arab Emirates  37,897.928  37,897.928  37,897.928",
            "small-order       1   1,000.000",
            "country           3  48,372.411",
            "country     limit-reached       1    6,316.322",
            "Reconciliation in TPP: granted 781,664,001 - expired 50,000,001 - released 15,832,000 - shipped",
            "100,000,000 = open holds 615,832,000.",
            "Open holds: 600,000,000 against countries, 15,832,000 small orders, 0 other grants.",
            "The sums agree.",
        ]
        for line in expected { #expect(lines.contains(line)) }
        #expect(rendering.value["reconciliation"]?["is_reconciled"] == .boolean(true))
        #expect(effects.entries.count == 14)
    }

    @Test func theEntriesOfALedgerAreToldInItsOwnWords() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let now = try Fixtures.noon("2025-03-01")
        let entries = core.decide(try operations(), now: now).entries
        let report = core.capReport(at: now)
        let rulebook = try #require(report).rulebook
        let explainer = Explainer(rulebook: rulebook, mode: .advisory)
        let sentences = entries.map(explainer.sentence)
        let expected: [String] = [
            "Order too-large of NVIDIA, 6,316.322 H100e for ACME to United Arab Emirates (AE), "
                + "was refused as if enforced by country: the allocation of United Arab Emirates "
                + "(AE) has only 2,627.589 H100e left.",
            "The hold of entry 6 expired: 3,158.160 H100e (50,000,001 TPP) are free again.",
            "Order after of NVIDIA, 1,000.000 H100e for ACME to United Arab Emirates (AE), was "
                + "granted as if enforced by country: the allocation of United Arab Emirates (AE) "
                + "has 4,785.750 H100e left.",
            "The allocation of United Arab Emirates (AE) reached 90 %: 45,214.250 H100e "
                + "(715,832,000 TPP) used of 50,000.000 H100e (791,600,000 TPP).",
            "Shipment of 6,316.322 H100e under the hold of large (entry 4) was recorded: "
                + "37,897.928 H100e are still open.",
            "Release of the hold of after (entry 10) was recorded: 1,000.000 H100e are free again.",
        ]
        #expect(Array(sentences.suffix(6)) == expected)
        #expect(entries.compactMap(explainer.row).count == 5)
    }
}
