// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite struct EntrySentenceTests {
    @Test func everyKindOfEntryIsToldInOneSentence() throws {
        let sentences = Dictionary(uniqueKeysWithValues: try EntryCases.all())
        #expect(
            sentences == [
                "create":
                    "Ledger ledger.example.org was created, advisory (as if enforced), with open "
                    + "totals.",
                "party":
                    "Party ACME-AE (Acme \"Öl\"\\u{1B}[2J, site AE, headquarters US, parent ACME) "
                    + "was recorded.",
                "block":
                    "Party ACME was blocked (order 12 of 2025).",
                "unblock":
                    "Party ACME was unblocked (order 12 of 2025).",
                "uveu":
                    "Universal VEU status of party ACME from 2025-02-01 until 2027-02-01 (not "
                    + "included) was granted as if enforced.",
                "uveu refused":
                    "Universal VEU status of party ACME from 2025-02-01 until 2027-02-01 (not "
                    + "included) was refused as if enforced (not-eligible): neither its headquarters "
                    + "nor its ultimate parent's are at home or in an allied country.",
                "nveu":
                    "National VEU status for United Arab Emirates (AE) of party ACME from "
                    + "2025-02-01 was granted as if enforced.",
                "nveu refused":
                    "National VEU status for United Arab Emirates (AE) of party ACME from "
                    + "2025-02-01 was refused as if enforced (status-exists): there is an "
                    + "overlapping status of the kind.",
                "suspend":
                    "Suspension of the status granted by st-1 (review) took effect.",
                "reinstate":
                    "Reinstatement of the status granted by st-1 (review) was refused as if "
                    + "enforced (status-revoked): it was revoked for good.",
                "revoke":
                    "Revocation of the status granted by BIS ag-1 (review) took effect.",
                "security":
                    "Security attestation of party ACME from 2025-02-01 was recorded.",
                "installed":
                    "Attestation of what the group of party ACME had installed at the end of "
                    + "2025-05-31 (DE 9.999 H100e, US 9.999 H100e) was recorded.",
                "installed in many":
                    "Attestation of what the group of party ACME had installed at the end of "
                    + "2025-05-31 (DE 9.999 H100e, FR 9.999 H100e, JP 9.999 H100e, NL 9.999 H100e, "
                    + "SE 9.999 H100e, 2 more countries) was refused as if enforced "
                    + "(attestation-superseded): the group has attested a later day.",
                "installed nowhere":
                    "Attestation of what the group of party ACME had installed at the end of "
                    + "2025-05-31 (nothing) was recorded.",
                "agreement":
                    "Agreement with United Arab Emirates (AE) from 2025-02-01 was recorded.",
                "end of agreement":
                    "End of the agreement signed by BIS ag-1, 2026-01-01 being the first day "
                    + "without it, was recorded.",
                "rulebook":
                    "Rulebook diffusion-2025-cfr version 1 (Framework for Artificial Intelligence "
                    + "Diffusion: the regulation, in TPP) was adopted, in force not before 2025-01-13.",
                "unreadable rulebook":
                    "Rulebook of 1 byte was adopted.",
                "devices":
                    "Device catalogue of 1 rating was adopted.",
                "unreadable devices":
                    "Device catalogue of 1 byte was adopted.",
            ]
        )
    }

    @Test func anExpirySaysWhatItFreed() throws {
        var entry = try Fixtures.entry(.reserve(Fixtures.order().reservation), .accepted)
        entry.content = .expiry(
            HoldExpiry(hold: EntryNumber(rawValue: 3), freed: TPP(rawValue: 1_583_201))
        )
        let explainer = try DecisionCases.explainer()
        #expect(
            explainer.sentence(for: entry)
                == "The hold of entry 3 expired: 100.000 H100e (1,583,201 TPP) are free again."
        )
        entry.content = .expiry(HoldExpiry(hold: EntryNumber(rawValue: 3), freed: .zero))
        #expect(
            explainer.explanation(of: entry).text(width: 100) == """
                The hold of entry 3 expired: it held nothing.

                entry     7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                rulebook  diffusion-2025-brief version 1, adopted by entry 1; White House fact sheet of 13 \
                January
                          2025; 90 FR 4544 (15 January 2025)
                unit      1 H100e is 15,832 TPP
                basis     as if enforced: the ledger is advisory, it binds nobody

                """
        )
    }

    @Test func aReservationsEntryIsToldAsItsDecision() throws {
        let order = try Fixtures.order("op-7")
        let decision = try DecisionCases.countryRefusal()
        let entry = try Fixtures.entry(.reserve(order.reservation), .decided(decision))
        let explainer = try DecisionCases.explainer()
        #expect(explainer.sentence(for: entry) == explainer.sentence(for: decision, on: order))
        #expect(
            explainer.explanation(of: entry)
                == explainer.explanation(of: decision, on: order, recordedAs: entry)
        )
        #expect(explainer.row(of: entry) == explainer.row(of: decision, on: order))
    }

    @Test func onlyReservationsHaveARow() throws {
        let entry = try Fixtures.entry(.createLedger(Fixtures.creation()), .accepted)
        #expect(try DecisionCases.explainer().row(of: entry) == nil)
    }

    @Test func rowsOfOrdersMakeATable() throws {
        let rows = try DecisionCases.all().map(\.row)
        #expect(
            OrderRow.table(rows).lines(width: 100).joined(separator: "\n") == """
                order  consignee  to          asked  result   mechanism or reason              left
                -----  ---------  --  -------------  -------  -----------------------  ------------
                po-17  ACME-AE    AE  100.000 H100e  refused  limit-reached (country)  50.000 H100e
                po-20  ACME-AE    AE  100.000 H100e  granted  small-order               0.000 H100e
                po-17  ACME-AE    AE  100.045 H100e  refused  limit-reached (uveu)     63.191 H100e
                po-17  ACME-AE    AE  100.000 H100e  refused  limit-reached (country)        scarce
                po-17  ACME-AE    AE  100.000 H100e  granted  small-order                 exhausted
                po-17  ACME-AE    AE  100.000 H100e  refused  concern
                po-18  ACME-AE    AE  100.000 H100e  refused  prohibited-end-use
                po-17  ACME-AE    AE  100.045 H100e  refused  party-blocked
                po-19  ACME-US    US  100.045 H100e  granted  domestic
                po-17  ACME-AE    AE  100.000 H100e  granted  allied
                po-17  ACME-AE    AE  100.000 H100e  granted  uveu
                po-17  ACME-AE    AE    0.000 H100e  granted  uncontrolled
                """
        )
        #expect(
            OrderRow.table([]).lines(width: 100).last
                == "-----  ---------  --  -----  ------  ---------  ----"
        )
    }

    @Test func rowsOfOrdersAreLinesToo() throws {
        let rows = try DecisionCases.all().map(\.row)
        #expect(
            rows.prefix(6).map { $0.line(isAdvisory: true) }.joined(separator: "\n") == """
                po-17  ACME-AE  AE  100.000 H100e  refused  limit-reached (country)  left 50.000 H\
                100e  (as if enforced)
                po-20  ACME-AE  AE  100.000 H100e  granted  small-order  left 0.000 H100e  (as i\
                f enforced)
                po-17  ACME-AE  AE  100.045 H100e  refused  limit-reached (uveu)  left 63.191 H100\
                e  (as if enforced)
                po-17  ACME-AE  AE  100.000 H100e  refused  limit-reached (country)  left scarc\
                e  (as if enforced)
                po-17  ACME-AE  AE  100.000 H100e  granted  small-order  left exhausted  (as if en\
                forced)
                po-17  ACME-AE  AE  100.000 H100e  refused  concern  (as if enforced)
                """
        )
        #expect(
            rows[8].line(isAdvisory: false)
                == "po-19  ACME-US  US  100.045 H100e  granted  domestic"
        )
    }

    @Test func rejectionsSayWhereTheyWereFound() {
        let rejection = Rejection(
            .unknownDevice,
            field: "device",
            found: "H999\u{1b}",
            expected: "a device of the catalogue"
        )
        let message =
            #"unknown-device: device: found 'H999\u{1B}', expected a device of the catalogue"#
        #expect(rejection.line() == message)
        #expect(rejection.line(inFile: "orders.csv") == "orders.csv: " + message)
        #expect(rejection.line(atLine: 17) == "line 17: " + message)
        #expect(rejection.line(inFile: "orders.csv", atLine: 17) == "orders.csv:17: " + message)
    }
}
