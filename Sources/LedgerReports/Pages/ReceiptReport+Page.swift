// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

extension ReceiptReport {
    /// The receipt as one HTML file that needs nothing else, with the signed head as a QR code.
    public var html: String {
        let told = toldEntry
        var decided: [ReportPage.Block] = [.paragraph(told.sentence)]
        if let limits = told.limits {
            decided.append(
                .table(PageTable(limits, caption: "What each limit that was tested had"))
            )
        }
        decided.append(.facts(told.facts.map { ($0.label, $0.text) }))
        var sections = [ReportPage.Section("What the entry says", decided)]
        if !limitsAfter.isEmpty { sections.append(limitsSection) }
        if !told.sources.isEmpty {
            sections.append(
                ReportPage.Section("Sources", [.facts(told.sources.map { ($0.label, $0.text) })])
            )
        }
        sections.append(evidenceSection)
        return ReportPage(
            title: "Receipt of entry \(number)",
            ledger: creation.origin.text,
            asOf: time.description,
            basis: creation.mode.basis,
            facts: [
                ("ledger", "\(creation.origin), \(creation.mode.word)"),
                ("entry", "\(number), \(time)"),
                ("kind", kind),
            ],
            sections: sections,
            closing: "This page tells what was verified in a receipt's file, and proves nothing by "
                + "itself: whoever has the file can run headroom verify-receipt."
        ).html
    }

    private var limitsSection: ReportPage.Section {
        let amounts = rulebook.map(AmountStyle.init)
        func shown(_ amount: TPP, _ rounding: H100Rounding) -> PageTable.Cell {
            .init(amounts?.h100e(amount, rounding: rounding) ?? AmountStyle.tpp(amount))
        }
        return ReportPage.Section(
            "With this entry",
            [
                .table(
                    PageTable(
                        caption: "What is used of each limit with the entry, in "
                            + (rulebook == nil ? "TPP" : "H100e"),
                        columns: [
                            .text("limit"), .number("used"), .number("limit"), .number("left"),
                        ],
                        rows: limitsAfter.map { limit in
                            [
                                .init("\(limit.name)"), shown(limit.used, .up),
                                shown(limit.limit, .down), shown(limit.left, .down),
                            ]
                        }
                    )
                )
            ]
        )
    }

    private var evidenceSection: ReportPage.Section {
        var blocks: [ReportPage.Block] = [.facts(evidence.map { ($0.label, $0.text) })]
        // A head with the signatures of many witnesses is more than a code holds.
        if let code = QRCode(head) {
            blocks.append(
                .code(code, title: "The head as it was signed: name, entries, root, signatures")
            )
        }
        return ReportPage.Section("What vouches for it", blocks)
    }
}
