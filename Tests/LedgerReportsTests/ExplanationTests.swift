// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import QuotaLedger
import Rulebook
import Testing

@Suite struct ExplanationTests {
    private func text(_ name: String, width: Int = 100) throws -> String {
        try #require(try DecisionCases.all().first { $0.name == name }).explanation
            .text(width: width)
    }

    @Test func aRefusalShowsEveryLimitAndMarksTheOneThatBinds() throws {
        #expect(
            try text("country refusal") == """
                Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates (AE), wa\
                s refused as if
                enforced by country: the allocation of United Arab Emirates (AE) has only 50.000 H\
                100e left.

                tested, in H100e             used       limit    asked    left
                ---------------------  ----------  ----------  -------  ------  -----
                small-order ACME 2025   1,700.000   1,700.000  100.000   0.000
                country AE             49,950.000  50,000.000  100.000  50.000  binds

                entry      7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  country: White House fact sheet of 13 January 2025, the cap on countrie\
                s that are neither
                           allies nor of concern
                order      100 x H100 SXM5; end use inference
                asked      100.000 H100e (1,583,200 TPP)
                room       50.000 H100e (791,600 TPP) are left: an order of at most that fits thi\
                s limit
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sh\
                eet of 13 January
                           2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 ad\
                vanced GPUs; per
                                       group and calendar year as in 15 CFR 740.29
                country AE             White House fact sheet of 13 January 2025, up to 50,000 adv\
                anced GPUs per
                                       country; 2025 to 2027 as in 15 CFR 742.6(b)(10)(iii)(B)

                """
        )
    }

    @Test func aGrantShowsWhatIsLeftAndNotesALapsedAttestation() throws {
        #expect(
            try text("small-order grant") == """
                Order po-20 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates (AE), wa\
                s granted as if
                enforced by small-order: the small-order allowance of group ACME for 2025 has 0.00\
                0 H100e left.

                tested, in H100e            used      limit    asked   left
                ---------------------  ---------  ---------  -------  -----  -----
                small-order ACME 2025  1,600.000  1,700.000  100.000  0.000  binds

                entry      7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  small-order: White House fact sheet of 13 January 2025, such orders d\
                o not count against
                           national chip caps
                order      100 x H100 SXM5; end use inference
                asked      100.000 H100e (1,583,200 TPP)
                note       attestation-lapsed: a status did not help, because the security attesta\
                tion of its holder
                           is not current
                expires    2025-07-01T12:00:00.000Z
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sh\
                eet of 13 January
                           2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 ad\
                vanced GPUs; per
                                       group and calendar year as in 15 CFR 740.29

                """
        )
    }

    @Test func aShareSaysHowMuchMoreToInstall() throws {
        #expect(
            try text("share refusal") == """
                Order po-17 of NVIDIA, 100.045 H100e for ACME-AE to United Arab Emirates (AE), wou\
                ld be refused by
                uveu: the share of group ACME's own base for United Arab Emirates (AE) has only 63\
                .191 H100e left.

                tested, in H100e         used      limit    asked       left
                --------------------  -------  ---------  -------  ---------  -----
                uveu-country ACME AE  379.147    442.338  100.045     63.191  binds
                uveu-outside ACME     379.147  1,579.778  100.045  1,200.631

                mechanism  uveu: 15 CFR 748.15(a)(2)(ii), Universal VEU; the ratios are condition\
                s of the
                           authorization
                order      100 x H100 SXM5; end use inference
                asked      100.045 H100e (1,583,200 TPP)
                room       install 8,331,429 TPP (526.473 H100e) more elsewhere
                rulebook   diffusion-2025-cfr version 1; 90 FR 4544 (15 January 2025), 15 CFR part\
                s 740, 742, 748
                           and 774
                unit       1 H100e is 15,825 TPP

                uveu-country ACME AE  15 CFR 748.15(a)(2)(ii) and part 748, Supplement No. 10, par\
                agraph 6, any
                                      single country outside (a)
                uveu-outside ACME     15 CFR 748.15(a)(2)(ii) and part 748, Supplement No. 10, par\
                agraph 6, all
                                      locations outside (a)

                """
        )
    }

    @Test func aBandedReaderSeesBandsOnly() throws {
        #expect(
            try text("banded country refusal") == """
                Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates (AE), wa\
                s refused as if
                enforced by country: the allocation of United Arab Emirates (AE) is scarce and ha\
                s less left than
                was asked.

                tested, in H100e         asked  band
                ---------------------  -------  ------  -----
                small-order ACME 2025  100.000  scarce
                country AE             100.000  scarce  binds

                entry      7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  country: White House fact sheet of 13 January 2025, the cap on countrie\
                s that are neither
                           allies nor of concern
                order      100 x H100 SXM5; end use inference
                asked      100.000 H100e (1,583,200 TPP)
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sh\
                eet of 13 January
                           2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 ad\
                vanced GPUs; per
                                       group and calendar year as in 15 CFR 740.29
                country AE             White House fact sheet of 13 January 2025, up to 50,000 adv\
                anced GPUs per
                                       country; 2025 to 2027 as in 15 CFR 742.6(b)(10)(iii)(B)

                """
        )
    }

    @Test func aBandedGrantShowsTheBandAfterIt() throws {
        #expect(
            try text("banded small-order grant") == """
                Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates (AE), wa\
                s granted as if
                enforced by small-order: the small-order allowance of group ACME for 2025 is exhau\
                sted.

                tested, in H100e         asked  band
                ---------------------  -------  ---------  -----
                small-order ACME 2025  100.000  exhausted  binds

                entry      7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)
                mechanism  small-order: White House fact sheet of 13 January 2025, such orders d\
                o not count against
                           national chip caps
                order      100 x H100 SXM5; end use inference
                asked      100.000 H100e (1,583,200 TPP)
                note       attestation-lapsed: a status did not help, because the security attesta\
                tion of its holder
                           is not current
                rulebook   diffusion-2025-brief version 1, adopted by entry 1; White House fact sh\
                eet of 13 January
                           2025; 90 FR 4544 (15 January 2025)
                unit       1 H100e is 15,832 TPP
                basis      as if enforced: the ledger is advisory, it binds nobody

                small-order ACME 2025  White House fact sheet of 13 January 2025, roughly 1,700 ad\
                vanced GPUs; per
                                       group and calendar year as in 15 CFR 740.29

                """
        )
    }

    @Test func at60ColumnsTheSameIsTold() throws {
        #expect(
            try text("share refusal", width: 60) == """
                Order po-17 of NVIDIA, 100.045 H100e for ACME-AE to United
                Arab Emirates (AE), would be refused by uveu: the share of
                group ACME's own base for United Arab Emirates (AE) has only
                63.191 H100e left.

                tested, in
                H100e            used      limit    asked       left
                ------------  -------  ---------  -------  ---------  -----
                uveu-country  379.147    442.338  100.045     63.191  binds
                ACME AE
                uveu-outside  379.147  1,579.778  100.045  1,200.631
                ACME

                mechanism  uveu: 15 CFR 748.15(a)(2)(ii), Universal VEU; the
                           ratios are conditions of the authorization
                order      100 x H100 SXM5; end use inference
                asked      100.045 H100e (1,583,200 TPP)
                room       install 8,331,429 TPP (526.473 H100e) more
                           elsewhere
                rulebook   diffusion-2025-cfr version 1; 90 FR 4544 (15
                           January 2025), 15 CFR parts 740, 742, 748 and 774
                unit       1 H100e is 15,825 TPP

                uveu-country ACME AE  15 CFR 748.15(a)(2)(ii) and part 748,
                                      Supplement No. 10, paragraph 6, any
                                      single country outside (a)
                uveu-outside ACME     15 CFR 748.15(a)(2)(ii) and part 748,
                                      Supplement No. 10, paragraph 6, all
                                      locations outside (a)

                """
        )
    }

    @Test func decisionsWithoutLimitsAreASentenceAndACitation() throws {
        let sentences = try DecisionCases.all().suffix(7).map(\.explanation.sentence)
        #expect(
            sentences == [
                "Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates "
                    + "(AE), was refused as if enforced by concern: the destination, the consignee's "
                    + "site or headquarters, or its ultimate parent's headquarters is of concern.",
                "Order po-18 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates "
                    + "(AE), was refused as if enforced by prohibited: the rulebook prohibits the "
                    + "end use military.",
                "Order po-17 of NVIDIA, 100.045 H100e for ACME-AE to United Arab Emirates "
                    + "(AE), was refused by prohibited: the consignee is blocked.",
                "Order po-19 of NVIDIA, 100.045 H100e for ACME-US to United States (US), would "
                    + "be granted by domestic: what stays at home needs no allocation.",
                "Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates "
                    + "(AE), was granted as if enforced by allied: an ally's destination has no limit.",
                "Order po-17 of NVIDIA, 100.000 H100e for ACME-AE to United Arab Emirates "
                    + "(AE), was granted as if enforced by uveu: a Universal VEU has no limit there.",
                "Order po-17 of NVIDIA, 0.000 H100e for ACME-AE to United Arab Emirates (AE), "
                    + "was granted as if enforced by uncontrolled: no line of it is controlled, so "
                    + "nothing is charged.",
            ]
        )
    }

    @Test func nothingThatIsLeftIsSaidInSoManyWords() throws {
        var decision = try DecisionCases.countryRefusal()
        decision.tests[1].left = .zero
        let explanation = try DecisionCases.explainer()
            .explanation(of: decision, on: Fixtures.order())
        #expect(
            explanation.facts.contains {
                $0.label == "room"
                    && $0.text == "nothing is left of the allocation of United Arab Emirates (AE)"
            }
        )
    }

    @Test func theOutsideShareIsWidenedAtHomeOrInAlliedCountries() throws {
        var decision = try DecisionCases.shareRefusal()
        decision.bindingTest = 1
        let explanation = try DecisionCases.explainer()
            .explanation(of: decision, on: Fixtures.order())
        #expect(
            explanation.facts.first { $0.label == "room" }?.text
                == "install 8,331,429 TPP (526.240 H100e) more at home or in allied countries"
        )
    }

    @Test func whatABandedReaderIsToldHoldsNoNumberOfTheLimits() throws {
        let explainer = try DecisionCases.explainer(.codified, disclosure: .banded)
        let order = try Fixtures.order()
        var used = 0 as Int64
        while used <= 7_000_000 {
            var decision = try DecisionCases.shareRefusal()
            decision.tests[0].used = TPP(rawValue: used)
            decision.tests[0].left = TPP(rawValue: 7_000_000 - used)
            let band = UseBand(used: decision.tests[0].used, limit: decision.tests[0].limit)
            var sameBand = decision
            sameBand.tests[0].used = band == .open ? .zero : decision.tests[0].used
            sameBand.tests[0].left = TPP(rawValue: 7_000_000 - sameBand.tests[0].used.rawValue)
            sameBand.roomByInstalling = TPP(rawValue: 1)
            #expect(
                explainer.explanation(of: decision, on: order)
                    == explainer.explanation(of: sameBand, on: order)
            )
            #expect(
                explainer.row(of: decision, on: order) == explainer.row(of: sameBand, on: order)
            )
            used += 500_000
        }
    }

    @Test func onlyVendorsOfABandedLedgerSeeBands() {
        let banded = Fixtures.creation(disclosure: .banded)
        #expect(banded.disclosure(to: .vendor) == .banded)
        #expect(banded.disclosure(to: .regulator) == .open)
        #expect(banded.disclosure(to: .operator) == .open)
        #expect(banded.disclosure(to: .auditor) == .open)
        #expect(Fixtures.creation().disclosure(to: .vendor) == .open)
    }

    @Test func anOrderIsToldWithItsLinesAndReference() throws {
        var order = try Fixtures.order()
        order.reservation.lines = [
            .devices(DeviceIdentifier(checked: "B200"), quantity: 1_234),
            .tpp(TPP(rawValue: 15_832)), .h100e(H100Equivalent(thousandths: 1_500)),
        ]
        order.reservation.reference = "PO 9\u{7}"
        let explanation = try DecisionCases.explainer()
            .explanation(of: DecisionCases.countryRefusal(), on: order)
        #expect(
            explanation.facts.first { $0.label == "order" }?.text
                == #"1,234 x B200, 15,832 TPP, 1.500 H100e; end use inference; reference PO 9\u{07}"#
        )
    }

    @Test func withoutARulebookAmountsAreTPP() throws {
        let explainer = Explainer(rulebook: nil, mode: .binding)
        let decision = DecisionCases.smallOrderGrant()
        #expect(
            explainer.sentence(for: decision, on: try Fixtures.order())
                == "Order po-17 of NVIDIA, 1,583,200 TPP for ACME-AE to United Arab Emirates (AE), "
                + "was granted by small-order: the small-order allowance of group ACME for 2025 has "
                + "0 TPP left."
        )
    }
}
