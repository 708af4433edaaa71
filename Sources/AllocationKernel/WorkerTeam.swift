// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Work that a team does together.
protocol TeamWork: AnyObject, Sendable {
    /// Does one worker's part; `meeting` is where it waits for the others.
    func work(as worker: Int, meeting: Meeting)
}

/// Threads that decide batches together: the caller's own, and others that stay.
///
/// A fan-out through `DispatchQueue.concurrentPerform` costs tens of microseconds; the workers of a
/// team spin for some microseconds before they park, so that one batch after the other reaches them
/// in less than one. They come from Dispatch, a queue each, and go when the team is released.
///
/// A team works for one caller at a time; another that comes meanwhile decides alone, with the same
/// result. It may be used from any thread.
public final class WorkerTeam: Sendable {
    /// The most workers that a team may have.
    public static let maximumWorkerCount = 16

    /// How many threads work, the caller's included.
    public let workerCount: Int
    /// How often a worker looks for work before it parks.
    let spins: Int
    private let crew: Crew
    private let isWorking = Atomic<Bool>(false)

    /// Gathers a team.
    ///
    /// - Parameters:
    ///   - workerCount: How many work, the caller included; in `1...16`. More than there are cores
    ///     is allowed, and slower.
    ///   - spins: How often a worker looks for work before it parks.
    public init(workerCount: Int, spins: Int = 200_000) {
        precondition(
            (1...Self.maximumWorkerCount).contains(workerCount),
            "a team must have 1 to 16 workers"
        )
        self.workerCount = workerCount
        self.spins = spins
        crew = Crew(workerCount: workerCount, spins: spins)
    }

    deinit { crew.dismiss() }

    /// Does something together; says whether the team was free to.
    func run(_ work: some TeamWork) -> Bool {
        guard !isWorking.exchange(true, ordering: .acquiring) else { return false }
        crew.run(work)
        isWorking.store(false, ordering: .releasing)
        return true
    }
}

/// The workers themselves; they hold it and not the team, so that the team can end.
private final class Crew: Sendable {
    private let starts: Turnstile
    private let meeting: Meeting
    private let isDismissed = Atomic<Bool>(false)
    /// Written before the start that tells of it, read after.
    nonisolated(unsafe) private var work: (any TeamWork)?

    init(workerCount: Int, spins: Int) {
        starts = Turnstile(workerCount: workerCount, spins: spins)
        meeting = Meeting(workerCount: workerCount, spins: spins)
        for worker in 1..<max(workerCount, 1) {
            DispatchQueue(label: "headroom.allocation.\(worker)", qos: .userInitiated)
                .async { self.serve(as: worker) }
        }
    }

    func run(_ given: any TeamWork) {
        unsafe work = given
        starts.step()
        given.work(as: 0, meeting: meeting)
        meeting.attend(as: 0)
        unsafe work = nil
    }

    func dismiss() {
        isDismissed.store(true, ordering: .relaxed)
        starts.step()
    }

    private func serve(as worker: Int) {
        var served: UInt64 = 0
        while true {
            starts.wait(beyond: served, as: worker)
            served += 1
            if isDismissed.load(ordering: .relaxed) { return }
            unsafe work?.work(as: worker, meeting: meeting)
            meeting.attend(as: worker)
        }
    }
}
