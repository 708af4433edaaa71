// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel

/// Fixed entries with fictional parties: at least one of each kind, and what a plain log is made of.
public enum SampleEntries {
    /// A secret of the bytes 0 to 31.
    public static let secret: LedgerSecret = {
        guard let secret = LedgerSecret(randomBytes: Array(0..<32)) else {
            preconditionFailure("a secret has 32 bytes")
        }
        return secret
    }()

    /// A small reservation that was granted.
    public static func reservation(_ number: UInt64) -> Entry {
        entry(
            number,
            "order-\(number)",
            .reserve(
                Reservation(
                    consignee: PartyIdentifier(checked: "falcon-cloud"),
                    destination: country("AE"),
                    lines: [
                        .devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 1_000)
                    ],
                    endUse: EndUseIdentifier(checked: "cloud")
                )
            ),
            .decided(
                Decision(
                    refusal: nil,
                    mechanism: .country,
                    asked: TPP(rawValue: 15_832_000),
                    tests: [
                        LimitTest(
                            mechanism: .country,
                            name: .country(country("AE")),
                            used: TPP(rawValue: 0),
                            limit: TPP(rawValue: 791_600_000),
                            left: TPP(rawValue: 775_768_000)
                        )
                    ],
                    bindingTest: 0
                )
            )
        )
    }

    /// A tick that someone of this name brings.
    public static func tick(_ number: UInt64, by person: String) -> Entry {
        var tick = entry(number, "tick-\(number)", .tick)
        tick.actor.person = PersonIdentifier(checked: person)
        return tick
    }

    /// One entry of each kind under a name for its file, and some that differ in form.
    public static let golden: [(name: String, entry: Entry)] =
        first + life + judged + events + retention
    /// The same with kinds that came later; trees and receipts that are kept are of ``golden``.
    public static let all: [(name: String, entry: Entry)] = golden + keys

    private static let first: [(name: String, entry: Entry)] = [
        ("create-ledger", entry(0, "init", .createLedger(creation), rulebook: nil)),
        (
            "adopt-rulebook",
            entry(
                1,
                "rules",
                .adoptRulebook(RulebookAdoption(bytes: Array("rulebook: x\n".utf8))),
                rulebook: 1
            )
        ),
        (
            "adopt-devices",
            entry(2, "devices", .adoptDevices(DeviceAdoption(bytes: Array("model,tpp\n".utf8))))
        ),
        ("party", entry(3, "p-1", .party(party))),
        ("block", entry(4, "b-1", .block(block))),
        (
            "grant-status",
            entry(
                5,
                "s-1",
                .grantStatus(
                    StatusGrant(
                        kind: .national(country("AE")),
                        party: falcon,
                        dates: dates
                    )
                )
            )
        ),
        (
            "grant-status-refused",
            entry(
                6,
                "s-2",
                .grantStatus(StatusGrant(kind: .universal, party: falcon, dates: openDates)),
                .refused(.notEligible)
            )
        ),
        (
            "change-status",
            entry(
                7,
                "s-3",
                .changeStatus(
                    StatusChange(
                        grant: OperationReference(
                            organisation: OrganisationIdentifier(checked: "bis"),
                            id: OperationIdentifier(checked: "s-1")
                        ),
                        step: .suspend,
                        reason: "site visit refused"
                    )
                )
            )
        ),
        (
            "attest-security",
            entry(
                8,
                "a-1",
                .attestSecurity(SecurityAttestation(party: falcon, dates: dates))
            )
        ),
        ("attest-installed", entry(9, "a-2", .attestInstalled(installed), .attested(gaps))),
        (
            "sign-agreement",
            entry(
                10,
                "g-1",
                .signAgreement(AgreementSigning(country: country("AE"), dates: openDates))
            )
        ),
        (
            "end-agreement",
            entry(
                11,
                "g-2",
                .endAgreement(
                    AgreementEnd(
                        agreement: OperationReference(
                            id: OperationIdentifier(checked: "g-1")
                        ),
                        until: day("2026-01-01")
                    )
                )
            )
        ),
        ("reserve-granted", reservation(12)),
        ("reserve-refused", refusedReservation),
        (
            "expiry",
            Entry(
                number: EntryNumber(rawValue: 14),
                time: time(14),
                actor: actor,
                rulebook: EntryNumber(rawValue: 1),
                content: .expiry(
                    HoldExpiry(
                        hold: EntryNumber(rawValue: 12),
                        freed: TPP(rawValue: 15_832_000)
                    )
                )
            )
        ),
    ]

    private static let refusedReservation = entry(
        13,
        "order-13",
        .reserve(
            Reservation(
                consignee: falcon,
                destination: country("IN"),
                lines: [
                    .devices(DeviceIdentifier(checked: "H200 SXM"), quantity: 3),
                    .tpp(TPP(rawValue: 5_000)),
                    .h100e(H100Equivalent(thousandths: 1_500)),
                ],
                endUse: EndUseIdentifier(checked: "cloud"),
                deadline: time(90),
                reference: "PO 4711 – größer"
            )
        ),
        .decided(
            Decision(
                refusal: .limitReached,
                mechanism: .universalVEU,
                asked: TPP(rawValue: 76_244),
                tests: [
                    test(.universalVEU, .countryShare(group: falcon, country: country("IN"))),
                    test(.universalVEU, .outsideShare(group: falcon)),
                    test(.nationalVEU, .nationalVEU(party: falcon, country: country("IN"))),
                    test(.smallOrder, .smallOrder(group: falcon, year: 2_025)),
                    test(.country, .country(country("IN"))),
                ],
                bindingTest: 1,
                roomByInstalling: TPP(rawValue: 1_000_000),
                attestationLapsed: true
            )
        )
    )
}
