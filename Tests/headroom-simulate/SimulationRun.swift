// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import LedgerSimulation
import Synchronization

#if PlantedBugs
    import EntryLog
#endif

/// Runs the histories of many seeds, on all cores.
final class SimulationRun: Sendable {
    private struct Progress {
        /// How many seeds have been given out, done, and how many entries they made durable.
        var startedCount: UInt64 = 0
        var doneCount: UInt64 = 0
        var entryCount = 0
        /// The failure of the lowest seed so far.
        var failure: SimulationResult?
    }

    private let options: Options
    private let progress = Mutex(Progress())

    init(_ options: Options) { self.options = options }

    /// Runs, prints, and gives the exit status.
    func status() -> Int32 {
        if options.listsBugs {
            for name in Self.bugNames { print(name) }
            return 0
        }
        if let bug = options.bug, !Self.switchOn(bug) {
            print("simulate: this build has no planted bug '\(bug)'")
            return 2
        }
        let simulation = Simulation(stepCount: options.stepCount)
        DispatchQueue.concurrentPerform(iterations: workerCount) { _ in
            while let seed = nextSeed() { note(simulation.run(seed: seed, narrate: narration)) }
        }
        let (done, entries, failure) = progress.withLock {
            ($0.doneCount, $0.entryCount, $0.failure)
        }
        guard let failure else {
            print(
                "simulate: \(done) seeds of \(options.stepCount) steps: nothing is wrong "
                    + "(\(entries) entries)"
            )
            return options.bug == nil ? 0 : 1
        }
        if let bug = options.bug {
            let kind = failure.violation?.kind.rawValue ?? ""
            print("simulate: \(bug) is found by seed \(failure.seed): \(kind)")
            return 0
        }
        explain(failure, simulation)
        return 1
    }

    private var workerCount: Int {
        options.narrates ? 1 : ProcessInfo.processInfo.activeProcessorCount
    }

    private var narration: ((String) -> Void)? { options.narrates ? { print($0) } : nil }

    /// The next seed, unless there is none, or one before it has failed.
    private func nextSeed() -> UInt64? {
        progress.withLock { progress in
            guard progress.startedCount < options.seedCount, progress.failure == nil else {
                return nil
            }
            defer { progress.startedCount += 1 }
            return options.first + progress.startedCount
        }
    }

    private func note(_ result: SimulationResult) {
        let done = progress.withLock { progress -> UInt64 in
            progress.doneCount += 1
            progress.entryCount += result.entryCount
            let before = progress.failure?.seed ?? .max
            if result.violation != nil, result.seed < before { progress.failure = result }
            return progress.doneCount
        }
        if done % 100 == 0, options.bug == nil { print("simulate: \(done) seeds") }
    }

    /// Says what went wrong, and how it comes about in as few steps as possible.
    private func explain(_ failure: SimulationResult, _ simulation: Simulation) {
        print("simulate: seed \(failure.seed) FAILS")
        if let violation = failure.violation { print(violation) }
        print("shrinking its \(failure.steps.count) steps ...")
        let steps = simulation.shrunk(failure)
        print("\(steps.count) steps are enough:")
        let result = simulation.replay(steps, seed: failure.seed) { print("  \($0)") }
        if let violation = result.violation { print(violation) }
        print("again: scripts/simulate --seed \(failure.seed) --steps \(options.stepCount)")
    }

    // MARK: - Planted bugs

    #if PlantedBugs
        private static let bugNames = PlantedBug.allCases.map { "\($0)" }

        private static func switchOn(_ name: String) -> Bool {
            PlantedBug.active = PlantedBug.allCases.first { "\($0)" == name }
            return PlantedBug.active != nil
        }
    #else
        private static let bugNames: [String] = []

        private static func switchOn(_ name: String) -> Bool { false }
    #endif
}
