// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerSimulation
import Testing

@Suite("Histories of simulated worlds")
struct SimulationTests {
    private let simulation = Simulation(stepCount: 300)

    @Test("Nothing is lost, doubled, wrong or answered too early", arguments: 1...24)
    func nothingIsWrong(seed: Int) {
        let result = simulation.run(seed: UInt64(seed))
        #expect(result.violation == nil, "seed \(seed)")
        #expect(result.entryCount > 0, "seed \(seed)")
    }

    @Test("One seed is one history", arguments: [3, 8])
    func oneSeedIsOneHistory(seed: Int) {
        var first: [String] = []
        var second: [String] = []
        let result = simulation.run(seed: UInt64(seed)) { first.append($0) }
        let again = simulation.run(seed: UInt64(seed)) { second.append($0) }
        #expect(first == second)
        #expect(result == again)
        var other: [String] = []
        _ = simulation.run(seed: UInt64(seed + 1)) { other.append($0) }
        #expect(other != first)
    }

    @Test("The list of its steps is the history", arguments: [5, 9])
    func stepsAreTheHistory(seed: Int) {
        var first: [String] = []
        var second: [String] = []
        let result = simulation.run(seed: UInt64(seed)) { first.append($0) }
        #expect(simulation.replay(result.steps, seed: UInt64(seed)) { second.append($0) } == result)
        #expect(first == second)
    }

    @Test("Any part of a history is one too", arguments: 30..<42)
    func partsAreHistories(seed: Int) {
        let steps = simulation.run(seed: UInt64(seed)).steps
        let part = steps.enumerated().filter { ($0.offset * 7 + seed) % 3 != 0 }.map(\.element)
        #expect(simulation.replay(part, seed: UInt64(seed)).violation == nil, "seed \(seed)")
    }

    @Test("Histories have every fault in them")
    func everythingHappens() {
        var kinds: Set<String> = []
        var entryCount = 0
        var redactedCount = 0
        for seed in 1...40 {
            let result = simulation.run(seed: UInt64(seed))
            entryCount += result.entryCount
            redactedCount += result.redactedCount
            for step in result.steps {
                kinds.insert(String("\(step)".prefix { $0 != "(" }))
                if case .finishAppend(_, let fate) = step { kinds.insert("\(fate)") }
            }
        }
        let wanted = [
            "ask", "retry", "deliver", "drop", "duplicate", "setClock", "decide", "copyState",
            "beginAppend", "finishAppend", "recall", "tell", "requestSnapshot", "saveSnapshot",
            "takeOver", "recover", "audit", "kill", "crash", "restoreSnapshot", "damageSnapshot",
            "loseSnapshot", "synced", "noSpace", "inputOutputError", "unknown(isKept: true)",
            "unknown(isKept: false)",
        ]
        #expect(Set(wanted).subtracting(kinds).isEmpty)
        #expect(entryCount > 40 * 30)
        #expect(redactedCount > 10)
    }
}
