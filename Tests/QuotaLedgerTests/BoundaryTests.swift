// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// A core with a shipped rulebook, the shipped devices and a few parties, asked one order at a time.
private struct Market: ~Copyable {
    var core = LedgerCore(key: HashKey(first: 3, second: 4))
    private var count = 0
    private let actor = Actor(
        organisation: OrganisationIdentifier(checked: "VENDOR"),
        person: PersonIdentifier(checked: "sam"),
        role: .operator
    )

    init(_ rulebook: ShippedRulebook, on day: CivilDate = .of(2025, 3, 3)) throws {
        let time = LedgerTime(startOf: day)
        try accept(.adoptDevices(DeviceAdoption(bytes: ShippedFile.devices.bytes)), at: time)
        try accept(.adoptRulebook(RulebookAdoption(bytes: rulebook.file.bytes)), at: time)
        for (id, country) in [("GULF", "AE"), ("OTHER", "AE"), ("CLOUD", "US")] {
            try accept(
                .party(
                    PartyRecord(
                        id: PartyIdentifier(checked: id),
                        name: id,
                        site: .of(country),
                        headquarters: .of(country)
                    )
                ),
                at: time
            )
        }
    }

    private mutating func apply(_ action: Action, at time: LedgerTime) throws -> Outcome {
        count += 1
        let operation = Operation(
            id: OperationIdentifier(checked: "op-\(count)"),
            actor: actor,
            time: time,
            action: action
        )
        let effects = try core.decide([operation], now: time)
        // An event of a limit may stand behind it.
        for case .operation(let record) in effects.entries.map(\.content) { return record.outcome }
        throw TestFailure("\(effects.answers)")
    }

    mutating func accept(_ action: Action, at time: LedgerTime? = nil) throws {
        let outcome = try apply(action, at: time ?? core.newestEntryTime)
        guard outcome.refusal == nil else { throw TestFailure("\(outcome)") }
    }

    /// The decision on an order for a party, towards its country unless told.
    mutating func order(
        _ line: ReservationLine,
        for party: String = "GULF",
        to country: String = "AE"
    ) throws -> Decision {
        let reservation = Reservation(
            consignee: PartyIdentifier(checked: party),
            destination: .of(country),
            lines: [line],
            endUse: EndUseIdentifier(checked: "cloud-services")
        )
        let outcome = try apply(.reserve(reservation), at: core.newestEntryTime)
        guard case .decided(let decision) = outcome else { throw TestFailure("\(outcome)") }
        return decision
    }
}

private struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

private func h100s(_ quantity: Int64) -> ReservationLine {
    .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: quantity)
}

private func tpp(_ amount: Int64) -> ReservationLine { .tpp(TPP(rawValue: amount)) }

@Suite("The rule's numbers, to the unit")
struct BoundaryTests {
    @Test func sixteenHundredNinetyNineH100AreASmallOrderByBoth() throws {
        for rulebook in [ShippedRulebook.brief, .codified] {
            var market = try Market(rulebook)
            let decision = try market.order(h100s(1_699))
            #expect(decision.isGranted)
            #expect(decision.mechanism == .smallOrder)
            #expect(decision.asked == TPP(rawValue: 1_699 * 15_832))
        }
    }

    @Test func seventeenHundredH100AreASmallOrderByTheBriefAlone() throws {
        var brief = try Market(.brief)
        let small = try brief.order(h100s(1_700))
        #expect(small.mechanism == .smallOrder)
        #expect(small.tests[0].left == .zero)
        // The allowance is used up: the next unit falls to the country.
        #expect(try brief.order(h100s(1)).mechanism == .country)
        #expect(try brief.order(h100s(1), for: "OTHER").mechanism == .smallOrder)

        // 26,914,400 TPP, 14,400 more than 26,900,000.
        var codified = try Market(.codified)
        let large = try codified.order(h100s(1_700))
        #expect(large.isGranted)
        #expect(large.mechanism == .country)
        #expect(large.tests.map(\.mechanism) == [.country])
    }

    @Test func seventeenHundredAndOneAreLargeByTheBrief() throws {
        var market = try Market(.brief)
        #expect(try market.order(h100s(1_701)).mechanism == .country)
    }

    @Test func theCountryTakesItsLastUnitAndNoMore() throws {
        for (rulebook, limit) in [
            (ShippedRulebook.brief, 50_000 * 15_832 as Int64), (.codified, 790_000_000),
        ] {
            // More than a small order, so that no other mechanism takes it.
            let last: Int64 = 27_000_000
            var market = try Market(rulebook)
            #expect(try market.order(tpp(limit - last)).mechanism == .country)
            let tooMuch = try market.order(tpp(last + 1), for: "OTHER")
            #expect(tooMuch.refusal == .limitReached)
            #expect(tooMuch.tests.last?.limit == TPP(rawValue: limit))
            #expect(tooMuch.tests.last?.left == TPP(rawValue: last))
            let exact = try market.order(tpp(last), for: "OTHER")
            #expect(exact.isGranted)
            #expect(exact.tests.last?.left == .zero)
        }
    }

    @Test func aUniversalVEUInstallsSevenPercentToTheUnit() throws {
        for rulebook in [ShippedRulebook.brief, .codified] {
            var market = try Market(rulebook)
            let party = PartyIdentifier(checked: "CLOUD")
            let dates = try #require(DateRange(from: .of(2025, 3, 1), until: .of(2027, 3, 1)))
            try market.accept(
                .grantStatus(StatusGrant(kind: .universal, party: party, dates: dates))
            )
            try market.accept(.attestSecurity(SecurityAttestation(party: party, dates: dates)))
            try market.accept(
                .attestInstalled(
                    InstalledAttestation(
                        party: party,
                        asOf: .of(2025, 3, 2),
                        amounts: [
                            InstalledAmount(
                                country: .of("US"),
                                amount: TPP(rawValue: 1_000_000_001)
                            )
                        ]
                    )
                )
            )
            // 7 % of 1,000,000,001 is 70,000,000.07.
            let tooMuch = try market.order(tpp(70_000_001), for: "CLOUD")
            #expect(tooMuch.refusal == .limitReached)
            #expect(tooMuch.mechanism == .universalVEU)
            // 7,000,000,100 <= 7 x (1,000,000,001 + 14), and not with 13.
            #expect(tooMuch.roomByInstalling == TPP(rawValue: 14))
            let exact = try market.order(tpp(70_000_000), for: "CLOUD")
            #expect(exact.isGranted)
            #expect(exact.tests[0].left == .zero)
        }
    }

    @Test func anH100EquivalentIsRoundedUpToWholeTPP() throws {
        var brief = try Market(.brief)
        #expect(
            try brief.order(.h100e(H100Equivalent(thousandths: 1))).asked == TPP(rawValue: 16)
        )
        var codified = try Market(.codified)
        #expect(
            try codified.order(.h100e(H100Equivalent(thousandths: 1_000))).asked
                == TPP(rawValue: 15_825)
        )
    }
}
