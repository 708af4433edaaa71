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
/// What happens when is ``LedgerDriver``'s to say; here are only the threads that do it: one that
/// decides and never waits for the disk, one that appends, reads and answers and never decides.
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

    typealias Driver = LedgerDriver<Completion>

    let log: any EntryLog
    let clock: Clock
    let core: Mutex<LedgerCore>
    let driver: Mutex<Driver>
    /// Changed on the writer's thread only.
    let writing: Mutex<BatchWriter>
    let snapshots: (any SnapshotStore)?
    /// Keeps the operations that are not the newest, if anyone does.
    let keeper: OperationKeeper?
    let policy: SnapshotPolicy
    /// The first entry that the newest snapshot does not take in.
    let snapshotNext: Mutex<UInt64>
    /// The copy of the state that is being made.
    let copying = Mutex<CopyUnderWay?>(nil)
    /// How the state was rebuilt when the ledger was opened.
    public let recovery: LedgerRecovery
    private let decider = DispatchQueue(label: "headroom.decider")
    private let writer = DispatchQueue(label: "headroom.writer")
    /// Saves one snapshot after the other.
    let saver = DispatchQueue(label: "headroom.snapshots")

    /// The most operations that are decided as one batch.
    public static let maximumBatchCount = 16_384

    init(
        log: any EntryLog,
        core: consuming LedgerCore,
        snapshots: (any SnapshotStore)?,
        keeper: OperationKeeper?,
        policy: SnapshotPolicy,
        writer: consuming BatchWriter,
        clock: @escaping Clock
    ) {
        self.log = log
        self.clock = clock
        self.snapshots = snapshots
        self.keeper = keeper
        self.policy = policy
        let recovery = core.recovery ?? LedgerRecovery()
        self.recovery = recovery
        snapshotNext = Mutex(recovery.replayedFrom.rawValue)
        driver = Mutex(Driver(next: core.next))
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
        perform(driver.withLock { $0.submit(operations, from: completion) })
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
        let answer: CheckAnswer
        do throws(LedgerError) {
            answer = try core.withLock { core throws(LedgerError) in
                try core.check(operation, now: now)
            }
        } catch {
            fail(error)
            drain()
            throw error
        }
        // A duplicate of something that is not durable yet waits for it.
        if case .replay = answer { drain() }
        if let failure = driver.withLock({ $0.failure }) { throw failure }
        return answer
    }

    /// The cap report at a moment not before the newest entry, as far as decided; `nil` while no
    /// rulebook is in force.
    ///
    /// - Throws: ``LedgerError`` once the ledger is closed.
    public func capReport(at time: LedgerTime? = nil) throws(LedgerError) -> CapReport? {
        // Folded outside of the lock: deciding goes on meanwhile.
        let state = core.withLock { $0.state }
        if let failure = driver.withLock({ $0.failure }) { throw failure }
        return state.capReport(after: time)
    }

    /// Waits until everything submitted so far is durable or has failed.
    public func drain() {
        let done = DispatchSemaphore(value: 0)
        perform(driver.withLock { $0.drain(for: { _ in done.signal() }) })
        done.wait()
    }

    // MARK: - The threads

    /// Has each effect done by the thread that does such; two effects for one thread stay in order.
    ///
    /// What comes of the writer's own work is said at once: whoever drains the ledger relies on all
    /// being told that were in front.
    func perform(_ effects: [Driver.Effect], onWriter: Bool = false) {
        for effect in effects {
            switch effect {
            case .decide(let operations): decider.async { self.decide(operations) }
            case .copyState: decider.async { self.copyState() }
            case .write(let entries): writer.async { self.write(entries) }
            case .recall(let numbers): writer.async { self.recall(numbers) }
            case .deliver, .handOver:
                if onWriter { tell(effect) } else { writer.async { self.tell(effect) } }
            }
        }
    }

    /// Tells those who wait for it, on the writer's thread.
    private func tell(_ effect: Driver.Effect) {
        switch effect {
        case .deliver(let deliveries):
            for delivery in deliveries { delivery.caller(delivery.result) }
        case .handOver(let isDurable): handOver(isDurable: isDurable)
        case .decide, .copyState, .write, .recall: break
        }
    }

    private func decide(_ operations: [Operation]) {
        let now = clock()
        do throws(LedgerError) {
            let outcome = try core.withLock { core throws(LedgerError) in
                let outcome = try core.decide(operations, now: now)
                if let keeper {
                    core.state.operations.exchange(with: keeper, next: core.next.rawValue)
                }
                return outcome
            }
            perform(driver.withLock { $0.decided(outcome) })
        } catch {
            fail(error)
        }
    }

    /// Ends the ledger's work because nobody can tell any more which operations are known.
    ///
    /// It is told on the writer's thread, so that whoever drains the ledger is told last.
    private func fail(_ error: LedgerError) {
        keeper?.forget()
        writer.async { self.perform(self.driver.withLock { $0.failed(error) }, onWriter: true) }
    }

    private func write(_ entries: DecidedEntries) {
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
                perform(driver.withLock { $0.wrote(next: next) }, onWriter: true)
            }
        } catch {
            perform(driver.withLock { $0.failed(error) }, onWriter: true)
        }
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
            perform(driver.withLock { $0.recalled(entries) }, onWriter: true)
        } catch {
            perform(driver.withLock { $0.failed(error) }, onWriter: true)
        }
    }
}
