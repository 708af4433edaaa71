// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K1, K2 and K3: routes of one to three limits (country; party and country; party, country and
/// region) with room for everything.
extension WorkloadBuilder {
    private static let mostDevices: Int64 = 256

    /// What no stream of this size can use up.
    private var ample: Int64 { Int64(size.itemCount) * Self.mostDevices * Self.device }

    mutating func makeUniform() {
        let market = addCountries(allowed: ample)
        let routes = (0..<size.partyCount).map { party in
            addRoute(party: party, country: generator.below(size.countryCount), market)
        }
        for _ in 0..<size.itemCount {
            claim(routes[generator.below(routes.count)], devices(1...Self.mostDevices))
        }
        markedLimits = market.countries.map(\.limit)
    }

    mutating func makeHotCountry() {
        let market = addCountries(allowed: ample)
        let routes = (0..<size.partyCount).map { addRoute(party: $0, country: 0, market) }
        for _ in 0..<size.itemCount {
            claim(routes[generator.below(routes.count)], devices(1...Self.mostDevices))
        }
        markedLimits = [market.countries[0].limit]
    }

    /// Parties and countries are drawn independently; a route is made when a pair comes up first.
    mutating func makeZipf() {
        let market = addCountries(allowed: ample)
        let parties = (0..<size.partyCount).map { _ in model.addCap(ample) }
        // Ranks in an order of their own: the most frequent must not lie side by side in memory.
        var order = Array(0..<size.partyCount)
        for place in order.indices.reversed() where place > 0 {
            order.swapAt(place, generator.below(place + 1))
        }
        let partyRanks = ZipfDistribution(rankCount: size.partyCount)
        let countryRanks = ZipfDistribution(rankCount: size.countryCount)
        var routes: [Int: Int] = [:]
        for _ in 0..<size.itemCount {
            let party = order[partyRanks.draw(&generator)]
            let country = countryRanks.draw(&generator)
            let pair = party * size.countryCount + country
            let route =
                routes[pair]
                ?? addRoute(party: party, cap: parties[party], country: country, market)
            routes[pair] = route
            claim(route, devices(1...Self.mostDevices))
        }
        markedLimits = market.countries.map(\.limit)
    }

    private mutating func addRoute(party: Int, country: Int, _ market: Countries) -> Int {
        addRoute(party: party, cap: model.addCap(ample), country: country, market)
    }

    private mutating func addRoute(
        party: Int,
        cap: Cap,
        country: Int,
        _ market: Countries
    ) -> Int {
        let count = limitCount ?? 1 + party % 3
        let caps =
            switch count {
            case 1: [market.countries[country]]
            case 2: [cap, market.countries[country]]
            default: [cap, market.countries[country], market.region(of: country)]
            }
        return model.addRoute([conjunction(caps)])
    }
}
