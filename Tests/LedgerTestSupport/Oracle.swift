// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What the ledger must answer to an operation.
public enum OracleAnswer: Hashable, Sendable {
    /// The operation's own entry; expiries and limits' events that fell due stand in front of it in
    /// the log, those that it brought about behind it.
    case entry(Entry)
    /// The operation was asked before: the number of its first answer.
    case replay(EntryNumber)
    /// Bad input.
    case rejected(RejectionCode)
}

/// What the ledger must answer to a check.
public enum OracleCheck: Hashable, Sendable {
    /// What a reservation would get as the next operation.
    case decision(Decision)
    /// The ledger's policy does not let the caller reserve.
    case refused(Refusal)
    /// Bad input.
    case rejected(RejectionCode)
}

/// The plain one-at-a-time evaluator that judges the ledger.
///
/// It knows nothing of batches, balances, routes or storage: it keeps the log, folds it into lists
/// of facts, and recomputes whatever it is asked from those. Slow, and meant to be.
public struct Oracle: Sendable {
    /// The whole log as it must be, expiries and limits' events included.
    public private(set) var entries: [Entry] = []
    /// What the log says.
    private(set) var facts: OracleFacts
    /// The assigned country codes.
    let countries: Set<CountryCode>
    /// The threshold that each limit had reached at the last look, if any.
    private var reached: [LimitName: UInt8] = [:]

    /// Makes an oracle over an empty log.
    ///
    /// - Parameters:
    ///   - rulebooks: What the bytes of each valid rulebook file mean; others are invalid.
    ///   - devices: What the bytes of each valid catalogue file mean; others are invalid.
    ///   - countries: The assigned country codes; others are unknown.
    public init(
        rulebooks: [[UInt8]: OracleRulebook],
        devices: [[UInt8]: [OracleDevice]],
        countries: Set<CountryCode>
    ) {
        facts = OracleFacts(rulebookFiles: rulebooks, deviceFiles: devices)
        self.countries = countries
    }

    /// The time of the newest entry.
    public var newestTime: LedgerTime { entries.last?.time ?? .earliest }

    /// Answers the next operation; `now` is the clock, for an operation that brings no time.
    public mutating func apply(_ asked: Operation, now: LedgerTime) -> OracleAnswer {
        let operation = Self.withoutDefaults(asked)
        if let code = rejectedByShape(operation.action) { return .rejected(code) }
        let key = OracleFacts.OperationKey(
            organisation: operation.actor.organisation,
            id: operation.id
        )
        if let first = facts.answered[key] {
            return first.action == operation.action
                ? .replay(first.entry) : .rejected(.idReused)
        }
        let time = operation.time ?? max(now, newestTime)
        if time < newestTime { return .rejected(.timeWentBack) }
        if let code = rejectedByLookup(operation, at: time) { return .rejected(code) }

        settle(until: time, actor: operation.actor)
        let outcome =
            refusedByPolicy(operation).map(Outcome.refused) ?? outcome(of: operation, at: time)
        let record = OperationRecord(id: operation.id, action: operation.action, outcome: outcome)
        let entry = write(.operation(record), at: time, actor: operation.actor)
        look(at: time, actor: operation.actor)
        return .entry(entry)
    }

    /// Answers what a reservation would get as the next operation, at `time` or, without one, at
    /// `now`; nothing is written.
    public func check(
        _ reservation: Reservation,
        by actor: Actor = nobody,
        time: LedgerTime? = nil,
        now: LedgerTime
    ) -> OracleCheck {
        let operation = Operation(
            id: OperationIdentifier(checked: "check"),
            actor: actor,
            action: .reserve(reservation)
        )
        if let code = rejectedByShape(operation.action) { return .rejected(code) }
        let time = max(time ?? now, newestTime)
        if let code = rejectedByLookup(operation, at: time) { return .rejected(code) }
        if let refusal = refusedByPolicy(operation) { return .refused(refusal) }
        var later = self
        later.settle(until: time, actor: actor)
        return .decision(later.decide(reservation, at: time))
    }

    /// An operator of whom nothing is known.
    public static let nobody = Actor(
        organisation: OrganisationIdentifier(checked: "nobody"),
        person: PersonIdentifier(checked: "nobody"),
        role: .operator
    )

    // MARK: What falls due

    /// Lets happen what is due by a time, instant by instant: holds that are at their deadline
    /// expire in order of the log, then all limits are looked at.
    mutating func settle(until time: LedgerTime, actor: Actor) {
        var instants = Set(
            facts.turningDays(after: newestTime.day, through: time.day)
                .map(LedgerTime.init(startOf:))
        )
        for charge in facts.charges where charge.isOpen {
            if let deadline = charge.deadline, deadline <= time { instants.insert(deadline) }
        }
        for instant in instants.sorted() {
            for charge in facts.charges where charge.isOpen && charge.deadline == instant {
                let expiry = HoldExpiry(hold: charge.entry, freed: TPP(rawValue: charge.open))
                _ = write(.expiry(expiry), at: instant, actor: actor)
            }
            look(at: instant, actor: actor)
        }
    }

    /// Looks at all limits and writes what happened to them since the last look, in order of their
    /// names.
    private mutating func look(at time: LedgerTime, actor: Actor) {
        guard let rulebook = facts.adoption(at: time)?.rulebook else { return }
        let uses = facts.watchedUses(rulebook, on: time.day)
        var events: [LimitEvent] = []
        for name in facts.inBreach where uses[name] == nil {
            events.append(LimitEvent(name: name, change: .unwatched, used: .zero, limit: .zero))
        }
        var nowReached: [LimitName: UInt8] = [:]
        for (name, use) in uses {
            var changes: [LimitChange] = []
            let isOver = use.used > use.limit
            if isOver != facts.inBreach.contains(name) {
                changes.append(isOver ? .breached : .cured)
            }
            if let percent = rulebook.thresholds.reached(by: use, of: name) {
                nowReached[name] = percent
                if percent > reached[name] ?? 0 { changes.append(.crossed(percent: percent)) }
            }
            events += changes.map {
                LimitEvent(
                    name: name,
                    change: $0,
                    used: TPP(rawValue: use.used),
                    limit: TPP(rawValue: use.limit)
                )
            }
        }
        reached = nowReached
        // Two events of one limit stand in the order in which they were found.
        for name in Set(events.map(\.name)).sorted() {
            for event in events where event.name == name {
                _ = write(.limit(event), at: time, actor: actor)
            }
        }
    }

    mutating func write(
        _ content: EntryContent,
        at time: LedgerTime,
        actor: Actor
    ) -> Entry {
        let entry = Entry(
            number: EntryNumber(rawValue: UInt64(entries.count)),
            time: time,
            actor: actor,
            rulebook: facts.adoption(at: time)?.entry,
            content: content
        )
        entries.append(entry)
        facts.fold(entry)
        return entry
    }
}
