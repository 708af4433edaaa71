// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Judges the entries of a log again, one at a time, by the rulebooks in force at the time.
///
/// An evaluator of its own: it shares no code with what decides in the ledger. It takes from each
/// entry what was asked, works out what must have been answered and what must have happened by
/// itself before and after, and compares. The first difference is thrown.
///
/// The sums that it keeps for each limit are folded anew from all charges after 1, 4, 16, 64
/// ... entries and at the end, and must agree.
///
/// Memory grows with the operations of the log. One owner at a time; it can be handed from thread
/// to thread.
public struct LedgerAuditor: ~Copyable, Sendable {
    /// What is wrong with the statement of a key's rotation, of a ledger of some name, in an entry of
    /// some number; `nil` if nothing is.
    ///
    /// It checks signatures, which this module can not.
    public typealias RotationCheck = @Sendable (KeyRotation, String, EntryNumber) -> String?

    let rotationFault: RotationCheck
    var books: AuditBooks
    private var hasher: NameHasher
    /// The number that the next entry must have.
    public private(set) var next = EntryNumber(rawValue: 0)
    /// The time of the newest entry.
    public private(set) var newestTime = LedgerTime.earliest
    /// What was judged so far.
    public internal(set) var tally = AuditTally()

    /// Events that must follow, the next one at ``outstandingPosition``.
    var outstanding: [ExpectedEvent] = []
    var outstandingPosition = 0
    /// Limits to be looked at when everything else of an instant is done.
    var pendingLook: PendingLook?
    /// How limits stood at the last look, as far as they did not stand quiet.
    var standings: [LimitKey: LimitStanding] = [:]
    /// The limits that an operation touched.
    var touched: [LimitKey] = []
    /// Events in front of an operation that has not come yet, with the epoch of their writer.
    private var leading: [(entry: EntryNumber, time: LedgerTime, actor: Actor, epoch: UInt64?)] = []
    /// What was held before the events in front of the next operation.
    var heldSumBeforeDue: Int64 = 0
    var decision = ExpectedDecision()
    /// What is assumed of a person who is no longer told, and of another of the same organisation.
    var unknownPersonsAreSame = false
    private var lastOrganisation: (id: OrganisationIdentifier, number: Int32)?
    private var nextFold: UInt64 = 1
    /// What was approved behind may have been redacted after it was read.
    let entryCount: UInt64
    /// What was read of places that will be asked for, so that they were: nothing looks at it.
    var glanced = 0

    /// Makes an auditor before the first entry.
    ///
    /// - Parameters:
    ///   - entryCount: How many entries there will be, if known.
    ///   - rotationFault: Checks rotations of the ledger's key; without it their statements are
    ///     not looked at.
    public init(
        entryCount: UInt64? = nil,
        rotationFault: @escaping RotationCheck = { _, _, _ in nil }
    ) {
        self.init(entryCount: entryCount, rotationFault: rotationFault, hasher: NameHasher())
    }

    init(entryCount: UInt64?, rotationFault: @escaping RotationCheck, hasher: NameHasher) {
        self.hasher = hasher
        books = AuditBooks(hasher)
        self.rotationFault = rotationFault
        self.entryCount = entryCount ?? .max
        if let entryCount { books.reserveCapacity(Int(clamping: min(entryCount, 1 << 26))) }
    }

    /// Judges the next entry.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - epoch: The epoch of the batch that it stands in, if known. What fell due in front of an
    ///     operation that was lost with its writer stays and is that operation's actor's, so only
    ///     between entries of one epoch it is certain whose events in front of an operation are.
    /// - Throws: The difference, or ``AuditError/disagrees(_:summed:folded:after:)``. The auditor
    ///   is of no use after that.
    public mutating func judge(_ entry: Entry, epoch: UInt64? = nil) throws(AuditError) {
        try judge(entry, hasher.names(of: entry), epoch)
    }

    mutating func judge(
        _ entry: Entry,
        _ names: EntryNames,
        _ epoch: UInt64?
    ) throws(AuditError) {
        guard entry.number == next else {
            throw diverges(
                entry,
                .order,
                "its number",
                expected: "\(next)",
                found: "\(entry.number)"
            )
        }
        guard entry.time >= newestTime else {
            throw diverges(
                entry,
                .order,
                "its time",
                expected: "a time not before \(newestTime), that of entry \(next.rawValue - 1)",
                found: "\(entry.time)"
            )
        }
        switch entry.content {
        case .operation(let record):
            try judge(record, of: entry, names, epoch)
            tally.add(record.outcome)
        case .expiry:
            try judgeEvent(entry, epoch)
            tally.expiries += 1
        case .limit:
            try judgeEvent(entry, epoch)
            tally.limitEvents += 1
        }
        next = EntryNumber(rawValue: next.rawValue + 1)
        newestTime = entry.time
        tally.entries += 1
        tally.redacted += entry.isRedacted ? 1 : 0
        tally.newestTime = entry.time
        if next.rawValue == nextFold {
            nextFold *= 4
            try checkSums()
        }
    }

    /// Says that the log has ended, after one more fold of everything.
    ///
    /// - Returns: What was judged, with the balances at the end.
    /// - Throws: ``AuditError/disagrees(_:summed:folded:after:)``.
    public mutating func finish() throws(AuditError) -> AuditTally {
        if tally.foldedAt.last != next { try checkSums() }
        if let number = books.retention.unexplained.min() { throw redactedUnasked(number) }
        var tally = tally
        for charge in books.charges {
            tally.openSum += charge.open
            tally.openHolds += charge.isOpen ? 1 : 0
        }
        tally.limitsInBreach = standings.values.count { $0.isInBreach }
        tally.eventsWithoutOperation = UInt64(leading.count)
        tally.eventsOutstanding = UInt64(outstanding.count - outstandingPosition)
        return tally
    }

    private mutating func checkSums() throws(AuditError) {
        try books.checkSums(after: next)
        tally.foldedAt.append(next)
    }

    // MARK: - Events

    private mutating func judgeEvent(_ entry: Entry, _ epoch: UInt64?) throws(AuditError) {
        guard let due = nextDue(by: entry.time) else { throw unexpected(entry) }
        guard due.time == entry.time, due.content == entry.content else {
            throw differs(entry, from: due)
        }
        try checkRulebook(of: entry)
        books.retention.see(entry, isKept: false)
        if let cause = due.cause {
            guard cause.isNotOther(than: entry.actor) else {
                throw diverges(
                    entry,
                    .actor,
                    "whose operation brought it about",
                    expected: described(cause),
                    found: described(entry.actor)
                )
            }
        } else {
            leading.append((entry.number, entry.time, entry.actor, epoch))
        }
        happened(due)
    }

    /// Whoever sent the operation brought the time, unless an earlier writer's operation was lost.
    private func checkLeading(_ entry: Entry, _ epoch: UInt64?) throws(AuditError) {
        for event in leading
        where !event.actor.isNotOther(than: entry.actor) && event.epoch == epoch {
            guard epoch != nil else { continue }
            var early = entry
            early.number = event.entry
            early.time = event.time
            throw diverges(
                early,
                .actor,
                "who brought the time",
                expected: "\(described(entry.actor)), whose operation follows as entry "
                    + "\(entry.number)",
                found: described(event.actor),
                subject: "something that happens by itself"
            )
        }
    }

    func checkRulebook(of entry: Entry) throws(AuditError) {
        let inForce = books.rules?.rulebook.entry
        guard entry.rulebook == inForce else {
            func told(_ number: EntryNumber?) -> String {
                number.map { "the one adopted by entry \($0)" } ?? "none"
            }
            throw diverges(
                entry,
                .rulebook,
                "the rulebook in force",
                expected: told(inForce),
                found: told(entry.rulebook)
            )
        }
    }

    // MARK: - Operations

    private mutating func judge(
        _ record: OperationRecord,
        of entry: Entry,
        _ names: EntryNames,
        _ epoch: UInt64?
    ) throws(AuditError) {
        if let due = nextDue(by: entry.time) { throw missing(due, before: entry) }
        try checkRulebook(of: entry)
        if !leading.isEmpty {
            try checkLeading(entry, epoch)
            leading.removeAll(keepingCapacity: true)
        }
        let caller = number(of: entry.actor.organisation)
        let key = OperationKey(organisation: caller, id: record.id)
        touched.removeAll(keepingCapacity: true)
        if case .reserve(let reservation) = record.action {
            // It names no operation, so it can be noted before it is judged, in one step, as what it
            // says it is: judging finds out if it is not, and ends everything.
            let charge = record.outcome.refusal == nil ? Int32(books.charges.count) : -1
            let answered = Answered(entry: entry.number, charge: charge, kind: .reserve)
            if let first = books.note(answered, to: key, hashed: names.operation) {
                throw repeated(entry, first)
            }
            try judge(reservation, of: consignee(of: reservation, names), record, entry)
            books.retention.see(entry, isKept: false)
        } else {
            if let first = books.answer(to: key) { throw repeated(entry, first) }
            try judgeOther(record, of: entry, key)
            let answered = Answered(entry: entry.number, kind: record.action.kind)
            _ = books.note(answered, to: key, hashed: names.operation)
        }
        heldSumBeforeDue = books.heldSum
        if !touched.isEmpty || pendingLook != nil { lookAfter(entry) }
    }

    /// Which party a reservation is for, if it is registered.
    private func consignee(of reservation: Reservation, _ names: EntryNames) -> PartyIndex? {
        if let party = names.party, books.parties[Int(party)].id == reservation.consignee {
            return party
        }
        return books.party(reservation.consignee, hashed: names.consignee)
    }

    private func repeated(_ entry: Entry, _ first: Answered) -> AuditError {
        diverges(
            entry,
            .repeated,
            "an operation asked before",
            expected: "no entry: entry \(first.entry) is the answer, for ever",
            found: "a second answer"
        )
    }

    private mutating func number(of organisation: OrganisationIdentifier) -> Int32 {
        if let last = lastOrganisation, last.id == organisation { return last.number }
        let number = books.number(of: organisation)
        lastOrganisation = (organisation, number)
        return number
    }
}
