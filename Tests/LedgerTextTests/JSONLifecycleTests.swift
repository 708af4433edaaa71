// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

/// What happens after a grant, two people, model weights and events of limits, in JSON.
@Suite struct JSONLifecycleTests {
    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.takeBytes().dropLast(), as: UTF8.self)
    }

    private let hold = OperationReference(id: OperationIdentifier(checked: "o1"))
    private let holdText = #""hold":{"organisation":null,"id":"o1"}"#
    private let party = PartyIdentifier(checked: "p")

    @Test func writesEveryActionOnAHold() throws {
        let deadline = try #require(LedgerTime(millisecondsSince1970: 0))
        let four = HoldPart.amount(TPP(rawValue: 4))
        let cases: [(Action, String)] = [
            (
                .ship(Shipment(hold: hold)),
                #"{"kind":"ship",\#(holdText),"part":null,"final":false}"#
            ),
            (
                .ship(Shipment(hold: hold, part: four, isFinal: true)),
                #"{"kind":"ship",\#(holdText),"part":4,"final":true}"#
            ),
            (.release(HoldRelease(hold: hold)), #"{"kind":"release",\#(holdText)}"#),
            (
                .extend(HoldExtension(hold: hold, deadline: deadline)),
                #"{"kind":"extend",\#(holdText),"deadline":"1970-01-01T00:00:00.000Z"}"#
            ),
            (
                .giveBack(GoodsReturn(hold: hold, part: four)),
                #"{"kind":"return",\#(holdText),"part":4}"#
            ),
            (
                .retire(Retirement(hold: hold, part: four, cause: .disposal)),
                #"{"kind":"retire",\#(holdText),"part":4,"cause":"disposal"}"#
            ),
            (
                .revoke(Revocation(hold: hold, reason: "r")),
                #"{"kind":"revoke",\#(holdText),"reason":"r"}"#
            ),
        ]
        for (action, text) in cases { #expect(json { $0.value(action) } == text) }
        #expect(
            json { $0.value(cases[1].0, JSONRendering(tppPerH100e: 3)) }
                == #"{"kind":"ship",\#(holdText),"part":4,"part_h100e":"1.334","final":true}"#
        )
    }

    @Test func writesEveryOtherAction() throws {
        let block = Action.block(PartyBlock(party: party, isBlocked: true, reason: "r"))
        let cases: [(Action, String)] = [
            (
                .correct(Correction(target: .entry(EntryNumber(rawValue: 3)), text: "t")),
                #"{"kind":"correct","entry":3,"operation":null,"text":"t"}"#
            ),
            (
                .correct(Correction(target: .operation(hold), text: "t")),
                #"{"kind":"correct","entry":null,"operation":{"organisation":null,"id":"o1"},"text":"t"}"#
            ),
            (
                .transferWeights(
                    WeightsTransfer(
                        model: "m",
                        isPublished: true,
                        trainingOperations: .max,
                        recipient: party,
                        destination: try #require(CountryCode("AE"))
                    )
                ),
                #"{"kind":"transfer-weights","model":"m","published":true,"training_operations":"340282366920938463463374607431768211455","recipient":"p","destination":"AE"}"#
            ),
            (.tick, #"{"kind":"tick"}"#),
            (
                .propose(Proposal(action: block)),
                #"{"kind":"propose","action":{"kind":"block","party":"p","blocked":true,"reason":"r"}}"#
            ),
            (
                .decideProposal(ProposalDecision(proposal: hold, step: .approve)),
                #"{"kind":"decide-proposal","proposal":{"organisation":null,"id":"o1"},"step":"approve"}"#
            ),
            (
                .decideProposal(ProposalDecision(proposal: hold, step: .decline)),
                #"{"kind":"decide-proposal","proposal":{"organisation":null,"id":"o1"},"step":"decline"}"#
            ),
            (
                .redact(Redaction(entries: [3, 9].map(EntryNumber.init(rawValue:)), reason: "r")),
                #"{"kind":"redact","entries":[3,9],"reason":"r"}"#
            ),
            (
                .legalHold(LegalHold(step: .place(.party(party)), reason: "r")),
                #"{"kind":"legal-hold","step":"place","party":"p","entry":null,"operation":null,"reason":"r"}"#
            ),
            (
                .legalHold(
                    LegalHold(step: .place(.entry(EntryNumber(rawValue: 3))), reason: "r")
                ),
                #"{"kind":"legal-hold","step":"place","party":null,"entry":3,"operation":null,"reason":"r"}"#
            ),
            (
                .legalHold(LegalHold(step: .lift(hold), reason: "r")),
                #"{"kind":"legal-hold","step":"lift","legal_hold":{"organisation":null,"id":"o1"},"reason":"r"}"#
            ),
        ]
        for (action, text) in cases { #expect(json { $0.value(action) } == text) }
    }

    @Test func aRedactedEntrySaysSoAndNoMore() {
        var entry = Entry(
            number: EntryNumber(rawValue: 4),
            time: .earliest,
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "o"),
                person: .redacted,
                role: .operator
            ),
            rulebook: nil,
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "b1"),
                    action: .block(
                        PartyBlock(
                            party: PartyIdentifier(checked: "p"),
                            isBlocked: true,
                            reason: Redaction.placeholder
                        )
                    ),
                    outcome: .accepted
                )
            ),
            isRedacted: true
        )
        let text = json { $0.value(entry) }
        #expect(
            text == #"{"number":4,"time":"1970-01-01T00:00:00.000Z","#
                + #""actor":{"organisation":"o","role":"operator"},"rulebook":null,"#
                + #""redacted":true,"kind":"operation","id":"b1","#
                + #""action":{"kind":"block","party":"p","blocked":true},"#
                + #""outcome":{"result":"accepted"}}"#
        )
        entry.isRedacted = false
        #expect(json { $0.value(entry) }.contains(#""person":"redacted","#))
    }

    @Test func aProposedFileIsWrittenOutWhereFilesAre() {
        let adoption = Action.adoptRulebook(RulebookAdoption(bytes: Array("a".utf8)))
        let proposal = Action.propose(Proposal(action: adoption))
        #expect(
            json { $0.value(proposal, JSONRendering(includesFiles: true)) }
                == #"{"kind":"propose","action":{"kind":"adopt-rulebook","byte_count":1,"text":"a"}}"#
        )
    }

    @Test func writesThePolicyOfALedger() {
        let creation = LedgerCreation(
            origin: OrganisationIdentifier(checked: "o"),
            mode: .advisory,
            disclosure: .banded,
            policy: LedgerPolicy(
                permissions: [.vendor: [.tick, .giveBack, .reserve], .auditor: [.correct]],
                twoPeople: [.adoptRulebook, .party]
            )
        )
        #expect(
            json { $0.value(Action.createLedger(creation)) } == """
                {"kind":"create-ledger","origin":"o","mode":"advisory","disclosure":"banded",\
                "policy":{"permissions":{"vendor":["reserve","return","tick"],"regulator":[],\
                "operator":[],"auditor":["correct"]},"two_people":["party","adopt-rulebook"]}}
                """
        )
    }

    @Test func writesTheArithmeticOfAMove() {
        let move = HoldMove(
            refusal: .exceedsHold,
            hold: EntryNumber(rawValue: 7),
            before: HoldBalance(
                open: TPP(rawValue: 2),
                out: TPP(rawValue: 10),
                returned: TPP(rawValue: 4),
                retired: TPP(rawValue: 5)
            ),
            amount: TPP(rawValue: 8)
        )
        #expect(
            json { $0.value(Outcome.moved(move)) } == """
                {"result":"refused","refusal":"exceeds-hold","hold":7,"before":{"open":2,"out":10,\
                "returned":4,"retired":5},"amount":8,"freed":0}
                """
        )
        let release = HoldMove(
            hold: EntryNumber(rawValue: 7),
            before: HoldBalance(open: TPP(rawValue: 2)),
            freed: TPP(rawValue: 2)
        )
        #expect(
            json { $0.value(Outcome.moved(release), JSONRendering(tppPerH100e: 3)) } == """
                {"result":"accepted","refusal":null,"hold":7,"before":{"open":2,\
                "open_h100e":"0.666","out":0,"out_h100e":"0.000","returned":0,\
                "returned_h100e":"0.000","retired":0,"retired_h100e":"0.000"},"amount":0,\
                "amount_h100e":"0.000","freed":2,"freed_h100e":"0.666"}
                """
        )
    }

    @Test func writesTheAnswersToAttestationsAndTransfers() throws {
        let gap = InstalledGap(
            country: try #require(CountryCode("AE")),
            known: TPP(rawValue: 424_242),
            attested: .zero
        )
        let cases: [(Outcome, String)] = [
            (.attested([]), #"{"result":"accepted","gaps":[]}"#),
            (
                .attested([gap]),
                #"{"result":"accepted","gaps":[{"country":"AE","known":424242,"attested":0}]}"#
            ),
            (
                .determined(.permitted),
                #"{"result":"permitted","refusal":null,"exemption":null}"#
            ),
            (
                .determined(.notControlled(.belowThreshold)),
                #"{"result":"not-controlled","refusal":null,"exemption":"below-threshold"}"#
            ),
            (
                .determined(.refused(.storageNotAttested)),
                #"{"result":"refused","refusal":"storage-not-attested","exemption":null}"#
            ),
        ]
        for (outcome, text) in cases { #expect(json { $0.value(outcome) } == text) }
        let hidden = JSONRendering(tppPerH100e: 1, hidesTotals: true)
        #expect(json { $0.value(Outcome.attested([gap]), hidden) } == #"{"result":"accepted"}"#)
    }

    @Test func writesHowMuchOfAnOrderUpToAnAmountWasGranted() {
        let decision = Decision(
            refusal: nil,
            mechanism: .uncontrolled,
            asked: TPP(rawValue: 9),
            granted: TPP(rawValue: 4)
        )
        #expect(
            json { $0.value(decision, JSONRendering(tppPerH100e: 3)) }.contains(
                #""asked":9,"asked_h100e":"3.000","granted":4,"granted_h100e":"1.334","tests""#
            )
        )
    }

    @Test func writesEveryEventOfALimit() throws {
        let cases: [(LimitChange, String)] = [
            (.breached, #""kind":"breach","name":NAME,"used":11,"limit":10}"#),
            (.cured, #""kind":"cure","name":NAME,"watched":true,"used":11,"limit":10}"#),
            (.unwatched, #""kind":"cure","name":NAME,"watched":false,"used":11,"limit":10}"#),
            (
                .crossed(percent: 95),
                #""kind":"threshold","name":NAME,"percent":95,"used":11,"limit":10}"#
            ),
        ]
        for (change, text) in cases {
            let written = try event(change, JSONRendering())
            let full = text.replacing("NAME", with: #"{"kind":"country","country":"AE"}"#)
            #expect(written.hasSuffix(#""rulebook":null,"# + full))
            let numbers = #","used":11,"limit":10}"#
            for rendering in [
                JSONRendering(hidesTotals: true),
                JSONRendering(tppPerH100e: 3, hidesTotals: true),
            ] {
                #expect(
                    try event(change, rendering) == written.replacing(numbers, with: "}")
                )
            }
        }
    }

    private func event(_ change: LimitChange, _ rendering: JSONRendering) throws -> String {
        let entry = Entry(
            number: EntryNumber(rawValue: 1),
            time: .latest,
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "chipco"),
                person: PersonIdentifier(checked: "kim"),
                role: .vendor
            ),
            rulebook: nil,
            content: .limit(
                LimitEvent(
                    name: .country(try #require(CountryCode("AE"))),
                    change: change,
                    used: TPP(rawValue: 11),
                    limit: TPP(rawValue: 10)
                )
            )
        )
        return json { $0.value(entry, rendering) }
    }
}
