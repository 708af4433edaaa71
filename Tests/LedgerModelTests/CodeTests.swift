// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Testing

/// Numbers and words that are in logs and files for ever.
@Suite struct CodeTests {
    @Test func mechanismsKeepTheirNumbersAndWords() {
        #expect(
            MechanismKind.allCases.map(\.rawValue) == Array(1...9)
        )
        #expect(
            MechanismKind.allCases.map(\.description) == [
                "concern", "prohibited", "domestic", "allied", "uveu", "nveu", "small-order",
                "country", "uncontrolled",
            ]
        )
        for kind in MechanismKind.allCases { #expect(MechanismKind(kind.description) == kind) }
        #expect(MechanismKind("Country") == nil)
    }

    @Test func refusalsKeepTheirNumbersAndCodes() {
        let known = Refusal.allCases.map { "\($0.rawValue) \($0)" }
        #expect(
            known == [
                "1 concern", "2 prohibited-end-use", "3 party-blocked", "4 limit-reached",
                "5 not-granted", "6 hold-closed", "7 exceeds-hold", "8 exceeds-shipped",
                "9 deadline-not-later", "10 status-inactive", "20 not-eligible",
                "21 status-exists", "22 status-revoked", "23 attestation-superseded",
                "30 not-permitted", "31 needs-approval", "32 same-person", "33 proposal-closed",
                "34 on-hold", "35 not-redactable",
                "40 headquarters-not-trusted", "41 storage-not-attested",
            ]
        )
        for refusal in Refusal.allCases { #expect(Refusal(refusal.description) == refusal) }
        #expect(Refusal("no") == nil)
    }

    @Test func rejectionsKeepTheirNumbersAndCodes() {
        let known = RejectionCode.allCases.map { "\($0.rawValue) \($0)" }
        #expect(
            known == [
                "100 malformed-field", "101 unknown-field", "102 malformed-input",
                "110 id-reused", "120 time-went-back", "130 unknown-country",
                "131 unknown-party", "132 unknown-device", "133 unknown-reference",
                "134 unknown-end-use", "135 parent-cycle", "136 date-out-of-range",
                "137 invalid-rulebook", "138 invalid-devices", "139 ledger-exists",
                "140 no-rulebook", "150 amount-overflow",
            ]
        )
    }

    @Test func kindsOfOperationsKeepTheirNumbersAndWords() {
        let known = ActionKind.allCases.map { "\($0.rawValue) \($0)" }
        #expect(
            known == [
                "0 create-ledger", "1 party", "2 block", "3 grant-status", "4 change-status",
                "5 attest-security", "6 attest-installed", "7 sign-agreement", "8 end-agreement",
                "9 adopt-rulebook", "10 adopt-devices", "11 reserve", "12 ship", "13 release",
                "14 extend", "15 return", "16 retire", "17 revoke", "18 correct",
                "19 transfer-weights", "20 tick", "21 propose", "22 decide-proposal",
                "23 rotate-key", "24 redact", "25 legal-hold",
            ]
        )
        for kind in ActionKind.allCases { #expect(ActionKind(kind.description) == kind) }
        #expect(
            RetirementCause.allCases.map { "\($0.rawValue) \($0)" } == [
                "1 loss", "2 failure", "3 disposal",
            ]
        )
        #expect(ProposalStep.allCases.map(\.rawValue) == [1, 2])
        #expect(
            WeightsExemption.allCases.map { "\($0.rawValue) \($0)" } == [
                "1 published", "2 below-threshold", "3 below-floor",
            ]
        )
    }

    /// The standard policy: vendors deal with their own orders, regulators with the law.
    @Test func theStandardPolicyGivesEachRoleItsOwn() {
        let policy = LedgerPolicy.standard
        #expect(policy.permits(.ship, to: .vendor))
        #expect(!policy.permits(.revoke, to: .vendor))
        #expect(policy.permits(.revoke, to: .regulator))
        #expect(!policy.permits(.reserve, to: .regulator))
        for kind in ActionKind.permissible {
            #expect(policy.permits(kind, to: .operator))
            #expect(!policy.permits(kind, to: .auditor))
        }
        // No policy gives these, and none takes them.
        let none = LedgerPolicy(permissions: [.vendor: [.redact], .auditor: [.legalHold]])
        #expect(none.permissions.isEmpty)
        for kind in ActionKind.retention {
            #expect(none.permits(kind, to: .regulator) && none.permits(kind, to: .operator))
            #expect(!policy.permits(kind, to: .vendor) && !policy.permits(kind, to: .auditor))
        }
        #expect(none.needsTwoPeople(.redact) && !none.needsTwoPeople(.legalHold))
        #expect(LedgerPolicy(permissions: [.auditor: [.propose]]).permissions.isEmpty)
        #expect(LedgerPolicy(permissions: [:], twoPeople: [.reserve]).twoPeople.isEmpty)
    }

    @Test func rolesKeepTheirNumbersAndWords() {
        let known = Role.allCases.map { "\($0.rawValue) \($0)" }
        #expect(known == ["1 vendor", "2 regulator", "3 operator", "4 auditor"])
        for role in Role.allCases { #expect(Role(role.description) == role) }
        #expect(Role("Vendor") == nil)
        #expect(StatusStep.allCases.map(\.rawValue) == [1, 2, 3])
        #expect(LedgerMode.allCases.map(\.rawValue) == [1, 2])
        #expect(TotalsDisclosure.allCases.map(\.rawValue) == [1, 2])
    }

    @Test func aRejectionSaysFieldFindingAndExpectation() {
        let rejection = Rejection(
            .malformedField,
            field: "quantity",
            found: "-1",
            expected: "a whole number from 1 on"
        )
        #expect(
            rejection.description
                == "malformed-field: quantity: found '-1', expected a whole number from 1 on"
        )
        let missing = Rejection(.malformedField, field: "until", found: "", expected: "a date")
        #expect(missing.description == "malformed-field: until: found nothing, expected a date")
    }

    @Test func aLongFindingIsShortened() {
        let long = String(repeating: "x", count: 10_000)
        let rejection = Rejection(.malformedField, field: "name", found: long, expected: "less")
        #expect(rejection.found == String(repeating: "x", count: 77) + "...")
        let fits = String(repeating: "x", count: 80)
        #expect(Rejection(.malformedField, field: "f", found: fits, expected: "").found == fits)
    }

    @Test func limitNamesReadAsPhrases() throws {
        let party = try #require(PartyIdentifier("ACME"))
        let emirates = try #require(CountryCode("AE"))
        let names: [LimitName] = [
            .country(emirates), .smallOrder(group: party, year: 2025),
            .nationalVEU(party: party, country: emirates),
            .countryShare(group: party, country: emirates), .outsideShare(group: party),
        ]
        #expect(
            names.map(\.description) == [
                "country AE", "small-order ACME 2025", "nveu ACME AE", "uveu-country ACME AE",
                "uveu-outside ACME",
            ]
        )
    }

    @Test func anAttestationsAmountsAreInOrderOfCountry() throws {
        let party = try #require(PartyIdentifier("ACME"))
        let countries = try ["US", "AE", "NO"].map { try #require(CountryCode($0)) }
        let attestation = InstalledAttestation(
            party: party,
            asOf: .earliest,
            amounts: countries.map { InstalledAmount(country: $0, amount: .zero) }
        )
        #expect(attestation.amounts.map(\.country.description) == ["AE", "NO", "US"])
    }
}
