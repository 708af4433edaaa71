// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Testing

@Suite struct AmountTests {
    @Test func sumsDifferencesAndProductsAreExact() {
        let million = TPP(rawValue: 1_000_000)
        #expect(million.adding(TPP(rawValue: 1)) == TPP(rawValue: 1_000_001))
        #expect(million.subtracting(TPP(rawValue: 1_000_001)) == TPP(rawValue: -1))
        #expect(TPP(rawValue: 15_832).multiplied(by: 1_699) == TPP(rawValue: 26_898_568))
        #expect(TPP(rawValue: 15_824).multiplied(by: 1_700) == TPP(rawValue: 26_900_800))
    }

    @Test func nothingWraps() {
        let most = TPP(rawValue: .max)
        let least = TPP(rawValue: .min)
        #expect(most.adding(TPP(rawValue: 1)) == nil)
        #expect(least.adding(TPP(rawValue: -1)) == nil)
        #expect(least.subtracting(TPP(rawValue: 1)) == nil)
        #expect(TPP.zero.subtracting(least) == nil)
        #expect(TPP(rawValue: 1 << 32).multiplied(by: 1 << 31) == nil)
        #expect(TPP(rawValue: 1 << 31).multiplied(by: 1 << 31) == TPP.maximumSum)
        #expect(least.multiplied(by: -1) == nil)
        #expect(most.adding(.zero) == most)
    }

    @Test func theCeilingsAreThoseOfTheDesign() {
        #expect(TPP.maximumAmount.rawValue == 1_000_000_000_000)
        #expect(TPP.maximumSum.rawValue == 4_611_686_018_427_387_904)
        #expect(TPP.maximumAmount < TPP.maximumSum)
        #expect(TPP(rawValue: 15_832).description == "15832 TPP")
    }

    /// 15 CFR 740.29: 26,900,000 TPP; its news name "1,700 GPUs".
    @Test(
        arguments: [
            (26_900_000, 15_825, 1_699_842, 1_699_843),
            (26_900_000, 15_832, 1_699_090, 1_699_091),
            (790_000_000, 15_825, 49_921_011, 49_921_012),
            (5_064_000_000, 15_825, 320_000_000, 320_000_000),
            (15_832, 15_832, 1_000, 1_000),
            (1, 15_832, 0, 1),
            (0, 15_832, 0, 0),
            (-1, 15_832, -1, 0),
            (-15_832, 15_832, -1_000, -1_000),
        ] as [(Int64, Int64, Int64, Int64)]
    )
    func shownAmountsRoundAsToldBothWays(tpp: Int64, factor: Int64, down: Int64, up: Int64) {
        let amount = TPP(rawValue: tpp)
        let rounded = { H100Equivalent(amount, tppPerH100e: factor, rounding: $0)?.thousandths }
        #expect(rounded(.down) == down)
        #expect(rounded(.up) == up)
    }

    @Test(
        arguments: [
            (1_700_000, 15_832, 26_914_400),
            (1_700_000, 15_825, 26_902_500),
            (50_000_000, 15_832, 791_600_000),
            (320_000_000, 15_832, 5_066_240_000),
            (1, 15_832, 16),
            (125, 15_832, 1_979),
            (1, 1, 1),
            (1_001, 1, 2),
            (0, 15_832, 0),
        ] as [(Int64, Int64, Int64)]
    )
    func claimsRoundUpToWholeTPP(thousandths: Int64, factor: Int64, tpp: Int64) {
        #expect(H100Equivalent(thousandths: thousandths).tpp(tppPerH100e: factor)?.rawValue == tpp)
    }

    /// A claim is worth at least what it says, by less than one TPP; the amount shown for it is at
    /// most a thousandth away.
    @Test(arguments: [15_824, 15_825, 15_832, 999, 1_000, 1_001, 7] as [Int64])
    func conversionsNeverLoseMoreThanTheirRounding(factor: Int64) throws {
        for thousandths in stride(from: Int64(0), through: 2_000_000, by: 997) {
            let claim = H100Equivalent(thousandths: thousandths)
            let worth = try #require(claim.tpp(tppPerH100e: factor)).rawValue
            #expect(worth * 1_000 >= thousandths * factor)
            #expect((worth - 1) * 1_000 < thousandths * factor)
            let down = try #require(
                H100Equivalent(TPP(rawValue: worth), tppPerH100e: factor, rounding: .down)
            )
            let up = try #require(
                H100Equivalent(TPP(rawValue: worth), tppPerH100e: factor, rounding: .up)
            )
            #expect(down.thousandths * factor <= worth * 1_000)
            #expect((down.thousandths + 1) * factor > worth * 1_000)
            #expect(up.thousandths * factor >= worth * 1_000)
            #expect((up.thousandths - 1) * factor < worth * 1_000)
        }
    }

    @Test func conversionsThatDoNotFitAreNil() {
        #expect(H100Equivalent(thousandths: .max).tpp(tppPerH100e: 15_832) == nil)
        #expect(H100Equivalent(thousandths: 1).tpp(tppPerH100e: 0) == nil)
        #expect(H100Equivalent(thousandths: 1).tpp(tppPerH100e: -1) == nil)
        let huge = TPP(rawValue: .max)
        #expect(H100Equivalent(huge, tppPerH100e: 1, rounding: .down) == nil)
        #expect(H100Equivalent(huge, tppPerH100e: 0, rounding: .down) == nil)
        #expect(H100Equivalent(huge, tppPerH100e: 1_000, rounding: .up)?.thousandths == .max)
    }

    @Test(
        arguments: [
            ("1700", 1_700_000), ("0", 0), ("0.125", 125), ("1699.84", 1_699_840), ("0.001", 1),
            ("007", 7_000), ("9223372036854775.807", Int64.max),
        ] as [(String, Int64)]
    )
    func decimalsAreRead(text: String, thousandths: Int64) {
        #expect(H100Equivalent(text)?.thousandths == thousandths)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "1.2345", "-1", "+1", "1e3", " 1", "1 ", "1,700", "1..2", "1.2.3",
        "9223372036854775.808", "9223372036854776", "99999999999999999999", "NaN", "\u{0661}",
    ])
    func whatIsNoDecimalIsNotRead(text: String) {
        #expect(H100Equivalent(text) == nil)
    }

    @Test func equivalentsAreWrittenWithThreeDecimals() {
        #expect(H100Equivalent(thousandths: 1_699_840).description == "1699.840")
        #expect(H100Equivalent(thousandths: 5).description == "0.005")
        #expect(H100Equivalent(thousandths: 0).description == "0.000")
        #expect(H100Equivalent(thousandths: -1_050).description == "-1.050")
        #expect(H100Equivalent(thousandths: .min).description == "-9223372036854775.808")
        #expect(H100Equivalent(thousandths: 1) < H100Equivalent(thousandths: 2))
    }
}
