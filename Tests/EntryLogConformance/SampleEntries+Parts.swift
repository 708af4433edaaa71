// SPDX-License-Identifier: Apache-2.0
import EntryLog
public import LedgerModel

/// What the samples are made of.
extension SampleEntries {
    static let falcon = PartyIdentifier(checked: "falcon-cloud")

    static let creation = LedgerCreation(
        origin: OrganisationIdentifier(checked: "ledger.example.org/2025"),
        mode: .binding,
        disclosure: .banded
    )

    static let party = PartyRecord(
        id: falcon,
        name: "Falcon Cloud Ærø",
        site: country("AE"),
        headquarters: country("US"),
        parent: PartyIdentifier(checked: "falcon-holding")
    )

    static let block = PartyBlock(
        party: falcon,
        isBlocked: true,
        reason: "diversion found"
    )

    static let installed = InstalledAttestation(
        party: falcon,
        asOf: day("2025-05-31"),
        amounts: [
            InstalledAmount(country: country("AE"), amount: TPP(rawValue: 15_832_000)),
            InstalledAmount(country: country("US"), amount: TPP(rawValue: 1_583_200_000)),
        ]
    )

    static let gaps = [
        InstalledGap(
            country: country("AE"),
            known: TPP(rawValue: 16_000_000),
            attested: TPP(rawValue: 15_832_000)
        ),
        InstalledGap(country: country("IN"), known: TPP(rawValue: 15_832), attested: .zero),
    ]

    static let actor = Actor(
        organisation: OrganisationIdentifier(checked: "bis"),
        person: PersonIdentifier(checked: "j.doe"),
        role: .regulator
    )

    static let openDates = range("2025-05-15", nil)

    /// Two years.
    public static let dates = range("2025-05-15", "2027-05-15")

    /// A country by its two letters.
    public static func country(_ text: String) -> CountryCode {
        guard let country = CountryCode(text) else { preconditionFailure("\(text): a country") }
        return country
    }

    static func day(_ text: String) -> CivilDate {
        guard let day = CivilDate(text) else { preconditionFailure("\(text): a day") }
        return day
    }

    static func range(_ from: String, _ until: String?) -> DateRange {
        guard let range = DateRange(from: day(from), until: until.map(day)) else {
            preconditionFailure("\(from): before its end")
        }
        return range
    }

    static func time(_ seconds: UInt64) -> LedgerTime {
        let milliseconds = 1_750_000_000_000 + Int64(seconds % 1_000_000_000) * 1_000
        guard let time = LedgerTime(millisecondsSince1970: milliseconds) else {
            preconditionFailure("the samples lie before the year 10000")
        }
        return time
    }

    static func test(_ mechanism: MechanismKind, _ name: LimitName) -> LimitTest {
        LimitTest(
            mechanism: mechanism,
            name: name,
            used: TPP(rawValue: 70_000),
            limit: TPP(rawValue: 140_000),
            left: TPP(rawValue: 70_000)
        )
    }

    static func entry(
        _ number: UInt64,
        _ id: String,
        _ action: Action,
        _ outcome: Outcome = .accepted,
        rulebook: UInt64? = 1
    ) -> Entry {
        Entry(
            number: EntryNumber(rawValue: number),
            time: time(number),
            actor: actor,
            rulebook: number == 0 ? nil : rulebook.map(EntryNumber.init(rawValue:)),
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: id),
                    action: action,
                    outcome: outcome
                )
            )
        )
    }
}
