// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// The answers to transfers of model weights.
@Suite struct WeightsTests {
    /// 10^26.
    private static let threshold: UInt128 = 100_000_000_000_000_000_000_000_000

    private func makeDesk(_ rulebook: OracleRulebook = .cfr) -> Desk {
        var desk = Desk(rulebook)
        desk.party("P", site: "AE", headquarters: "US")
        desk.attest("P", from: .of(2025, 1, 13), until: .of(2025, 7, 1))
        return desk
    }

    private func transfer(
        _ operations: UInt128 = threshold,
        to recipient: String = "P",
        in destination: String = "AE",
        isPublished: Bool = false,
        model: String = "a model"
    ) -> Action {
        .transferWeights(
            WeightsTransfer(
                model: model,
                isPublished: isPublished,
                trainingOperations: operations,
                recipient: PartyIdentifier(checked: recipient),
                destination: .of(destination)
            )
        )
    }

    // "In this order: published, fewer than 10^26 operations (exactly 10^26 is controlled), below
    // the rulebook's floor: `not-controlled`."
    @Test func whatIsNotControlledMayGo() {
        var rulebook = OracleRulebook.cfr
        rulebook.weights.floor = Self.threshold + 10
        var desk = makeDesk(rulebook)
        desk.block("P")
        #expect(desk.result(transfer(0, isPublished: true)) == "not controlled: published")
        #expect(desk.result(transfer(.max, isPublished: true)) == "not controlled: published")
        #expect(desk.result(transfer(Self.threshold - 1)) == "not controlled: below-threshold")
        #expect(desk.result(transfer(Self.threshold)) == "not controlled: below-floor")
        #expect(desk.result(transfer(Self.threshold + 9)) == "not controlled: below-floor")
        #expect(desk.result(transfer(Self.threshold + 10)) == "party-blocked")
        #expect(desk.result(transfer(.max)) == "party-blocked")
    }

    // "Else `permitted`. It charges no limit and is an entry."
    @Test func whatIsPermittedIsAnEntryAndChargesNothing() {
        var desk = makeDesk()
        let count = desk.oracle.entries.count
        #expect(desk.result(transfer(), id: "transfer") == "permitted")
        #expect(desk.result(transfer(), id: "transfer") == "replay \(count)")
        #expect(desk.oracle.entries.count == count + 1)
        #expect(desk.use(.country(.of("AE"))) == [0, 790_000_000])
    }

    // "Recipient or destination of concern, recipient blocked, recipient's or its ultimate parent's
    // headquarters not home or allied, storage not attested: `refused`."
    @Test func controlledWeightsAreRefusedInThisOrder() {
        var desk = makeDesk()
        desk.party("parent", headquarters: "AE")
        desk.party("P", site: "CN", headquarters: "US", parent: "parent")
        desk.clock = .of(2025, 7, 1)
        desk.block("P")
        #expect(desk.result(transfer(in: "RU")) == "concern")
        #expect(desk.result(transfer()) == "concern")
        desk.party("P", site: "AE", headquarters: "US", parent: "parent")
        #expect(desk.result(transfer(in: "HK")) == "concern")
        #expect(desk.result(transfer()) == "party-blocked")
        desk.block("P", false)
        #expect(desk.result(transfer()) == "headquarters-not-trusted")
        desk.party("P", site: "AE", headquarters: "AE")
        #expect(desk.result(transfer()) == "headquarters-not-trusted")
        desk.party("P", site: "AE", headquarters: "DE")
        #expect(desk.result(transfer()) == "storage-not-attested")
        desk.attest("P")
        #expect(desk.result(transfer()) == "permitted")
    }

    // "each if the rulebook lists it".
    @Test func whatTheRulebookDoesNotListStandsAgainstNothing() {
        let conditions = OracleRulebook.WeightsCondition.allCases
        for (index, expected) in [
            "permitted", "concern", "concern", "party-blocked",
            "headquarters-not-trusted", "storage-not-attested",
        ].enumerated() {
            var rulebook = OracleRulebook.cfr
            // Of five that are found, those from one on are listed, and the first of them tells.
            rulebook.weights.refusedWhen = index == 0 ? [] : Set(conditions[(index - 1)...])
            var desk = Desk(rulebook)
            desk.party("P", site: "CN", headquarters: "AE")
            desk.block("P")
            #expect(desk.result(transfer(in: "RU")) == expected)
        }
    }

    // "Recipient (`unknown-party`), destination (`unknown-country`), `no-rulebook`."
    @Test func whatIsLookedUpComesInThisOrder() {
        var desk = Desk(.cfr, adopting: false)
        desk.party("P", headquarters: "US")
        #expect(desk.result(transfer(to: "X", in: "XX", model: "")) == "malformed-field")
        #expect(
            desk.result(transfer(model: String(repeating: "m", count: 201))) == "malformed-field"
        )
        #expect(desk.result(transfer(to: "X", in: "XX")) == "unknown-party")
        #expect(desk.result(transfer(in: "XX")) == "unknown-country")
        #expect(desk.result(transfer()) == "no-rulebook")
        desk.adopt(.cfr)
        #expect(desk.result(transfer()) == "storage-not-attested")
    }

    // A member's own attestation counts, not its group's.
    @Test func theRecipientsOwnAttestationCounts() {
        var desk = makeDesk()
        desk.party("child", site: "AE", headquarters: "US", parent: "P")
        #expect(desk.result(transfer(to: "child")) == "storage-not-attested")
        desk.attest("child")
        #expect(desk.result(transfer(to: "child")) == "permitted")
    }
}
