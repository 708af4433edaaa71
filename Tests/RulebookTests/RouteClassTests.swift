// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook
import Testing

/// A route is worked out once for each class of orders, so nothing else may count for it.
@Suite struct RouteClassTests {
    private static let countries = [
        "US", "DE", "GB", "AE", "SG", "IN", "CN", "HK", "MO", "KH", "RU",
    ]
    private static let days = ["2025-01-13", "2025-06-01", "2026-02-03", "2027-12-31"]

    private func facts(
        of book: Rulebook,
        to destination: CountryCode,
        on day: CivilDate,
        using random: inout some RandomNumberGenerator
    ) throws -> RouteFacts {
        func anyCountry() throws -> CountryCode {
            try #require(Self.countries.randomElement(using: &random).flatMap { CountryCode($0) })
        }
        let standings: [StatusStanding] = [.absent, .attestationLapsed, .current]
        return RouteFacts(
            day: day,
            destination: destination,
            site: try anyCountry(),
            headquarters: try anyCountry(),
            ultimateParentHeadquarters: try anyCountry(),
            endUse: book.endUses.randomElement(using: &random)?.code,
            isConsigneeBlocked: Int.random(in: 0..<8, using: &random) == 0,
            universalVEU: try #require(standings.randomElement(using: &random)),
            nationalVEU: try #require(standings.randomElement(using: &random))
        )
    }

    @Test(arguments: ShippedRulebook.all)
    func ordersOfOneClassHaveEqualRoutes(shipped: ShippedRulebook) throws {
        let book = try shipped.load()
        var random = RuleFileFuzzTests.Generator(state: 1)
        for text in Self.days {
            let day = try day(text)
            var routes: [RouteClass: Route] = [:]
            var numbers: [UInt64: RouteClass] = [:]
            var shared = 0
            for destination in Self.countries {
                for _ in 0..<2_000 {
                    let facts = try facts(
                        of: book,
                        to: try country(destination),
                        on: day,
                        using: &random
                    )
                    let routeClass = RouteClass(of: facts, under: book)
                    let route = book.route(for: facts)
                    if let known = routes.updateValue(route, forKey: routeClass) {
                        shared += 1
                        #expect(known == route, "\(facts)")
                    }
                    let number = numbers.updateValue(routeClass, forKey: routeClass.number)
                    #expect(number ?? routeClass == routeClass, "numbers tell classes apart")
                }
            }
            #expect(shared > 1_000, "many orders are of one class")
        }
    }
}
