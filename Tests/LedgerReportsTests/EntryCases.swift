// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook

/// Entries of every kind but reservations, each with its sentence.
enum EntryCases {
    static func all() throws -> [(String, String)] {
        let explainer = try DecisionCases.explainer()
        return try actions().map { name, action, outcome in
            (name, explainer.sentence(for: try Fixtures.entry(action, outcome)))
        }
    }

    private static func actions() throws -> [(String, Action, Outcome)] {
        let acme = Fixtures.party("ACME")
        let uveu = StatusGrant(
            kind: .universal,
            party: acme,
            dates: try Fixtures.days("2025-02-01", "2027-02-01")
        )
        let nveu = StatusGrant(
            kind: .national(try Fixtures.country("AE")),
            party: acme,
            dates: try Fixtures.days("2025-02-01")
        )
        let grant = OperationReference(id: OperationIdentifier(checked: "st-1"))
        let theirs = OperationReference(
            organisation: OrganisationIdentifier(checked: "BIS"),
            id: OperationIdentifier(checked: "ag-1")
        )
        let security = SecurityAttestation(party: acme, dates: try Fixtures.days("2025-02-01"))
        let signing = AgreementSigning(
            country: try Fixtures.country("AE"),
            dates: try Fixtures.days("2025-02-01")
        )
        return [
            ("create", .createLedger(Fixtures.creation()), .accepted),
            ("party", .party(try record(name: "Acme \"Öl\"\u{1b}[2J")), .accepted),
            ("block", .block(block(acme, true)), .accepted),
            ("unblock", .block(block(acme, false)), .accepted),
            ("uveu", .grantStatus(uveu), .accepted),
            ("uveu refused", .grantStatus(uveu), .refused(.notEligible)),
            ("nveu", .grantStatus(nveu), .accepted),
            ("nveu refused", .grantStatus(nveu), .refused(.statusExists)),
            ("suspend", .changeStatus(change(grant, .suspend)), .accepted),
            ("reinstate", .changeStatus(change(grant, .reinstate)), .refused(.statusRevoked)),
            ("revoke", .changeStatus(change(theirs, .revoke)), .accepted),
            ("security", .attestSecurity(security), .accepted),
            ("installed", .attestInstalled(try installed(["US", "DE"])), .attested([])),
            (
                "installed in many",
                .attestInstalled(
                    try installed(["US", "DE", "FR", "JP", "NL", "SE", "TW"])
                ), .refused(.attestationSuperseded)
            ),
            ("installed nowhere", .attestInstalled(try installed([])), .attested([])),
            ("agreement", .signAgreement(signing), .accepted),
            (
                "end of agreement",
                .endAgreement(
                    AgreementEnd(agreement: theirs, until: try Fixtures.day("2026-01-01"))
                ),
                .accepted
            ),
            (
                "rulebook",
                .adoptRulebook(RulebookAdoption(bytes: ShippedRulebook.codified.file.bytes)),
                .accepted
            ),
            ("unreadable rulebook", .adoptRulebook(RulebookAdoption(bytes: [0x61])), .accepted),
            (
                "devices",
                .adoptDevices(DeviceAdoption(bytes: Array("\(deviceFile)".utf8))),
                .accepted
            ),
            ("unreadable devices", .adoptDevices(DeviceAdoption(bytes: [0x61])), .accepted),
        ]
    }

    private static let deviceFile = """
        device,vendor,from,tpp,performance_density,data_center,source,note
        H100 SXM5,NVIDIA,2022-09-20,15832,19.4,yes,NVIDIA H100 data sheet,

        """

    private static func record(name: String) throws -> PartyRecord {
        PartyRecord(
            id: Fixtures.party("ACME-AE"),
            name: name,
            site: try Fixtures.country("AE"),
            headquarters: try Fixtures.country("US"),
            parent: Fixtures.party("ACME")
        )
    }

    private static func block(_ party: PartyIdentifier, _ isBlocked: Bool) -> PartyBlock {
        PartyBlock(party: party, isBlocked: isBlocked, reason: "order 12 of 2025")
    }

    private static func change(_ grant: OperationReference, _ step: StatusStep) -> StatusChange {
        StatusChange(grant: grant, step: step, reason: "review")
    }

    private static func installed(_ countries: [String]) throws -> InstalledAttestation {
        InstalledAttestation(
            party: Fixtures.party("ACME"),
            asOf: try Fixtures.day("2025-05-31"),
            amounts: try countries.map {
                InstalledAmount(country: try Fixtures.country($0), amount: TPP(rawValue: 158_319))
            }
        )
    }
}
