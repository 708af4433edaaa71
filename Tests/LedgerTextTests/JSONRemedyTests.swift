// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

/// What would let a refused order through, in JSON.
@Suite struct JSONRemedyTests {
    private func json(_ step: Remedy.Step, _ rendering: JSONRendering = JSONRendering()) throws
        -> String
    {
        var writer = JSONWriter()
        writer.value(
            [
                Remedy(
                    step: step,
                    time: try #require(LedgerTime(millisecondsSince1970: 0)),
                    reservation: Reservation(
                        consignee: PartyIdentifier(checked: "p"),
                        destination: try #require(CountryCode("AE")),
                        lines: [.tpp(TPP(rawValue: 4))],
                        endUse: EndUseIdentifier(checked: "research")
                    ),
                    isWhole: false,
                    decision: Decision(
                        refusal: nil,
                        mechanism: .country,
                        asked: TPP(rawValue: 4)
                    )
                )
            ],
            rendering
        )
        return String(decoding: writer.takeBytes().dropLast(), as: UTF8.self)
    }

    /// What follows the members of the step.
    private let rest =
        #""time":"1970-01-01T00:00:00.000Z","whole":false,"order":"#
        + #"{"kind":"reserve","consignee":"p","destination":"AE","lines":[{"tpp":4}],"#
        + #""end_use":"research","deadline":null,"reference":null,"up_to":false},"decision":"#
        + #"{"result":"granted","refusal":null,"mechanism":"country","asked":4,"granted":4,"#
        + #""tests":[],"binding_test":null,"room_by_installing":null,"attestation_lapsed":false}}]"#

    @Test func writesEveryStep() throws {
        let country = try #require(CountryCode("AE"))
        let party = PartyIdentifier(checked: "p")
        let grant = EntryNumber(rawValue: 7)
        let cases: [(Remedy.Step, String)] = [
            (.askLess, #""remedy":"ask-less""#),
            (.agreement(country), #""remedy":"agreement","country":"AE""#),
            (
                .install(TPP(rawValue: 9), home: country),
                #""remedy":"install","country":"AE","amount":9"#
            ),
            (
                .status(
                    StatusRepair(
                        grant: grant,
                        kind: .universal,
                        party: party,
                        needsRenewal: true
                    )
                ),
                #""remedy":"status","grant":7,"party":"p","status":"uveu","country":null,"#
                    + #""renew":true,"reinstate":false,"attest":false"#
            ),
            (
                .status(
                    StatusRepair(
                        grant: grant,
                        kind: .national(country),
                        party: party,
                        needsReinstatement: true,
                        needsAttestation: true
                    )
                ),
                #""remedy":"status","grant":7,"party":"p","status":"nveu","country":"AE","#
                    + #""renew":false,"reinstate":true,"attest":true"#
            ),
        ]
        for (step, text) in cases { #expect(try json(step) == "[{" + text + "," + rest) }
    }

    @Test func writesEveryCauseOfAWait() throws {
        let (one, two) = (TPP(rawValue: 1), TPP(rawValue: 2))
        let causes: [WaitCause] = [
            .rulebook, .mechanism, .weight(from: two, to: one), .limit(from: one, to: two),
            .window(two), .expiries(count: 3, freed: two),
        ]
        let limit = LimitName.country(try #require(CountryCode("AE")))
        #expect(
            try json(.wait(limit: limit, causes))
                == #"[{"remedy":"wait","limit":{"kind":"country","country":"AE"},"causes":["#
                + #"{"cause":"rulebook"},{"cause":"mechanism"},"#
                + #"{"cause":"weight","from":2,"to":1},{"cause":"limit","from":1,"to":2},"#
                + #"{"cause":"window","amount":2},{"cause":"expiries","holds":3,"amount":2}],"#
                + rest
        )
        #expect(
            try json(.wait(limit: nil, [.window(two)]), JSONRendering(tppPerH100e: 3))
                .hasPrefix(
                    #"[{"remedy":"wait","limit":null,"causes":[{"cause":"window","amount":2,"#
                        + #""amount_h100e":"0.666"}],"#
                )
        )
    }
}
