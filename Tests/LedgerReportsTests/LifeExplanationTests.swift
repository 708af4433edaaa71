// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook
import Testing

/// What is told beyond the sentence: the arithmetic of holds, gaps, policies, weights, and orders
/// "up to" an amount.
@Suite struct LifeExplanationTests {
    private func facts(
        _ action: Action,
        _ outcome: Outcome,
        disclosure: TotalsDisclosure = .open
    ) throws -> [String] {
        let explanation = try DecisionCases.explainer(mode: .binding, disclosure: disclosure)
            .explanation(of: Fixtures.entry(action, outcome))
        return (explanation.facts.dropFirst(2).dropLast(2) + explanation.sources)
            .map { "\($0.label): \($0.text)" }
    }

    private func balance(_ open: Int64, _ out: Int64, _ back: Int64, _ gone: Int64) -> HoldBalance {
        HoldBalance(
            open: LifeCases.h100e(open),
            out: LifeCases.h100e(out),
            returned: LifeCases.h100e(back),
            retired: LifeCases.h100e(gone)
        )
    }

    private func move(_ before: HoldBalance, _ amount: Int64, freed: Int64 = 0) -> Outcome {
        .moved(
            HoldMove(
                hold: LifeCases.entry,
                before: before,
                amount: LifeCases.h100e(amount),
                freed: LifeCases.h100e(freed)
            )
        )
    }

    @Test func aLastShipmentShowsHowTheHoldStoodAndStands() throws {
        #expect(
            try facts(
                .ship(Shipment(hold: LifeCases.hold, isFinal: true)),
                move(balance(10, 4, 2, 1), 3, freed: 7)
            ) == [
                "hold: entry 5",
                "before: 10.000 H100e (158,320 TPP) open, 4.000 H100e (63,328 TPP) shipped, "
                    + "2.000 H100e (31,664 TPP) returned, 1.000 H100e (15,832 TPP) retired",
                "amount: 3.000 H100e (47,496 TPP)", "freed: 7.000 H100e (110,824 TPP)",
                "after: 7.000 H100e (110,824 TPP) shipped, 2.000 H100e (31,664 TPP) returned, "
                    + "1.000 H100e (15,832 TPP) retired",
            ]
        )
    }

    @Test func whatComesBackOrIsGoneIsNoLongerShipped() throws {
        let before = balance(0, 5, 0, 0)
        let returned = try facts(.giveBack(GoodsReturn(hold: LifeCases.hold)), move(before, 5))
        #expect(returned.last == "after: 5.000 H100e (79,160 TPP) returned")
        let retired = try facts(
            .retire(Retirement(hold: LifeCases.hold, cause: .failure)),
            move(before, 2)
        )
        #expect(
            retired.last
                == "after: 3.000 H100e (47,496 TPP) shipped, 2.000 H100e (31,664 TPP) retired"
        )
    }

    @Test func whatIsGivenUpLeavesNothingOpen() throws {
        let release = try facts(
            .release(HoldRelease(hold: LifeCases.hold)),
            move(balance(5, 0, 0, 0), 0, freed: 5)
        )
        #expect(release.last == "after: nothing open or shipped")
    }

    @Test func whatIsRefusedOrMovesNothingHasNoAfter() throws {
        #expect(
            try facts(
                .ship(Shipment(hold: LifeCases.hold)),
                LifeCases.move(.exceedsHold, open: 2, amount: 3)
            ) == [
                "hold: entry 5", "before: 2.000 H100e (31,664 TPP) open",
                "amount: 3.000 H100e (47,496 TPP)",
            ]
        )
        let extend = Action.extend(HoldExtension(hold: LifeCases.hold, deadline: .latest))
        #expect(
            try facts(extend, LifeCases.move(open: 2))
                == ["hold: entry 5", "before: 2.000 H100e (31,664 TPP) open"]
        )
        #expect(try facts(extend, LifeCases.move(.notGranted)) == ["hold: entry 5"])
        #expect(try facts(extend, .refused(.notPermitted)) == [])
    }

    @Test func aLedgersPolicyIsToldRoleByRole() throws {
        let policy = LedgerPolicy(
            permissions: [.vendor: [.tick, .reserve], .operator: ActionKind.permissible],
            twoPeople: [.grantStatus, .party]
        )
        var creation = Fixtures.creation()
        creation.policy = policy
        #expect(
            try facts(.createLedger(creation), .accepted) == [
                "vendor: reserve, tick", "regulator: nothing", "operator: everything",
                "auditor: nothing", "two people: party, grant-status",
            ]
        )
    }

    @Test func aProposalSaysWhatIsProposedAlsoIfItIsRefused() throws {
        let proposal = Proposal(
            action: .block(
                PartyBlock(party: Fixtures.party("ACME"), isBlocked: true, reason: "r")
            )
        )
        #expect(
            try facts(.propose(proposal), .refused(.notPermitted))
                == ["proposed: Party ACME to be blocked (r)"]
        )
    }

    @Test func aTransferOfWeightsShowsItsNumbersAndTheRules() throws {
        let rule = try ShippedRulebook.brief.load().modelWeights
        let facts = try facts(JudgedCases.transfer(), .determined(.permitted))
        #expect(
            facts.prefix(2) == [
                "weights: not published, trained with 100,000,000,000,000,000,000,000,000 "
                    + "operations",
                "threshold: 100,000,000,000,000,000,000,000,000 operations",
            ]
        )
        #expect(
            facts.suffix(3) == [
                "threshold: \(rule.threshold.citation)", "floor: \(rule.floor.citation)",
                "conditions: \(rule.citation)",
            ]
        )
    }

    private func gaps(_ countries: [String]) throws -> Outcome {
        .attested(
            try countries.map {
                InstalledGap(
                    country: try Fixtures.country($0),
                    known: LifeCases.h100e(4),
                    attested: LifeCases.h100e(3)
                )
            }
        )
    }

    @Test func anAttestationsGapsAreToldToWhoMaySeeNumbers() throws {
        let attestation = Action.attestInstalled(
            InstalledAttestation(
                party: Fixtures.party("ACME"),
                asOf: try Fixtures.day("2025-05-31"),
                amounts: []
            )
        )
        #expect(
            try facts(attestation, gaps(["AE", "IN"])) == [
                "gap in AE: 4.000 H100e (63,328 TPP) counted, 3.000 H100e (47,496 TPP) attested",
                "gap in IN: 4.000 H100e (63,328 TPP) counted, 3.000 H100e (47,496 TPP) attested",
            ]
        )
        #expect(try facts(attestation, gaps(["AE"]), disclosure: .banded) == [])
        let many = try gaps(["AE", "DE", "IN", "JP", "MX", "NO", "SA"])
        let start =
            "Attestation of what the group of party ACME had installed at the end of 2025-05-31 "
            + "(nothing) was recorded"
        let entry = try Fixtures.entry(attestation, many)
        #expect(
            try DecisionCases.explainer().sentence(for: entry)
                == start + "; the ledger had counted otherwise (AE 4.000 H100e, DE 4.000 H100e, "
                + "IN 4.000 H100e, JP 4.000 H100e, MX 4.000 H100e, 2 more countries)."
        )
        #expect(
            try DecisionCases.explainer(disclosure: .banded).sentence(for: entry) == start + "."
        )
    }

    @Test func anOrderUpToAnAmountSaysWhatItGotOfIt() throws {
        var order = try Fixtures.order()
        order.reservation.isUpTo = true
        var decision = try DecisionCases.countryRefusal()
        decision.refusal = nil
        decision.granted = LifeCases.h100e(40)
        let explainer = try DecisionCases.explainer(mode: .binding)
        let start = "Order po-17 of NVIDIA, up to 100.000 H100e for ACME-AE to United Arab Emirates"
        #expect(
            explainer.sentence(for: decision, on: order) == start
                + " (AE), was granted in part, 40.000 H100e, by country: the allocation of United "
                + "Arab Emirates (AE) has 50.000 H100e left."
        )
        let explanation = explainer.explanation(of: decision, on: order)
        #expect(
            explanation.facts.first { $0.label == "granted" }?.text
                == "40.000 H100e (633,280 TPP)"
        )
        #expect(explainer.row(of: decision, on: order).reason == "country, 40.000 H100e of it")
        decision.granted = decision.asked
        #expect(
            explainer.sentence(for: decision, on: order) == start
                + " (AE), was granted by country: the allocation of United Arab Emirates (AE) has "
                + "50.000 H100e left."
        )
        #expect(explainer.row(of: decision, on: order).reason == "country")
        #expect(
            !explainer.explanation(of: decision, on: order).facts.contains { $0.label == "granted" }
        )
    }

    /// The band is that of what was taken, not of what was asked.
    @Test func theBandAfterAnOrderUpToAnAmountIsThatOfWhatWasGranted() throws {
        var decision = DecisionCases.smallOrderGrant()
        decision.tests[0].used = .zero
        decision.asked = decision.tests[0].limit
        decision.granted = TPP(rawValue: decision.asked.rawValue / 2)
        let order = try Fixtures.order()
        let explainer = try DecisionCases.explainer(disclosure: .banded)
        #expect(explainer.row(of: decision, on: order).left == "open")
        decision.granted = decision.asked
        #expect(explainer.row(of: decision, on: order).left == "exhausted")
    }
}
