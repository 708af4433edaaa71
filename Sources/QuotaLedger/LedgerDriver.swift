// SPDX-License-Identifier: Apache-2.0

import EntryLog
package import LedgerModel

/// What happens when in a ledger: intake, group commit, pipelining, answers, failure.
///
/// A synchronous state machine without threads, clock, I/O or randomness. It is told what happened
/// and says what is to be done; whoever drives it does that, at any later moment, and tells it the
/// result. Its rules:
///
/// - At most one ``Effect/decide(_:)`` or ``Effect/copyState`` is under way, and beside it at most
///   one ``Effect/write(_:)`` and one ``Effect/recall(_:)``. So the next batch is decided while one
///   is being made durable.
/// - What arrives while both are busy is decided together and made durable together.
/// - Answers are given in the order of submission, and only once all that they rest on is durable:
///   their entries, the entries that they repeat, and whatever was decided before a rejection.
/// - After a failure nobody is told that anything is done, and nothing more is taken.
///
/// `Caller` is whatever the driver's owner knows a caller by.
package struct LedgerDriver<Caller: Sendable>: Sendable {
    /// What is to be done.
    package enum Effect: Sendable {
        /// Let the core decide these at the time that it is, then tell ``decided(_:)``
        /// or ``failed(_:)``.
        case decide([Operation])
        /// Copy the core's state, then tell ``copied()``.
        case copyState
        /// Append these entries, in one or several appends, and tell ``wrote(next:)`` after each,
        /// or ``failed(_:)``.
        case write(DecidedEntries)
        /// Read these entries from the log, then tell ``recalled(_:)`` or ``failed(_:)``.
        case recall([EntryNumber])
        /// Give these answers, in this order.
        case deliver([LedgerDelivery<Caller>])
        /// The copy is of all that is durable, as long as no later effect is done; or the ledger has
        /// failed, and there is none.
        case handOver(isDurable: Bool)
    }

    struct Submission: Sendable {
        var operations: [Operation]
        var caller: Caller
    }

    /// What the decider does.
    private enum Deciding {
        case nothing
        case batch([Submission])
        case copying
    }

    /// What is decided and not yet done with, in order.
    private enum Decided {
        case batch(DecidedBatch<Caller>)
        /// Here a copy of the state was made.
        case copy
    }

    private let maximumBatchCount: Int
    private let maximumInFlight: Int
    private var waiting: [Submission] = []
    private var deciding = Deciding.nothing
    private var line: [Decided] = []
    private var isCopyWanted = false
    /// Whether someone waits for ``Effect/handOver(isDurable:)``.
    private var isCopyAwaited = false
    /// The first entry that is not known to be durable.
    private var durable: UInt64
    /// What is said to whoever asks after a failure.
    package private(set) var failure: LedgerError?
    private var isClosed = false

    /// Makes the driver of a ledger whose log was just read.
    ///
    /// - Parameters:
    ///   - next: The number of the next entry.
    ///   - maximumBatchCount: The most operations that are decided as one batch, unless one caller
    ///     submits more at once.
    ///   - maximumInFlight: The most batches that are decided and not yet durable: enough to keep
    ///     the writer busy, few enough to bound memory.
    package init(
        next: EntryNumber,
        maximumBatchCount: Int = Ledger.maximumBatchCount,
        maximumInFlight: Int = 2
    ) {
        durable = next.rawValue
        self.maximumBatchCount = maximumBatchCount
        self.maximumInFlight = maximumInFlight
    }

    /// Whether nothing waits, is under way or is unanswered.
    package var isIdle: Bool {
        guard case .nothing = deciding else { return false }
        return waiting.isEmpty && line.isEmpty && !isCopyAwaited
    }

    // MARK: - What callers do

    /// Takes operations that stay in their order.
    package mutating func submit(_ operations: [Operation], from caller: Caller) -> [Effect] {
        isClosed && failure == nil
            ? [.deliver([LedgerDelivery(caller, failedBy: .closed)])]
            : takeIn(operations, from: caller)
    }

    /// Answers nothing, once everything that was submitted so far is answered.
    package mutating func drain(for caller: Caller) -> [Effect] { takeIn([], from: caller) }

    /// Takes nothing more from now on; says whether it still did.
    package mutating func close() -> Bool {
        defer { isClosed = true }
        return !isClosed
    }

    /// Asks for a copy of a state of which every entry is durable; one at a time.
    package mutating func requestCopy() -> [Effect] {
        precondition(!isCopyAwaited, "one copy is asked for at a time")
        guard failure == nil else { return [.handOver(isDurable: false)] }
        isCopyAwaited = true
        isCopyWanted = true
        var effects: [Effect] = []
        decideNext(&effects)
        return effects
    }

    private mutating func takeIn(_ operations: [Operation], from caller: Caller) -> [Effect] {
        if let failure { return [.deliver([LedgerDelivery(caller, failedBy: failure)])] }
        waiting.append(Submission(operations: operations, caller: caller))
        var effects: [Effect] = []
        decideNext(&effects)
        return effects
    }

    // MARK: - What became of effects

    /// The core has decided what it was given.
    package mutating func decided(_ outcome: BatchEffects) -> [Effect] {
        guard case .batch(let submissions) = deciding else {
            precondition(failure != nil, "what is decided was given to decide")
            return []
        }
        deciding = .nothing
        line.append(.batch(DecidedBatch(outcome, submissions)))
        return proceed()
    }

    /// The core's state has been copied.
    package mutating func copied() -> [Effect] {
        guard case .copying = deciding else {
            precondition(failure != nil, "a copy is made when it is wanted")
            return []
        }
        deciding = .nothing
        line.append(.copy)
        return proceed()
    }

    /// An append is durable, up to the entry in front of `next`.
    package mutating func wrote(next: EntryNumber) -> [Effect] {
        precondition(next.rawValue > durable, "an append makes something durable")
        durable = next.rawValue
        return proceed()
    }

    /// Entries have been read.
    package mutating func recalled(_ entries: [EntryNumber: Entry]) -> [Effect] {
        guard failure == nil, case .batch(var batch)? = line.first else { return [] }
        if let missing = batch.wanted.first(where: { entries[$0] == nil }) {
            return failed(.log(.corrupt(at: .entry(missing), what: "it is missing")))
        }
        batch.recall(entries)
        line[0] = .batch(batch)
        return proceed()
    }

    /// Something failed.
    ///
    /// Nothing after it can be trusted to be recorded: everyone who waits is told, and nothing more
    /// is taken.
    package mutating func failed(_ error: LedgerError) -> [Effect] {
        guard failure == nil else { return [] }
        failure = .closed
        var deliveries: [LedgerDelivery<Caller>] = []
        var reason = error
        for case .batch(let batch) in line {
            deliveries += batch.unanswered.map { LedgerDelivery($0.caller, failedBy: reason) }
            // Only those in front were part of what failed.
            reason = .closed
        }
        line.removeAll()
        if case .batch(let submissions) = deciding {
            deliveries += submissions.map { LedgerDelivery($0.caller, failedBy: reason) }
        }
        deciding = .nothing
        deliveries += waiting.map { LedgerDelivery($0.caller, failedBy: .closed) }
        waiting.removeAll()
        isCopyWanted = false
        defer { isCopyAwaited = false }
        return [.deliver(deliveries)] + (isCopyAwaited ? [.handOver(isDurable: false)] : [])
    }

    // MARK: - What is next

    private mutating func proceed() -> [Effect] {
        var effects: [Effect] = []
        answerNext(&effects)
        decideNext(&effects)
        return effects
    }

    /// Answers from the front what can be answered, and begins what comes to the front.
    private mutating func answerNext(_ effects: inout [Effect]) {
        while !line.isEmpty {
            guard case .batch(var batch) = line.removeFirst() else {
                isCopyAwaited = false
                effects.append(.handOver(isDurable: true))
                continue
            }
            if !batch.hasBegun {
                batch.hasBegun = true
                if !batch.entries.isEmpty { effects.append(.write(batch.entries)) }
                if batch.awaitsRecall { effects.append(.recall(batch.wanted)) }
            }
            let deliveries = batch.deliveries(durable: durable)
            if !deliveries.isEmpty { effects.append(.deliver(deliveries)) }
            guard batch.isDone(durable: durable) else {
                return line.insert(.batch(batch), at: 0)
            }
        }
    }

    /// Gives the decider something to do, if it has nothing and there is room.
    private mutating func decideNext(_ effects: inout [Effect]) {
        guard failure == nil, case .nothing = deciding else { return }
        if isCopyWanted {
            isCopyWanted = false
            deciding = .copying
            return effects.append(.copyState)
        }
        let inFlight = line.count { if case .batch = $0 { true } else { false } }
        guard !waiting.isEmpty, inFlight < maximumInFlight else { return }
        let submissions = takeWaiting()
        deciding = .batch(submissions)
        effects.append(
            .decide(
                submissions.count == 1
                    ? submissions[0].operations : submissions.flatMap(\.operations)
            )
        )
    }

    private mutating func takeWaiting() -> [Submission] {
        var count = 0
        let end =
            waiting.firstIndex { submission in
                defer { count += submission.operations.count }
                return count > 0 && count + submission.operations.count > maximumBatchCount
            } ?? waiting.endIndex
        defer { waiting.removeFirst(end) }
        return Array(waiting[..<end])
    }
}
