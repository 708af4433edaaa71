// SPDX-License-Identifier: Apache-2.0

import LedgerModel
public import QuotaLedger

/// The limits that are in breach, or of which a threshold is reached, for programs.
public struct NotableLimitList: Hashable, Sendable {
    let scope: ReportScope
    let limits: [NotableLimit]

    /// Makes a list.
    ///
    /// - Parameters:
    ///   - scope: Of what it is.
    ///   - limits: The limits that stand out then.
    public init(_ scope: ReportScope, limits: [NotableLimit]) {
        self.scope = scope
        self.limits = limits
    }

    /// The list as CSV: a header row, then a row each.
    public var csv: String {
        var list = Listing(
            "limits",
            [
                .init("limit_name"), .init("used", nil, .amount(.up)),
                .init("limit", nil, .amount(.down)), .init("in_breach"),
                .init("threshold_percent", nil, .number),
            ],
            in: AmountStyle(scope.rulebook)
        )
        for limit in limits {
            list.append([
                .text("\(limit.name)"), .amount(limit.used), .amount(limit.limit),
                .flag(limit.isInBreach), limit.percent > 0 ? .number(limit.percent) : .none,
            ])
        }
        // When it was run makes no difference to what a row says.
        return list.csv(beginningWith: scope.header(runOn: scope.asOf).context)
    }
}
