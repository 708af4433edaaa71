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
            leastItemsPerWorker: Self.leastItemsPerWorker,
            windowLength: AllocationResult.usualWindowLength,
            windowsPerChunk: Self.windowsPerChunk
        )
    }

    /// Fewer items than this a worker are not worth a meeting.
    private static var leastItemsPerWorker: Int { 2_048 }
    private static var windowsPerChunk: Int { 8 }

    /// The same with sizes given, so that tests see the seams of small ones.
    package mutating func decide(
        _ batch: borrowing AllocationBatch,
        into result: inout AllocationResult,
        with team: WorkerTeam,
        leastItemsPerWorker: Int,
        windowLength: Int,
        windowsPerChunk: Int
    ) {
        precondition(
            windowLength > 0 && windowLength & (windowLength - 1) == 0,
            "the length of a window must be a power of two"
        )
        let serial = serialDecider(of: batch, into: &result, windowLength: windowLength)
        guard team.workerCount > 1, batch.count >= leastItemsPerWorker * team.workerCount,
            experience.isTeamWorthIt()
        else {
            result.end(testCount: serial.decide(batch.count, &experience))
            return
        }
        preparedWindows.reserve((batch.count + windowLength - 1) / windowLength)
        let decider = ParallelDecider(
            serial,
            itemCount: batch.count,
            windowsPerChunk: windowsPerChunk,
            prepared: preparedWindows.view,
            spins: team.spins,
            experience
        )
        guard team.run(decider) else {
            result.end(testCount: serial.decide(batch.count, &experience))
            return
        }
        let before = experience
        experience = decider.experience
        experience.noteTeam(since: before)
        result.end(testCount: decider.testCount)
    }
}
