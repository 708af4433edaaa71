// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger
import Rulebook

extension CapReportRendering {
    /// The columns of ``countriesCSV()``, in order.
    public static let countryColumns = [
        "as_of", "through_entry", "basis", "rulebook", "rulebook_version", "tpp_per_h100e",
        "country", "name", "tier", "agreement", "limit_tpp", "limit_h100e", "used_tpp",
        "used_h100e", "shipped_tpp", "shipped_h100e", "held_tpp", "held_h100e", "headroom_tpp",
        "headroom_h100e", "shipped_percent", "used_percent", "band", "expiring_30_days_tpp",
        "expiring_60_days_tpp", "expiring_90_days_tpp", "small_orders_tpp", "small_orders_h100e",
        "other_grants_tpp", "other_grants_h100e",
    ]

    /// The columns of ``decisionsCSV()``, in order.
    public static let decisionColumns = [
        "as_of", "through_entry", "basis", "rulebook", "rulebook_version", "tpp_per_h100e",
        "result", "mechanism", "reason", "count", "amount_tpp", "amount_h100e",
    ]

    /// The countries as CSV (RFC 4180, lines end with a line feed): a header row, then a row for
    /// each country that has any use.
    public func countriesCSV() -> String {
        var csv = CSVText(columns: Self.countryColumns)
        for line in report.lines {
            csv.append(
                context + [
                    line.country.description, countries.name(of: line.country) ?? "",
                    line.tier.rawValue, line.hasAgreement ? "yes" : "no",
                ] + both(line.limit, .down) + both(line.used, .up) + both(line.shipped, .up)
                    + both(line.held, .up) + both(line.headroom, .down) + [
                        Percentage(used: line.shipped, limit: line.limit)?.decimal ?? "",
                        Percentage(used: line.used, limit: line.limit)?.decimal ?? "",
                        line.band.rawValue,
                    ] + line.expiring.map { "\($0.rawValue)" } + both(line.smallOrders, .up)
                    + both(line.otherGrants, .up)
            )
        }
        return csv.text
    }

    /// The counts of decisions as CSV: grants by mechanism, refusals by mechanism and reason, what
    /// became of holds, and the open ones that remain.
    public func decisionsCSV() -> String {
        var csv = CSVText(columns: Self.decisionColumns)
        for (mechanism, tally) in grants {
            csv.append(row("granted", mechanism.description, "", tally.count, tally.asked))
        }
        for (key, tally) in refusals {
            csv.append(
                row(
                    "refused",
                    key.mechanism.description,
                    key.refusal.description,
                    tally.count,
                    tally.asked
                )
            )
        }
        for movement in movements {
            let tally = movement.tally
            csv.append(
                row(movement.name, "", "", tally.count, tally.asked, rounding: movement.rounding)
            )
        }
        csv.append(row("held", "", "", report.openHoldCount, report.openHolds))
        return csv.text
    }

    private var context: [String] {
        [
            report.asOf.description, report.through.description, basis, report.rulebook.name.text,
            "\(report.rulebook.version)", "\(amounts.tppPerH100e)",
        ]
    }

    private func row(
        _ result: String,
        _ mechanism: String,
        _ reason: String,
        _ count: Int64,
        _ amount: TPP,
        rounding: H100Rounding = .up
    ) -> [String] {
        context + [result, mechanism, reason, "\(count)"] + both(amount, rounding)
    }

    private func both(_ amount: TPP, _ rounding: H100Rounding) -> [String] {
        ["\(amount.rawValue)", amounts.decimal(amount, rounding: rounding)]
    }
}
