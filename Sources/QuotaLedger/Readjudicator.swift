// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// Decides the operations of a log again, under another rulebook than the log's.
///
/// Wherever a rulebook is in force, from the other one's effective day on, the other one is in its
/// place; before that day the log's own decide. Every operation of the log is asked again in its
/// order, at its time and by its actor; what fell due falls due again. So what it says is what the
/// ledger would have said, exactly, had it been asked the same. With the rulebook that is in force
/// anyway it says what the log says.
///
/// Redactions and legal holds are passed over: no rulebook bears on them. Of a redacted entry it is not
/// known who acted; they count as someone else than everybody.
///
/// Nothing is written. Memory grows with the parties and the operations of the log, as a ledger's
/// does. One owner at a time; it can be handed from thread to thread.
public struct Readjudicator: ~Copyable, Sendable {
    /// The ledger as it would be.
    private var core: LedgerCore
    /// The proposals of redactions so far.
    private var redactions: Set<ProposalName> = []

    /// Makes one before the first entry.
    ///
    /// - Parameters:
    ///   - rulebook: The other rulebook's file.
    ///   - start: The first day on which it stands in; its effective day, if that is later.
    ///   - key: The key of the hashes by which operations are found again.
    /// - Throws: ``RulebookError`` if the file is not valid.
    public init(
        rulebook: [UInt8],
        from start: CivilDate = .earliest,
        key: HashKey = .random()
    ) throws(RulebookError) {
        var state = LedgerState(key: key)
        state.rulebooks = try RulebookTimeline(replacedBy: rulebook, from: start)
        core = LedgerCore(state: state)
    }

    /// Decides the operations among the next entries of the log.
    ///
    /// - Parameters:
    ///   - entries: Entries that follow those before; expiries and events of limits are passed over.
    ///   - compare: Told each operation's entry and what it would have been answered, in order.
    /// - Throws: ``LedgerError`` if it can not be told which operations are known.
    public mutating func decide(
        _ entries: some Sequence<Entry>,
        _ compare: (Entry, ReadjudgedAnswer) -> Void
    ) throws(LedgerError) {
        let asked = entries.filter { isAskedAgain($0) }
        let effects = try decide(asked)
        let first = effects.decided.firstNumber?.rawValue ?? 0
        for (entry, answer) in zip(asked, effects.answers) {
            switch answer {
            case .recorded(let number):
                let position = Int(number.rawValue - first)
                guard case .operation(let record) = effects.decided[position].content else {
                    preconditionFailure("an operation must be answered by its own entry")
                }
                compare(entry, .recorded(record.outcome))
            case .rejected(let rejection): compare(entry, .rejected(rejection))
            case .replay:
                throw .corrupt(entry.number, "its operation was asked before, by the same id")
            }
        }
    }

    private mutating func isAskedAgain(_ entry: Entry) -> Bool {
        guard case .operation(let record) = entry.content else { return false }
        let caller = entry.actor.organisation
        switch record.action {
        case .redact, .legalHold: return false
        case .propose(let proposal):
            guard case .redact = proposal.action else { return true }
            redactions.insert(ProposalName(organisation: caller, id: record.id))
            return false
        case .decideProposal(let decision):
            let organisation = decision.proposal.organisation ?? caller
            let name = ProposalName(organisation: organisation, id: decision.proposal.id)
            return !redactions.contains(name)
        default: return true
        }
    }

    /// Decides the operations of entries, each of which must be one.
    package mutating func decide(_ entries: [Entry]) throws(LedgerError) -> BatchEffects {
        guard let last = entries.last else { return BatchEffects() }
        let operations = entries.compactMap(\.asked)
        return try core.decide(operations, now: last.time)
    }

    /// Every limit that is watched, at a moment not before the newest entry; see
    /// ``LedgerCore/limitReadings(at:)``.
    public func limitReadings(at time: LedgerTime) -> [LimitReading] {
        core.limitReadings(at: time)
    }

    /// The cap report of the ledger as it would be, at a moment not before the newest entry.
    public func capReport(at time: LedgerTime) -> CapReport? { core.capReport(at: time) }
}

/// The name of an operation that proposed.
private struct ProposalName: Hashable, Sendable {
    var organisation: OrganisationIdentifier
    var id: OperationIdentifier
}

/// What an operation of a log would have been answered under another rulebook.
public enum ReadjudgedAnswer: Hashable, Sendable {
    /// An entry with this outcome.
    case recorded(Outcome)
    /// No entry: what it names would not be there, or its amount would not fit.
    case rejected(Rejection)
}

extension Entry {
    /// The operation that the entry answers, with the time at which it counted; `nil` of what
    /// nobody asked for.
    fileprivate var asked: Operation? {
        guard case .operation(let record) = content else { return nil }
        var actor = actor
        if isRedacted { actor.person = PersonIdentifier(checked: "redacted in \(number)") }
        return Operation(id: record.id, actor: actor, time: time, action: record.action)
    }
}
