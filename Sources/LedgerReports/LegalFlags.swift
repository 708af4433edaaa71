// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// One of the dates of a rulebook's legal status, as it stands on a day.
struct LegalFlag {
    /// Its name in programs' words, such as `compliance_from`.
    let name: String
    /// Its name in people's words, such as `compliance`.
    let label: String
    /// Whether it has begun, and has not ended, on the day.
    let holds: Bool
    /// The day on which it begins, if it does.
    let from: CivilDate?
    /// The first day on which it is over, if it ends.
    let until: CivilDate?
    /// Where it comes from.
    let citation: String

    /// The flag in words: `since 2025-01-15`, `not yet (from 2025-05-15)`, `no`.
    var text: String {
        if let until, !holds, from.map({ $0 < until }) ?? true, isOver {
            return "no, since \(until)"
        }
        guard let from else { return "no" }
        return holds ? "since \(from)" : "not yet (from \(from))"
    }

    private let isOver: Bool

    init(
        _ name: String,
        _ label: String,
        from: Cited<CivilDate?>,
        until: Cited<CivilDate?>? = nil,
        on day: CivilDate
    ) {
        self.name = name
        self.label = label
        self.from = from.value
        self.until = until?.value
        isOver = until?.value.map { $0 <= day } ?? false
        holds = (from.value.map { $0 <= day } ?? false) && !isOver
        citation = [from.citation, until?.citation].compactMap { $0 }.joined(separator: "; ")
    }
}

extension LegalStatus {
    /// The five flags on a day, in the order of the law's life.
    func flags(on day: CivilDate) -> [LegalFlag] {
        [
            LegalFlag("published", "published", from: published, on: day),
            LegalFlag("effective", "effective", from: effective, on: day),
            LegalFlag("compliance_from", "compliance", from: complianceFrom, on: day),
            LegalFlag("enforced", "enforced", from: enforcedFrom, until: enforcedUntil, on: day),
            LegalFlag("rescinded", "rescinded", from: rescinded, on: day),
        ]
    }
}
