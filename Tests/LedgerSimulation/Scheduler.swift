// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import LedgerTestSupport

/// Picks the next step of a world by the seed.
struct Scheduler {
    private var random: SplitMix64
    /// The first operation of the stream that nobody has asked yet.
    private var cursor = 0
    /// How much goes wrong in this world: some are calm, so that histories get long.
    private let trouble: Int

    /// What a stream begins with; it is asked by one caller, in order, so that there is something
    /// to decide about.
    static let openingCount = 24

    init(seed: UInt64) {
        random = SplitMix64(seed: seed ^ 0x5eed_0f57_e95a_11ed)
        trouble = random.pick([0, 1, 3, 6])
    }

    private typealias Choice = (weight: Int, step: Step)

    /// The next step.
    mutating func next(in world: World) -> Step {
        var choices: [Choice] = []
        addCallers(world, &choices)
        for index in world.processes.indices {
            addProcess(world.processes[index], index, world, &choices)
        }
        addMachine(world, &choices)
        return pick(choices)
    }

    private mutating func pick(_ choices: [Choice]) -> Step {
        var left = random.below(choices.reduce(0) { $0 + $1.weight })
        for choice in choices {
            left -= choice.weight
            guard left < 0 else { continue }
            if case .ask(_, let first, let count, _) = choice.step { cursor = first + count }
            return choice.step
        }
        return choices[0].step
    }

    private mutating func addCallers(_ world: World, _ choices: inout [Choice]) {
        let process = somewhere(world)
        if let ask = ask(world, process: process) { choices.append((60, ask)) }
        if !world.open.isEmpty, !world.processes.isEmpty {
            let retry = Step.retry(
                request: random.below(world.open.count),
                process: process,
                isRestamped: random.chance(50)
            )
            choices.append((world.messages.isEmpty ? 60 : 4 + trouble, retry))
        }
        guard !world.messages.isEmpty else { return }
        let count = world.messages.count
        let message = random.chance(70) ? 0 : random.below(count)
        choices.append((160, .deliver(message: message)))
        choices.append((1 + trouble, .drop(message: random.below(count))))
        if count < 12 {
            choices.append((2 + trouble, .duplicate(message: random.below(count))))
        }
    }

    private mutating func ask(_ world: World, process: Int) -> Step? {
        guard cursor < world.stream.steps.count, !world.processes.isEmpty else { return nil }
        if cursor < Self.openingCount {
            guard world.open.isEmpty else { return nil }
            let count = min(1 + random.below(9), Self.openingCount - cursor)
            return .ask(caller: 1, first: cursor, count: count, process: process)
        }
        guard cursor > Self.openingCount || world.open.isEmpty, world.open.count < 8 else {
            return nil
        }
        let count = random.pick([1, 1, 1, 2, 3, 8])
        return .ask(
            caller: random.below(World.callerCount),
            first: cursor,
            count: count,
            process: process
        )
    }

    /// Mostly the newest process, sometimes one that may have been succeeded.
    private mutating func somewhere(_ world: World) -> Int {
        guard !world.processes.isEmpty else { return 0 }
        return random.chance(85)
            ? world.processes.count - 1 : random.below(world.processes.count)
    }

    private mutating func addProcess(
        _ process: LedgerProcess,
        _ index: Int,
        _ world: World,
        _ choices: inout [Choice]
    ) {
        if process.canDecide { choices.append((100, .decide(process: index))) }
        if process.canCopy { choices.append((60, .copyState(process: index))) }
        if process.canBegin { choices.append((100, .beginAppend(process: index))) }
        if process.isAppending {
            choices.append((100, .finishAppend(process: index, fate: fate())))
        }
        if process.toRecall != nil {
            let failsAfter = random.below(100) < trouble ? random.below(3) : nil
            choices.append((100, .recall(process: index, failsAfter: failsAfter)))
        }
        if process.canTell { choices.append((100, .tell(process: index))) }
        if process.snapshot != nil {
            choices.append((30, .saveSnapshot(process: index, fails: random.chance(15))))
        }
        if !process.isSnapshotAsked { choices.append((4, .requestSnapshot(process: index))) }
        if process.isIdle {
            choices.append((process.hasFailed ? 100 : 1, .kill(process: index)))
        } else {
            choices.append((trouble, .kill(process: index)))
        }
        choices.append((3, .setClock(process: index, offMilliseconds: clockError())))
        if process.isIdle { choices.append((1, .audit(process: index))) }
    }

    private mutating func fate() -> AppendFate {
        guard random.below(100) < trouble else { return .synced }
        return random.pick([
            .noSpace, .inputOutputError, .unknown(isKept: true), .unknown(isKept: false),
        ])
    }

    /// Mostly seconds, sometimes days, either way.
    private mutating func clockError() -> Int64 {
        let size: Int64 = random.pick([2_000, 2_000, 2_000, 90_000_000, 40 * 86_400_000])
        return Int64(random.below(Int(size))) - size / 2
    }

    private mutating func addMachine(_ world: World, _ choices: inout [Choice]) {
        for index in world.openings.indices {
            let failsAfter = random.below(100) < trouble ? random.below(20) : nil
            choices.append((100, .recover(process: index, failsAfter: failsAfter)))
        }
        let hasWriter = world.processes.contains { !$0.hasFailed }
        if !hasWriter, world.openings.isEmpty { choices.append((200, .takeOver)) }
        choices.append((trouble, .takeOver))
        let crash = Step.crash(
            keptThousandths: random.pick([0, 1_000, random.below(1_001)]),
            hasHole: random.chance(20)
        )
        choices.append((trouble, crash))
        guard world.shelf.isUsed else { return }
        choices.append((1, .restoreSnapshot(random.below(100))))
        choices.append((1, .damageSnapshot(random.below(100_000))))
        choices.append((1, .loseSnapshot))
    }
}
