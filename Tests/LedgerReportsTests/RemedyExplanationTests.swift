// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook
import Testing

/// What would make room, as people read it.
@Suite struct RemedyExplanationTests {
    private static let h100e: Int64 = 15_832

    /// A grant of so many H100 by the country, after which so many are left.
    private func granted(
        _ count: Int64,
        _ mechanism: MechanismKind = .country,
        left: Int64? = 0
    ) throws -> Decision {
        let tests = try left.map { left in
            [
                DecisionCases.test(
                    mechanism,
                    .country(try Fixtures.country("AE")),
                    used: 0,
                    limit: 100_000 * Self.h100e,
                    left: left * Self.h100e
                )
            ]
        }
        return Decision(
            refusal: nil,
            mechanism: mechanism,
            asked: TPP(rawValue: count * Self.h100e),
            tests: tests ?? [],
            bindingTest: left == nil ? nil : 0
        )
    }

    private func remedy(
        _ step: Remedy.Step,
        at time: String = "2025-06-01",
        asking line: ReservationLine? = nil,
        _ decision: Decision
    ) throws -> Remedy {
        var reservation = try Fixtures.order().reservation
        if let line { reservation.lines = [line] }
        return Remedy(
            step: step,
            time: LedgerTime(startOf: try Fixtures.day(time)),
            reservation: reservation,
            isWhole: line == nil,
            decision: decision
        )
    }

    private func text(
        _ remedies: [Remedy],
        _ order: AskedOrder? = nil,
        disclosure: TotalsDisclosure = .open
    ) throws -> String {
        try DecisionCases.explainer(disclosure: disclosure).explanation(
            of: DecisionCases.countryRefusal(),
            on: order ?? Fixtures.order(),
            remedies: remedies
        ).text()
    }

    /// The table alone, without blanks that only align.
    private func table(_ remedies: [Remedy], _ order: AskedOrder? = nil) throws -> [String] {
        let lines = try text(remedies, order).split(
            separator: "\n",
            omittingEmptySubsequences: false
        )
        let start = try #require(lines.firstIndex { $0.hasPrefix("what would make room") })
        return lines[(start + 2)...].prefix { !$0.isEmpty }.map { line in
            line.split(separator: "  ").map { $0.drop { $0 == " " } }.joined(separator: " | ")
        }
    }

    @Test func theTableStandsBelowTheLimitsAndTheFactOfWhatIsLeftIsGone() throws {
        let less = try remedy(
            .askLess,
            asking: .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 50),
            granted(50)
        )
        let text = try text([less])
        #expect(
            text.contains(
                """
                country AE             49,950.000  50,000.000  100.000  50.000  binds

                what would make room            granted then  by       left then
                ------------------------------  ------------  -------  ---------
                ask for at most 50 x H100 SXM5        50.000  country      0.000

                mechanism  country
                """
            ),
            "\(text)"
        )
        #expect(!text.contains("\nroom "))
    }

    @Test func smallerOrdersAreInUnitsOfTheirLine() throws {
        let amount = TPP(rawValue: 50 * Self.h100e)
        #expect(
            try table([remedy(.askLess, asking: .tpp(amount), granted(50))])
                == ["ask for at most 50.000 H100e (791,600 TPP) | 50.000 | country | 0.000"]
        )
    }

    @Test func aWaitSaysWhatHappensUntilThen() throws {
        let limit = LimitName.country(try Fixtures.country("AE"))
        let hold = TPP(rawValue: 60 * Self.h100e)
        let most = TPP(rawValue: 100 * Self.h100e)
        let place = "the allocation of United Arab Emirates (AE)"
        let small = LimitName.smallOrder(group: Fixtures.party("ACME"), year: 2025)
        let cases: [(LimitName?, [WaitCause], String)] = [
            (
                limit, [.expiries(count: 1, freed: hold)],
                "1 hold of 60.000 H100e in \(place) expires by then"
            ),
            (
                limit, [.expiries(count: 2, freed: hold)],
                "2 holds of 60.000 H100e in \(place) expire by then"
            ),
            (limit, [.window(hold)], "60.000 H100e count no longer in \(place)"),
            (
                small, [.window(hold)],
                "the calendar year turns, and 60.000 H100e of this year count no longer"
            ),
            (
                limit, [.limit(from: hold, to: most)],
                "\(place) is 100.000 H100e by then, not 60.000 H100e"
            ),
            (
                limit, [.rulebook, .weight(from: most, to: hold)],
                "another rulebook is in force by then, the order weighs 60.000 H100e by then, "
                    + "not 100.000 H100e"
            ),
            (nil, [.mechanism], "country applies to it by then"),
        ]
        for (name, causes, words) in cases {
            let wait = try remedy(.wait(limit: name, causes), at: "2025-07-01", granted(100))
            #expect(
                try table([wait])
                    == ["wait until 2025-07-01: \(words) | all of it | country | 0.000"]
            )
        }
    }

    @Test func aWaitPastTheDeadlineOfTheOrderWantsALaterOne() throws {
        let order = try Fixtures.order(deadline: Fixtures.noon("2025-06-15"))
        let wait = try remedy(
            .wait(limit: nil, [.mechanism]),
            at: "2025-07-01",
            granted(100, .allied, left: nil)
        )
        #expect(
            try table([wait], order) == [
                "wait until 2025-07-01, with a later deadline: allied applies to it by then "
                    + "| all of it | allied"
            ]
        )
    }

    @Test func anAgreementSaysWhatTheLimitWouldBe() throws {
        let country = try Fixtures.country("AE")
        #expect(
            try table([
                remedy(.agreement(country), granted(100)),
                remedy(
                    .agreement(country),
                    asking: .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 70),
                    granted(70)
                ),
            ]) == [
                "an agreement with United Arab Emirates (AE), which lifts its limit to "
                    + "100,000.000 H100e | all of it | country | 0.000",
                "an agreement with United Arab Emirates (AE), which lifts its limit to "
                    + "100,000.000 H100e; then ask for at most 70 x H100 SXM5 | 70.000 "
                    + "| country | 0.000",
            ]
        )
    }

    @Test func aStatusSaysWhatItLacks() throws {
        let party = Fixtures.party("ACME")
        let kind = StatusKind.national(try Fixtures.country("AE"))
        let grant = EntryNumber(rawValue: 4)
        let status = "National VEU status for United Arab Emirates (AE)"
        let cases: [(StatusRepair, String)] = [
            (
                StatusRepair(grant: grant, kind: kind, party: party, needsAttestation: true),
                "a current security attestation, so that its \(status) helps"
            ),
            (
                StatusRepair(grant: grant, kind: kind, party: party, needsReinstatement: true),
                "the \(status) reinstated"
            ),
            (
                StatusRepair(
                    grant: grant,
                    kind: .universal,
                    party: party,
                    needsRenewal: true,
                    needsAttestation: true
                ),
                "the Universal VEU status granted again (it has ended), and a current security "
                    + "attestation"
            ),
        ]
        for (repair, words) in cases {
            #expect(
                try table([remedy(.status(repair), granted(100))])
                    == ["of ACME (entry 4): \(words) | all of it | country | 0.000"]
            )
        }
    }

    @Test func aShareSaysWhatToInstallAtHome() throws {
        let step = Remedy.Step.install(
            TPP(rawValue: 30 * Self.h100e + 1),
            home: try Fixtures.country("US")
        )
        #expect(
            try table([remedy(step, granted(100, .universalVEU))]) == [
                "30.001 H100e (474,961 TPP) more installed at home (US), at least | all of it "
                    + "| uveu | 0.000"
            ]
        )
    }

    @Test func nothingIsSaidToHelpWhereNothingDoes() throws {
        #expect(try text([]).contains("room       nothing is known to make room"))
    }

    @Test func aBandedReaderIsNotToldWhatWouldMakeRoom() throws {
        let less = try remedy(.askLess, asking: .tpp(TPP(rawValue: 791_600)), granted(50))
        let text = try text([less], disclosure: .banded)
        #expect(!text.contains("make room"))
        #expect(!text.contains("791,600"))
    }
}
