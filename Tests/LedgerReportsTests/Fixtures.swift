// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

/// Values for tests, made from text that is known to be right.
enum Fixtures {
    static func country(_ text: String) throws -> CountryCode {
        try #require(CountryCode(text))
    }

    static func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    static func days(_ from: String, _ until: String? = nil) throws -> DateRange {
        try #require(DateRange(from: day(from), until: until.map(day)))
    }

    static func noon(_ text: String) throws -> LedgerTime {
        let start = LedgerTime(startOf: try day(text))
        return try #require(
            LedgerTime(millisecondsSince1970: start.millisecondsSince1970 + 43_200_000)
        )
    }

    static func party(_ text: String) -> PartyIdentifier { PartyIdentifier(checked: text) }

    static func actor(
        _ organisation: String = "NVIDIA",
        role: Role = .vendor
    ) -> LedgerModel.Actor {
        LedgerModel.Actor(
            organisation: OrganisationIdentifier(checked: organisation),
            person: PersonIdentifier(checked: "kim"),
            role: role
        )
    }

    static func creation(
        mode: LedgerMode = .advisory,
        disclosure: TotalsDisclosure = .open
    ) -> LedgerCreation {
        LedgerCreation(
            origin: OrganisationIdentifier(checked: "ledger.example.org"),
            mode: mode,
            disclosure: disclosure
        )
    }

    static func line(
        _ country: String,
        tier: CountryTier = .capped,
        agreement: Bool = false,
        limit: Int64,
        used: Int64,
        shipped: Int64 = 0,
        smallOrders: Int64 = 0,
        otherGrants: Int64 = 0,
        expiring: [Int64] = [0, 0, 0]
    ) throws -> CapLine {
        CapLine(
            country: try Self.country(country),
            tier: tier,
            hasAgreement: agreement,
            limit: TPP(rawValue: limit),
            used: TPP(rawValue: used),
            shipped: TPP(rawValue: shipped),
            held: TPP(rawValue: used - shipped),
            headroom: TPP(rawValue: max(0, limit - used)),
            smallOrders: TPP(rawValue: smallOrders),
            otherGrants: TPP(rawValue: otherGrants),
            expiring: expiring.map(TPP.init(rawValue:))
        )
    }

    static func tally(_ count: Int64, _ asked: Int64) -> Tally {
        Tally(count: count, asked: TPP(rawValue: asked))
    }

    /// A report of the brief's rulebook as of noon of 2025-06-01.
    static func report(
        _ lines: [CapLine],
        tallies: DecisionTallies = DecisionTallies(),
        openHolds: Int64 = 0,
        openHoldCount: Int64 = 0,
        isReconciled: Bool = true,
        mode: LedgerMode = .advisory
    ) throws -> CapReportRendering {
        let report = CapReport(
            creation: creation(mode: mode),
            through: EntryNumber(rawValue: 41),
            throughTime: try noon("2025-05-31"),
            asOf: try noon("2025-06-01"),
            rulebook: try ShippedRulebook.brief.load(),
            adoption: EntryNumber(rawValue: 1),
            lines: lines,
            tallies: tallies,
            isReconciled: isReconciled,
            openHolds: TPP(rawValue: openHolds),
            openHoldCount: openHoldCount
        )
        return CapReportRendering(report, runOn: try noon("2025-06-02"))
    }

    /// Three countries: one with an agreement and room, one nearly full, one full and with a long
    /// name.
    static func threeCountries() throws -> CapReportRendering {
        var tallies = DecisionTallies()
        tallies.grants = [
            .country: tally(12, 2_312_000_000), .smallOrder: tally(3, 26_900_001),
            .allied: tally(1, 5_000_000_000),
        ]
        tallies.refusals = [
            RefusalKey(mechanism: .country, refusal: .limitReached): tally(2, 1_583_200),
            RefusalKey(mechanism: .concern, refusal: .countryOfConcern): tally(1, 15_832),
        ]
        tallies.expiries = tally(1, 12_000_000)
        tallies.shipments = tally(2, 316_640_000)
        tallies.returns = tally(1, 15_832)
        return try report(
            [
                line(
                    "AE",
                    agreement: true,
                    limit: 1_583_200_000,
                    used: 791_600_001,
                    shipped: 316_640_000,
                    smallOrders: 26_900_001,
                    expiring: [15_832, 31_664, 31_665]
                ),
                line("GS", limit: 791_600_000, used: 791_600_000),
                line("JP", tier: .allied, limit: 791_600_000, used: 0, otherGrants: 5_000_000_000),
                line("SA", limit: 791_600_000, used: 716_799_999),
            ],
            tallies: tallies,
            openHolds: 7_010_260_001,
            openHoldCount: 14
        )
    }

    static func order(
        _ id: String = "po-17",
        consignee: String = "ACME-AE",
        destination: String = "AE",
        endUse: String = "inference",
        deadline: LedgerTime? = nil
    ) throws -> AskedOrder {
        AskedOrder(
            id: OperationIdentifier(checked: id),
            exporter: OrganisationIdentifier(checked: "NVIDIA"),
            reservation: Reservation(
                consignee: party(consignee),
                destination: try country(destination),
                lines: [.devices(DeviceIdentifier(checked: "H100 SXM5"), quantity: 100)],
                endUse: EndUseIdentifier(checked: endUse),
                deadline: deadline
            )
        )
    }

    static func entry(
        _ action: Action,
        _ outcome: Outcome,
        actor: LedgerModel.Actor = actor()
    ) throws -> Entry {
        Entry(
            number: EntryNumber(rawValue: 7),
            time: try noon("2025-06-01"),
            actor: actor,
            rulebook: EntryNumber(rawValue: 1),
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "op-7"),
                    action: action,
                    outcome: outcome
                )
            )
        )
    }
}
