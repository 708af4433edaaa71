// SPDX-License-Identifier: Apache-2.0

import Dispatch
import EntryLog
public import LedgerModel
import StateStore
import Synchronization

/// What someone is answered, once it is durable.
public enum LedgerAnswer: Hashable, Sendable {
    /// The operation is this entry.
    case recorded(Entry)
    /// The operation was answered before, by this entry.
    case replayed(Entry)
    /// Bad input: no entry.
    case rejected(Rejection)

    /// The entry that answers, if there is one.
    public var entry: Entry? {
        switch self {
        case .recorded(let entry), .replayed(let entry): entry
        case .rejected: nil
        }
    }
}

/// The ledger: the core with a log, a clock and threads around it.
///
/// Operations of many callers are decided together and made durable with one sync (group commit):
/// while one batch is being made durable, the next is decided, and a lone caller does not wait for
/// company. An answer is given only when its entry is durable.
///
/// Safe to use from any thread. After an error the ledger is closed: open it again. ``close()`` it
/// when nothing more is to be asked.
public final class Ledger: Sendable {
    /// Tells the time in UTC.
    public typealias Clock = @Sendable () -> LedgerTime
    /// Is called once with the answers, in the order of the operations.
    public typealias Completion = @Sendable (Result<[LedgerAnswer], LedgerError>) -> Void

    let log: any EntryLog
    let clock: Clock
    let core: Mutex<LedgerCore>
    let intake = Mutex(Intake())
    let writing: Mutex<BatchWriter>
    let snapshots: (any SnapshotStore)?
    let policy: SnapshotPolicy
    /// The first entry that the newest snapshot does not take in.
    let snapshotNext: Mutex<UInt64>
    /// How the state was rebuilt when the ledger was opened.
    public let recovery: LedgerRecovery
    let decider = DispatchQueue(label: "headroom.decider")
    let writer = DispatchQueue(label: "headroom.writer")
    /// Saves one snapshot after the other.
    let saver = DispatchQueue(label: "headroom.snapshots")
    /// Batches that are decided and not yet durable: enough to keep the writer busy, few enough to
    /// bound memory.
    private let inFlight = DispatchSemaphore(value: 2)

    /// What waits to be decided.
    struct Intake {
        var waiting: [Submission] = []
        var isScheduled = false
        var failure: LedgerError?
        var isClosed = false
        /// Who waits for a copy of the state.
        var copying: CopyRequest?
    }

    struct Submission {
        var operations: [Operation]
        var completion: Completion
    }

    /// The most operations that are decided as one batch.
    public static let maximumBatchCount = 16_384

    init(
        log: any EntryLog,
        core: consuming LedgerCore,
        snapshots: (any SnapshotStore)?,
        policy: SnapshotPolicy,
        writer: consuming BatchWriter,
        clock: @escaping Clock
    ) {
        self.log = log
        self.clock = clock
        self.snapshots = snapshots
        self.policy = policy
        let recovery = core.recovery ?? LedgerRecovery()
        self.recovery = recovery
        snapshotNext = Mutex(recovery.replayedFrom.rawValue)
        self.core = Mutex(core)
        writing = Mutex(writer)
    }

    /// Submits operations; the completion is called on a thread of the ledger when the answers are
    /// durable.
    ///
    /// Operations of one call stay in their order.
    ///
    /// - Parameters:
    ///   - operations: What is asked.
    ///   - completion: Called once; must not wait for this ledger.
    public func submit(_ operations: [Operation], completion: @escaping Completion) {
        let (failure, isFirst) = intake.withLock { intake -> (LedgerError?, Bool) in
            if let failure = intake.failure { return (failure, false) }
            if intake.isClosed { return (.closed, false) }
            intake.waiting.append(Submission(operations: operations, completion: completion))
            defer { intake.isScheduled = true }
            return (nil, !intake.isScheduled)
        }
        if let failure { return writer.async { completion(.failure(failure)) } }
        if isFirst { decider.async { self.decideWaiting() } }
    }

    /// Submits operations and blocks until their answers are durable.
    ///
    /// Not for Swift concurrency's threads, which must not block: use ``answers(to:)`` there.
    @available(*, noasync, message: "use answers(to:)")
    public func submit(_ operations: [Operation]) throws(LedgerError) -> [LedgerAnswer] {
        let box = Mutex<Result<[LedgerAnswer], LedgerError>?>(nil)
        let done = DispatchSemaphore(value: 0)
        submit(operations) { result in
            box.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = box.withLock({ $0 }) else { throw .closed }
        return try result.get()
    }

    /// Submits operations and returns their answers once they are durable.
    public func answers(to operations: [Operation]) async throws(LedgerError) -> [LedgerAnswer] {
        let result = await withCheckedContinuation { continuation in
            submit(operations) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }

    /// What a reservation would be answered as the next operation; nothing is written.
    ///
    /// - Throws: ``LedgerError`` once the ledger is closed.
    public func check(_ operation: Operation) throws(LedgerError) -> CheckAnswer {
        let now = clock()
        let answer = try core.withLock { core throws(LedgerError) in
            try core.check(operation, now: now)
        }
        // A duplicate of something that is not durable yet waits for it.
        if case .replay = answer { drain() }
        if let failure = intake.withLock({ $0.failure }) { throw failure }
        return answer
    }

    /// The cap report at a moment not before the newest entry, as far as decided; `nil` while no
    /// rulebook is in force.
    ///
    /// - Throws: ``LedgerError`` once the ledger is closed.
    public func capReport(at time: LedgerTime? = nil) throws(LedgerError) -> CapReport? {
        // Folded outside of the lock: deciding goes on meanwhile.
        let state = core.withLock { $0.state }
        if let failure = intake.withLock({ $0.failure }) { throw failure }
        return state.capReport(after: time)
    }

    /// Waits until everything submitted so far is durable or has failed.
    public func drain() {
        // A submission may be noted and not yet be scheduled.
        decider.sync { decideWaiting() }
        writer.sync {}
    }

    // MARK: - The decider's thread

    private func decideWaiting() {
        while let submissions = takeWaiting() {
            inFlight.wait()
            let now = clock()
            let operations =
                submissions.count == 1
                ? submissions[0].operations : submissions.flatMap(\.operations)
            let decided = core.withLock { core -> Result<BatchEffects, LedgerError> in
                do throws(LedgerError) {
                    return .success(try core.decide(operations, now: now))
                } catch {
                    return .failure(error)
                }
            }
            writer.async {
                self.makeDurable(decided, for: submissions)
                self.inFlight.signal()
            }
            serveCopyRequest()
        }
    }

    private func takeWaiting() -> [Submission]? {
        intake.withLock { intake in
            guard !intake.waiting.isEmpty else {
                intake.isScheduled = false
                return nil
            }
            var count = 0
            let end =
                intake.waiting.firstIndex { submission in
                    defer { count += submission.operations.count }
                    return count > 0
                        && count + submission.operations.count > Self.maximumBatchCount
                } ?? intake.waiting.endIndex
            let taken = Array(intake.waiting[..<end])
            intake.waiting.removeFirst(end)
            return taken
        }
    }

    // MARK: - The writer's thread

    private func makeDurable(
        _ decided: Result<BatchEffects, LedgerError>,
        for submissions: [Submission]
    ) {
        if let failure = intake.withLock({ $0.failure }) {
            for submission in submissions { submission.completion(.failure(failure)) }
            return
        }
        do {
            let effects = try decided.get()
            try writing.withLock { (writer) throws(LedgerError) in
                try writer.append(effects.entries, to: log)
            }
            try answer(effects, submissions)
        } catch {
            close(because: error, failing: submissions)
        }
    }

    private func answer(
        _ effects: BatchEffects,
        _ submissions: [Submission]
    ) throws(LedgerError) {
        var all: [LedgerAnswer] = []
        all.reserveCapacity(effects.answers.count)
        let first = effects.entries.first?.number
        let earlier = try replayedEntries(
            effects.answers.lazy.compactMap { answer in
                guard case .replay(let number) = answer else { return nil }
                return first.map { number < $0 } ?? true ? number : nil
            }
        )
        for answer in effects.answers {
            switch answer {
            case .recorded(let number):
                all.append(.recorded(try entry(number, among: effects.entries, or: earlier)))
            case .replay(let number):
                all.append(.replayed(try entry(number, among: effects.entries, or: earlier)))
            case .rejected(let rejection): all.append(.rejected(rejection))
            }
        }
        guard submissions.count > 1 else {
            submissions.first?.completion(.success(all))
            return
        }
        var start = 0
        for submission in submissions {
            let end = start + submission.operations.count
            submission.completion(.success(Array(all[start..<end])))
            start = end
        }
    }

    private func entry(
        _ number: EntryNumber,
        among entries: [Entry],
        or earlier: [EntryNumber: Entry]
    ) throws(LedgerError) -> Entry {
        if let first = entries.first, number >= first.number {
            return entries[Int(number.rawValue - first.number.rawValue)]
        }
        guard let entry = earlier[number] else {
            throw .log(.corrupt(at: .entry(number), what: "it is missing"))
        }
        return entry
    }

    /// Nothing after a failed append can be trusted to be recorded: everyone who waits is told, and
    /// the ledger takes nothing more.
    private func close(because error: LedgerError, failing submissions: [Submission]) {
        let waiting = intake.withLock { intake in
            intake.failure = .closed
            defer { intake.waiting.removeAll() }
            return intake.waiting
        }
        for submission in submissions { submission.completion(.failure(error)) }
        for submission in waiting { submission.completion(.failure(.closed)) }
    }
}
