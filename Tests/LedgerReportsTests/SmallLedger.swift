// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerTestSupport
import QuotaLedger
import Rulebook
import Testing

/// A small ledger in which something of everything happened, for snapshots of its reports.
struct SmallLedger: ~Copyable {
    let core: LedgerCore
    let entries: [Entry]
    let scope: ReportScope

    /// When its reports are run.
    static let runOn = "2026-03-02"

    init() throws {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let now = try Fixtures.noon("2026-03-01")
        let decided = try core.decide(try Self.operations(), now: now).entries
        let found = core.reportScope(at: now)
        let scope = try #require(found)
        self.core = core
        self.scope = scope
        entries = decided
    }

    /// The reports, each by its name.
    func documents() throws -> [(name: String, document: ReportDocument)] {
        let runOn = try Fixtures.noon(Self.runOn)
        var exceptions = ExceptionFold()
        var refusals = RefusalFold()
        var charges = ChargeFold()
        var weights = WeightsFold()
        var orders: [EntryNumber: OperationReference] = [:]
        var destinations: [EntryNumber: CountryCode] = [:]
        for entry in entries {
            exceptions.take(entry)
            refusals.take(entry)
            charges.take(entry)
            weights.take(entry)
            guard let record = entry.operation, case .reserve(let order) = record.action else {
                continue
            }
            destinations[entry.number] = order.destination
            orders[entry.number] = OperationReference(
                organisation: entry.actor.organisation,
                id: record.id
            )
        }
        for occurrence in core.occurrencesDue(by: scope.asOf) { exceptions.take(occurrence) }
        charges.finish(at: scope.asOf)
        let caps = core.capReport(at: scope.asOf)
        let country = core.countryReport(of: try Fixtures.country("AE"), at: scope.asOf)
        let party = core.partyReport(of: Fixtures.party("GULF"), at: scope.asOf)
        let small = core.smallOrderReport(at: scope.asOf)
        let history = LimitHistory(
            name: .country(try Fixtures.country("AE")),
            points: [
                .init(
                    time: try Fixtures.noon("2025-02-01"),
                    used: .zero,
                    limit: TPP(rawValue: 791_600_000)
                ),
                .init(
                    time: scope.asOf,
                    used: TPP(rawValue: 700_000_000),
                    limit: TPP(rawValue: 791_600_000)
                ),
            ]
        )
        return [
            (
                "exceptions",
                ExceptionReport(
                    scope,
                    fold: exceptions,
                    notable: core.notableLimits(at: scope.asOf).limits,
                    statuses: core.grantedStatuses(at: scope.asOf),
                    ratios: core.groupRatios(at: scope.asOf)
                ).document(runOn: runOn)
            ),
            (
                "refusals",
                RefusalReport(scope, fold: refusals, destinations: destinations)
                    .document(runOn: runOn)
            ),
            (
                "reconciliation",
                ReconciliationReport(
                    scope,
                    fold: charges,
                    readings: core.limitReadings(at: scope.asOf),
                    caps: try #require(caps)
                ).document(runOn: runOn)
            ),
            ("weights", WeightsReport(scope, fold: weights).document(runOn: runOn)),
            (
                "country",
                try #require(country).document(history: history, orders: orders, runOn: runOn)
            ),
            ("party", try #require(party).document(orders: orders, runOn: runOn)),
            ("small-orders", try #require(small).document(runOn: runOn)),
        ]
    }

    // MARK: - A window that rolls

    /// The core of a ledger under the brief, with a National VEU that was granted two orders in two
    /// years.
    static func rolling() throws -> LedgerCore {
        var core = LedgerCore(key: HashKey(first: 1, second: 2))
        let brief = RulebookAdoption(bytes: ShippedRulebook.brief.file.bytes)
        let emirates = try Fixtures.country("AE")
        let operations = [
            try operation("init", "2025-01-13", .createLedger(Fixtures.creation())),
            try operation("rulebook", "2025-01-13", .adoptRulebook(brief)),
            try operation("p1", "2025-01-14", party("GULF", "Gulf", "AE")),
            try operation("n1", "2025-01-15", status(.national(emirates), "GULF")),
            try operation("s1", "2025-01-15", security("GULF", until: "2028-01-15")),
            try order("o1", "2025-01-31", "GULF", "AE", 3_000_000_000),
            try order("o2", "2026-02-28", "GULF", "AE", 2_000_000_000),
        ]
        _ = try core.decide(operations, now: try Fixtures.noon("2026-03-01"))
        return core
    }

    // MARK: - What happened

    private static func operation(
        _ id: String,
        _ day: String,
        _ action: Action,
        by organisation: String = "BIS"
    ) throws -> LedgerModel.Operation {
        Operation(
            id: OperationIdentifier(checked: id),
            actor: Fixtures.actor(organisation, role: .operator),
            time: try Fixtures.noon(day),
            action: action
        )
    }

    private static func party(
        _ id: String,
        _ name: String,
        _ country: String,
        parent: String? = nil
    ) throws -> Action {
        .party(
            PartyRecord(
                id: Fixtures.party(id),
                name: name,
                site: try Fixtures.country(country),
                headquarters: try Fixtures.country(country),
                parent: parent.map(Fixtures.party)
            )
        )
    }

    private static func order(
        _ id: String,
        _ day: String,
        _ party: String,
        _ country: String,
        _ tpp: Int64,
        until deadline: String? = nil,
        for endUse: String = "inference"
    ) throws -> LedgerModel.Operation {
        try operation(
            id,
            day,
            .reserve(
                Reservation(
                    consignee: Fixtures.party(party),
                    destination: try Fixtures.country(country),
                    lines: [.tpp(TPP(rawValue: tpp))],
                    endUse: EndUseIdentifier(checked: endUse),
                    deadline: try deadline.map(Fixtures.noon)
                )
            ),
            by: "CHIPS"
        )
    }

    private static func reference(_ id: String, of organisation: String) -> OperationReference {
        OperationReference(
            organisation: OrganisationIdentifier(checked: organisation),
            id: OperationIdentifier(checked: id)
        )
    }

    private static func status(_ kind: StatusKind, _ party: String) throws -> Action {
        .grantStatus(
            StatusGrant(
                kind: kind,
                party: Fixtures.party(party),
                dates: try Fixtures.days("2025-01-15")
            )
        )
    }

    private static func attestation(
        _ party: String,
        _ day: String,
        _ amounts: KeyValuePairs<String, Int64>
    ) throws -> Action {
        .attestInstalled(
            InstalledAttestation(
                party: Fixtures.party(party),
                asOf: try Fixtures.day(day),
                amounts: try amounts.map {
                    InstalledAmount(
                        country: try Fixtures.country($0.key),
                        amount: TPP(rawValue: $0.value)
                    )
                }
            )
        )
    }

    private static func weights(
        _ id: String,
        _ model: String,
        published: Bool,
        _ recipient: String,
        _ country: String
    ) throws -> LedgerModel.Operation {
        try operation(
            id,
            "2025-08-01",
            .transferWeights(
                WeightsTransfer(
                    model: model,
                    isPublished: published,
                    trainingOperations: 300_000_000_000_000_000_000_000_000,
                    recipient: Fixtures.party(recipient),
                    destination: try Fixtures.country(country)
                )
            ),
            by: "LAB"
        )
    }

    private static func security(_ party: String, until day: String) throws -> Action {
        .attestSecurity(
            SecurityAttestation(
                party: Fixtures.party(party),
                dates: try Fixtures.days("2025-01-15", day)
            )
        )
    }

    private static func operations() throws -> [LedgerModel.Operation] {
        try law() + orders() + rest()
    }

    private static func law() throws -> [LedgerModel.Operation] {
        let codified = RulebookAdoption(bytes: ShippedRulebook.codified.file.bytes)
        let emirates = try Fixtures.country("AE")
        return [
            try operation("init", "2025-01-13", .createLedger(Fixtures.creation())),
            try operation("rulebook", "2025-01-13", .adoptRulebook(codified)),
            try operation("p1", "2025-01-14", party("HYPER", "Hyper & Co", "US")),
            try operation(
                "p2",
                "2025-01-14",
                party("HYPER-AE", "Hyper Gulf", "AE", parent: "HYPER")
            ),
            // A name that a spreadsheet would take for a formula.
            try operation("p3", "2025-01-14", party("GULF", "=1+1 <b>Gulf</b>", "AE")),
            try operation("p4", "2025-01-14", party("LATE", "Late", "US")),
            try operation("u1", "2025-01-15", status(.universal, "HYPER")),
            try operation("u2", "2025-01-15", status(.universal, "LATE")),
            try operation("n1", "2025-01-15", status(.national(emirates), "GULF")),
            try operation("s1", "2025-01-15", security("HYPER", until: "2027-01-15")),
            try operation("s2", "2025-01-15", security("GULF", until: "2026-02-01")),
            try operation(
                "a1",
                "2025-02-01",
                attestation("HYPER", "2025-01-31", ["US": 4_000_000_000, "DE": 6_000_000_000])
            ),
            try operation(
                "g1",
                "2025-02-01",
                .signAgreement(
                    AgreementSigning(country: emirates, dates: try Fixtures.days("2025-02-01"))
                )
            ),
        ]
    }

    private static func orders() throws -> [LedgerModel.Operation] {
        [
            try order("o1", "2025-02-10", "GULF", "AE", 600_000_000),
            try order("o2", "2025-02-11", "GULF", "AE", 900_000_000, until: "2026-03-20"),
            try order("o3", "2025-02-12", "HYPER-AE", "AE", 300_000_000),
            try order("o4", "2025-02-13", "LATE", "IN", 15_832),
            try order("o5", "2025-02-14", "GULF", "AE", 700_000_000, until: "2025-02-20"),
            try order("o6", "2025-02-15", "GULF", "CN", 15_832),
            try order("o7", "2025-02-16", "GULF", "AE", 990_000_000),
            try operation(
                "ship",
                "2025-03-01",
                .ship(
                    Shipment(
                        hold: reference("o2", of: "CHIPS"),
                        part: .amount(TPP(rawValue: 400_000_000))
                    )
                )
            ),
            try operation(
                "back",
                "2025-03-02",
                .giveBack(
                    GoodsReturn(
                        hold: reference("o2", of: "CHIPS"),
                        part: .amount(TPP(rawValue: 50_000_000))
                    )
                )
            ),
            try operation(
                "too-much",
                "2025-03-03",
                .ship(
                    Shipment(
                        hold: reference("o3", of: "CHIPS"),
                        part: .amount(TPP(rawValue: 300_000_001))
                    )
                )
            ),
        ]
    }

    private static func rest() throws -> [LedgerModel.Operation] {
        [
            try operation(
                "a2",
                "2025-05-02",
                attestation("HYPER", "2025-05-01", ["US": 4_000_000_000, "DE": 5_000_000_000])
            ),
            try operation(
                "g2",
                "2025-06-01",
                .endAgreement(
                    AgreementEnd(
                        agreement: reference("g1", of: "BIS"),
                        until: try Fixtures.day("2025-06-01")
                    )
                )
            ),
            try operation(
                "fix",
                "2025-07-01",
                .correct(
                    Correction(
                        target: .operation(reference("o1", of: "CHIPS")),
                        text: "@the consignee is another one"
                    )
                )
            ),
            try weights("w1", "open model", published: true, "GULF", "AE"),
            try weights("w2", "closed model", published: false, "GULF", "AE"),
            try weights("w3", "closed model", published: false, "HYPER", "DE"),
            try order("o8", "2026-02-10", "GULF", "AE", 1_000),
        ]
    }
}
