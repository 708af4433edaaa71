// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Testing

/// Each row of the mechanism table, computed by hand under both shipped rulebooks.
@Suite struct MechanismTests {
    // MARK: 1 concern, 2 prohibited, 3 domestic, 4 allied

    @Test(arguments: [OracleRulebook.brief, .cfr])
    func whateverTouchesACountryOfConcernIsRefused(rulebook: OracleRulebook) {
        var desk = Desk(rulebook)
        desk.party("P")
        desk.party("site", site: "MO")
        desk.party("seat", headquarters: "CN")
        desk.party("top", headquarters: "RU")
        desk.party("middle", headquarters: "CN", parent: "P")
        desk.party("child", parent: "top")
        desk.party("grandchild", parent: "middle")
        let refused = "concern refused concern 15832"
        for destination in ["CN", "HK", "MO", "KH", "RU"] {
            #expect(desk.reserve(.h100(1), to: destination)?.line == refused)
        }
        for party in ["site", "seat", "child", "middle"] {
            #expect(desk.reserve(.h100(1), for: party)?.line == refused)
        }
        // Only the ultimate parent counts, not the one between.
        #expect(desk.reserve(.h100(1), for: "grandchild")?.isGranted == true)
        // Before the prohibited end use, and before home.
        #expect(desk.reserve(.h100(1), to: "CN", endUse: "military")?.line == refused)
        #expect(desk.reserve(.h100(1), to: "US", for: "seat")?.line == refused)
    }

    @Test func cambodiaIsOfConcernUntilTheThirdOfFebruary2026() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.clock = .of(2026, 2, 2, milliseconds: 86_399_999)
        #expect(desk.reserve(.tpp(1), to: "KH")?.refusal == .countryOfConcern)
        desk.clock = .of(2026, 2, 3)
        #expect(
            desk.reserve(.tpp(1), to: "KH")?.line
                == "small-order granted 1; small-order P 2026* 0/26900000 26899999"
        )
    }

    @Test(arguments: [OracleRulebook.brief, .cfr])
    func aProhibitedEndUseOrABlockedPartyIsRefused(rulebook: OracleRulebook) {
        var desk = Desk(rulebook)
        desk.party("P")
        desk.party("child", parent: "P")
        #expect(
            desk.reserve(.h100(1), endUse: "military")?.line
                == "prohibited refused prohibited-end-use 15832"
        )
        desk.block("P")
        #expect(desk.reserve(.h100(1))?.line == "prohibited refused party-blocked 15832")
        #expect(desk.reserve(.h100(1), to: "US")?.refusal == .partyBlocked)
        #expect(desk.reserve(.h100(1), endUse: "missile")?.refusal == .prohibitedEndUse)
        // A block is the party's own.
        #expect(desk.reserve(.h100(1), for: "child")?.isGranted == true)
        desk.block("P", false)
        #expect(desk.reserve(.h100(1))?.isGranted == true)
    }

    @Test(arguments: [OracleRulebook.brief, .cfr])
    func homeHasNoLimitWhoeverAsks(rulebook: OracleRulebook) {
        var desk = Desk(rulebook)
        desk.party("P")
        #expect(
            desk.reserve(.tpp(1_000_000_000_000), to: "US")?.line
                == "domestic granted 1000000000000"
        )
    }

    @Test func alliesAreToldByDestinationInTheBriefAndByAllPlacesInTheRegulation() {
        var brief = Desk(.brief)
        var cfr = Desk(.cfr)
        let parties = [
            ("all", "DE", "US", nil), ("site", "AE", "DE", nil), ("seat", "DE", "AE", nil),
            ("top", "AE", "AE", nil), ("child", "DE", "DE", "top"),
        ]
        for (id, site, headquarters, parent) in parties {
            brief.party(id, site: site, headquarters: headquarters, parent: parent)
            cfr.party(id, site: site, headquarters: headquarters, parent: parent)
        }
        for (id, _, _, _) in parties {
            let line = "allied granted 900000000000"
            #expect(brief.reserve(.tpp(900_000_000_000), to: "NO", for: id)?.line == line)
        }
        #expect(cfr.reserve(.tpp(1), to: "NO", for: "all")?.mechanism == .allied)
        for id in ["site", "seat", "child"] {
            #expect(cfr.reserve(.tpp(1), to: "NO", for: id)?.mechanism == .smallOrder)
        }
        // The bucket of an ally, without any agreement's help.
        cfr.apply(.signAgreement(AgreementSigning(country: .of("NO"), dates: .of(cfr.clock.day))))
        #expect(
            cfr.reserve(.tpp(790_000_001), to: "NO", for: "seat")?.line
                == "country refused limit-reached 790000001; country NO* 0/790000000 790000000"
        )
    }

    // MARK: 5 uveu

    @Test(arguments: [OracleRulebook.brief, .cfr])
    func sevenPercentAreExactToTheUnit(rulebook: OracleRulebook) {
        for (base, limit) in [(1_000_000, 70_000), (1_000_014, 70_000), (1_000_015, 70_001)] {
            var desk = Desk(rulebook)
            desk.party("P", site: "US", headquarters: "US")
            desk.status(.universal, "P")
            desk.installed("P", ["US": Int64(base)])
            let over = desk.reserve(.tpp(Int64(limit + 1)))
            #expect(over?.mechanism == .universalVEU)
            #expect(over?.refusal == .limitReached)
            #expect(over?.tests.first?.limit.rawValue == Int64(limit))
            #expect(over?.bindingTest == 0)
            // The smallest base that lets it pass is ceil((limit + 1) * 100 / 7).
            let needed = ((limit + 1) * 100 + 6) / 7 - base
            #expect(over?.roomByInstalling?.rawValue == Int64(needed))
            let exact = desk.reserve(.tpp(Int64(limit)))
            #expect(exact?.isGranted == true)
            #expect(exact?.tests.first?.left == .zero)
            #expect(exact?.roomByInstalling == nil)
            #expect(desk.reserve(.tpp(1))?.refusal == .limitReached)
        }
    }

    @Test func theRegulationAlsoCapsAllCountriesTogether() {
        var desk = Desk(.cfr)
        desk.party("P", site: "US", headquarters: "US")
        desk.status(.universal, "P")
        desk.installed("P", ["US": 900_000, "DE": 100_000])
        for country in ["AE", "SA", "IN"] {
            #expect(desk.reserve(.tpp(70_000), to: country)?.isGranted == true)
        }
        #expect(
            desk.reserve(.tpp(40_001), to: "PL")?.line
                == "uveu refused limit-reached 40001; uveu-country P PL 0/70000 70000;"
                + " uveu-outside P* 210000/250000 40000; install 4"
        )
        #expect(
            desk.reserve(.tpp(40_000), to: "PL")?.line
                == "uveu granted 40000; uveu-country P PL 0/70000 30000;"
                + " uveu-outside P* 210000/250000 0"
        )
        #expect(
            desk.reserve(.tpp(1), to: "AE")?.line
                == "uveu refused limit-reached 1; uveu-country P AE* 70000/70000 0;"
                + " uveu-outside P 250000/250000 0; install 15"
        )
    }

    @Test func theBriefKnowsNoCapOnAllCountriesTogether() {
        var desk = Desk(.brief)
        desk.party("P", site: "US", headquarters: "US")
        desk.status(.universal, "P")
        desk.installed("P", ["US": 1_000_000])
        for country in ["AE", "SA", "IN", "PL", "BR"] {
            #expect(
                desk.reserve(.tpp(70_000), to: country)?.line
                    == "uveu granted 70000; uveu-country P \(country)* 0/70000 0"
            )
        }
    }

    @Test func aUniversalVEUsShareCountsWhatIsThereAndEveryHold() {
        var desk = Desk(.brief)
        desk.party("P", site: "US", headquarters: "US")
        // Before the status: a small order, and one that the country's allocation takes.
        desk.reserve(.tpp(1_000))
        desk.reserve(.tpp(30_000_000))
        desk.reserve(.device("RTX 4090", 1_000))
        desk.status(.universal, "P")
        desk.installed("P", ["US": 999_000_000, "AE": 1_000_000])
        #expect(
            desk.reserve(.tpp(1))?.line
                == "uveu granted 1; uveu-country P AE* 31001000/70000000 38998999"
        )
    }

    @Test func aUniversalVEUWithoutABaseHasNothingAndIsNotAskedElsewhere() {
        var desk = Desk(.cfr)
        desk.party("P", site: "PL", headquarters: "US")
        desk.status(.universal, "P")
        #expect(
            desk.reserve(.tpp(7))?.line
                == "uveu refused limit-reached 7; uveu-country P AE* 0/0 0; uveu-outside P 0/0 0;"
                + " install 100"
        )
        // An allied destination that the allied row does not take: no limit.
        #expect(desk.reserve(.tpp(500_000_000_000), to: "DE")?.line == "uveu granted 500000000000")
        #expect(desk.use(.countryShare(group: .init(checked: "P"), country: .of("AE"))) == [0, 0])
    }

    // MARK: 6 nveu

    @Test func theBriefGivesANationalVEU320000H100eIn24Months() {
        var desk = Desk(.brief)
        desk.party("P")
        desk.status(.national(.of("AE")), "P")
        #expect(
            desk.reserve(.h100(320_000))?.line
                == "nveu granted 5066240000; nveu P AE* 0/5066240000 0"
        )
        // Full: refused, although the country and the small orders have room.
        #expect(
            desk.reserve(.tpp(1))?.line
                == "nveu refused limit-reached 1; nveu P AE* 5066240000/5066240000 0"
        )
        // Nothing of that is charged to the country.
        #expect(desk.use(.country(.of("AE"))) == [0, 791_600_000])
        desk.clock = .of(2027, 1, 12, milliseconds: 86_399_999)
        #expect(desk.reserve(.tpp(1))?.refusal == .limitReached)
        desk.clock = .of(2027, 1, 13)
        #expect(
            desk.reserve(.tpp(1))?.line
                == "nveu granted 1; nveu P AE* 0/5066240000 5066239999"
        )
    }

    @Test(arguments: [
        (LedgerTime.of(2028, 2, 29), CivilDate.of(2030, 2, 28)),
        (.of(2026, 2, 28), .of(2028, 2, 28)), (.of(2025, 12, 31), .of(2027, 12, 31)),
        (.of(2026, 8, 31), .of(2028, 8, 31)),
    ])
    func aRollingWindowEndsOnTheSameDayClamped(charged: LedgerTime, free: CivilDate) throws {
        var desk = Desk(.brief)
        desk.party("P")
        desk.status(.national(.of("AE")), "P")
        desk.clock = charged
        desk.reserve(.h100(320_000))
        desk.clock = LedgerTime(startOf: free).adding(milliseconds: -1)
        #expect(desk.reserve(.tpp(1))?.refusal == .limitReached)
        desk.clock = LedgerTime(startOf: free)
        #expect(desk.reserve(.tpp(1))?.isGranted == true)
    }

    @Test(
        arguments: [
            (LedgerTime.of(2025, 1, 13), 633_000_000),
            (.of(2025, 3, 31, milliseconds: 86_399_999), 633_000_000),
            (.of(2025, 4, 1), 949_500_000), (.of(2025, 7, 1), 1_266_000_000),
            (.of(2025, 10, 1), 1_582_500_000), (.of(2025, 12, 31), 1_582_500_000),
            (.of(2026, 1, 1), 1_899_000_000), (.of(2026, 4, 1), 2_690_250_000),
            (.of(2026, 7, 1), 3_481_500_000), (.of(2026, 10, 1), 4_272_750_000),
            (.of(2027, 1, 1), 5_064_000_000), (.of(2032, 6, 1), 5_064_000_000),
        ] as [(LedgerTime, Int64)]
    )
    func theRegulationsTableStepsOnQuarters(time: LedgerTime, ceiling: Int64) {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.status(.national(.of("AE")), "P")
        desk.reserve(.tpp(600_000_000))
        desk.clock = time
        let left = ceiling - 600_000_000
        #expect(
            desk.reserve(.tpp(left))?.line
                == "nveu granted \(left); nveu P AE* 600000000/\(ceiling) 0"
        )
        #expect(
            desk.use(.nationalVEU(party: .init(checked: "P"), country: .of("AE"))) == [
                ceiling, ceiling,
            ]
        )
    }

    @Test func aFullTableHandsTheOrderOn() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.status(.national(.of("AE")), "P")
        #expect(
            desk.reserve(.tpp(633_000_001))?.line
                == "country granted 633000001; nveu P AE 0/633000000 633000000;"
                + " country AE* 0/790000000 156999999"
        )
        #expect(desk.reserve(.tpp(633_000_000))?.mechanism == .nationalVEU)
        #expect(
            desk.reserve(.tpp(1))?.line
                == "small-order granted 1; nveu P AE 633000000/633000000 0;"
                + " small-order P 2025* 0/26900000 26899999"
        )
        // Another party of the same group, and another country, are not the National VEU's.
        desk.party("child", parent: "P")
        #expect(desk.reserve(.tpp(2), for: "child")?.mechanism == .smallOrder)
        #expect(desk.reserve(.tpp(2), to: "SA")?.mechanism == .smallOrder)
    }

    @Test func aPartyThatIsBothIsDecidedAsUniversal() {
        var desk = Desk(.cfr)
        desk.party("P", site: "US", headquarters: "US")
        desk.status(.universal, "P")
        desk.status(.national(.of("AE")), "P")
        desk.installed("P", ["US": 100])
        #expect(desk.reserve(.tpp(7))?.mechanism == .universalVEU)
        #expect(desk.reserve(.tpp(7))?.line.hasPrefix("uveu refused limit-reached 7") == true)
    }

    // MARK: 7 small-order, 8 country

    @Test func seventeenHundredH100AreSmallInTheBriefOnly() {
        var brief = Desk(.brief)
        brief.party("P")
        #expect(brief.reserve(.h100(1_701))?.mechanism == .country)
        #expect(
            brief.reserve(.h100(1_699))?.line
                == "small-order granted 26898568; small-order P 2025* 0/26914400 15832"
        )
        #expect(brief.reserve(.h100(1))?.line.hasSuffix("26898568/26914400 0") == true)

        var whole = Desk(.brief)
        whole.party("P")
        #expect(
            whole.reserve(.h100(1_700))?.line
                == "small-order granted 26914400; small-order P 2025* 0/26914400 0"
        )

        var cfr = Desk(.cfr)
        cfr.party("P")
        #expect(
            cfr.reserve(.h100(1_700))?.line
                == "country granted 26914400; country AE* 0/790000000 763085600"
        )
        #expect(
            cfr.reserve(.h100(1_699))?.line
                == "small-order granted 26898568; small-order P 2025* 0/26900000 1432"
        )
    }

    @Test func anOrderOfTheWholeAllowanceIsSmallAndOneMoreIsNot() {
        var desk = Desk(.cfr)
        desk.party("P")
        #expect(desk.reserve(.tpp(26_900_001))?.mechanism == .country)
        #expect(desk.reserve(.tpp(26_900_000))?.mechanism == .smallOrder)
        #expect(
            desk.reserve(.tpp(1))?.line
                == "country granted 1; small-order P 2025 26900000/26900000 0;"
                + " country AE* 26900001/790000000 763099998"
        )
    }

    @Test func theAllowanceIsTheGroupsAndStartsAnewEachYear() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.party("child", parent: "P")
        desk.party("other")
        desk.clock = .of(2025, 12, 31, milliseconds: 86_399_999)
        #expect(desk.reserve(.tpp(26_900_000), to: "SA", for: "child")?.mechanism == .smallOrder)
        #expect(desk.reserve(.tpp(1))?.mechanism == .country)
        #expect(desk.reserve(.tpp(1), for: "other")?.mechanism == .smallOrder)
        desk.clock = .of(2026, 1, 1)
        #expect(
            desk.reserve(.tpp(1), for: "child")?.line
                == "small-order granted 1; small-order P 2026* 0/26900000 26899999"
        )
        let lastYear = LimitName.smallOrder(group: .init(checked: "P"), year: 2025)
        #expect(desk.use(lastYear) == [26_900_000, 26_900_000])
    }

    @Test func the790000000thTPPIsGrantedAndTheNextIsNot() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.reserve(.tpp(26_900_000), to: "SA")
        desk.reserve(.tpp(789_999_999))
        #expect(
            desk.reserve(.tpp(1))?.line
                == "country granted 1; small-order P 2025 26900000/26900000 0;"
                + " country AE* 789999999/790000000 0"
        )
        #expect(
            desk.reserve(.tpp(1))?.line
                == "country refused limit-reached 1; small-order P 2025 26900000/26900000 0;"
                + " country AE* 790000000/790000000 0"
        )
        #expect(desk.use(.country(.of("AE"))) == [790_000_000, 790_000_000])
    }

    @Test func theBriefCountsFiftyThousandH100() {
        var desk = Desk(.brief)
        desk.party("P")
        #expect(desk.reserve(.h100(50_001))?.refusal == .limitReached)
        #expect(
            desk.reserve(.h100(50_000))?.line
                == "country granted 791600000; country AE* 0/791600000 0"
        )
    }

    @Test func theCountrysAllocationLastsFrom2025To2027() {
        var desk = Desk(.cfr)
        desk.party("P")
        desk.reserve(.tpp(700_000_000))
        desk.clock = .of(2027, 12, 31, milliseconds: 86_399_999)
        #expect(
            desk.reserve(.tpp(90_000_000))?.line
                == "country granted 90000000; country AE* 700000000/790000000 0"
        )
        desk.clock = .of(2028, 1, 1)
        #expect(
            desk.reserve(.tpp(30_000_000))?.line
                == "country refused limit-reached 30000000; country AE* 0/0 0"
        )
        #expect(desk.reserve(.tpp(1))?.mechanism == .smallOrder)
    }

    // MARK: uncontrolled

    @Test(arguments: [OracleRulebook.brief, .cfr])
    func whatIsNotControlledIsGrantedWithoutACharge(rulebook: OracleRulebook) {
        var desk = Desk(rulebook)
        desk.party("P", headquarters: "CN")
        for device in ["H20", "RTX 4090", "Below 4799", "Thin 1600", "Dense 1599"] {
            #expect(desk.reserve(.device(device, 9), to: "CN")?.line == "uncontrolled granted 0")
        }
        for device in ["H100 SXM5", "L4", "Exact 4800", "Dense 1600"] {
            #expect(desk.reserve(.device(device, 9), to: "CN")?.mechanism == .concern)
        }
        #expect(
            desk.reserve(.device("H20", 9), endUse: "nuclear")?.line
                == "prohibited refused prohibited-end-use 0"
        )
        desk.block("P")
        #expect(desk.reserve(.device("H20", 9))?.line == "prohibited refused party-blocked 0")
    }

    @Test func uncontrolledLinesWeighNothingAndShareTheFate() {
        var desk = Desk(.cfr)
        desk.party("P")
        #expect(desk.reserve(.h100(1_699), .device("H20", 100_000))?.asked.rawValue == 26_898_568)
        #expect(desk.reserve(.device("H20", 1), .h100(1), to: "CN")?.refusal == .countryOfConcern)
    }

    @Test func linesAddUpAndH100eRoundUp() {
        var desk = Desk(.brief)
        desk.party("P")
        let tenth = ReservationLine.h100e(H100Equivalent(thousandths: 1))
        #expect(desk.reserve(tenth)?.asked.rawValue == 16)
        #expect(desk.reserve(tenth, tenth)?.asked.rawValue == 32)
        let mixed = desk.reserve(
            .h100(2),
            .device("B200", 1),
            .tpp(5),
            .h100e(.init(thousandths: 1_500))
        )
        // 2 x 15,832 + 36,000 + 5 + 1.5 x 15,832.
        #expect(mixed?.asked == TPP(rawValue: 91_417))
    }
}
