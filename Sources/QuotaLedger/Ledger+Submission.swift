// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import LedgerModel

/// What happens to a submission for which the queue has no room.
public enum WhenFull: Hashable, Sendable {
    /// Answer ``LedgerError/busy(retryAfterMilliseconds:)`` at once; nothing of it is taken.
    case answerBusy
    /// Let it stand in line until there is room, behind those that came before; nobody is overtaken.
    ///
    /// Nothing bounds the line: whoever lets submissions stand in it bounds how many.
    case wait
}

/// Submitting.
///
/// At most so many operations wait to be decided as the ledger was opened with. A submission with
/// more than that is let in when none waits. A submission that is taken is decided and answered
/// whatever becomes of the caller; one task's cancellation does not call it back.
extension Ledger {
    /// Submits operations; the completion is called when the answers are durable.
    ///
    /// Operations of one call stay in their order, and so do calls of one thread. Blocks on nothing
    /// and takes no lock, unless it stands in line.
    ///
    /// - Parameters:
    ///   - operations: What is asked.
    ///   - whenFull: Whether it waits for room.
    ///   - completion: Called once: on a thread of the ledger, or of another caller who waits for an
    ///     answer, or on the calling thread if nothing is taken. It must be quick, as others are
    ///     told after it, and must not wait for this ledger.
    public func submit(
        _ operations: [Operation],
        whenFull: WhenFull = .answerBusy,
        completion: @escaping Completion
    ) {
        guard offer(operations, whenFull, completion) else { return }
        workers.run { self.serve(.decide) }
    }

    /// Submits operations and blocks until their answers are durable.
    ///
    /// If the ledger has nothing to do it uses the calling thread. Not for Swift concurrency's
    /// threads, which must not block: use ``answers(to:whenFull:)`` there.
    ///
    /// - Throws: ``LedgerError``; ``LedgerError/busy(retryAfterMilliseconds:)`` only if it is not to
    ///   wait for room.
    @available(*, noasync, message: "use answers(to:)")
    public func submit(
        _ operations: [Operation],
        whenFull: WhenFull = .wait
    ) throws(LedgerError) -> [LedgerAnswer] {
        let result = Handover<Result<[LedgerAnswer], LedgerError>>()
        if offer(operations, whenFull, { result.give($0) }) { serve(.decide, isLent: true) }
        return try result.wait().get()
    }

    /// Submits operations and returns their answers once they are durable.
    ///
    /// - Throws: ``LedgerError``; ``LedgerError/busy(retryAfterMilliseconds:)`` only if it is not to
    ///   wait for room.
    public func answers(
        to operations: [Operation],
        whenFull: WhenFull = .wait
    ) async throws(LedgerError) -> [LedgerAnswer] {
        let result = await withCheckedContinuation { continuation in
            submit(operations, whenFull: whenFull) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// Waits until everything submitted so far is durable or has failed, and its callers are told.
    public func drain() {
        let result = Handover<Result<[LedgerAnswer], LedgerError>>()
        let submission = Driver.Submission([], from: { result.give($0) })
        let outcome = queue.put(submission, waitsForRoom: true, isTakenWhenClosed: true)
        if case .taken(let mustStartDecider, let mustTellOfCrowd) = outcome {
            if mustTellOfCrowd { tellOfCrowd() }
            if mustStartDecider { serve(.decide, isLent: true) }
        }
        _ = result.wait()
    }

    /// Blocks while operations come faster than what is remembered of them is written.
    ///
    /// For whoever brings them by the million and wants memory to stay bounded: at most about 60 MiB
    /// of them wait. Returns at once where nothing of them is kept on disk, or can be. Any thread that
    /// may block may call it, but none of the ledger's own.
    @available(*, noasync, message: "it blocks")
    public func waitForOperationStorage() { keeper?.waitForRoom() }

    /// Puts operations in the queue, or says why not; whether the caller has to start the decider.
    ///
    /// They are prepared here, on the caller's thread: many callers prepare at once, and the decider
    /// has less to do.
    private func offer(
        _ operations: [Operation],
        _ whenFull: WhenFull,
        _ completion: @escaping Completion
    ) -> Bool {
        let submission = Driver.Submission(preparer.prepared(operations), from: completion)
        switch queue.put(submission, waitsForRoom: whenFull == .wait) {
        case .taken(let mustStartDecider, let mustTellOfCrowd):
            if mustTellOfCrowd { tellOfCrowd() }
            return mustStartDecider
        case .full(let excessCount):
            let milliseconds = pace.millisecondsToDecide(operationCount: excessCount)
            completion(.failure(.busy(retryAfterMilliseconds: milliseconds)))
        case .closed: completion(.failure(.closed))
        }
        return false
    }
}
