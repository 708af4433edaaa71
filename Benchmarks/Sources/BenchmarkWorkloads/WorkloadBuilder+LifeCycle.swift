// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K7: orders are held, some are shipped, and at twelve instants four in five of what is held
/// expires at once: a vector of adjustments that free, each on all cells that its hold charged.
///
/// Between two storms about twice as much is asked as the countries allow, so what a storm frees is
/// what the claims behind it are granted from.
extension WorkloadBuilder {
    private static let stormCount = 12

    mutating func makeLifeCycle() {
        let roundCount = max(8, size.itemCount / Self.stormCount)
        // A granted claim comes back as two adjustments or, once it is shipped, not at all.
        let claimCount = max(4, roundCount / 2)
        let asked = Int64(claimCount) * 128 * Self.device
        let market = addCountries(allowed: asked)
        for cap in market.countries {
            model.setCell(cap.allowed, to: asked / Int64(2 * size.countryCount))
        }
        markedLimits = market.countries.map(\.limit)
        let routes = (0..<size.partyCount).map { _ in
            let country = generator.below(size.countryCount)
            return model.addRoute([
                conjunction([market.countries[country], market.region(of: country)])
            ])
        }
        let installed = model.addCell(0)
        var stream = LivingStream(model, itemCount: size.itemCount)
        while !stream.isFull {
            for number in 0..<claimCount {
                let route = routes[generator.below(routes.count)]
                stream.append(.claim(route: Int32(route), amount: devices(1...256)))
                // One in sixteen is shipped in part: the rest of it stays held.
                guard number % 16 == 15, let last = stream.holds.last else { continue }
                let part = last.amount / 2
                guard part > 0 else { continue }
                stream.holds[stream.holds.count - 1].amount -= part
                stream.append(.adjust(cell: Int32(installed), by: part))
            }
            for _ in 0..<stream.holds.count * 4 / 5 {
                if let hold = stream.takeHold(&generator) { stream.free(hold) }
            }
        }
        items = stream.items
    }
}
