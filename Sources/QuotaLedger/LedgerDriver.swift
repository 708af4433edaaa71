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
/// - What arrives while both are busy is decided together. While a decided batch waits for the
///   writer, more is decided only if there is a crowd of it, so that few batches are small.
/// - All that is decided when the writer is free is made durable together.
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
        case decide([PreparedOperation])
        /// Copy the core's state, then tell ``copied()``.
        case copyState
        /// Append these entries, which follow each other and none of which is missing, in one or
        /// several appends, and tell ``wrote(next:)`` after each, or ``failed(_:)``.
        case write([DecidedEntries])
        /// Read these entries from the log, then tell ``recalled(_:)`` or ``failed(_:)``.
        case recall([EntryNumber])
        /// Make this visible, before what comes after it is told.
        case publish(BatchPublication)
        /// Give these answers, in this order.
        case deliver(LedgerDeliveries<Caller>)
        /// The copy is of all that is durable, as long as no later effect is done; or the ledger has
        /// failed, and there is none.
        case handOver(isDurable: Bool)
    }

    /// What one caller asks in one go.
    package struct Submission: Sendable {
        /// What is asked; nothing, of one who only wants to know when all in front are answered.
        package var operations: [PreparedOperation]
        /// Who asks.
        package var caller: Caller

        /// Makes a submission.
        package init(_ operations: [PreparedOperation], from caller: Caller) {
            self.operations = operations
            self.caller = caller
        }
    }

    /// Submissions that are to be decided together, with their operations in one row.
    package struct Batch: Sendable {
        let submissions: [Submission]
        let operations: [PreparedOperation]

        /// Makes a batch; O(operations), for which nobody has to hold the driver.
        package init(_ submissions: [Submission]) {
            self.submissions = submissions
            operations =
                submissions.count == 1
                ? submissions[0].operations : submissions.flatMap(\.operations)
        }
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
    private let crowdCount: Int
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
    ///   - crowdCount: How many operations are a crowd: enough to be worth waking the decider for.
    package init(
        next: EntryNumber,
        maximumBatchCount: Int = Ledger.maximumBatchCount,
        crowdCount: Int = Ledger.crowdCount
    ) {
        durable = next.rawValue
        self.maximumBatchCount = maximumBatchCount
        self.crowdCount = crowdCount
    }

    /// Whether nothing waits, is under way or is unanswered.
    package var isIdle: Bool {
        guard case .nothing = deciding else { return false }
        return waiting.isEmpty && line.isEmpty && !isCopyAwaited
    }

    // MARK: - What callers do

    /// Takes operations that stay in their order.
    package mutating func submit(
        _ operations: [PreparedOperation],
        from caller: Caller
    ) -> [Effect] {
        let submission = Submission(operations, from: caller)
        return isClosed && failure == nil
            ? refused(submission, .closed) : takeIn(submission)
    }

    /// Whether ``submit(_:)`` would have a batch of any size decided at once.
    package var hasRoom: Bool { hasRoom(for: 0) }

    /// Whether ``submit(_:)`` would have a batch of so many operations decided at once.
    package func hasRoom(for operationCount: Int) -> Bool {
        guard case .nothing = deciding else { return false }
        return failure != nil || waiting.isEmpty && isWorthDeciding(operationCount)
    }

    /// Whether so many operations would be decided if a crowd of them came.
    package var hasRoomForCrowd: Bool { hasRoom(for: crowdCount) }

    /// Takes submissions that were let in before it was closed, if it was.
    ///
    /// For an owner who has a queue in front of the driver, and submits when it ``hasRoom``.
    package mutating func submit(_ batch: Batch) -> [Effect] {
        if let failure {
            var deliveries = LedgerDeliveries<Caller>()
            deliveries.fail(batch.submissions, failure)
            return [.deliver(deliveries)]
        }
        guard hasRoom(for: batch.operations.count) else {
            waiting += batch.submissions
            return []
        }
        deciding = .batch(batch.submissions)
        return [.decide(batch.operations)]
    }

    /// Answers nothing, once everything that was submitted so far is answered.
    package mutating func drain(for caller: Caller) -> [Effect] {
        takeIn(Submission([], from: caller))
    }

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

    private func refused(_ submission: Submission, _ error: LedgerError) -> [Effect] {
        var deliveries = LedgerDeliveries<Caller>()
        deliveries.fail([submission], error)
        return [.deliver(deliveries)]
    }

    private mutating func takeIn(_ submission: Submission) -> [Effect] {
        if let failure { return refused(submission, failure) }
        waiting.append(submission)
        var effects: [Effect] = []
        decideNext(&effects)
        return effects
    }

    // MARK: - What became of effects

    /// The core has decided what it was given.
    ///
    /// - Parameters:
    ///   - outcome: What it led to.
    ///   - publication: What is to be made visible once all of it is durable, if anything.
    /// - Returns: What is to be done next.
    package mutating func decided(
        _ outcome: BatchEffects,
        publication: BatchPublication? = nil
    ) -> [Effect] {
        guard case .batch(let submissions) = deciding else {
            precondition(failure != nil, "what is decided was given to decide")
            return []
        }
        deciding = .nothing
        line.append(.batch(DecidedBatch(outcome, submissions, publication: publication)))
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
        var deliveries = LedgerDeliveries<Caller>()
        var reason = error
        for case .batch(let batch) in line {
            // Only what has begun was part of what failed.
            deliveries.fail(batch.unanswered, batch.hasBegun ? error : .closed)
            reason = .closed
        }
        line.removeAll()
        if case .batch(let submissions) = deciding { deliveries.fail(submissions, reason) }
        deciding = .nothing
        deliveries.fail(waiting, .closed)
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
            if !batch.hasBegun { begin(&batch, &effects) }
            if let publication = batch.takePublication(durable: durable) {
                effects.append(.publish(publication))
            }
            if let deliveries = batch.deliveries(durable: durable) {
                effects.append(.deliver(deliveries))
            }
            guard batch.isDone(durable: durable) else {
                return line.insert(.batch(batch), at: 0)
            }
        }
    }

    /// Begins what has come to the front, and with it what was decided behind it meanwhile.
    ///
    /// The writer is free: all that had begun before is durable.
    private mutating func begin(_ front: inout DecidedBatch<Caller>, _ effects: inout [Effect]) {
        front.hasBegun = true
        var written = [front.entries]
        var count = front.entries.count
        for (place, decided) in line.enumerated() {
            // A copy is handed over where the writer stands, and a recall reads what is durable.
            guard case .batch(var batch) = decided, !batch.awaitsRecall,
                count + batch.entries.count <= maximumBatchCount
            else { break }
            count += batch.entries.count
            written.append(batch.entries)
            batch.hasBegun = true
            line[place] = .batch(batch)
        }
        written.removeAll { $0.isEmpty }
        if !written.isEmpty { effects.append(.write(written)) }
        if front.awaitsRecall { effects.append(.recall(front.wanted)) }
    }

    /// Gives the decider something to do, if it has nothing and there is room.
    private mutating func decideNext(_ effects: inout [Effect]) {
        guard failure == nil, case .nothing = deciding else { return }
        if isCopyWanted {
            isCopyWanted = false
            deciding = .copying
            return effects.append(.copyState)
        }
        guard !waiting.isEmpty,
            isWorthDeciding(waiting.reduce(0) { $0 + $1.operations.count })
        else { return }
        let batch = Batch(takeWaiting())
        deciding = .batch(batch.submissions)
        effects.append(.decide(batch.operations))
    }

    /// Whether so many operations are to be decided now.
    ///
    /// As soon as nothing waits for the writer any number is, so that it has something to go on with;
    /// before, only a crowd, and not if much waits already, so that memory is bounded.
    private func isWorthDeciding(_ operationCount: Int) -> Bool {
        var (isWriterAwaited, awaitingCount) = (false, 0)
        for case .batch(let batch) in line where !batch.hasBegun {
            isWriterAwaited = true
            awaitingCount += batch.entries.count
        }
        return !isWriterAwaited
            || operationCount >= crowdCount && awaitingCount < maximumBatchCount / 4
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
