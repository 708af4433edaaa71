// SPDX-License-Identifier: Apache-2.0

extension AllocationTable {
    /// Decides a batch as ``decide(_:into:)`` does, with all workers of a team.
    ///
    /// Cells and results are the same for any team. A batch that is too small to gain from it, or
    /// that comes while the team works for somebody else, is decided on the caller's thread.
    ///
    /// - Parameters:
    ///   - batch: What is asked.
    ///   - result: Replaced by what comes of it.
    ///   - team: Who works; the caller's thread is one of them.
    public mutating func decide(
        _ batch: borrowing AllocationBatch,
        into result: inout AllocationResult,
        with team: WorkerTeam
    ) {
        decide(
            batch,
            into: &result,
            with: team,
            leastItemsPerWorker: ParallelMemory.leastItemsPerWorker,
            mostItemsPerWorker: ParallelMemory.mostItemsPerWorker
        )
    }

    /// The same with the sizes of blocks given, so that tests see the seams of small ones.
    package mutating func decide(
        _ batch: borrowing AllocationBatch,
        into result: inout AllocationResult,
        with team: WorkerTeam,
        leastItemsPerWorker: Int,
        mostItemsPerWorker: Int
    ) {
        let count = batch.count
        let serial = serialDecider(of: batch, into: &result)
        var position = 0
        var testCount = 0
        let isWorthIt =
            team.workerCount > 1 && count >= leastItemsPerWorker * team.workerCount
        let blockLength =
            team.workerCount * min(mostItemsPerWorker, ParallelMemory.mostItemsPerWorker)
        if isWorthIt { prepare(team) }
        var undoneAt = -1
        while position < count {
            let alone = isWorthIt ? min(parallel.serialItemsLeft, count - position) : count
            if alone > 0 {
                let end = min(position + alone, count)
                serial.decide(position..<end, testCount: &testCount)
                parallel.decidedOneByOne(end - position)
                position = end
                continue
            }
            let decider = ParallelDecider(
                context: context(serial, team),
                scratches: Array(parallel.scratches[..<team.workerCount]),
                itemCount: count,
                blockLength: blockLength,
                from: position,
                testCount: testCount
            )
            guard team.run(decider) else {
                serial.decide(position..<count, testCount: &testCount)
                break
            }
            position = decider.position
            testCount = decider.testCount
            parallel.note(decider, blockLength: blockLength)
            guard case .undone = decider.ending else { continue }
            parallel.mark(decider.failures, cells: facts)
            if position == undoneAt {
                // What failed was not only what had been learnt: this block is decided alone.
                let end = min(position + blockLength, count)
                serial.decide(position..<end, testCount: &testCount)
                position = end
            }
            undoneAt = position
        }
        result.end(testCount: testCount)
    }

    private mutating func prepare(_ team: WorkerTeam) {
        parallel.prepare(
            workerCount: team.workerCount,
            cellCount: cells.count,
            mostTouches: routes.mostTouches
        )
        parallel.spread(cells: facts)
        parallel.review(cells: facts)
    }

    private func context(_ serial: SerialDecider, _ team: WorkerTeam) -> BlockContext {
        BlockContext(
            serial: serial,
            homes: facts.homes.view,
            allowed: facts.allowed.view,
            edges: parallel.edges.view,
            hasEdges: parallel.hasMarks,
            ownerCount: team.workerCount,
            streamLength: ParallelMemory.mostItemsPerWorker * (routes.mostTouches + 1)
        )
    }
}
