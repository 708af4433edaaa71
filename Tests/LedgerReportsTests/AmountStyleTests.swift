// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Testing

@Suite struct AmountStyleTests {
    private let style = AmountStyle(tppPerH100e: 15_832)

    @Test(arguments: [
        (0, "0.000", "0.000"), (1, "0.000", "0.001"), (15_831, "0.999", "1.000"),
        (15_832, "1.000", "1.000"), (15_833, "1.000", "1.001"),
        (26_914_400, "1,700.000", "1,700.000"), (26_914_399, "1,699.999", "1,700.000"),
        (791_600_000_000, "50,000,000.000", "50,000,000.000"),
        (-1, "-0.001", "0.000"),
    ])
    func limitsAreRoundedDownAndUseUp(amount: Int64, down: String, up: String) {
        #expect(style.h100e(TPP(rawValue: amount), rounding: .down) == down)
        #expect(style.h100e(TPP(rawValue: amount), rounding: .up) == up)
    }

    @Test func theLargestAmountsAreShownUnderEveryFactor() {
        let most = TPP(rawValue: .max)
        #expect(
            AmountStyle(tppPerH100e: 1).h100e(most, rounding: .up)
                == "9,223,372,036,854,775,807.000"
        )
        #expect(
            AmountStyle(tppPerH100e: 1).decimal(most, rounding: .up) == "9223372036854775807.000"
        )
        #expect(
            style.decimal(.maximumSum, rounding: .down) == "291288909703599.539"
        )
        #expect(style.decimal(.maximumSum, rounding: .up) == "291288909703599.540")
        #expect(AmountStyle.tpp(.maximumSum) == "4,611,686,018,427,387,904")
        #expect(AmountStyle.tpp(TPP(rawValue: 999)) == "999")
        #expect(AmountStyle.tpp(TPP(rawValue: -1_000)) == "-1,000")
    }

    @Test(arguments: [15_832 as Int64, 15_825, 1, 7, 999_983])
    func decimalsAreThoseOfTheModel(factor: Int64) throws {
        let style = AmountStyle(tppPerH100e: factor)
        var amount: Int64 = 1
        while amount < 1 << 50 {
            for rounding in [H100Rounding.down, .up] {
                let model = try #require(
                    H100Equivalent(
                        TPP(rawValue: amount),
                        tppPerH100e: factor,
                        rounding: rounding
                    )
                )
                #expect(
                    style.decimal(TPP(rawValue: amount), rounding: rounding) == model.description
                )
            }
            amount = amount * 3 + 1
        }
    }
}
