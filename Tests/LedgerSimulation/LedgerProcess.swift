// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import QuotaLedger

/// What a process is asked, with what its answer is to be compared with.
struct Ticket: Hashable, Sendable {
    var request: Int
    var operations: [Operation]
}

/// An operation that a core has answered, in the order of its answers.
struct DecidedOperation {
    var operation: Operation
    var now: LedgerTime
    var answer: CoreAnswer
    /// The newest operation's entry in front of it.
    var follows: EntryNumber?
    /// The first entry that was not durable while it was decided.
    var durable: EntryNumber

    /// Whether it is about redacting entries some of which were not durable yet: nobody had been told
    /// their numbers, and the ledger, which reads entries before they are redacted, knows none such.
    var isAhead: Bool {
        var action = operation.action
        if case .propose(let proposal) = action { action = proposal.action }
        guard case .redact(let redaction) = action else { return false }
        return redaction.entries.contains { $0 >= durable }
    }
}

/// A process that has taken a log over and does not know its state yet.
struct Opening {
    var number: Int
    var log: SimulatedEntryLog
    var head: LogHead
    var frontier: MerkleFrontier
}

/// A process with a ledger: the three values of a ledger, and what they want done.
///
/// It is what ``QuotaLedger/Ledger`` is, with steps in place of threads.
final class LedgerProcess {
    typealias Driver = LedgerDriver<Ticket>

    let number: Int
    let log: SimulatedEntryLog
    /// How far its clock is off.
    var offMilliseconds: Int64 = 0
    /// What the core has answered and the judge has not seen in the log yet.
    var unseen: [DecidedOperation] = []

    /// The newest operation's entry that the core knows.
    private var newestOperation: EntryNumber?
    private(set) var core: LedgerCore
    private(set) var driver: Driver
    private var writer: BatchWriter
    private let secret: LedgerSecret
    private var toDecide: [PreparedOperation]?
    private var toCopy = false
    private var toWrite: [DecidedEntries]?
    private var toAppend: EncodedBatch?
    private(set) var isAppending = false
    private(set) var toRecall: [EntryNumber]?
    private var toTell: ArraySlice<[LedgerDelivery<Ticket>]> = []
    private var copy: StateCopy?
    private(set) var isSnapshotAsked = false
    /// A snapshot that is ready to be saved.
    private(set) var snapshot: (words: [UInt64], next: EntryNumber)?

    /// The most operations of a batch, and entries of an append: few, so that batches are cut.
    private static let maximumBatchCount = 12
    /// How many operations are decided although others wait to be written.
    private static let crowdCount = 2
    static let maximumEntryCount = 5

    init(
        _ opening: Opening,
        core: consuming LedgerCore,
        newestOperation: EntryNumber?,
        secret: LedgerSecret
    ) {
        number = opening.number
        self.newestOperation = newestOperation
        self.secret = secret
        log = opening.log
        driver = Driver(
            next: core.next,
            maximumBatchCount: Self.maximumBatchCount,
            crowdCount: Self.crowdCount
        )
        core.use(secret)
        core.read(opening.log)
        self.core = core
        writer = BatchWriter(
            secret: secret,
            head: opening.head,
            frontier: opening.frontier,
            maximumEntryCount: Self.maximumEntryCount
        )
    }

    var hasFailed: Bool { driver.failure != nil }
    var canDecide: Bool { toDecide != nil }
    var canCopy: Bool { toCopy }
    var canBegin: Bool { !isAppending && (toWrite != nil || toAppend != nil) }
    var canTell: Bool { !toTell.isEmpty }
    /// Whether nothing is under way or wanted.
    var isIdle: Bool {
        driver.isIdle && !canDecide && !canCopy && !canBegin && !isAppending && !canTell
            && snapshot == nil && toRecall == nil
    }

    /// Whether its state is the one after the last durable entry, `next` being the one behind.
    func hasDurableState(before next: EntryNumber) -> Bool {
        core.next == next
            && !unseen.contains { if case .recorded = $0.answer { true } else { false } }
    }

    // MARK: - Steps

    func submit(_ ticket: Ticket) {
        perform(driver.submit(core.preparer.prepared(ticket.operations), from: ticket))
    }

    func decide(at now: LedgerTime, durable: UInt64) {
        guard let operations = toDecide else { return }
        toDecide = nil
        let outcome: BatchEffects
        do throws(LedgerError) {
            outcome = try core.decide(operations, now: now)
        } catch {
            return perform(driver.failed(error))
        }
        for (operation, answer) in zip(operations, outcome.answers) {
            unseen.append(
                DecidedOperation(
                    operation: operation.operation,
                    now: now,
                    answer: answer,
                    follows: newestOperation,
                    durable: EntryNumber(rawValue: durable)
                )
            )
            if case .recorded(let number) = answer { newestOperation = number }
        }
        perform(driver.decided(outcome))
    }

    func copyState() {
        guard toCopy else { return }
        toCopy = false
        copy = core.stateCopy
        perform(driver.copied())
    }

    /// Encodes the next batch and writes it, unsynced.
    func beginAppend() {
        guard canBegin else { return }
        do throws(LedgerError) {
            if let batches = toWrite {
                toWrite = nil
                for entries in batches { writer.put(entries) }
                toAppend = try writer.nextBatch()
            }
            guard let batch = toAppend else { return }
            log.begin(batch, replacing: try redacted(with: batch), expecting: writer.head)
            isAppending = true
        } catch {
            perform(driver.failed(error))
        }
    }

    private func redacted(
        with batch: EncodedBatch
    ) throws(LedgerError) -> [RedactedBatch] {
        do {
            return try log.redacted(writer.redacted(with: batch), secret: secret)
        } catch {
            throw .log(error)
        }
    }

    func finishAppend(_ fate: AppendFate) {
        guard isAppending, let batch = toAppend else { return }
        isAppending = false
        toAppend = nil
        do throws(LedgerError) {
            let next = try writer.settle(batch, try appended(fate))
            toAppend = try writer.nextBatch()
            perform(driver.wrote(next: next))
        } catch {
            perform(driver.failed(error))
        }
    }

    private func appended(_ fate: AppendFate) throws(LedgerError) -> AppendOutcome {
        do {
            return try log.finish(fate)
        } catch {
            throw .log(error)
        }
    }

    func recall(failsAfter batchCount: Int?) {
        guard let numbers = toRecall else { return }
        toRecall = nil
        log.failReads(after: batchCount)
        defer { log.failReads(after: nil) }
        do throws(LedgerError) {
            let entries = try log.entries(numbers)
            perform(driver.recalled(entries))
        } catch {
            perform(driver.failed(error))
        }
    }

    func requestSnapshot() {
        guard !isSnapshotAsked else { return }
        isSnapshotAsked = true
        perform(driver.requestCopy())
    }

    /// Says the next thing to callers.
    func tell() -> [LedgerDelivery<Ticket>] { toTell.popFirst() ?? [] }

    func takeSnapshot() -> (words: [UInt64], next: EntryNumber)? {
        defer { snapshot = nil }
        if snapshot != nil { isSnapshotAsked = false }
        return snapshot
    }

    private func perform(_ effects: [Driver.Effect]) {
        for effect in effects {
            switch effect {
            case .decide(let operations): toDecide = operations
            case .copyState: toCopy = true
            case .write(let entries): toWrite = entries
            case .recall(let numbers): toRecall = numbers
            case .publish(let publication): publication.apply()
            case .deliver(let deliveries): toTell.append(Array(deliveries))
            // At once, before anything else is written: the writer stands where the copy ends.
            case .handOver(let isDurable): handOver(isDurable: isDurable)
            }
        }
    }

    private func handOver(isDurable: Bool) {
        defer { copy = nil }
        if isDurable, let copy, let words = writer.snapshot(of: copy) {
            snapshot = (words, copy.next)
        } else {
            isSnapshotAsked = false
        }
    }
}
