// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

/// Share reports of a ledger that has really decided.
@Suite struct ShareReportTests {
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

    private func amounts(_ amounts: KeyValuePairs<String, Int64>) throws -> [InstalledAmount] {
        try amounts.map {
            InstalledAmount(
                country: try Fixtures.country($0.key),
                amount: TPP(rawValue: $0.value)
            )
        }
    }

    private func attestation(
        _ day: String,
        _ installed: KeyValuePairs<String, Int64>
    ) throws -> Action {
        .attestInstalled(
            InstalledAttestation(
                party: Fixtures.party("HYPER"),
                asOf: try Fixtures.day(day),
                amounts: try amounts(installed)
            )
        )
    }

    private func party(_ id: String, parent: String?, at country: String) throws -> Action {
        .party(
            PartyRecord(
                id: Fixtures.party(id),
                name: "Hyperscaler",
                site: try Fixtures.country(country),
                headquarters: try Fixtures.country(country),
                parent: parent.map(Fixtures.party)
            )
        )
    }

    /// A Universal VEU that has attested, holds 300 million TPP towards the Emirates and shipped a
    /// third of them.
    private func operations() throws -> [LedgerModel.Operation] {
        let codified = RulebookAdoption(bytes: ShippedRulebook.codified.file.bytes)
        let hold = OperationReference(id: OperationIdentifier(checked: "o1"))
        return [
            try operation("init", "2025-01-13", .createLedger(Fixtures.creation())),
            try operation("rulebook", "2025-01-13", .adoptRulebook(codified)),
            try operation("hyper", "2025-01-14", party("HYPER", parent: nil, at: "US")),
            try operation("hyper-ae", "2025-01-14", party("HYPER-AE", parent: "HYPER", at: "AE")),
            try operation(
                "u1",
                "2025-01-15",
                .grantStatus(
                    StatusGrant(
                        kind: .universal,
                        party: Fixtures.party("HYPER"),
                        dates: try Fixtures.days("2025-01-15")
                    )
                )
            ),
            try operation(
                "security",
                "2025-01-15",
                .attestSecurity(
                    SecurityAttestation(
                        party: Fixtures.party("HYPER"),
                        dates: try Fixtures.days("2025-01-15", "2025-03-01")
                    )
                )
            ),
            try operation(
                "base",
                "2025-02-03",
                attestation(
                    "2025-01-31",
                    ["US": 5_000_000_000, "DE": 4_900_000_000, "AE": 100_000_000]
                )
            ),
            try operation(
                "o1",
                "2025-02-04",
                .reserve(
                    Reservation(
                        consignee: Fixtures.party("HYPER-AE"),
                        destination: try Fixtures.country("AE"),
                        lines: [.tpp(TPP(rawValue: 300_000_000))],
                        endUse: EndUseIdentifier(checked: "cloud-services")
                    )
                )
            ),
            try operation(
                "s1",
                "2025-02-05",
                .ship(Shipment(hold: hold, part: .amount(TPP(rawValue: 100_000_000))))
            ),
        ]
    }

    /// A core that has decided, and what it wrote.
    private struct Decided: ~Copyable {
        var core: LedgerCore
        var entries: [Entry]
    }

    private func decided(with more: [LedgerModel.Operation] = []) throws -> Decided {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let now = try Fixtures.noon("2025-12-31")
        let entries = try core.decide(try operations() + more, now: now).entries
        return Decided(core: core, entries: entries)
    }

    @Test func aShareIsTheInstalledAndHeldOfItsPartOfTheBase() throws {
        let found = try decided().core.shareReport()
        let report = try #require(found)
        let group = try #require(report.groups.first)
        #expect(report.groups.count == 1 && group.group.text == "HYPER")
        #expect(group.standing == .current)
        #expect(group.base.rawValue == 10_100_000_000)
        #expect(try group.attestedDay == Fixtures.day("2025-01-31"))
        #expect(group.countries.map(\.country.description) == ["AE", "DE", "US"])
        let emirates = group.countries[0]
        #expect(emirates.installed.rawValue == 200_000_000)
        #expect(emirates.held.rawValue == 200_000_000)
        let share = try #require(emirates.share)
        #expect(share.used.rawValue == 400_000_000)
        #expect(share.limit.rawValue == 707_000_000)
        #expect(share.headroom.rawValue == 307_000_000)
        #expect(group.countries[1].share == nil && group.countries[2].share == nil)
        let outside = try #require(group.outside)
        #expect(outside.used.rawValue == 400_000_000)
        #expect(outside.limit.rawValue == 2_525_000_000)
    }

    @Test func theHomeShareIsReadOnTheLastReportingDateAndNow() throws {
        let told = try decided()
        let found = told.core.shareReport()
        let early = try #require(found?.groups.first)
        // On 1 February what the attestation of the day before says was there.
        #expect(early.ratios.map(\.day.description) == ["2025-02-01", "2025-02-05"])
        #expect(early.ratios.map(\.isReportingDate) == [true, false])
        #expect(early.ratios.map(\.part.rawValue) == [5_000_000_000, 5_000_000_000])
        #expect(early.ratios.map(\.whole.rawValue) == [10_000_000_000, 10_100_000_000])
        #expect(early.ratios.map(\.isMet) == [true, false])
        // The day itself has to be over.
        for (day, reported) in [
            ("2025-08-01", "2025-02-01"), ("2025-08-02", "2025-08-01"),
            ("2026-01-31", "2025-08-01"),
        ] {
            let later = told.core.shareReport(at: try Fixtures.noon(day))
            let reading = later?.groups.first?.ratios.first { $0.isReportingDate }
            #expect(reading?.day.description == reported, "on \(day)")
        }
    }

    @Test func aLapsedAttestationIsSaidAndTheSharesAreStillWatched() throws {
        let told = try decided()
        let report = told.core.shareReport(at: try Fixtures.noon("2025-03-01"))
        #expect(report?.groups.first?.standing == .attestationLapsed)
        let rendering = ShareReportRendering(
            try #require(report),
            runOn: try Fixtures.noon("2025-03-02")
        )
        #expect(rendering.text().contains("security attestation is not current"))
    }

    @Test func noAttestationHasLapsedWhereNoneIsNeeded() throws {
        let text = String(decoding: ShippedRulebook.codified.file.bytes, as: UTF8.self)
        let lenient = text.replacing("choice: required", with: "choice: not-required")
        let adoption = RulebookAdoption(bytes: Array(lenient.utf8))
        let told = try decided(with: [
            try operation("lenient", "2025-02-06", .adoptRulebook(adoption))
        ])
        let report = told.core.shareReport(at: try Fixtures.noon("2025-03-01"))
        #expect(report?.groups.first?.standing == .current)
    }

    @Test func aStatusThatEndedIsWatchedNoMore() throws {
        let revocation = StatusChange(
            grant: OperationReference(id: OperationIdentifier(checked: "u1")),
            step: .revoke,
            reason: "test"
        )
        let told = try decided(with: [
            try operation("x", "2025-02-06", .changeStatus(revocation))
        ])
        let found = told.core.shareReport()
        #expect(found?.groups == [])
    }

    @Test func theGapsOfTheLatestAttestationStandInItsEntry() throws {
        let told = try decided(with: [
            try operation(
                "again",
                "2025-06-30",
                attestation(
                    "2025-02-28",
                    ["US": 5_000_000_000, "DE": 4_900_000_000, "AE": 900_000_000]
                )
            )
        ])
        let found = told.core.shareReport()
        let report = try #require(found)
        let group = try #require(report.groups.first)
        let number = try #require(group.entriesOfAttestedDay.last)
        guard case .operation(let record) = told.entries[Int(number.rawValue)].content,
            case .attested(let gaps) = record.outcome
        else {
            Issue.record("entry \(number) is no attestation")
            return
        }
        let rendering = ShareReportRendering(
            report,
            gaps: [group.group: AttestedGaps(entry: number, gaps: gaps)],
            runOn: try Fixtures.noon("2025-07-01")
        )
        let text = rendering.text(width: 100)
        #expect(
            text.contains(
                """
                gap in        known     attested    difference
                ------  -----------  -----------  ------------
                AE      200,000,000  900,000,000  +700,000,000
                """
            )
        )
        #expect(text.contains("in breach"))
        let value = try #require(rendering.value["groups"]?[0])
        #expect(value["gaps"]?["countries"]?[0]?["attested"] == .integer(900_000_000))
        #expect(value["countries"]?[0]?["share"]?["in_breach"] == .boolean(true))
        #expect(value["ratios"]?[0]?["met"] == .boolean(true))
        // The same limits stand out in the list of those.
        let standings = told.core.notableLimits().limits
        #expect(standings.map(\.name.description) == ["uveu-country HYPER AE"])
        #expect(standings.first?.isInBreach == true && standings.first?.percent == 100)
    }

    @Test func withoutAStatusThereIsNoGroupAndWithoutARulebookNoReport() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let first = Array(try operations().prefix(1))
        _ = try core.decide(first, now: try Fixtures.noon("2025-01-13"))
        let early = (report: core.shareReport(), standings: core.notableLimits())
        #expect(early.report == nil && early.standings.limits.isEmpty)
        let second = Array(try operations().dropFirst().prefix(3))
        _ = try core.decide(second, now: try Fixtures.noon("2025-01-14"))
        let found = core.shareReport()
        let report = try #require(found)
        let rendering = ShareReportRendering(report, runOn: try Fixtures.noon("2025-01-15"))
        #expect(rendering.text().hasSuffix("\nNo group has a Universal VEU status.\n"))
        #expect(rendering.value["groups"] == .array([]))
        #expect(rendering.value["report"] == .text("shares"))
    }
}
