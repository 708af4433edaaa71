// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
public import EntryLog
public import LedgerModel
import Rulebook

/// The ledger as a synchronous state machine: operations in, entries to append and answers out.
///
/// It does no I/O, reads no clock, starts no thread and draws no random number, so the same
/// operations with the same times give the same entries on every run, whatever the batches. Its
/// state runs ahead of what is durable: whoever drives it gives an answer only once the entry is,
/// and throws the core away when an append fails.
///
/// One owner at a time; it can be handed from thread to thread.
public struct LedgerCore: ~Copyable, Sendable {
    var state: LedgerState
    let assignedCountries: DenseRegister<CountryCode, Bool>
    var table: AllocationTable
    var slots = LimitSlots()
    var routes: RouteTable
    var batch = AllocationBatch()
    var result = AllocationResult()
    var pending = PendingReservations()
    /// Which answers wait for the numbers of pending reservations that are asked again.
    var pendingReplays: [(answer: Int, pending: Int)] = []
    /// Prepares operations for this core; a copy of it can be used on any thread.
    package internal(set) var preparer: OperationPreparer
    /// The limits whose room is shown to anybody.
    var gauged = GaugedLimits()
    /// What is being decided, and its entries.
    var decided = DecidedEntries()
    var answers: [CoreAnswer] = []
    /// The names of the operations that were looked ahead at, in order.
    var namesAhead: [Hash128] = []
    /// Their consignees.
    var partiesAhead: [PartyIndex] = []
    /// Of no meaning.
    var seenAhead: UInt64 = 0
    /// The time of the newest operation that became an entry, pending ones included.
    var newestTime: LedgerTime
    /// The sum of what the pending reservations ask.
    var pendingSum: Int64 = 0
    /// The earliest deadline among the pending reservations.
    var earliestPendingDeadline: LedgerTime = .latest
    /// The day and rulebook of the current stamp; `nil` while no rulebook is in force.
    var moment: LegalMoment?
    /// The facts of the current stamp that reservations look up by name.
    var catalogue = MomentCatalogue()
    /// Counts the changes of day or of anything that routes and limits depend on.
    ///
    /// Words and routes of an earlier stamp are not trusted.
    var stamp: UInt64 = 1
    var stampDay: CivilDate?
    /// Hashes the texts of operations that are asked again after theirs were taken out of the log.
    var leafHasher: LeafHasher?
    /// The entries that were redacted already when they were taken over.
    var closedForms: Set<EntryNumber> = []
    /// Reads the entries that are to be redacted.
    var entryReader: LoggedEntry.Reader?
    /// How this core came to be, if it was recovered from a log.
    public internal(set) var recovery: LedgerRecovery?

    /// Makes an empty core.
    ///
    /// - Parameters:
    ///   - key: The key of the hashes by which operations are found again.
    ///   - maximumSum: The most that any sum may reach; smaller in tests only.
    public init(key: HashKey, maximumSum: TPP = .maximumSum) {
        self.init(state: LedgerState(key: key), maximumSum: maximumSum)
    }

    init(state: LedgerState, maximumSum: TPP = .maximumSum) {
        let key = state.operations.key
        self.state = state
        var assigned = DenseRegister<CountryCode, Bool>(vacant: false)
        for country in CountryTable.shipped.countries {
            assigned.updateValue(true, forKey: country.code)
        }
        assignedCountries = assigned
        preparer = OperationPreparer(key: key)
        routes = RouteTable(seed: key.second)
        table = AllocationTable(maximumSum: maximumSum.rawValue)
        newestTime = state.newestTime
    }

    /// The number of the next entry.
    public var next: EntryNumber { EntryNumber(rawValue: state.next) }

    /// The time of the newest entry.
    public var newestEntryTime: LedgerTime { newestTime }

    /// How many operations are remembered for being asked again.
    public var operationCount: Int { state.operations.count }

    /// Decides operations in order.
    ///
    /// - Parameters:
    ///   - operations: What is asked, in the order that counts.
    ///   - now: The clock's time, for operations that bring none.
    /// - Returns: The entries to append and the answers to give once they are durable.
    /// - Throws: ``LedgerError/index(_:)`` if it can not be told which operations are known; the core
    ///   is to be thrown away then.
    public mutating func decide(
        _ operations: some Collection<Operation>,
        now: LedgerTime
    ) throws(LedgerError) -> BatchEffects {
        try decide(preparer.prepared(operations), now: now)
    }

    /// Decides operations in order that ``preparer`` prepared, or a copy of it.
    ///
    /// Nothing of them is hashed and no text is read here; else it is as if they were plain. Traps
    /// if they were prepared under another key.
    package mutating func decide(
        _ operations: [PreparedOperation],
        now: LedgerTime
    ) throws(LedgerError) -> BatchEffects {
        let mark = preparer.key.mark
        decided = DecidedEntries(of: operations)
        answers = []
        answers.reserveCapacity(operations.count)
        for position in operations.indices {
            precondition(
                operations[position].keyMark == mark,
                "operations are prepared under the key of the core that decides them"
            )
            if position % Self.lookAheadCount == 0 { lookAhead(operations, from: position) }
            do {
                answers.append(try decide(operations, position, now: now))
            } catch {
                answers.append(.rejected(error))
            }
        }
        flush()
        // What the batch led to belongs to whoever asked for it.
        defer {
            decided = DecidedEntries()
            answers = []
        }
        if let failure = state.failure { throw failure }
        return BatchEffects(decided: decided, answers: answers)
    }

    /// Takes over an entry that is in the log already.
    ///
    /// - Throws: ``LedgerError`` if it does not fit the entries before it.
    public mutating func replay(_ entry: Entry) throws(LedgerError) {
        let hashed: HashedEntry
        do {
            var hasher = preparer.hasher
            hashed = try HashedEntry(entry, hasher: &hasher)
        } catch {
            throw .log(error)
        }
        try replay(hashed.entry, indexing: hashed.indexing)
    }

    /// Takes over an entry whose hashes are known.
    mutating func replay(_ entry: Entry, indexing: Indexing) throws(LedgerError) {
        try state.record(entry, indexing: indexing)
        if entry.isRedacted { closedForms.insert(entry.number) }
        newestTime = state.newestTime
        stampDay = nil
    }

    /// Makes room for a number of operations at once.
    public mutating func reserveCapacity(_ count: Int) {
        state.operations.reserveCapacity(count)
        state.holds.reserveCapacity(count)
    }

    private mutating func decide(
        _ operations: [PreparedOperation],
        _ position: Int,
        now: LedgerTime
    ) throws(Rejection) -> CoreAnswer {
        if case .rejection(let rejection) = operations[position].fault { throw rejection }
        let hashes = operations[position].hashes
        if let waiting = pending.position(of: hashes.name) {
            if operations[Int(pending[waiting].operation)].hashes.content == hashes.content {
                pendingReplays.append((position, waiting))
                return .replay(next)
            }
            // It is to be told which entry has the id, whatever was decided together.
            flush()
        }
        if let found = state.found(hashes.name) {
            return try replay(operations[position].operation, hashes.content, of: found)
        }
        let time = try stampedTime(operations[position].operation.time, now: now)
        if let reservation = operations[position].reservation {
            return try reserve(reservation, operations, position, at: time)
        }
        flush()
        return try record(
            AskedOperation(
                operation: operations[position].operation,
                time: time,
                hashes: hashes
            )
        )
    }

    /// The answer to an operation whose name is known already.
    func replay(
        _ operation: Operation,
        _ content: Hash128,
        of found: OperationIndex.Found
    ) throws(Rejection) -> CoreAnswer {
        guard isSame(operation.action, content, as: found) else {
            throw idReused(by: operation, in: found.number)
        }
        return .replay(found.number)
    }

    /// Whether what is asked is what an earlier operation asked.
    private func isSame(
        _ action: Action,
        _ content: Hash128,
        as found: OperationIndex.Found
    ) -> Bool {
        guard let closed = found.closedText else { return content == found.content }
        #if PlantedBugs
            if PlantedBug.active == .forgottenText { return content == found.content }
        #endif
        var hasher = preparer.hasher
        guard let text = action.freeText, let rest = try? hasher.contentWithoutText(action) else {
            return false
        }
        // Without the ledger's secret nobody can tell what the text was.
        let isText =
            leafHasher.map { $0.commitment(toText: text, of: found.number) == closed } ?? true
        return rest == found.content && isText
    }

    /// Takes the ledger's secret, with which a text that was taken out of an entry is told from another
    /// when its operation is asked again.
    ///
    /// Without it only the rest of such an operation is compared.
    public mutating func use(_ secret: LedgerSecret) { leafHasher = LeafHasher(secret: secret) }

    private func idReused(by operation: Operation, in entry: EntryNumber?) -> Rejection {
        Rejection(
            .idReused,
            field: "id",
            found: operation.id.text,
            expected: "an id that \(operation.actor.organisation) has not used for anything else"
                + (entry.map { " (entry \($0) has it)" } ?? "")
        )
    }

    /// The time at which an operation counts that brings a time, or none.
    func stampedTime(_ time: LedgerTime?, now: LedgerTime) throws(Rejection) -> LedgerTime {
        guard let time else { return max(now, newestTime) }
        guard time >= newestTime else {
            throw Rejection(
                .timeWentBack,
                field: "time",
                found: time.description,
                expected: "a time not before the newest entry's, \(newestTime)"
            )
        }
        return time
    }
}

/// An operation that is new, with the time at which it counts.
struct AskedOperation {
    var operation: Operation
    var time: LedgerTime
    var hashes: OperationHashes

    var actor: Actor { operation.actor }
    var day: CivilDate { time.day }
}
