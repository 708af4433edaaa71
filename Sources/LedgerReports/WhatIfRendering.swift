// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import QuotaLedger
public import Rulebook

/// What another rulebook would make of a ledger, as text for people, as CSV and as a tree for JSON.
///
/// H100e are those of the rulebook in force, before and after alike, so that they can be compared.
/// Pure: the same report and the same arguments give the same text.
public struct WhatIfRendering: Sendable {
    /// What is shown.
    public var report: WhatIfReport
    /// When the report is run; the caller's clock.
    public var runOn: LedgerTime
    /// The names of the countries.
    public var countries: CountryTable

    /// Makes a rendering.
    public init(_ report: WhatIfReport, runOn: LedgerTime, countries: CountryTable = .shipped) {
        self.report = report
        self.runOn = runOn
        self.countries = countries
    }

    var amounts: AmountStyle { AmountStyle(report.present) }

    // MARK: The lists

    /// How many orders would be answered otherwise, by what changes; empty where nothing is decided
    /// again.
    public var summary: Listing {
        var list = Listing(
            "summary",
            [.init("change"), .init("orders", nil, .count), .init("asked", nil, .amount(.up))],
            in: amounts
        )
        guard let tally = report.tally else { return list }
        for change in OrderChange.allCases {
            let count = tally.orders[change] ?? ReadjudicationTally.Count()
            list.append(
                [.text(change.rawValue), .count(count.orders), .amount(count.asked)],
                isWarning: change == .grantedToRefused && count.orders > 0
            )
        }
        return list
    }

    /// The orders that would be answered otherwise, in order of the log.
    public var orders: Listing {
        var list = Listing(
            "orders",
            [
                .init("entry", nil, .count), .init("order"),
                .init("exporter", isInTable: false), .init("consignee"), .init("destination", "to"),
                .init("change"), .init("before", nil, .text),
                .init("granted_before", nil, .amount(.up)), .init("after", nil, .text),
                .init("granted_after", nil, .amount(.up)),
            ],
            in: amounts
        )
        for moved in report.tally?.moved ?? [] {
            list.append(
                [
                    .count(Int64(clamping: moved.entry.rawValue)), .text(moved.order.id.text),
                    .text(moved.order.exporter.text),
                    .text(moved.order.reservation.consignee.text),
                    .text(moved.order.reservation.destination.description),
                    .text(moved.change.rawValue), .text(words(for: .recorded(moved.before))),
                    .amount(moved.before.granted), .text(words(for: moved.after)),
                    .amount(moved.after.outcome?.granted),
                ],
                isWarning: moved.change == .grantedToRefused
            )
        }
        return list
    }

    /// The parties for which anything would be otherwise, in order of their ids.
    public var parties: Listing {
        let sides = report.tally?.parties ?? [:]
        return sideList("parties", "party", sides.map { ($0.key.text, nil, $0.value) })
    }

    /// The destinations for which anything would be otherwise, in order of their codes.
    public var destinations: Listing {
        sideList(
            "destinations",
            "destination",
            (report.tally?.destinations ?? [:]).map { country, side in
                (country.description, countries.name(of: country), side)
            }
        )
    }

    private func sideList(
        _ name: String,
        _ subject: String,
        _ sides: [(key: String, name: String?, side: ReadjudicationTally.Side)]
    ) -> Listing {
        let hasNames = sides.contains { $0.name != nil }
        var list = Listing(
            name,
            [.init(subject)] + (hasNames ? [.init("name", nil, .text)] : []) + [
                .init("orders", nil, .count), .init("moved", nil, .count),
                .init("granted_before", nil, .amount(.up)),
                .init("granted_after", nil, .amount(.up)),
                .init("difference", nil, .amount(.up)),
            ],
            in: amounts
        )
        for (key, name, side) in sides.sorted(by: { $0.key < $1.key })
        where side.moved > 0 || side.before != side.after {
            list.append(
                [.text(key)] + (hasNames ? [name.map { .text($0) } ?? .none] : []) + [
                    .count(side.orders), .count(side.moved), .amount(side.before),
                    .amount(side.after), .difference(side.after.difference(from: side.before)),
                ]
            )
        }
        return list
    }

    /// The allocations of countries, before and after.
    public var countryLimits: Listing {
        limitList("countries", [.init("country"), .init("name", nil, .text)]) { change in
            guard case .country(let country) = change.name else { return nil }
            return [
                .text(country.description), countries.name(of: country).map { .text($0) } ?? .none,
            ]
        }
    }

    /// The limits of groups and parties, before and after.
    public var partyLimits: Listing {
        limitList("limits", [.init("limit")]) { change in
            if case .country = change.name { nil } else { [.text("\(change.name)")] }
        }
    }

    private func limitList(
        _ name: String,
        _ subject: [Listing.Column],
        _ label: (WhatIfReport.Change) -> [Listing.Value]?
    ) -> Listing {
        var list = Listing(
            name,
            subject + [
                .init("used_before", nil, .amount(.up)),
                .init("limit_before", nil, .amount(.down)),
                .init("headroom_before", nil, .amount(.down)),
                .init("used_after", nil, .amount(.up)),
                .init("limit_after", nil, .amount(.down)),
                .init("headroom_after", nil, .amount(.down)), .init("breach"),
            ],
            in: amounts
        )
        for change in report.limits where change.before != change.after || change.breach != nil {
            guard let label = label(change) else { continue }
            list.append(
                label + [
                    .amount(change.before?.used), .amount(change.before?.limit),
                    .amount(change.before?.headroom), .amount(change.after?.used),
                    .amount(change.after?.limit), .amount(change.after?.headroom),
                    change.breach.map { .text($0.rawValue) } ?? .none,
                ],
                isWarning: change.breach == .arises
            )
        }
        return list
    }

    /// Operations other than orders that would come to something else, counted.
    public var operations: Listing {
        var list = Listing(
            "operations",
            [.init("operation"), .init("before"), .init("after"), .init("count", nil, .count)]
        )
        let rows = (report.tally?.operations ?? [:]).map { key, count in
            (
                key.kind.description, key.before.map { "refused: \($0)" } ?? "done",
                key.rejection.map { "dropped: \($0)" } ?? key.after.map { "dropped: \($0)" }
                    ?? "done", count
            )
        }
        for (kind, before, after, count) in rows.sorted(by: {
            ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2)
        }) {
            list.append([.text(kind), .text(before), .text(after), .count(count)])
        }
        return list
    }

    /// What an order was answered, in a few words.
    private func words(for answer: ReadjudgedAnswer) -> String {
        switch answer {
        case .rejected(let rejection): return "rejected: \(rejection.code)"
        case .recorded(.decided(let decision)):
            guard let refusal = decision.refusal else { return "granted by \(decision.mechanism)" }
            return refusal == .limitReached
                ? "refused: \(refusal) (\(decision.mechanism))" : "refused: \(refusal)"
        case .recorded(let outcome): return outcome.refusal.map { "refused: \($0)" } ?? "done"
        }
    }
}

extension TPP {
    /// The difference of two sums that the ledger keeps below 2^62.
    fileprivate func difference(from other: TPP) -> TPP {
        TPP(rawValue: rawValue - other.rawValue)
    }
}
