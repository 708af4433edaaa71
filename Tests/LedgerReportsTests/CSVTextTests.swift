// SPDX-License-Identifier: Apache-2.0

import LedgerReports
import Testing

@Suite("CSV that a spreadsheet opens") struct CSVTextTests {
    @Test(
        "has no formulas, and what stands in place of one can be undone",
        arguments: [
            "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "'=1+1", "''", "'", "", "PO-1", "x=1",
        ]
    )
    func formulasAreTexts(text: String) {
        let cell = CSVText.withoutFormulaReversibly(text)
        #expect(!["=", "+", "-", "@", "\t", "\r"].contains(cell.prefix(1)))
        #expect((cell.first == "'" ? String(cell.dropFirst()) : cell) == text)
    }
}
