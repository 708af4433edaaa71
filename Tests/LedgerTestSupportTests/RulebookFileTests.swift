// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport
import Rulebook
import Testing

/// The oracle's rulebooks against the real room's reading of rule files: two transcriptions of one
/// rule must agree, and a generated file must mean what it was made from.
@Suite struct RulebookFileTests {
    @Test func theShippedBriefIsTheOraclesBrief() throws {
        let rulebook = try ShippedRulebook.brief.load()
        expectSame(rulebook, .brief, "brief", OracleCountries.assigned)
        expectSameLimits(rulebook, .brief, "brief")
        expectSameEvents(rulebook, .brief, "brief")
    }

    @Test func theShippedRegulationIsTheOraclesRegulation() throws {
        let rulebook = try ShippedRulebook.codified.load()
        expectSame(rulebook, .cfr, "cfr", OracleCountries.assigned)
        expectSameLimits(rulebook, .cfr, "cfr")
        expectSameEvents(rulebook, .cfr, "cfr")
    }

    @Test func theAssignedCountriesAreTheShippedOnes() throws {
        let table = try CountryTable.load(
            bytes: ShippedFile.countries.bytes,
            fileName: ShippedFile.countries.fileName
        )
        #expect(Set(table.countries.map(\.code)) == OracleCountries.assigned)
        #expect(OracleCountries.assigned.count == 249)
    }

    @Test(arguments: Array(UInt64(0)..<20), StreamProfile.allCases)
    func generatedFilesMeanWhatTheyWereMadeFrom(seed: UInt64, profile: StreamProfile) throws {
        let stream = GeneratedStream(seed: seed, profile: profile, count: 0)
        #expect(stream.rulebooks.count >= 3)
        let countries = Set(["AE", "IN", "DE", "SA", "US", "HK", "CN", "KH"].map(CountryCode.of))
        for (bytes, expected) in stream.rulebooks {
            let what = "seed \(seed), \(profile), \(expected.name)"
            #expect(expected.yaml() == bytes)
            do {
                let rulebook = try Rulebook.load(bytes: bytes, fileName: expected.name)
                expectSame(rulebook, expected, what, countries)
                expectSameLimits(rulebook, expected, what)
                expectSameEvents(rulebook, expected, what)
            } catch {
                Issue.record("\(what): \(error)")
            }
        }
        for (bytes, expected) in stream.devices {
            let catalogue = try DeviceCatalogue.load(bytes: bytes, fileName: "devices.csv")
            #expect(catalogue.ratings.count == expected.count)
            for (rating, device) in zip(catalogue.ratings, expected) {
                #expect(rating.device == device.id)
                #expect(rating.from == device.from)
                #expect(rating.tpp.rawValue == device.tpp)
                #expect(rating.density?.hundredths == device.densityHundredths)
                #expect(rating.isForDataCenters == device.isForDataCenters)
            }
        }
    }

    /// Unit, lists, control, end uses, order of mechanisms.
    private func expectSame(
        _ found: Rulebook,
        _ wanted: OracleRulebook,
        _ what: String,
        _ countries: Set<CountryCode>
    ) {
        #expect(found.name.text == wanted.name, "\(what)")
        #expect(found.effective.value == wanted.effective, "\(what)")
        #expect(found.tppPerH100e.value == wanted.tppPerH100e, "\(what)")
        #expect(found.agreementMultiplier.value == wanted.agreementMultiplier, "\(what)")
        #expect(
            Dictionary(uniqueKeysWithValues: found.endUses.map { ($0.code, $0.isProhibited) })
                == wanted.endUses,
            "\(what)"
        )
        #expect(
            Dictionary(
                uniqueKeysWithValues: found.countries.aliases.map { ($0.country, $0.countsAs) }
            )
                == wanted.aliases,
            "\(what)"
        )
        let rows = found.countries.home + found.countries.allied + found.countries.concern
        let days = Set(
            rows.flatMap { [$0.days.from, $0.days.until] } + wanted.lists.map(\.dates.until)
                + [.of(2025, 1, 13), .of(2026, 7, 23), .of(2031, 1, 1)]
        ).compactMap { $0 }
        var wrongTiers: [String] = []
        for country in countries {
            for day in days + days.compactMap({ $0.adding(days: -1) }) {
                let tier = found.tier(of: country, on: day).rawValue
                if tier != wanted.tier(country, on: day).rawValue {
                    wrongTiers.append("\(country) \(day) \(tier)")
                }
            }
        }
        #expect(wrongTiers == [], "\(what)")
        for device in OracleDevices.usual + OracleDevices.revised {
            #expect(
                found.control.isControlled(
                    tpp: TPP(rawValue: device.tpp),
                    density: device.densityHundredths.map(PerformanceDensity.init(hundredths:)),
                    isForDataCenters: device.isForDataCenters
                ) == wanted.isControlled(device),
                "\(what), \(device.id)"
            )
        }
        #expect(found.mechanisms.map(\.kind) == wanted.mechanisms.map(\.kind), "\(what)")
    }

    /// Thresholds and model weights.
    private func expectSameEvents(_ found: Rulebook, _ wanted: OracleRulebook, _ what: String) {
        #expect(
            found.thresholds.percentages == wanted.thresholds.percents.map(Int64.init),
            "\(what)"
        )
        #expect(
            Set(found.thresholds.limits.map(\.rawValue))
                == Set(wanted.thresholds.kinds.map(\.rawValue)),
            "\(what)"
        )
        #expect(found.modelWeights.threshold.value == wanted.weights.threshold, "\(what)")
        #expect(found.modelWeights.floor.value == wanted.weights.floor, "\(what)")
        #expect(
            Set(found.modelWeights.refusals.map(\.rawValue))
                == Set(wanted.weights.refusedWhen.map(\.rawValue)),
            "\(what)"
        )
    }

    /// Places, windows, amounts, shares, and what follows when they are full.
    private func expectSameLimits(_ found: Rulebook, _ wanted: OracleRulebook, _ what: String) {
        for (rule, mechanism) in zip(found.mechanisms, wanted.mechanisms) {
            let what = "\(what), \(mechanism.kind)"
            switch rule.terms {
            case .concern(let tests), .allied(let tests):
                #expect(
                    Set(tests.map(\.rawValue)) == Set(mechanism.places.map(\.rawValue)),
                    "\(what)"
                )
            case .prohibited(let tests):
                #expect(
                    Set(tests.map(\.rawValue)) == Set(mechanism.prohibitions.map(\.rawValue)),
                    "\(what)"
                )
            default: break
            }
            if let whenFull = rule.whenFull {
                #expect((whenFull == .next) == mechanism.goesOnWhenFull, "\(what)")
            }
            if let credits = rule.credits {
                #expect(
                    credits.creditsReturns == mechanism.credits.contains(.returned)
                        && credits.creditsRetirements == mechanism.credits.contains(.retired),
                    "\(what)"
                )
            }
            let shares = rule.shares.map {
                $0.scope == .country
                    ? OracleRulebook.Limit.countryShare($0.numerator, $0.denominator)
                    : .outsideShare($0.numerator, $0.denominator)
            }
            let windows = rule.limit.map { [limit($0.window)] } ?? []
            let stated = mechanism.limits.map { inTPP($0, wanted) }
            #expect(shares + windows == stated, "\(what)")
        }
    }

    private func limit(_ window: WindowRule) -> OracleRulebook.Limit {
        switch window {
        case .period(let from, let until, let amount):
            .period(from: from, until: until, .tpp(amount.tpp.rawValue))
        case .calendarYear(let amount): .calendarYear(.tpp(amount.tpp.rawValue))
        case .rolling(let months, let amount): .rolling(months: months, .tpp(amount.tpp.rawValue))
        case .schedule(let steps):
            .schedule(steps.map { .init(from: $0.from, amount: .tpp($0.amount.tpp.rawValue)) })
        case .allTime(let amount): .always(.tpp(amount.tpp.rawValue))
        }
    }

    private func inTPP(_ limit: OracleRulebook.Limit, _ rulebook: OracleRulebook)
        -> OracleRulebook.Limit
    {
        let tpp = { (amount: OracleRulebook.Amount) in
            OracleRulebook.Amount.tpp(rulebook.tpp(amount))
        }
        switch limit {
        case .period(let from, let until, let amount):
            return .period(from: from, until: until, tpp(amount))
        case .calendarYear(let amount): return .calendarYear(tpp(amount))
        case .rolling(let months, let amount): return .rolling(months: months, tpp(amount))
        case .schedule(let steps):
            return .schedule(steps.map { .init(from: $0.from, amount: tpp($0.amount)) })
        case .always(let amount): return .always(tpp(amount))
        case .countryShare, .outsideShare: return limit
        }
    }
}
