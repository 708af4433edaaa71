// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K6: each party is decided by one of the rule's mechanisms, and an item in five frees or ships.
///
/// Of a hundred parties 10 are at home and 15 in allied countries (no limit), 10 have shares of a
/// base of their own, 10 a window that falls through to the country, 55 small orders that do. One
/// country in ten runs out.
extension WorkloadBuilder {
    /// The small orders of a year: 1,700 H100.
    private static let smallOrders = 1_700 * device

    mutating func makeMechanismMix() {
        let expected = Int64(size.itemCount / size.countryCount + 1) * 150 * Self.device
        let market = addCountries(allowed: expected * 4)
        for country in stride(from: 5, to: market.countries.count, by: 10) {
            model.setCell(market.countries[country].allowed, to: expected / 4)
        }
        markedLimits = market.countries.map(\.limit)
        var bases: [Int: Int] = [:]
        let routes = (0..<size.partyCount).map { party in
            let country = market.countries[generator.below(market.countries.count)]
            let (alternatives, base) = mechanism(party: party, country: country)
            let route = model.addRoute(alternatives)
            bases[route] = base
            return route
        }
        var stream = LivingStream(model, itemCount: size.itemCount)
        while !stream.isFull {
            let route = routes[generator.below(routes.count)]
            let amount = devices(1...(1 << Int64(generator.below(13))))
            switch generator.below(100) {
            case 0..<4:
                stream.append(
                    .claimUpTo(
                        route: Int32(route),
                        unit: Self.device,
                        count: amount / Self.device
                    )
                )
            case 4..<12:
                if let hold = stream.takeHold(&generator) { stream.free(hold) }
            case 12..<20:
                // A shipment moves the base of those who have one; nothing else changes.
                guard let hold = stream.takeHold(&generator), let base = bases[hold.route] else {
                    continue
                }
                stream.append(.adjust(cell: Int32(base), by: hold.amount))
            default:
                stream.append(.claim(route: Int32(route), amount: amount))
            }
        }
        items = stream.items
    }

    /// The route of a party, and the cell of its base if it has one.
    private mutating func mechanism(
        party: Int,
        country: Cap
    ) -> (alternatives: [WorkloadModel.Alternative], base: Int?) {
        switch party % 100 {
        case 0..<25:
            return ([WorkloadModel.Alternative(limits: [], charges: [])], nil)
        case 25..<35:
            let base = model.addCell(200_000 * Self.device)
            let inCountry = model.addCell(0)
            let outside = model.addCell(0)
            let shares = [
                model.addLimit(
                    .share(used: inCountry, base: base, numerator: 7, denominator: 100)
                ),
                model.addLimit(
                    .share(used: outside, base: base, numerator: 25, denominator: 100)
                ),
            ]
            return (
                [WorkloadModel.Alternative(limits: shares, charges: [inCountry, outside])], base
            )
        case 35..<45:
            let window = model.addCap(20_000 * Self.device)
            return ([conjunction([window]), conjunction([country])], nil)
        default:
            let small = model.addCap(Self.smallOrders)
            return (
                [
                    conjunction([small], maximumAmount: Self.smallOrders),
                    conjunction([country]),
                ], nil
            )
        }
    }
}
