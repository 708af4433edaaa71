// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel
import Synchronization

/// What the decider does.
extension Ledger {
    private enum DecidingStep: Sendable {
        case perform(LedgerDesk.Deciding, canWrite: Bool)
        case take
        case passOn
        case stop
    }

    /// Decides until there is nothing to decide, or no room for it.
    ///
    /// After a question it looks into the queue first, so that many questions hold nobody up.
    func decideOnward(isLent: Bool) {
        var hasDecided = false
        var wasAsked = false
        while true {
            let step = desk.withLock { desk -> DecidingStep in
                let isDone = isLent && hasDecided
                let isQueuesTurn = wasAsked && desk.driver.hasRoom && queue.hasFront
                if !isDone, !isQueuesTurn, let task = desk.nextToDecide() {
                    return .perform(task, canWrite: desk.takeUpWriting())
                }
                if desk.toDecide.isEmpty {
                    if !desk.driver.hasRoom, !hasCrowd(desk.driver) {
                        desk.blockDeciding()
                        return .stop
                    }
                    if queue.sleepIfEmpty() {
                        pace.rest()
                        return .stop
                    }
                }
                return isDone ? .passOn : .take
            }
            switch step {
            case .perform(let task, let canWrite):
                if canWrite { start(.write) }
                perform(task)
                hasDecided = true
                wasAsked = if case .inquire = task { true } else { false }
            case .take:
                take()
                wasAsked = false
            case .passOn: return start(.decide)
            case .stop: return
            }
        }
    }

    /// Whether a crowd waits for which there is room; if not, whoever makes one takes up deciding.
    private func hasCrowd(_ driver: Driver) -> Bool {
        driver.hasRoomForCrowd && queue.awaitCrowd()
    }

    /// Has the decider look at a crowd that it awaited.
    func tellOfCrowd() {
        if desk.withLock({ $0.takeUpDeciding(for: Self.crowdCount) }) { start(.decide) }
    }

    /// Takes what waits, and lets others write and tell what was decided before.
    private func take() {
        let submissions = queue.take(upTo: Self.maximumBatchCount)
        guard !submissions.isEmpty else { return }
        let batch = Driver.Batch(submissions)
        pace.began(operationCount: batch.operations.count, at: microseconds)
        let (canWrite, canTell) = desk.withLock { desk in
            desk.happen { $0.submit(batch) }
            return (desk.takeUpWriting(), desk.takeUpTelling())
        }
        if canWrite { start(.write) }
        if canTell { start(.tell) }
    }

    /// Since the ledger was opened; not the time of day, and nothing that is recorded depends on it.
    private var microseconds: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - opened).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    private func perform(_ task: LedgerDesk.Deciding) {
        switch task {
        case .decide(let operations): decide(operations)
        case .copyState: copyState()
        case .inquire(let question): core.withLock { question(&$0) }
        }
    }

    private func decide(_ operations: [PreparedOperation]) {
        let now = clock()
        do throws(LedgerError) {
            let (outcome, publication) = try core.withLock { core throws(LedgerError) in
                let outcome = try core.decide(operations, now: now)
                if let keeper {
                    core.state.operations.exchange(with: keeper, next: core.next.rawValue)
                }
                return (outcome, self.publication(of: &core))
            }
            ahead.begin(outcome.decided, whileWriting: desk.withLock { $0.isWriting })
            desk.withLock { $0.happen { $0.decided(outcome, publication: publication) } }
        } catch {
            fail(error)
        }
    }

    /// What is to be made visible once what a core has just decided is durable.
    private func publication(of core: inout LedgerCore) -> BatchPublication? {
        let other = publisher?(core)
        let rooms = core.changedRooms()
        guard !rooms.isEmpty else { return other }
        return BatchPublication { [board] in
            board.publish(rooms)
            other?.apply()
        }
    }

    /// Ends the ledger's work because nobody can tell any more which operations are known.
    func fail(_ error: LedgerError) {
        keeper?.forget()
        end(error)
    }

    /// Ends the ledger's work.
    ///
    /// Nothing more is let in; what waits is told so as soon as the decider takes it.
    func end(_ error: LedgerError) {
        queue.close()
        happen { $0.failed(error) }
    }
}
