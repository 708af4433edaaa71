// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K5: every limit is drained to exactly zero by claims on a group, a country and a region; between
/// them come as many claims for one more than one of the three has left.
///
/// A doomed claim has to be refused without a trace: whoever takes one limit, fails at the next and
/// gives back, refuses others in between.
extension WorkloadBuilder {
    private struct Draft {
        var group: Int
        var country: Int
        var amount: Int64
    }

    mutating func makeDraining() {
        let groupCount = max(2, min(64, size.partyCount))
        let grantCount = max(1, size.itemCount / 2)
        let drafts = (0..<grantCount).map { _ in
            Draft(
                group: generator.below(groupCount),
                country: generator.below(size.countryCount),
                amount: devices(1...256)
            )
        }
        let groups = (0..<groupCount).map { _ in model.addCap(0) }
        let market = addCountries(allowed: 0)
        var routes: [[Int]] = []
        for group in groups {
            routes.append(
                market.countries.indices.map { country in
                    model.addRoute([
                        conjunction([
                            group, market.countries[country], market.region(of: country),
                        ])
                    ])
                }
            )
        }
        var left = [Int64](repeating: 0, count: model.cells.count)
        for draft in drafts {
            for cap in caps(of: draft, groups, market) { left[cap.allowed] += draft.amount }
        }
        for cap in groups + market.countries + market.regions {
            model.setCell(cap.allowed, to: left[cap.allowed])
            markedLimits.append(cap.limit)
        }
        var next = 0
        for place in 0..<size.itemCount {
            let placesLeft = size.itemCount - place
            let grantsLeft = grantCount - next
            // Each order of grants and doomed claims is equally likely.
            if generator.below(placesLeft) < grantsLeft {
                let draft = drafts[next]
                next += 1
                for cap in caps(of: draft, groups, market) { left[cap.allowed] -= draft.amount }
                claim(routes[draft.group][draft.country], draft.amount)
            } else {
                var doomed = Draft(
                    group: generator.below(groupCount),
                    country: generator.below(size.countryCount),
                    amount: 0
                )
                doomed.amount =
                    1 + (caps(of: doomed, groups, market).map { left[$0.allowed] }.min() ?? 0)
                claim(routes[doomed.group][doomed.country], doomed.amount)
            }
        }
    }

    private func caps(of draft: Draft, _ groups: [Cap], _ market: Countries) -> [Cap] {
        [groups[draft.group], market.countries[draft.country], market.region(of: draft.country)]
    }
}
