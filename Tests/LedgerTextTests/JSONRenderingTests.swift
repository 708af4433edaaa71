// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerText
import Testing

@Suite struct JSONRenderingTests {
    private func json(_ write: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        write(&writer)
        return String(decoding: writer.takeBytes().dropLast(), as: UTF8.self)
    }

    private let actor = Actor(
        organisation: OrganisationIdentifier(checked: "chipco"),
        person: PersonIdentifier(checked: "kim"),
        role: .vendor
    )

    private func country(_ code: String) throws -> CountryCode {
        try #require(CountryCode(code))
    }

    @Test func writesAnEntryWithItsDecision() throws {
        let reservation = Reservation(
            consignee: PartyIdentifier(checked: "g42"),
            destination: try country("AE"),
            lines: [
                .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 2),
                .tpp(TPP(rawValue: 5)), .h100e(H100Equivalent(thousandths: 1_500)),
            ],
            endUse: EndUseIdentifier(checked: "ai"),
            deadline: LedgerTime(millisecondsSince1970: 1_736_760_600_000),
            reference: "PO 7"
        )
        let test = LimitTest(
            mechanism: .country,
            name: .country(try country("AE")),
            used: TPP(rawValue: 1),
            limit: TPP(rawValue: 31_663),
            left: .zero
        )
        let decision = Decision(
            refusal: .limitReached,
            mechanism: .country,
            asked: TPP(rawValue: 55_417),
            tests: [test],
            bindingTest: 0,
            attestationLapsed: true
        )
        let entry = Entry(
            number: EntryNumber(rawValue: 12),
            time: try #require(LedgerTime(millisecondsSince1970: 0)),
            actor: actor,
            rulebook: EntryNumber(rawValue: 3),
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "A1"),
                    action: .reserve(reservation),
                    outcome: .decided(decision)
                )
            )
        )
        let text = json { $0.value(entry, JSONRendering(tppPerH100e: 15_832)) }
        #expect(
            text == """
                {"number":12,"time":"1970-01-01T00:00:00.000Z",\
                "actor":{"organisation":"chipco","person":"kim","role":"vendor"},"rulebook":3,\
                "kind":"operation","id":"A1","action":{"kind":"reserve","consignee":"g42",\
                "destination":"AE","lines":[{"device":"H100 SXM5","quantity":2},\
                {"tpp":5,"tpp_h100e":"0.001"},{"h100e":"1.500"}],"end_use":"ai",\
                "deadline":"2025-01-13T09:30:00.000Z","reference":"PO 7","up_to":false},\
                "outcome":{"result":"refused","refusal":"limit-reached","mechanism":"country",\
                "asked":55417,"asked_h100e":"3.501","granted":0,"granted_h100e":"0.000","tests":[{"mechanism":"country",\
                "name":{"kind":"country","country":"AE"},"used":1,"used_h100e":"0.001",\
                "limit":31663,"limit_h100e":"1.999","left":0,"left_h100e":"0.000"}],\
                "binding_test":0,"room_by_installing":null,"room_by_installing_h100e":null,\
                "attestation_lapsed":true}}
                """
        )
    }

    @Test func writesAnExpiry() throws {
        let entry = Entry(
            number: EntryNumber(rawValue: 0),
            time: .latest,
            actor: actor,
            rulebook: nil,
            content: .expiry(
                HoldExpiry(hold: EntryNumber(rawValue: 7), freed: TPP(rawValue: 9))
            )
        )
        #expect(
            json { $0.value(entry) } == """
                {"number":0,"time":"9999-12-31T23:59:59.999Z",\
                "actor":{"organisation":"chipco","person":"kim","role":"vendor"},"rulebook":null,\
                "kind":"expiry","hold":7,"freed":9}
                """
        )
    }

    @Test func writesAnOperationAndARejection() throws {
        let operation = Operation(
            id: OperationIdentifier(checked: "x"),
            actor: actor,
            action: .block(
                PartyBlock(
                    party: PartyIdentifier(checked: "p"),
                    isBlocked: true,
                    reason: "say \"no\""
                )
            )
        )
        #expect(
            json { $0.value(operation) } == """
                {"id":"x","actor":{"organisation":"chipco","person":"kim","role":"vendor"},\
                "time":null,"action":{"kind":"block","party":"p","blocked":true,\
                "reason":"say \\"no\\""}}
                """
        )
        let rejection = Rejection(
            .malformedField,
            field: "quantity",
            found: "-5",
            expected: "a whole number"
        )
        #expect(
            json { $0.value(rejection, line: 7) } == """
                {"result":"rejected","code":"malformed-field","field":"quantity","found":"-5",\
                "expected":"a whole number","line":7}
                """
        )
        #expect(!json { $0.value(rejection) }.contains("line"))
    }

    @Test func writesEveryOutcome() {
        #expect(json { $0.value(Outcome.accepted) } == #"{"result":"accepted"}"#)
        #expect(
            json { $0.value(Outcome.refused(.statusExists)) }
                == #"{"result":"refused","refusal":"status-exists"}"#
        )
        let granted = Decision(refusal: nil, mechanism: .uncontrolled, asked: .zero)
        let expected = """
            {"result":"granted","refusal":null,"mechanism":"uncontrolled","asked":0,"granted":0,"tests":[],\
            "binding_test":null,"room_by_installing":null,"attestation_lapsed":false}
            """
        #expect(json { $0.value(Outcome.decided(granted)) } == expected)
        #expect(json { $0.value(granted) } == expected)
    }

    @Test func writesEveryLimitName() throws {
        let party = PartyIdentifier(checked: "p")
        let country = try country("SA")
        let cases: [(LimitName, String)] = [
            (.country(country), #"{"kind":"country","country":"SA"}"#),
            (
                .smallOrder(group: party, year: 2025),
                #"{"kind":"small-order","group":"p","year":2025}"#
            ),
            (
                .nationalVEU(party: party, country: country),
                #"{"kind":"nveu","party":"p","country":"SA"}"#
            ),
            (
                .countryShare(group: party, country: country),
                #"{"kind":"uveu-country","group":"p","country":"SA"}"#
            ),
            (.outsideShare(group: party), #"{"kind":"uveu-outside","group":"p"}"#),
        ]
        for (name, text) in cases { #expect(json { $0.value(name) } == text) }
    }

    @Test func writesEveryOtherActionUpToAGrant() throws {
        let party = PartyIdentifier(checked: "p")
        let country = try country("SA")
        let day = try #require(CivilDate("2025-01-13"))
        let open = try #require(DateRange(from: day, until: nil))
        let closed = try #require(DateRange(from: day, until: CivilDate("2026-01-13")))
        let reference = OperationReference(id: OperationIdentifier(checked: "s1"))
        let foreign = OperationReference(
            organisation: OrganisationIdentifier(checked: "bis"),
            id: OperationIdentifier(checked: "s1")
        )
        let cases: [(Action, String)] = [
            (
                .party(PartyRecord(id: party, name: "É", site: country, headquarters: country)),
                #"{"kind":"party","party":"p","name":"É","site":"SA","headquarters":"SA","parent":null}"#
            ),
            (
                .grantStatus(StatusGrant(kind: .universal, party: party, dates: open)),
                #"{"kind":"grant-status","status":"uveu","country":null,"party":"p","from":"2025-01-13","until":null}"#
            ),
            (
                .grantStatus(StatusGrant(kind: .national(country), party: party, dates: closed)),
                #"{"kind":"grant-status","status":"nveu","country":"SA","party":"p","from":"2025-01-13","until":"2026-01-13"}"#
            ),
            (
                .changeStatus(StatusChange(grant: foreign, step: .suspend, reason: "r")),
                #"{"kind":"change-status","step":"suspend","grant":{"organisation":"bis","id":"s1"},"reason":"r"}"#
            ),
            (
                .attestSecurity(SecurityAttestation(party: party, dates: closed)),
                #"{"kind":"attest-security","party":"p","from":"2025-01-13","until":"2026-01-13"}"#
            ),
            (
                .attestInstalled(
                    InstalledAttestation(
                        party: party,
                        asOf: day,
                        amounts: [InstalledAmount(country: country, amount: TPP(rawValue: 4))]
                    )
                ),
                #"{"kind":"attest-installed","party":"p","as_of":"2025-01-13","amounts":[{"country":"SA","tpp":4}]}"#
            ),
            (
                .signAgreement(AgreementSigning(country: country, dates: open)),
                #"{"kind":"sign-agreement","country":"SA","from":"2025-01-13","until":null}"#
            ),
            (
                .endAgreement(AgreementEnd(agreement: reference, until: day)),
                #"{"kind":"end-agreement","agreement":{"organisation":null,"id":"s1"},"until":"2025-01-13"}"#
            ),
            (
                .adoptRulebook(RulebookAdoption(bytes: Array("a: é\n".utf8))),
                #"{"kind":"adopt-rulebook","byte_count":6,"text":"a: é\n"}"#
            ),
            (
                .adoptDevices(DeviceAdoption(bytes: [0xff])),
                #"{"kind":"adopt-devices","byte_count":1,"text":null}"#
            ),
        ]
        for (action, text) in cases {
            #expect(json { $0.value(action, JSONRendering(includesFiles: true)) } == text)
        }
        let short = json { $0.value(Action.adoptDevices(DeviceAdoption(bytes: [1, 2]))) }
        #expect(short == #"{"kind":"adopt-devices","byte_count":2}"#)
    }

    @Test func hiddenTotalsAreLeftOut() throws {
        let test = LimitTest(
            mechanism: .country,
            name: .country(try #require(CountryCode("AE"))),
            used: TPP(rawValue: 424_242),
            limit: TPP(rawValue: 434_343),
            left: TPP(rawValue: 10_101)
        )
        let decision = Decision(
            refusal: .limitReached,
            mechanism: .country,
            asked: TPP(rawValue: 20_000),
            tests: [test],
            bindingTest: 0,
            roomByInstalling: TPP(rawValue: 999_999)
        )
        func text(_ rendering: JSONRendering) -> String {
            var writer = JSONWriter(layout: .compact)
            writer.value(decision, rendering)
            return String(decoding: writer.takeBytes(), as: UTF8.self)
        }
        let numbers = ["424242", "434343", "10101", "999999"]
        for number in numbers {
            #expect(text(JSONRendering()).contains(number))
            #expect(!text(JSONRendering(hidesTotals: true)).contains(number))
            #expect(!text(JSONRendering(tppPerH100e: 1, hidesTotals: true)).contains(number))
        }
        #expect(text(JSONRendering(hidesTotals: true)).contains("20000"))
    }
}
