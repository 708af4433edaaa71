// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import EntryLog
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
    let assignedCountries: Set<CountryCode>
    var table: AllocationTable
    var slots = LimitSlots()
    var routes = RouteTable()
    var batch = AllocationBatch()
    var result = AllocationResult()
    var pending: [PendingReservation] = []
    /// The pending reservations by the hashes of their names.
    var pendingNames: [Hash128: Int] = [:]
    /// Which answers wait for the numbers of pending reservations that are asked again.
    var pendingReplays: [(answer: Int, pending: Int)] = []
    var hasher: OperationHasher
    var entries: [Entry] = []
    var answers: [CoreAnswer] = []

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
        self.state = state
        assignedCountries = Set(CountryTable.shipped.countries.map(\.code))
        hasher = OperationHasher(key: state.operations.key)
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
        // What the last batch led to belongs to whoever asked for it.
        entries = []
        answers = []
        entries.reserveCapacity(operations.count)
        answers.reserveCapacity(operations.count)
        for operation in operations {
            do {
                answers.append(try decide(operation, now: now))
            } catch {
                answers.append(.rejected(error))
            }
        }
        flush()
        if let failure = state.failure { throw failure }
        defer {
            entries = []
            answers = []
        }
        return BatchEffects(entries: entries, answers: answers)
    }

    /// Takes over an entry that is in the log already.
    ///
    /// - Throws: ``LedgerError`` if it does not fit the entries before it.
    public mutating func replay(_ entry: Entry) throws(LedgerError) {
        let hashed: HashedEntry
        do {
            hashed = try HashedEntry(entry, hasher: &hasher)
        } catch {
            throw .log(error)
        }
        try replay(hashed.entry, indexing: hashed.indexing)
    }

    /// Takes over an entry whose hashes are known.
    mutating func replay(_ entry: Entry, indexing: Indexing) throws(LedgerError) {
        try state.record(entry, indexing: indexing)
        newestTime = state.newestTime
        stampDay = nil
    }

    /// Makes room for a number of operations at once.
    public mutating func reserveCapacity(_ count: Int) {
        state.operations.reserveCapacity(count)
        state.holds.reserveCapacity(count)
    }

    private mutating func decide(
        _ asked: Operation,
        now: LedgerTime
    ) throws(Rejection) -> CoreAnswer {
        let operation = asked.normalized
        try OperationShape.check(operation.action)
        let name = hasher.name(operation.actor.organisation, operation.id)
        let content = try contentHash(of: operation.action)
        if let position = pendingNames[name] {
            try checkContent(content, of: operation, is: pending[position].asked.content, in: nil)
            pendingReplays.append((answers.count, position))
            return .replay(next)
        }
        if let earlier = try answered(operation, name: name, content: content) { return earlier }
        let time = try stampedTime(of: operation, now: now)
        let asked = AskedOperation(
            operation: operation,
            time: time,
            name: name,
            content: content
        )
        if case .reserve(let reservation) = operation.action {
            return try reserve(reservation, asked)
        }
        flush()
        return try record(asked)
    }

    /// The hash of what is asked, without who asks, when and under which id.
    mutating func contentHash(of action: Action) throws(Rejection) -> Hash128 {
        do {
            return try hasher.content(action)
        } catch {
            throw Rejection(
                .malformedField,
                field: "operation",
                found: "\(error)",
                expected: "an operation that fits an entry"
            )
        }
    }

    /// The answer that an operation got before, if it was asked before.
    func answered(
        _ operation: Operation,
        name: Hash128,
        content: Hash128
    ) throws(Rejection) -> CoreAnswer? {
        guard let found = state.found(name) else { return nil }
        try checkContent(content, of: operation, is: found.content, in: found.number)
        return .replay(found.number)
    }

    private func checkContent(
        _ content: Hash128,
        of operation: Operation,
        is earlier: Hash128,
        in entry: EntryNumber?
    ) throws(Rejection) {
        guard content != earlier else { return }
        throw Rejection(
            .idReused,
            field: "id",
            found: operation.id.text,
            expected: "an id that \(operation.actor.organisation) has not used for anything else"
                + (entry.map { " (entry \($0) has it)" } ?? "")
        )
    }

    /// The time at which an operation counts.
    func stampedTime(of operation: Operation, now: LedgerTime) throws(Rejection) -> LedgerTime {
        guard let time = operation.time else { return max(now, newestTime) }
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
    var name: Hash128
    var content: Hash128

    var actor: Actor { operation.actor }
    var day: CivilDate { time.day }
}

/// What a reservation looks up by name under one rulebook on one day.
struct MomentCatalogue: Sendable {
    struct Device: Sendable {
        var tpp: TPP
        var isControlled: Bool
    }

    var devices: [DeviceIdentifier: Device] = [:]
    var endUses: [EndUseIdentifier: Bool] = [:]
    /// The factor of the rulebook in force; `nil` while there is none.
    var tppPerH100e: Int64?
    var smallOrderLimit: TPP?
    /// How the Universal VEU statuses of a group stand, by its ultimate parent.
    var standings: [PartyIndex: StatusStanding] = [:]
}
