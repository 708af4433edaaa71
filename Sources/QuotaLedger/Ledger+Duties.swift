// SPDX-License-Identifier: Apache-2.0

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
            case .tell: tellOnward(isLent: isLent)
            }
            duty = nextDuty(isLent: isLent)
        }
    }

    /// Has a worker do a duty that was taken up.
    func start(_ duty: LedgerDuty) { workers.run { self.serve(duty) } }

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

    // MARK: - Telling

    /// Tells those who wait for it until there is nobody to tell.
    private func tellOnward(isLent: Bool) {
        var hasTold = false
        while true {
            if isLent, hasTold, desk.withLock({ !$0.toTell.isEmpty }) { return start(.tell) }
            let told = desk.withLock { $0.takeToTell() }
            guard !told.isEmpty else { return }
            for item in told {
                switch item {
                case .publish(let publication): publication.apply()
                case .deliver(let deliveries):
                    for delivery in deliveries { delivery.caller(delivery.result) }
                }
            }
            hasTold = true
        }
    }
}
