// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What the ledger must answer to an operation.
public enum OracleAnswer: Hashable, Sendable {
    /// The operation's own entry; expiries that fell due stand in front of it in the log.
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
    /// Bad input.
    case rejected(RejectionCode)
}

/// The plain one-at-a-time evaluator that judges the ledger.
///
/// It knows nothing of batches, balances, routes or storage: it keeps the log, folds it into lists
/// of facts, and recomputes whatever it is asked from those. Slow, and meant to be.
public struct Oracle: Sendable {
    /// The whole log as it must be, expiries included.
    public private(set) var entries: [Entry] = []
    /// What the log says.
    private(set) var facts: OracleFacts
    /// The assigned country codes.
    let countries: Set<CountryCode>

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

        writeExpiries(dueBy: time, actor: operation.actor)
        let outcome = outcome(of: operation, at: time)
        let record = OperationRecord(id: operation.id, action: operation.action, outcome: outcome)
        return .entry(write(.operation(record), at: time, actor: operation.actor))
    }

    /// The operation as it counts: an earlier one is the caller's own unless another is named.
    private static func withoutDefaults(_ operation: Operation) -> Operation {
        var plain = operation
        let own = operation.actor.organisation
        if case .changeStatus(var change) = operation.action, change.grant.organisation == own {
            change.grant.organisation = nil
            plain.action = .changeStatus(change)
        }
        if case .endAgreement(var end) = operation.action, end.agreement.organisation == own {
            end.agreement.organisation = nil
            plain.action = .endAgreement(end)
        }
        return plain
    }

    /// Answers what a reservation would get as the next operation, at `time` or, without one, at
    /// `now`; nothing is written.
    public func check(
        _ reservation: Reservation,
        time: LedgerTime? = nil,
        now: LedgerTime
    ) -> OracleCheck {
        let operation = Operation(
            id: OperationIdentifier(checked: "check"),
            actor: Oracle.nobody,
            action: .reserve(reservation)
        )
        if let code = rejectedByShape(operation.action) { return .rejected(code) }
        let time = max(time ?? now, newestTime)
        if let code = rejectedByLookup(operation, at: time) { return .rejected(code) }
        var later = self
        later.writeExpiries(dueBy: time, actor: Oracle.nobody)
        return .decision(later.decide(reservation, at: time))
    }

    /// The use of a limit as the log stood after an entry (the newest unless given), at that
    /// entry's time; `nil` when no rulebook was in force, or it does not define the limit.
    public func use(of name: LimitName, asOf number: EntryNumber? = nil) -> OracleUse? {
        guard let number else { return Self.use(of: name, in: facts, at: newestTime) }
        guard number.rawValue < UInt64(entries.count) else { return nil }
        let known = entries[...Int(number.rawValue)]
        var past = OracleFacts(
            rulebookFiles: facts.rulebookFiles,
            deviceFiles: facts.deviceFiles
        )
        for entry in known { past.fold(entry) }
        return Self.use(of: name, in: past, at: known.last?.time ?? .earliest)
    }

    /// The use of a limit at a time that is not earlier than the newest entry, with what falls due
    /// until then.
    public func use(of name: LimitName, at time: LedgerTime) -> OracleUse? {
        var later = self
        later.writeExpiries(dueBy: time, actor: Oracle.nobody)
        return Self.use(of: name, in: later.facts, at: max(time, newestTime))
    }

    /// The rulebook in force at a time, if any.
    public func rulebook(at time: LedgerTime) -> OracleRulebook? {
        facts.adoption(at: time)?.rulebook
    }

    /// Who asks a check.
    private static let nobody = Actor(
        organisation: OrganisationIdentifier(checked: "nobody"),
        person: PersonIdentifier(checked: "nobody"),
        role: .auditor
    )

    private static func use(
        of name: LimitName,
        in facts: OracleFacts,
        at time: LedgerTime
    ) -> OracleUse? {
        guard let rulebook = facts.adoption(at: time)?.rulebook else { return nil }
        for mechanism in rulebook.mechanisms {
            for limit in mechanism.limits {
                let isMeant =
                    switch (name, mechanism.kind, limit) {
                    case (.countryShare, .universalVEU, .countryShare): true
                    case (.outsideShare, .universalVEU, .outsideShare): true
                    case (.nationalVEU, .nationalVEU, _): true
                    case (.smallOrder, .smallOrder, _): true
                    case (.country, .country, _): true
                    default: false
                    }
                if isMeant { return facts.use(of: name, limit, rulebook, on: time.day) }
            }
        }
        return nil
    }

    /// Writes the expiry of every hold whose deadline is reached, in order of deadline, then of
    /// the log.
    private mutating func writeExpiries(dueBy time: LedgerTime, actor: Actor) {
        var due: [(deadline: LedgerTime, charge: OracleFacts.Charge)] = []
        for charge in facts.charges where charge.isHeld {
            if let deadline = charge.deadline, deadline <= time { due.append((deadline, charge)) }
        }
        due.sort { ($0.deadline, $0.charge.entry) < ($1.deadline, $1.charge.entry) }
        for (deadline, charge) in due {
            let freed = TPP(rawValue: charge.amount)
            let expiry = HoldExpiry(hold: charge.entry, freed: freed)
            _ = write(.expiry(expiry), at: deadline, actor: actor)
        }
    }

    private mutating func write(
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
