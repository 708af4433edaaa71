// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerReports
import Rulebook
import Testing

/// Breaches, cures and thresholds, told to those who see numbers and to those who see bands.
@Suite struct LimitEventTests {
    private func entry(
        _ name: LimitName,
        _ change: LimitChange,
        used: Int64 = 791_600_001,
        limit: Int64 = 791_600_000
    ) throws -> Entry {
        var entry = try Fixtures.entry(.tick, .accepted)
        entry.content = .limit(
            LimitEvent(
                name: name,
                change: change,
                used: TPP(rawValue: used),
                limit: TPP(rawValue: limit)
            )
        )
        return entry
    }

    private func sentences(_ disclosure: TotalsDisclosure) throws -> [String] {
        let explainer = try DecisionCases.explainer(disclosure: disclosure)
        let country = LimitName.country(try Fixtures.country("AE"))
        let group = Fixtures.party("ACME")
        return try [
            entry(country, .breached),
            entry(country, .cured, used: 791_600_000),
            entry(.smallOrder(group: group, year: 2025), .unwatched, used: 0, limit: 0),
            entry(.outsideShare(group: group), .crossed(percent: 95), used: 95, limit: 100),
        ].map { explainer.sentence(for: $0) }
    }

    @Test func theNumbersProveWhatHappenedToALimit() throws {
        #expect(
            try sentences(.open) == [
                "The allocation of United Arab Emirates (AE) came into breach: 50,000.001 H100e "
                    + "(791,600,001 TPP) used of 50,000.000 H100e (791,600,000 TPP).",
                "The allocation of United Arab Emirates (AE) is no longer in breach: 50,000.000 "
                    + "H100e (791,600,000 TPP) used of 50,000.000 H100e (791,600,000 TPP).",
                "The small-order allowance of group ACME for 2025 was in breach and is no longer "
                    + "watched: it is not defined any more.",
                "The share of group ACME's own base for all countries outside home and allied "
                    + "reached 95 %: 0.007 H100e (95 TPP) used of 0.006 H100e (100 TPP).",
            ]
        )
    }

    @Test func whereBandsAreShownAnEventHasNoNumbers() throws {
        #expect(
            try sentences(.banded) == [
                "The allocation of United Arab Emirates (AE) came into breach: more is used than "
                    + "it allows.",
                "The allocation of United Arab Emirates (AE) is no longer in breach: no more is "
                    + "used than it allows.",
                "The small-order allowance of group ACME for 2025 was in breach and is no longer "
                    + "watched: it is not defined any more.",
                "The share of group ACME's own base for all countries outside home and allied "
                    + "reached 95 %.",
            ]
        )
    }

    @Test func anEventIsToldWithItsNumbersAndItsSource() throws {
        let entry = try entry(.country(try Fixtures.country("AE")), .breached)
        let explanation = try DecisionCases.explainer(mode: .binding).explanation(of: entry)
        #expect(
            explanation.facts.prefix(3).map { "\($0.label): \($0.text)" } == [
                "entry: 7, 2025-06-01T12:00:00.000Z, by kim of NVIDIA (vendor)",
                "used: 50,000.001 H100e (791,600,001 TPP)",
                "limit: 50,000.000 H100e (791,600,000 TPP)",
            ]
        )
        let rule = try ShippedRulebook.brief.load().mechanism(.country)
        #expect(explanation.sources.map(\.text) == [try #require(rule?.limit?.citation)])
    }

    /// Every kind of limit has the source of its own rule.
    @Test func everyLimitsEventNamesItsRule() throws {
        let rulebook = try ShippedRulebook.codified.load()
        let party = Fixtures.party("ACME")
        let country = try Fixtures.country("AE")
        let shares = try #require(rulebook.mechanism(.universalVEU)).shares
        let cases: [(LimitName, String?)] = [
            (.country(country), rulebook.mechanism(.country)?.limit?.citation),
            (
                .smallOrder(group: party, year: 2025),
                rulebook.mechanism(.smallOrder)?.limit?.citation
            ),
            (
                .nationalVEU(party: party, country: country),
                rulebook.mechanism(.nationalVEU)?.limit?.citation
            ),
            (
                .countryShare(group: party, country: country),
                shares.first { $0.scope == .country }?.citation
            ),
            (.outsideShare(group: party), shares.first { $0.scope == .allOutside }?.citation),
        ]
        let explainer = try DecisionCases.explainer(.codified)
        for (name, citation) in cases {
            let explanation = explainer.explanation(of: try entry(name, .breached))
            #expect(explanation.sources.map(\.text) == [try #require(citation)], "\(name)")
        }
    }

    /// Neither numbers nor whose operation it was: that may be another vendor's.
    @Test func whereBandsAreShownAnEventHasNeitherNumbersNorAnActor() throws {
        let explainer = try DecisionCases.explainer(disclosure: .banded)
        let country = LimitName.country(try Fixtures.country("AE"))
        let text = explainer.explanation(of: try entry(country, .breached)).text()
        for secret in ["791,600,00", "50,000.0", "NVIDIA", "kim"] {
            #expect(!text.contains(secret), "\(text)")
        }
        var expiry = try entry(country, .breached)
        expiry.content = .expiry(HoldExpiry(hold: LifeCases.entry, freed: .zero))
        #expect(!explainer.explanation(of: expiry).text().contains("NVIDIA"))
    }
}
