// SPDX-License-Identifier: Apache-2.0

package import EntryLog
import LedgerTestSupport

/// What became of the history of a seed.
package struct SimulationResult: Hashable, Sendable {
    package var seed: UInt64
    /// The steps that were taken, up to the one at which something was wrong.
    package var steps: [Step] = []
    /// What was wrong, if anything was.
    package var violation: Violation?
    /// How many entries were durable at the end.
    package var entryCount = 0
    /// Of how many of them what is personal was taken out.
    package var redactedCount = 0
    /// The root of the tree over them.
    package var root = MerkleFrontier().root
}

/// The histories of simulated worlds.
package struct Simulation: Sendable {
    /// How many steps the scheduler picks; some more bring everything to an end.
    package var stepCount: Int

    package init(stepCount: Int) { self.stepCount = stepCount }

    private var operationCount: Int { 40 + stepCount / 2 }

    /// Runs the history of a seed; `narrate` is told in words what happens.
    package func run(seed: UInt64, narrate: ((String) -> Void)? = nil) -> SimulationResult {
        var scheduler = Scheduler(seed: seed)
        var left = stepCount
        return run(seed: seed, narrate: narrate) { world in
            guard left > 0 else { return nil }
            left -= 1
            return scheduler.next(in: world)
        }
    }

    /// Runs these steps in the world of a seed; `narrate` is told in words what happens.
    package func replay(
        _ steps: [Step],
        seed: UInt64,
        narrate: ((String) -> Void)? = nil
    ) -> SimulationResult {
        var rest = steps[...]
        return run(seed: seed, narrate: narrate) { _ in rest.popFirst() }
    }

    private func run(
        seed: UInt64,
        narrate: ((String) -> Void)?,
        next: (World) -> Step?
    ) -> SimulationResult {
        let world = World(seed: seed, operationCount: operationCount)
        world.narrate = narrate
        var result = SimulationResult(seed: seed)
        do throws(Violation) {
            while let step = next(world) {
                result.steps.append(step)
                try world.apply(step)
            }
            try world.settle()
        } catch {
            result.violation = error
        }
        result.entryCount = world.entryCount
        result.redactedCount = world.judge.oracle.redactedEntries.count
        result.root = world.root
        return result
    }
}

extension World {
    /// Lets everything that is under way come to a good end, without faults, and looks at it.
    func settle() throws(Violation) {
        say("from here on nothing goes wrong")
        for _ in 0..<10_000 {
            while processes.contains(where: { $0.hasFailed }) || processes.count > 1 {
                try apply(.kill(process: 0))
            }
            if processes.isEmpty {
                openings.removeAll()
                try apply(.takeOver)
                try apply(.recover(process: 0, failsAfter: nil))
                continue
            }
            if let step = wantedStep {
                try apply(step)
            } else if open.isEmpty {
                return try end()
            } else {
                try apply(.retry(request: 0, process: 0, isRestamped: false))
            }
        }
        throw Violation(.neverAnswered, "request \(open.first ?? -1)")
    }

    private var wantedStep: Step? {
        guard let process = processes.first else { return nil }
        if process.canDecide { return .decide(process: 0) }
        if process.canCopy { return .copyState(process: 0) }
        if process.canBegin { return .beginAppend(process: 0) }
        if process.isAppending { return .finishAppend(process: 0, fate: .synced) }
        if process.toRecall != nil { return .recall(process: 0, failsAfter: nil) }
        if process.canTell { return .tell(process: 0) }
        if process.snapshot != nil { return .saveSnapshot(process: 0, fails: false) }
        return messages.isEmpty ? nil : .deliver(message: 0)
    }

    /// The last look: at the state that lives, and at what a new process finds.
    private func end() throws(Violation) {
        try apply(.audit(process: 0))
        try judge.readjudicate(SimulatedEntryLog(disk), secret: secret)
        try apply(.kill(process: 0))
        try apply(.takeOver)
        try apply(.recover(process: 0, failsAfter: nil))
    }
}
