// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension CapReportRendering {
    /// The version of the schema of ``value``; it grows when a name changes its meaning.
    public static let schemaVersion: Int64 = 1

    /// The report as a tree; the schema is in docs/reference/cap-report.md.
    ///
    /// Amounts are whole TPP; beside each stands one in H100e as a decimal.
    public var value: ReportValue {
        .members([
            "report": .text("caps"),
            "schema": .integer(Self.schemaVersion),
            "run_on": .text(runOn.description),
            "data_through": .members([
                "entry": integer(report.through), "time": .text(report.throughTime.description),
            ]),
            "as_of": .text(report.asOf.description),
            "basis": .text(basis),
            "ledger": .members([
                "origin": .text(report.creation.origin.text),
                "mode": .text(report.creation.mode.word),
                "disclosure": .text(report.creation.disclosure.word),
            ]),
            "rulebook": rulebookValue,
            "unit": .members([
                "tpp_per_h100e": .integer(amounts.tppPerH100e),
                "citation": .text(report.rulebook.tppPerH100e.citation),
            ]),
            "limit": limitValue,
            "legal_status": .object(
                report.rulebook.legalStatus.flags(on: report.asOf.day).map {
                    ReportValue.Member($0.name, value($0))
                }
            ),
            "countries": .array(report.lines.map(value)),
            "grants": .array(
                grants.map {
                    .object(
                        [.init("mechanism", .text($0.mechanism.description))] + members($0.tally)
                    )
                }
            ),
            "refusals": .array(
                refusals.map {
                    .object(
                        [
                            .init("mechanism", .text($0.key.mechanism.description)),
                            .init("refusal", .text($0.key.refusal.description)),
                        ] + members($0.tally)
                    )
                }
            ),
            "reconciliation": reconciliationValue,
        ])
    }

    private var rulebookValue: ReportValue {
        let rulebook = report.rulebook
        return .members([
            "name": .text(rulebook.name.text),
            "version": .integer(rulebook.version),
            "title": .text(rulebook.title),
            "source": .text(rulebook.source),
            "effective": .text(rulebook.effective.value.description),
            "adopted_by": integer(report.adoption),
        ])
    }

    private var limitValue: ReportValue {
        guard let derivation, let limit = report.rulebook.mechanism(.country)?.limit else {
            return .null
        }
        return .members([
            "derivation": .text(derivation),
            "citation": .text(limit.citation),
            "agreement_multiplier": .integer(report.rulebook.agreementMultiplier.value),
            "agreement_citation": .text(report.rulebook.agreementMultiplier.citation),
        ])
    }

    private func value(_ flag: LegalFlag) -> ReportValue {
        .members([
            "holds": .boolean(flag.holds),
            "from": flag.from.map { .text($0.description) } ?? .null,
            "until": flag.until.map { .text($0.description) } ?? .null,
            "citation": .text(flag.citation),
        ])
    }

    private func value(_ line: CapLine) -> ReportValue {
        .object(
            [
                .init("country", .text(line.country.description)),
                .init("name", countries.name(of: line.country).map { .text($0) } ?? .null),
                .init("tier", .text(line.tier.rawValue)),
                .init("agreement", .boolean(line.hasAgreement)),
            ] + both("limit", line.limit, .down) + both("used", line.used, .up)
                + both("shipped", line.shipped, .up) + both("held", line.held, .up)
                + both("headroom", line.headroom, .down) + [
                    .init("shipped_percent", percentage(line.shipped, of: line.limit)),
                    .init("used_percent", percentage(line.used, of: line.limit)),
                    .init("band", .text(line.band.rawValue)),
                    .init("expiring", .array(zip([30, 60, 90], line.expiring).map(expiring))),
                ] + both("small_orders", line.smallOrders, .up)
                + both("other_grants", line.otherGrants, .up)
        )
    }

    private func percentage(_ part: TPP, of limit: TPP) -> ReportValue {
        Percentage(used: part, limit: limit).map { .decimal($0.decimal) } ?? .null
    }

    private func expiring(_ days: Int64, _ amount: TPP) -> ReportValue {
        .object([.init("within_days", .integer(days))] + both("held", amount, .down))
    }

    private var reconciliationValue: ReportValue {
        let (held, smallOrders, otherGrants) = inLines
        return .object(
            both("granted", granted.asked, .up) + [.init("grant_count", .integer(granted.count))]
                + endings.flatMap(members) + both("open_holds", report.openHolds, .up)
                + both("held", held, .up)
                + both("small_orders", smallOrders, .up) + both("other_grants", otherGrants, .up)
                + both("outside_window", outsideWindow, .up)
                + departures.flatMap(members)
                + [.init("is_reconciled", .boolean(report.isReconciled))]
        )
    }

    private func members(_ ending: Ending) -> [ReportValue.Member] {
        both(ending.name, ending.tally.asked, ending.rounding)
            + [.init(ending.countName, .integer(ending.tally.count))]
    }

    private func members(_ tally: Tally) -> [ReportValue.Member] {
        [.init("count", .integer(tally.count))] + both("asked", tally.asked, .up)
    }

    private func both(
        _ name: String,
        _ amount: TPP,
        _ rounding: H100Rounding
    ) -> [ReportValue.Member] {
        [
            .init(name, .integer(amount.rawValue)),
            .init(name + "_h100e", .decimal(amounts.decimal(amount, rounding: rounding))),
        ]
    }

    private func integer(_ number: EntryNumber) -> ReportValue {
        .integer(Int64(clamping: number.rawValue))
    }
}

extension TotalsDisclosure {
    /// The policy's word.
    var word: String {
        switch self {
        case .open: "open"
        case .banded: "banded"
        }
    }
}
