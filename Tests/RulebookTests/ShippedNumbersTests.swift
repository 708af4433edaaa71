// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// Every number of the mechanism table, as the shipped files hold it.
@Suite struct ShippedNumbersTests {
    let brief: Rulebook
    let codified: Rulebook

    init() throws {
        brief = try ShippedRulebook.brief.load()
        codified = try ShippedRulebook.codified.load()
    }

    func mechanism(_ kind: MechanismKind, _ book: Rulebook) throws -> MechanismRule {
        try #require(book.mechanism(kind))
    }

    @Test func namesAreThoseOfTheFiles() {
        #expect(brief.name.text == ShippedRulebook.brief.name)
        #expect(codified.name.text == ShippedRulebook.codified.name)
        #expect(ShippedRulebook.all.map(\.name) == ["diffusion-2025-brief", "diffusion-2025-cfr"])
        #expect(ShippedRulebook.named("diffusion-2025-cfr") == .codified)
        #expect(ShippedRulebook.named("no-such-book") == nil)
        for shipped in ShippedRulebook.all {
            #expect(shipped.file.bytes.count <= Rulebook.maximumByteCount)
        }
    }

    @Test func unitFactors() {
        #expect(brief.tppPerH100e.value == 15_832)
        #expect(codified.tppPerH100e.value == 15_825)
    }

    @Test func mechanismsStandInTheOrderOfTheTable() {
        let order: [MechanismKind] = [
            .concern, .prohibited, .domestic, .allied, .universalVEU, .nationalVEU, .smallOrder,
            .country,
        ]
        #expect(brief.mechanisms.map(\.kind) == order)
        #expect(codified.mechanisms.map(\.kind) == order)
    }

    @Test func refusingMechanismsTestEveryPlace() throws {
        for book in [brief, codified] {
            #expect(
                try mechanism(.concern, book).terms
                    == .concern(tests: [
                        .destination, .site, .headquarters, .ultimateParentHeadquarters,
                    ])
            )
            #expect(
                try mechanism(.prohibited, book).terms
                    == .prohibited(tests: [.endUse, .consigneeBlocked])
            )
        }
    }

    @Test func alliedTestsTheDestinationOrEveryPlace() throws {
        #expect(try mechanism(.allied, brief).terms == .allied(tests: [.destination]))
        #expect(
            try mechanism(.allied, codified).terms
                == .allied(tests: [.destination, .site, .headquarters, .ultimateParentHeadquarters])
        )
    }

    @Test func universalShares() throws {
        let ofBrief = try mechanism(.universalVEU, brief)
        #expect(ofBrief.whenFull == .refuse)
        #expect(ofBrief.shares.map(\.numerator) == [7])
        #expect(ofBrief.shares.map(\.denominator) == [100])
        #expect(ofBrief.shares.map(\.scope) == [.country])
        let ofCodified = try mechanism(.universalVEU, codified)
        #expect(ofCodified.whenFull == .refuse)
        #expect(ofCodified.shares.map(\.numerator) == [7, 25])
        #expect(ofCodified.shares.map(\.denominator) == [100, 100])
        #expect(ofCodified.shares.map(\.scope) == [.country, .allOutside])
    }

    @Test func nationalOfTheBriefIsAnyTwentyFourMonths() throws {
        let rule = try mechanism(.nationalVEU, brief)
        #expect(rule.whenFull == .refuse)
        #expect(
            rule.limit?.window
                == .rolling(
                    months: 24,
                    amount: LimitAmount(
                        tpp: TPP(rawValue: 320_000 * 15_832),
                        stated: H100Equivalent(thousandths: 320_000_000)
                    )
                )
        )
        #expect(rule.credits?.creditsReturns == true)
        #expect(rule.credits?.creditsRetirements == true)
    }

    @Test(
        arguments: [
            ("2025-01-01", 633_000_000), ("2025-03-31", 633_000_000), ("2025-04-01", 949_500_000),
            ("2025-07-01", 1_266_000_000), ("2025-10-01", 1_582_500_000),
            ("2026-01-01", 1_899_000_000), ("2026-04-01", 2_690_250_000),
            ("2026-07-01", 3_481_500_000), ("2026-10-01", 4_272_750_000),
            ("2026-12-31", 4_272_750_000), ("2027-01-01", 5_064_000_000),
            ("2027-12-31", 5_064_000_000), ("2040-01-01", 5_064_000_000), ("2024-12-31", 0),
        ] as [(String, Int64)]
    )
    func nationalOfTheRegulationIsTheQuarterlyTable(text: String, amount: Int64) throws {
        let rule = try mechanism(.nationalVEU, codified)
        #expect(rule.whenFull == .next)
        #expect(rule.limit?.limit(on: try day(text)) == TPP(rawValue: amount))
        #expect(amount % 15_825 == 0)
    }

    @Test func smallOrders() throws {
        let ofBrief = try mechanism(.smallOrder, brief)
        #expect(ofBrief.whenFull == .next)
        #expect(
            ofBrief.limit?.window
                == .calendarYear(
                    amount: LimitAmount(
                        tpp: TPP(rawValue: 26_914_400),
                        stated: H100Equivalent(thousandths: 1_700_000)
                    )
                )
        )
        let ofCodified = try mechanism(.smallOrder, codified)
        #expect(ofCodified.whenFull == .next)
        #expect(
            ofCodified.limit?.window
                == .calendarYear(amount: LimitAmount(tpp: TPP(rawValue: 26_900_000)))
        )
        for rule in [ofBrief, ofCodified] {
            #expect(rule.credits?.creditsReturns == true)
            #expect(rule.credits?.creditsRetirements == false)
        }
    }

    @Test func countryAllocations() throws {
        for (book, amount) in [
            (brief, TPP(rawValue: 791_600_000)), (codified, TPP(rawValue: 790_000_000)),
        ] {
            let rule = try mechanism(.country, book)
            #expect(rule.whenFull == .refuse)
            guard case .period(let from, let until, let stated)? = rule.limit?.window else {
                Issue.record("the country limit is no period")
                continue
            }
            #expect(from == (try day("2025-01-01")))
            #expect(until == (try day("2028-01-01")))
            #expect(stated.tpp == amount)
            #expect(rule.credits?.creditsReturns == true)
            #expect(rule.credits?.creditsRetirements == false)
            #expect(book.agreementMultiplier.value == 2)
        }
        #expect(
            try mechanism(.country, brief).limit?.window.limit(on: day("2025-01-01"))
                == TPP(rawValue: 50_000 * 15_832)
        )
    }

    @Test func agreementsDoubleCappedCountriesOnly() throws {
        let inside = try day("2027-12-31")
        let after = try day("2028-01-01")
        let capped = try country("AE")
        #expect(
            codified.countryLimit(of: capped, on: inside, hasAgreement: true).rawValue
                == 1_580_000_000
        )
        #expect(
            codified.countryLimit(of: capped, on: inside, hasAgreement: false).rawValue
                == 790_000_000
        )
        #expect(
            codified.countryLimit(of: try country("DE"), on: inside, hasAgreement: true).rawValue
                == 790_000_000
        )
        #expect(codified.countryLimit(of: capped, on: after, hasAgreement: true) == .zero)
    }

    @Test func thresholdsWatchedRatiosAndWeights() throws {
        for book in [brief, codified] {
            #expect(book.thresholds.percentages == [80, 90, 95, 100])
            #expect(book.thresholds.limits == [.country, .nationalVEU, .share])
            var power: UInt128 = 1
            for _ in 0..<26 { power *= 10 }
            #expect(book.modelWeights.threshold.value == power)
            #expect(book.modelWeights.floor.value == 0)
            #expect(book.modelWeights.refusals == Set(ModelWeightsRefusal.allCases))
            #expect(book.modelWeights.isControlled(operations: power, isPublished: false))
            #expect(!book.modelWeights.isControlled(operations: power - 1, isPublished: false))
            #expect(!book.modelWeights.isControlled(operations: power, isPublished: true))
        }
        #expect(brief.watched.isEmpty)
        let watched = try #require(codified.watched.first)
        #expect(codified.watched.count == 1)
        #expect(watched.kind == .homeShare)
        #expect(watched.groups == .headquarteredAtHome)
        #expect(watched.numerator * 2 == watched.denominator)
        #expect(watched.days.map(\.description) == ["02-01", "08-01"])
    }

    @Test func datesOfTheLaw() throws {
        for book in [brief, codified] {
            #expect(book.effective.value == (try day("2025-01-13")))
            #expect(book.legalStatus.published.value == (try day("2025-01-15")))
            #expect(book.legalStatus.effective.value == (try day("2025-01-13")))
            #expect(book.legalStatus.complianceFrom.value == (try day("2025-05-15")))
            #expect(book.legalStatus.enforcedFrom.value == nil)
            #expect(book.legalStatus.enforcedUntil.value == (try day("2025-05-13")))
            #expect(book.legalStatus.rescinded.value == nil)
        }
    }

    @Test func openPointsTakeTheCitedDefaults() {
        for book in [brief, codified] {
            let points = book.openPoints
            #expect(points.alliedHeadquartersAtCappedSite.value == .destination)
            #expect(points.cappedHeadquartersAtAlliedSite.value == .destination)
            #expect(points.unusedHold.value == .credited)
            #expect(points.transferOrReexport.value == .newOrder)
            #expect(points.orderAboveHeadroom.value == .refusedWhole)
            #expect(points.agreementCountry.value == .adjustedLimit)
            #expect(points.smallOrderAvailability.value == .everywhere)
        }
    }

    @Test func statusConditions() throws {
        let day = try day("2025-06-01")
        let (near, capped) = (try country("NL"), try country("PL"))
        for book in [brief, codified] {
            #expect(book.statuses.securityAttestation.value == .required)
            let cases: [(CountryCode, CountryCode, Bool)] = [
                (near, near, true), (near, capped, true), (capped, near, true),
                (capped, capped, false),
            ]
            for (headquarters, parent, isEligible) in cases {
                #expect(
                    book.isEligible(
                        for: .universal,
                        headquarters: headquarters,
                        ultimateParentHeadquarters: parent,
                        on: day
                    ) == isEligible
                )
                #expect(
                    book.isEligible(
                        for: .national(capped),
                        headquarters: headquarters,
                        ultimateParentHeadquarters: parent,
                        on: day
                    )
                )
            }
        }
    }

    @Test func shownShareIsRoundedDown() throws {
        let share = try #require(try mechanism(.universalVEU, codified).shares.first)
        #expect(share.shownLimit(ofBase: TPP(rawValue: 100)) == TPP(rawValue: 7))
        #expect(share.shownLimit(ofBase: TPP(rawValue: 114)) == TPP(rawValue: 7))
        #expect(share.shownLimit(ofBase: TPP(rawValue: 115)) == TPP(rawValue: 8))
        #expect(share.shownLimit(ofBase: .zero) == .zero)
        #expect(
            share.shownLimit(ofBase: .maximumSum)
                == TPP(rawValue: Int64(Int128(1 << 62) * 7 / 100))
        )
    }
}
