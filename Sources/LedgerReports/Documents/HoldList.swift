// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import QuotaLedger

/// Open holds as a list.
struct HoldList {
    let scope: ReportScope
    let holds: [OpenHold]
    /// Which order each hold is, as far as is known.
    let orders: [EntryNumber: OperationReference]

    /// The list; holds that expire within 30 days ask to be noticed.
    var listing: Listing {
        var list = Listing(
            "holds",
            [
                .init("entry", nil, .number), .init("exporter"), .init("order"),
                .init("party"), .init("country", "to"), .init("mechanism"),
                .init("decided"), .init("open", nil, .amount(.up)),
                .init("shipped", nil, .amount(.up)), .init("deadline"),
                .init("days_left", nil, .number),
            ],
            in: AmountStyle(scope.rulebook)
        )
        for hold in holds {
            let order = orders[hold.entry]
            let days = hold.deadline.map(daysLeft)
            list.append(
                [
                    .entry(hold.entry), (order?.organisation).map { .text($0.text) } ?? .none,
                    order.map { .text($0.id.text) } ?? .none, .text(hold.party.text),
                    .text("\(hold.country)"), .text("\(hold.mechanism)"), .text("\(hold.day)"),
                    .amount(hold.open), .amount(hold.shipped),
                    hold.deadline.map { .text("\($0)") } ?? .none,
                    days.map { .number($0) } ?? .none,
                ],
                isWarning: days.map { $0 <= 30 } ?? false
            )
        }
        return list
    }

    /// In how many times 24 hours a deadline comes, begun ones included: 30 is within 30 days.
    private func daysLeft(until deadline: LedgerTime) -> Int64 {
        let rest = deadline.millisecondsSince1970 - scope.asOf.millisecondsSince1970
        return (rest + LedgerTime.millisecondsPerDay - 1) / LedgerTime.millisecondsPerDay
    }

    /// The list as a part of a report.
    func part(titled heading: String) -> ReportDocument.Part {
        .init(
            heading: heading,
            notes: [
                "Days left are times 24 hours, begun ones included; a hold without a deadline "
                    + "stays until it is shipped or freed."
            ],
            list: listing,
            ifEmpty: "Nothing is held."
        )
    }
}
