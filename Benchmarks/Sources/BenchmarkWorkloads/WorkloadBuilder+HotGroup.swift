// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K4: one group that asks for a share of 7 % of its base in each country and 25 % over all of
/// them, while what it installs at home moves the base.
///
/// Of eight items one installs at home, of 64 one gives a hold back, of 1,024 one attests a base
/// that is a hundredth smaller. About half of the claims are granted.
extension WorkloadBuilder {
    mutating func makeHotGroup() {
        let base = model.addCell(10_000 * Self.device)
        let outside = model.addCell(0)
        let total = model.addLimit(
            .share(used: outside, base: base, numerator: 25, denominator: 100)
        )
        let routes = (0..<size.countryCount).map { _ in
            let used = model.addCell(0)
            let share = model.addLimit(
                .share(used: used, base: base, numerator: 7, denominator: 100)
            )
            markedLimits.append(share)
            return model.addRoute([
                WorkloadModel.Alternative(limits: [share, total], charges: [used, outside])
            ])
        }
        markedLimits.append(total)
        let countries = ZipfDistribution(rankCount: size.countryCount)
        var stream = LivingStream(model, itemCount: size.itemCount)
        while !stream.isFull {
            let place = stream.items.count
            if place % 1_024 == 1_000 {
                stream.append(.adjust(cell: Int32(base), by: -stream.value(of: base) / 100))
            } else if place % 64 == 62, let hold = stream.takeHold(&generator) {
                stream.free(hold)
            } else if place % 8 == 4 {
                stream.append(.adjust(cell: Int32(base), by: devices(1...1_536)))
            } else {
                let route = routes[countries.draw(&generator)]
                stream.append(.claim(route: Int32(route), amount: devices(1...128)))
            }
        }
        items = stream.items
    }
}
