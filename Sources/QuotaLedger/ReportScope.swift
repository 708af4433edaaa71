// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// Which ledger a report is of, how much of it, for when, and under which rulebook.
public struct ReportScope: Hashable, Sendable {
    /// The ledger's settings.
    public var creation: LedgerCreation
    /// The newest entry that the report takes in.
    public var through: EntryNumber
    /// That entry's time.
    public var throughTime: LedgerTime
    /// The moment for which it is told.
    public var asOf: LedgerTime
    /// The rulebook in force then.
    public var rulebook: Rulebook
    /// The entry that adopted it.
    public var adoption: EntryNumber

    /// Makes a scope.
    public init(
        creation: LedgerCreation,
        through: EntryNumber,
        throughTime: LedgerTime,
        asOf: LedgerTime,
        rulebook: Rulebook,
        adoption: EntryNumber
    ) {
        self.creation = creation
        self.through = through
        self.throughTime = throughTime
        self.asOf = asOf
        self.rulebook = rulebook
        self.adoption = adoption
    }
}

/// Something that happens by itself up to a moment, and of which there is no entry yet.
public struct DueOccurrence: Hashable, Sendable {
    /// When it happens.
    public var time: LedgerTime
    /// What its entry will say: an expiry, or what happens to a limit.
    public var content: EntryContent

    /// Makes an occurrence.
    public init(time: LedgerTime, content: EntryContent) {
        self.time = time
        self.content = content
    }
}

extension LedgerCore {
    /// What a report of this ledger is of, at a moment or, if that is later or none is given, the
    /// newest entry's time; `nil` while no rulebook is in force then.
    public func reportScope(at time: LedgerTime? = nil) -> ReportScope? {
        state.scope(at: max(time ?? state.newestTime, state.newestTime))
    }

    /// What happens by itself after the newest entry, up to a moment, in order.
    public func occurrencesDue(by time: LedgerTime) -> [DueOccurrence] {
        var later = state
        var occurrences: [DueOccurrence] = []
        while let due = later.nextDue(by: time) {
            occurrences.append(DueOccurrence(time: due.time, content: due.content))
            later.apply(due)
        }
        return occurrences
    }
}

/// A state with everything that falls due by a moment, and the law of that moment.
struct ReportedState {
    var state: LedgerState
    var scope: ReportScope
    var moment: LegalMoment
}

extension LedgerState {
    /// The ledger as a report at a moment that is not before the newest entry tells it; `nil` while
    /// no rulebook is in force then.
    func reported(after time: LedgerTime?) -> ReportedState? {
        let asOf = max(time ?? newestTime, newestTime)
        let settled = settled(by: asOf)
        guard let scope = settled.scope(at: asOf), let adopted = settled.rulebooks.inForce(at: asOf)
        else { return nil }
        return ReportedState(
            state: settled,
            scope: scope,
            moment: LegalMoment(day: asOf.day, adopted: adopted)
        )
    }

    func scope(at time: LedgerTime) -> ReportScope? {
        guard let creation, next > 0, let adopted = rulebooks.inForce(at: time) else { return nil }
        return ReportScope(
            creation: creation,
            through: EntryNumber(rawValue: next - 1),
            throughTime: newestTime,
            asOf: time,
            rulebook: adopted.rulebook,
            adoption: adopted.entry
        )
    }
}

extension DueEvent {
    fileprivate var content: EntryContent {
        switch self {
        case .expiry(let hold, _):
            .expiry(HoldExpiry(hold: hold.number, freed: TPP(rawValue: hold.open)))
        case .limit(let event, _, _): .limit(event)
        }
    }
}
