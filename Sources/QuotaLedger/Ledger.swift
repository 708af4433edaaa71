// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
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
/// What happens when is ``LedgerDriver``'s to say; here are only the threads that do it. In front of
/// the driver is a bounded queue, so that whoever submits takes no lock and is told when there is no
/// room (``WhenFull``).
///
/// Operations of many callers are decided together and made durable with one sync (group commit):
/// while one batch is being made durable, the next is decided, and a lone caller does not wait for
/// company. An answer is given only when its entry is durable.
///
/// There are three duties, each of which one thread at a time has: to decide, to write, to tell. They
/// go from thread to thread; a caller who blocks anyway may lend its own. The decider never waits for
/// the disk, the writer never decides, and neither waits for whoever is told.
///
/// Safe to use from any thread. After an error the ledger is closed: open it again. ``close()`` it
/// when nothing more is to be asked.
public final class Ledger: Sendable {
    /// Tells the time in UTC.
    public typealias Clock = @Sendable () -> LedgerTime
    /// Is called once with the answers, in the order of the operations.
    public typealias Completion = @Sendable (Result<[LedgerAnswer], LedgerError>) -> Void
    /// Says what is to be made visible once the batch is durable that a core has just decided.
    ///
    /// Called by the decider between two batches; it must be quick, as the next batch waits for it.
    package typealias Publisher = @Sendable (borrowing LedgerCore) -> BatchPublication?

    typealias Driver = LedgerDesk.Driver

    let log: any EntryLog
    let clock: Clock
    /// The decider's; nobody else locks it.
    let core: Mutex<LedgerCore>
    /// Salts the leaves; what is taken out of entries leaves a salted hash.
    let secret: LedgerSecret
    /// Prepares what is submitted; whoever submits uses a copy.
    let preparer: OperationPreparer
    /// What waits to be decided.
    let queue: SubmissionQueue<Driver.Submission>
    /// What is to be done, and who does it.
    let desk: VisibleMutex<LedgerDesk>
    /// The writer's; nobody else locks it.
    let writing: Mutex<BatchWriter>
    let publisher: Publisher?
    /// Shows the room of the limits that are gauged, as far as it is durable.
    let board = LimitBoard()
    /// Encodes what is decided before it is the writer's turn.
    let ahead: AheadEncoder
    let snapshots: (any SnapshotStore)?
    /// Where the trail of holds is kept, if anywhere.
    let trail: (any TrailStore)?
    /// Keeps the operations that are not the newest, if anyone does.
    let keeper: OperationKeeper?
    let policy: SnapshotPolicy
    /// The first entry that the newest snapshot does not take in.
    let snapshotNext: Mutex<UInt64>
    /// The end of the log from which on the next snapshot is due while the ledger works.
    let snapshotDue: Mutex<UInt64>
    /// The copy of the state that is being made.
    let copying = Mutex<CopyUnderWay?>(nil)
    /// How the state was rebuilt when the ledger was opened.
    public let recovery: LedgerRecovery
    let workers = LedgerWorkers()
    /// How fast batches are decided.
    let pace = BatchPace()
    /// When the ledger was opened; not the time of day.
    let opened = ContinuousClock.now
    /// Saves one snapshot after the other, with what answers leave of the cores.
    let saver = DispatchQueue(label: "headroom.snapshots", qos: .background)

    /// The most operations that are decided as one batch.
    public static let maximumBatchCount = 16_384
    /// How many operations are decided although others, decided before, still wait to be written.
    package static let crowdCount = 16
    /// The most operations that wait to be decided, unless it is opened with another bound: two
    /// batches, so that there is always a whole one to decide next.
    public static let defaultWaitingCount = 2 * maximumBatchCount

    init(
        log: any EntryLog,
        secret: LedgerSecret,
        core: consuming LedgerCore,
        snapshots: (any SnapshotStore)?,
        trail: (any TrailStore)?,
        keeper: OperationKeeper?,
        policy: SnapshotPolicy,
        writer: consuming BatchWriter,
        maximumWaitingCount: Int,
        publisher: Publisher?,
        clock: @escaping Clock
    ) {
        self.log = log
        self.secret = secret
        self.clock = clock
        self.snapshots = snapshots
        self.trail = trail
        self.keeper = keeper
        self.policy = policy
        self.publisher = publisher
        let recovery = core.recovery ?? LedgerRecovery()
        self.recovery = recovery
        snapshotNext = Mutex(recovery.replayedFrom.rawValue)
        snapshotDue = Mutex(recovery.replayedFrom.rawValue + (policy.entriesBetween ?? 0))
        queue = SubmissionQueue(bound: maximumWaitingCount) { $0.operations.count }
        desk = VisibleMutex(LedgerDesk(Driver(next: core.next)))
        preparer = core.preparer
        self.core = Mutex(core)
        ahead = AheadEncoder(writer.encoder)
        writing = Mutex(writer)
    }

    /// What a reservation would be answered as the next operation; nothing is written.
    ///
    /// It is asked between two batches, and blocks until then.
    ///
    /// - Throws: ``LedgerError`` once the ledger is closed.
    public func check(_ operation: Operation) throws(LedgerError) -> CheckAnswer {
        let now = clock()
        let result = inquire { core -> Result<CheckAnswer, LedgerError> in
            do throws(LedgerError) {
                return .success(try core.check(operation, now: now))
            } catch {
                return .failure(error)
            }
        }
        let answer: CheckAnswer
        do throws(LedgerError) {
            answer = try result.get()
        } catch {
            fail(error)
            drain()
            throw error
        }
        // A duplicate of something that is not durable yet waits for it.
        if case .replay = answer { drain() }
        if let failure = desk.withLock({ $0.driver.failure }) { throw failure }
        return answer
    }

    /// The entry of an organisation's operation, as far as decided; `nil` if there is none of that id.
    ///
    /// It is asked between two batches, and blocks until then.
    ///
    /// - Throws: ``LedgerError/index(_:)`` if the index can not be read.
    public func number(
        of id: OperationIdentifier,
        by organisation: OrganisationIdentifier
    ) throws(LedgerError) -> EntryNumber? {
        try inquire { core in
            Result { () throws(LedgerError) in try core.number(of: id, by: organisation) }
        }.get()
    }

    /// The parties that are registered, as far as decided, in order of their registration.
    ///
    /// It is asked between two batches, and blocks until then. O(parties).
    public var partyIdentifiers: [PartyIdentifier] { inquire { $0.partyIdentifiers } }

    /// The cap report at a moment not before the newest entry, as far as decided; `nil` while no
    /// rulebook is in force.
    ///
    /// It is asked between two batches, and blocks until then.
    ///
    /// - Throws: ``LedgerError`` once the ledger is closed.
    public func capReport(at time: LedgerTime? = nil) throws(LedgerError) -> CapReport? {
        // Folded by the caller: deciding goes on meanwhile.
        let state = inquire { $0.state }
        if let failure = desk.withLock({ $0.driver.failure }) { throw failure }
        return state.capReport(after: time)
    }
}
