// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Synchronization

extension Ledger {
    /// Does a duty that was taken up, and then what there is to do because of it.
    ///
    /// A worker keeps what it can go on with, so that an operation that comes alone is decided,
    /// written and answered by one thread, and gives to another what would hold it up: while there
    /// is more to decide, writing; while there is more to write, telling. So neither the next batch
    /// nor the next commit waits for answers.
    ///
    /// - Parameters:
    ///   - first: The duty.
    ///   - isLent: Whether the thread is a caller's, who waits for an answer. It decides once, writes
    ///     once and tells nobody but its caller; what is left it gives to a worker.
    func serve(_ first: LedgerDuty, isLent: Bool = false) {
        var duty: LedgerDuty? = first
        while let current = duty {
            switch current {
            case .decide: decideOnward(isLent: isLent)
            case .write: writeOnward(isLent: isLent)
            case .tell: tellOnward()
            }
            duty = nextDuty(isLent: isLent)
        }
    }

    private func start(_ duty: LedgerDuty) { workers.run { self.serve(duty) } }

    /// What this thread does next, having laid down its duty.
    private func nextDuty(isLent: Bool) -> LedgerDuty? {
        let (canWrite, canTell, mayTell) = desk.withLock { desk in
            let mayTell = !isLent || desk.isTellingBrief
            return (desk.takeUpWriting(), desk.takeUpTelling(), mayTell)
        }
        if canTell, canWrite || !mayTell { start(.tell) }
        if canWrite { return .write }
        return canTell && mayTell ? .tell : nil
    }

    /// Lets something happen to the driver from outside of all duties, and has done what comes of it.
    func happen(_ event: (inout Driver) -> [Driver.Effect]) {
        let (canDecide, canWrite, canTell) = desk.withLock { desk in
            desk.happen(event)
            return (takeUpDeciding(&desk), desk.takeUpWriting(), desk.takeUpTelling())
        }
        if canDecide { start(.decide) }
        if canWrite { start(.write) }
        if canTell { start(.tell) }
    }

    /// Asks something of the core between two batches, and waits for the answer.
    func inquire<Answer: Sendable>(
        _ question: @escaping @Sendable (inout LedgerCore) -> Answer
    ) -> Answer {
        let answer = Handover<Answer>()
        let canDecide = desk.withLock { desk in
            desk.ask { core in answer.give(question(&core)) }
            return takeUpDeciding(&desk)
        }
        if canDecide { serve(.decide, isLent: true) }
        return answer.wait()
    }

    /// Takes up deciding, if it was laid down and there is something to do.
    ///
    /// With the desk locked, as is falling asleep: so a decider that sleeps has seen all of it.
    private func takeUpDeciding(_ desk: inout LedgerDesk) -> Bool {
        desk.takeUpDeciding() || (!desk.toDecide.isEmpty && queue.wakeDecider())
    }

    // MARK: - Deciding

    private enum DecidingStep: Sendable {
        case perform(LedgerDesk.Deciding, canWrite: Bool)
        case take
        case passOn
        case stop
    }

    /// Decides until there is nothing to decide, or no room for it.
    private func decideOnward(isLent: Bool) {
        var hasDecided = false
        while true {
            let step = desk.withLock { desk -> DecidingStep in
                let isDone = isLent && hasDecided
                if !isDone, let task = desk.nextToDecide() {
                    return .perform(task, canWrite: desk.takeUpWriting())
                }
                if desk.toDecide.isEmpty {
                    guard desk.driver.hasRoom else {
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
            case .take: take()
            case .passOn: return start(.decide)
            case .stop: return
            }
        }
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

    private func decide(_ operations: [Operation]) {
        let now = clock()
        do throws(LedgerError) {
            let (outcome, publication) = try core.withLock { core throws(LedgerError) in
                let outcome = try core.decide(operations, now: now)
                if let keeper {
                    core.state.operations.exchange(with: keeper, next: core.next.rawValue)
                }
                return (outcome, publisher?(core))
            }
            desk.withLock { $0.happen { $0.decided(outcome, publication: publication) } }
        } catch {
            fail(error)
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
    private func end(_ error: LedgerError) {
        queue.close()
        desk.withLock { $0.happen { $0.failed(error) } }
    }

    // MARK: - Writing

    /// Writes until there is nothing to write.
    private func writeOnward(isLent: Bool) {
        var hasWritten = false
        while true {
            if isLent, hasWritten, desk.withLock({ !$0.toWrite.isEmpty }) { return start(.write) }
            guard let task = desk.withLock({ $0.nextToWrite() }) else { return }
            switch task {
            case .write(let entries): write(entries)
            case .recall(let numbers): recall(numbers)
            case .handOver(let isDurable): handOver(isDurable: isDurable)
            }
            hasWritten = true
        }
    }

    private func write(_ entries: [Entry]) {
        let end = entries.last.map { $0.number.rawValue + 1 } ?? 0
        writing.withLock { $0.put(entries) }
        do throws(LedgerError) {
            while let batch = try writing.withLock({ (writer) throws(LedgerError) in
                try writer.nextBatch()
            }) {
                let outcome = try append(batch)
                let next = try writing.withLock { (writer) throws(LedgerError) in
                    try writer.settle(batch, outcome)
                }
                keeper?.becameDurable(next: next.rawValue)
                writingHappened(hasMore: next.rawValue < end) { $0.wrote(next: next) }
            }
        } catch {
            self.end(error)
            writingHappened(hasMore: false) { _ in [] }
        }
    }

    /// Tells the driver what came of writing, and has others do what this thread will not.
    private func writingHappened(
        hasMore: Bool,
        _ event: (inout Driver) -> [Driver.Effect]
    ) {
        let (canDecide, canTell) = desk.withLock { desk in
            desk.happen(event)
            // Without more to write this thread tells them itself, with nobody waiting for it.
            let isHeldUp = hasMore || !desk.toWrite.isEmpty
            return (desk.takeUpDeciding(), isHeldUp && desk.takeUpTelling())
        }
        if canDecide { start(.decide) }
        if canTell { start(.tell) }
    }

    private func append(_ batch: borrowing EncodedBatch) throws(LedgerError) -> AppendOutcome {
        let head = writing.withLock { $0.head }
        do {
            return try log.append(batch, expecting: head)
        } catch {
            throw .log(error)
        }
    }

    private func recall(_ numbers: [EntryNumber]) {
        do throws(LedgerError) {
            let entries = try log.entries(numbers)
            writingHappened(hasMore: false) { $0.recalled(entries) }
        } catch {
            end(error)
            writingHappened(hasMore: false) { _ in [] }
        }
    }

    // MARK: - Telling

    /// Tells those who wait for it until there is nobody to tell.
    private func tellOnward() {
        while true {
            let told = desk.withLock { $0.takeToTell() }
            guard !told.isEmpty else { return }
            for item in told {
                switch item {
                case .publish(let publication): publication.apply()
                case .deliver(let deliveries):
                    for delivery in deliveries { delivery.caller(delivery.result) }
                }
            }
        }
    }
}
