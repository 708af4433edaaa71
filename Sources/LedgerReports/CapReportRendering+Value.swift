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
        .object(
            report.header(runOn: runOn).members(report: "caps", schema: Self.schemaVersion)
                + figures
        )
    }

    private var figures: [ReportValue.Member] {
        [
            .init("limit", limitValue),
            .init(
                "legal_status",
                .object(
                    report.rulebook.legalStatus.flags(on: report.asOf.day).map {
                        ReportValue.Member($0.name, value($0))
                    }
                )
            ),
            .init("countries", .array(report.lines.map(value))),
            .init(
                "grants",
                .array(
                    grants.map {
                        .object(
                            [.init("mechanism", .text($0.mechanism.description))]
                                + members($0.tally)
                        )
                    }
                )
            ),
            .init(
                "refusals",
                .array(
                    refusals.map {
                        .object(
                            [
                                .init("mechanism", .text($0.key.mechanism.description)),
                                .init("refusal", .text($0.key.refusal.description)),
                            ] + members($0.tally)
                        )
                    }
                )
            ),
            .init("reconciliation", reconciliationValue),
        ]
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
                    .init("shipped_percent", percent(line.shipped, of: line.limit)),
                    .init("used_percent", percent(line.used, of: line.limit)),
                    .init("band", .text(line.band.rawValue)),
                    .init("expiring", .array(zip([30, 60, 90], line.expiring).map(expiring))),
                ] + both("small_orders", line.smallOrders, .up)
                + both("other_grants", line.otherGrants, .up)
        )
    }

    private func percent(_ part: TPP, of limit: TPP) -> ReportValue {
        Percentage(used: part, limit: limit).map { .decimal($0.decimal) } ?? .null
    }

    private func expiring(_ days: Int64, _ amount: TPP) -> ReportValue {
        .object([.init("within_days", .integer(days))] + both("held", amount, .down))
    }

    private var reconciliationValue: ReportValue {
        let (held, smallOrders, otherGrants) = inLines
        return .object(
            both("granted", granted.asked, .up) + [.init("grant_count", .integer(granted.count))]
                + movements.flatMap(members)
                + both("open_holds", report.openHolds, .up)
                + [.init("open_hold_count", .integer(report.openHoldCount))]
                + both("held", held, .up)
                + both("small_orders", smallOrders, .up) + both("other_grants", otherGrants, .up)
                + both("outside_window", outsideWindow, .up)
                + [.init("is_reconciled", .boolean(report.isReconciled))]
        )
    }

    private func members(_ movement: Movement) -> [ReportValue.Member] {
        both(movement.name, movement.tally.asked, movement.rounding)
            + [.init(movement.countName, .integer(movement.tally.count))]
    }

    private func members(_ tally: Tally) -> [ReportValue.Member] {
        [.init("count", .integer(tally.count))] + both("asked", tally.asked, .up)
    }

    private func both(
        _ name: String,
        _ amount: TPP,
        _ rounding: H100Rounding
    ) -> [ReportValue.Member] {
        amounts.members(name, amount, rounding)
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
