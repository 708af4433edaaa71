// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// The way of an order through the mechanisms: every row of the table, under both rulebooks.
@Suite struct RouteTests {
    let brief: Rulebook
    let codified: Rulebook

    init() throws {
        brief = try ShippedRulebook.brief.load()
        codified = try ShippedRulebook.codified.load()
    }

    /// Facts about an order to `destination` by a party with `places`: site, headquarters and
    /// ultimate parent's headquarters.
    func facts(
        to destination: String,
        _ places: String = "AE AE AE",
        on text: String = "2025-06-01",
        endUse use: String = "cloud-services"
    ) throws -> RouteFacts {
        let places = try places.split(separator: " ").map { try country(String($0)) }
        return RouteFacts(
            day: try day(text),
            destination: try country(destination),
            site: places[0],
            headquarters: places[1],
            ultimateParentHeadquarters: places[2],
            endUse: try endUse(use)
        )
    }

    /// The refusal and the mechanism, or the mechanisms that a tiny order reaches.
    func summary(_ book: Rulebook, _ facts: RouteFacts, order: Int64 = 1) -> String {
        switch book.route(for: facts).course {
        case .refused(let mechanism, let refusal, _): "\(mechanism): \(refusal)"
        case .alternatives:
            book.route(for: facts).alternatives(forOrderOf: TPP(rawValue: order))
                .map(\.mechanism.description).joined(separator: ", ")
        }
    }

    @Test(arguments: [
        ("CN", "AE AE AE"), ("HK", "AE AE AE"), ("MO", "AE AE AE"), ("KH", "AE AE AE"),
        ("AE", "CN AE AE"), ("AE", "AE CN AE"), ("AE", "AE AE CN"), ("AE", "AE AE HK"),
        ("US", "US US CN"), ("DE", "DE MO DE"), ("CN", "US US US"),
    ])
    func concernAnywhereIsRefused(destination: String, places: String) throws {
        let facts = try facts(to: destination, places)
        #expect(summary(brief, facts) == "concern: concern")
        #expect(summary(codified, facts) == "concern: concern")
    }

    @Test func concernGoesByTheDay() throws {
        let before = try facts(to: "KH", "KH KH KH", on: "2026-02-02")
        let after = try facts(to: "KH", "KH KH KH", on: "2026-02-03")
        for book in [brief, codified] {
            #expect(summary(book, before) == "concern: concern")
            #expect(summary(book, after) == "small-order, country")
        }
    }

    @Test func prohibitedComesAfterConcernAndBeforeAllElse() throws {
        for book in [brief, codified] {
            #expect(
                summary(book, try facts(to: "US", "US US US", endUse: "military"))
                    == "prohibited: prohibited-end-use"
            )
            var blocked = try facts(to: "US", "US US US")
            blocked.isConsigneeBlocked = true
            #expect(summary(book, blocked) == "prohibited: party-blocked")
            blocked.endUse = try endUse("nuclear")
            #expect(summary(book, blocked) == "prohibited: prohibited-end-use")
            blocked.destination = try country("IR")
            #expect(summary(book, blocked) == "concern: concern")
        }
    }

    @Test func uncontrolledOrdersAreStoppedByProhibitionsOnly() throws {
        for book in [brief, codified] {
            let use = try endUse("research")
            #expect(
                book.refusalOfUncontrolledOrder(endUse: use, isConsigneeBlocked: false) == nil
            )
            #expect(
                book.refusalOfUncontrolledOrder(endUse: use, isConsigneeBlocked: true)
                    == .partyBlocked
            )
            #expect(
                book.refusalOfUncontrolledOrder(
                    endUse: try endUse("missile"),
                    isConsigneeBlocked: true
                ) == .prohibitedEndUse
            )
        }
    }

    @Test(arguments: ["US US US", "AE AE AE", "DE PL PL"])
    func domesticTakesWhoeverAsks(places: String) throws {
        for book in [brief, codified] {
            var facts = try facts(to: "US", places)
            facts.universalVEU = .current
            #expect(summary(book, facts, order: .max) == "domestic")
            #expect(book.route(for: facts).alternatives(forOrderOf: .zero).first?.limits == [])
        }
    }

    /// Destination, places, and what each rulebook makes of it.
    @Test(arguments: [
        ("DE", "DE DE DE", "allied", "allied"),
        ("DE", "US US US", "allied", "allied"),
        ("DE", "DE DE PL", "allied", "small-order, country"),
        ("DE", "DE PL DE", "allied", "small-order, country"),
        ("DE", "PL DE DE", "allied", "small-order, country"),
        ("DE", "AE AE AE", "allied", "small-order, country"),
        ("PL", "DE DE DE", "small-order, country", "small-order, country"),
        ("AE", "US US US", "small-order, country", "small-order, country"),
    ])
    func alliedByDestinationOrByEveryPlace(
        destination: String,
        places: String,
        ofBrief: String,
        ofCodified: String
    ) throws {
        let facts = try facts(to: destination, places)
        #expect(summary(brief, facts) == ofBrief)
        #expect(summary(codified, facts) == ofCodified)
    }

    @Test func countryLimitOfAnAlliedDestinationIsItsOwn() throws {
        let route = codified.route(for: try facts(to: "DE", "DE DE PL"))
        let limits = route.alternatives(forOrderOf: TPP(rawValue: 26_900_001)).flatMap(\.limits)
        let party = try #require(PartyIdentifier("ACME"))
        #expect(limits.map { $0.name(party: party, group: party).description } == ["country DE"])
    }

    @Test func universalIsWithinSharesAbroadAndFreeAtHomeAndAllied() throws {
        var abroad = try facts(to: "AE", "AE US US")
        abroad.universalVEU = .current
        abroad.nationalVEU = .current
        let party = try #require(PartyIdentifier("SITE"))
        let group = try #require(PartyIdentifier("PARENT"))
        for (book, names) in [
            (brief, ["uveu-country PARENT AE"]),
            (codified, ["uveu-country PARENT AE", "uveu-outside PARENT"]),
        ] {
            // A condition of the status: what is full is refused, also for a National VEU.
            #expect(summary(book, abroad, order: .max) == "uveu")
            let limits = book.route(for: abroad).alternatives(forOrderOf: .zero).flatMap(\.limits)
            #expect(limits.map { $0.name(party: party, group: group).description } == names)
        }
        var near = try facts(to: "DE", "PL PL US")
        near.universalVEU = .current
        let alternative = try #require(
            codified.route(for: near).alternatives(forOrderOf: .zero).first
        )
        #expect(alternative.mechanism == .universalVEU)
        #expect(alternative.limits.isEmpty)
        #expect(alternative.whenFull == .refuse)
    }

    @Test func nationalRefusesOrHandsOn() throws {
        var facts = try facts(to: "AE")
        facts.nationalVEU = .current
        #expect(summary(brief, facts) == "nveu")
        #expect(summary(codified, facts) == "nveu, small-order, country")
        #expect(summary(codified, facts, order: 26_900_001) == "nveu, country")
        let party = try #require(PartyIdentifier("SITE"))
        let group = try #require(PartyIdentifier("PARENT"))
        let names = codified.route(for: facts).alternatives(forOrderOf: .zero).flatMap(\.limits)
            .map { $0.name(party: party, group: group).description }
        #expect(names == ["nveu SITE AE", "small-order PARENT 2025", "country AE"])
    }

    @Test func smallIsUpToTheWholeYearlyLimit() throws {
        let facts = try facts(to: "AE")
        #expect(summary(brief, facts, order: 1_700 * 15_832) == "small-order, country")
        #expect(summary(brief, facts, order: 1_700 * 15_832 + 1) == "country")
        #expect(summary(codified, facts, order: 1_699 * 15_832) == "small-order, country")
        #expect(summary(codified, facts, order: 26_900_000) == "small-order, country")
        #expect(summary(codified, facts, order: 26_900_001) == "country")
        #expect(summary(codified, facts, order: 1_700 * 15_832) == "country")
    }

    @Test func aLapsedAttestationLeavesTheNextMechanismAndANote() throws {
        for book in [brief, codified] {
            var facts = try facts(to: "AE", "AE US US")
            #expect(!book.route(for: facts).attestationLapsed)
            facts.universalVEU = .attestationLapsed
            #expect(summary(book, facts) == "small-order, country")
            #expect(book.route(for: facts).attestationLapsed)
            facts.nationalVEU = .current
            #expect(summary(book, facts).hasPrefix("nveu"))
            #expect(book.route(for: facts).attestationLapsed)
            facts.universalVEU = .current
            facts.nationalVEU = .attestationLapsed
            #expect(summary(book, facts) == "uveu")
            #expect(!book.route(for: facts).attestationLapsed)
            facts.universalVEU = .attestationLapsed
            facts.destination = try country("US")
            #expect(!book.route(for: facts).attestationLapsed)
        }
    }

    @Test func aRulebookMayDoWithoutAttestations() throws {
        let file = RuleFile(.codified).replacing("choice: required", with: "choice: not-required")
        let book = try Rulebook.load(bytes: Array(file.text.utf8), fileName: "rules.yaml")
        var facts = try facts(to: "AE", "AE US US")
        facts.universalVEU = .attestationLapsed
        #expect(summary(book, facts) == "uveu")
        #expect(!book.route(for: facts).attestationLapsed)
    }

    @Test func smallOrdersCanBeUnavailableInListedCountries() throws {
        let file = RuleFile(.codified)
            .replacing("choice: everywhere", with: "choice: except-listed")
            .replacing(
                "  - kind: small-order\n",
                with: """
                      - kind: small-order
                        unavailable:
                          - from: 2025-01-01
                            until: 2026-01-01
                            countries: [SA, VN]
                            citation: 15 CFR 740.2(a)(9)(ii)

                    """
            )
        let book = try Rulebook.load(bytes: Array(file.text.utf8), fileName: "rules.yaml")
        #expect(summary(book, try facts(to: "SA")) == "country")
        #expect(summary(book, try facts(to: "AE")) == "small-order, country")
        #expect(summary(book, try facts(to: "SA", on: "2026-01-01")) == "small-order, country")
    }

    @Test func largerOrdersPassASmallOrderMechanismThatRefuses() throws {
        var text = RuleFile(.codified)
        let start = text.line(of: "kind: small-order")
        var lines = text.text.split(separator: "\n", omittingEmptySubsequences: false)
        lines[start] = "    when-full: refuse"
        text.text = lines.joined(separator: "\n")
        let book = try Rulebook.load(bytes: Array(text.text.utf8), fileName: "rules.yaml")
        #expect(summary(book, try facts(to: "AE"), order: 26_900_000) == "small-order")
        #expect(summary(book, try facts(to: "AE"), order: 26_900_001) == "country")
    }

    @Test func everyRouteHasCitations() throws {
        for destination in ["US", "DE", "AE", "CN"] {
            let route = codified.route(for: try facts(to: destination))
            switch route.course {
            case .refused(_, _, let citation): #expect(!citation.isEmpty)
            case .alternatives(let all): #expect(all.allSatisfy { !$0.citation.isEmpty })
            }
        }
    }
}
