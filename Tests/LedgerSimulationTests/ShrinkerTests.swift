// SPDX-License-Identifier: Apache-2.0

import LedgerSimulation
import Testing

@Suite("A failing history is made short")
struct ShrinkerTests {
    private func steps(_ count: Int) -> [Step] { (0..<count).map { .deliver(message: $0) } }

    @Test(
        "What matters stays, in its order",
        arguments: [[3], [0, 99], [17, 18, 60], [5, 50, 51, 99]]
    )
    func whatMattersStays(positions: [Int]) {
        let steps = steps(100)
        let wanted = positions.map { steps[$0] }
        let shrunk = Shrinker { part in part.filter(wanted.contains) == wanted }.shrunk(steps)
        #expect(shrunk == wanted)
    }

    @Test func aHistoryThatNeedsEverythingStaysWhole() {
        let steps = steps(9)
        #expect(Shrinker { $0 == steps }.shrunk(steps) == steps)
    }

    @Test func noMoreIsTriedThanNeeded() {
        var triedCount = 0
        let steps = steps(1_000)
        let shrunk = Shrinker { part in
            triedCount += 1
            return part.contains(steps[400])
        }.shrunk(steps)
        #expect(shrunk == [steps[400]])
        #expect(triedCount < 100)
    }
}
