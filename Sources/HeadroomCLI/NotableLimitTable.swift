// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import LedgerText
import QuotaLedger

extension TextTable {
    /// A table of limits that stand out, how near they are to being full in words.
    init(of limits: some Sequence<NotableLimit>, _ amounts: AmountStyle) {
        self.init([
            .text("name"), .number("used, H100e"), .number("limit, H100e"), .word("threshold"),
            .word("standing"),
        ])
        for limit in limits {
            append([
                Cell("\(limit.name)"),
                Cell(amounts.h100e(limit.used, rounding: .up)),
                Cell(amounts.h100e(limit.limit, rounding: .down)),
                Cell(limit.percent > 0 ? "\(limit.percent) %" : ""),
                Cell(limit.isInBreach ? "in breach" : "", .warning),
            ])
        }
    }
}

extension JSONWriter {
    /// Writes how limits that stand out stand.
    mutating func member(
        _ name: String,
        _ limits: [NotableLimit],
        _ rendering: JSONRendering
    ) {
        key(name)
        beginArray()
        for limit in limits { value(limit, rendering) }
        endArray()
    }

    private mutating func value(_ limit: NotableLimit, _ rendering: JSONRendering) {
        beginObject()
        key("name")
        value(limit.name)
        amount("used", limit.used, rounding: .up, rendering)
        amount("limit", limit.limit, rounding: .down, rendering)
        member("in_breach", limit.isInBreach)
        member("percent", limit.percent > 0 ? limit.percent : nil)
        endObject()
    }
}
