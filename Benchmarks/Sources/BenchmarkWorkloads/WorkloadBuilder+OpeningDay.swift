// SPDX-License-Identifier: Apache-2.0

import BenchmarkSupport

/// K8: large orders ask for a hundred times what one country's cap allows; between them come as
/// many small orders, which fit their own limits and would fall through to the cap.
///
/// A kernel that lets a small order count against the cap although its own limit has room decides
/// the day one by one.
extension WorkloadBuilder {
    mutating func makeOpeningDay() {
        let cap = model.addCap(0)
        let smallOrders = 1_700 * Self.device
        let large = model.addRoute([conjunction([cap])])
        let small = (0..<size.partyCount).map { _ in
            let limit = model.addCap(smallOrders)
            return model.addRoute([
                conjunction([limit], maximumAmount: smallOrders), conjunction([cap]),
            ])
        }
        // Some parties come often: their limits have to have room for all of it.
        let mostDevices = max(1, min(16, 1_700 * Int64(size.partyCount) / Int64(size.itemCount)))
        var asked: Int64 = 0
        for place in 0..<size.itemCount {
            if place % 2 == 0 {
                let amount = devices(1_701...4_096)
                asked += amount
                claim(large, amount)
            } else {
                claim(small[generator.below(small.count)], devices(1...mostDevices))
            }
        }
        model.setCell(cap.allowed, to: asked / 100)
        markedLimits = [cap.limit]
    }
}
