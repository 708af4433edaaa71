// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel

/// What an operation would be answered.
public enum RehearsedAnswer: Hashable, Sendable {
    /// It would be this entry, if nothing else came in between.
    case recorded(Entry)
    /// It was answered before, by this entry of the log.
    case replayed(Entry)
    /// It repeats an earlier one of the rehearsal, with this outcome: a decision without the limits
    /// that were tested.
    case repeated(Outcome)
    /// Bad input: no entry.
    case rejected(Rejection)
}

/// Answers operations as a ledger would now, one batch after the other, and writes nothing.
///
/// It decides on a copy of the ledger's state, so each operation is answered as if those before it
/// had been recorded: holds take room, ids are used up, what falls due falls due. The ledger answers
/// the same, if it is asked the same at the same times and nothing else comes in between.
///
/// Memory grows with the operations, by their ids and holds as a ledger's without a place for them
/// does, and by about 50 bytes more each. One owner at a time; it can be handed from thread to
/// thread.
public struct Rehearsal: ~Copyable, Sendable {
    private let log: any EntryLog
    private var core: LedgerCore
    /// The first entry that only the rehearsal has.
    private let first: EntryNumber
    /// What was decided by the entries from ``first`` on; `nil` for those that decide nothing.
    private var decisions: [CompactDecision?] = []
    /// Outcomes that are no decisions.
    private var others: [EntryNumber: Outcome] = [:]

    /// Makes a rehearsal that begins where a log ends.
    ///
    /// - Parameters:
    ///   - log: The log, with the entries that earlier operations were answered with.
    ///   - core: The state after its last entry.
    public init(of log: any EntryLog, from core: consuming LedgerCore) {
        self.log = log
        first = core.next
        self.core = core
    }

    /// What operations would be answered, in order.
    ///
    /// - Parameters:
    ///   - operations: What is asked, in the order that counts.
    ///   - now: The clock's time, for operations that bring none.
    /// - Returns: One answer for each operation, in order.
    /// - Throws: ``LedgerError`` if it can not be told which operations are known, or what they were
    ///   answered; the rehearsal is over then.
    public mutating func answers(
        to operations: [Operation],
        now: LedgerTime
    ) throws(LedgerError) -> [RehearsedAnswer] {
        let effects = try core.decide(operations, now: now)
        for entry in effects.decided { keep(entry) }
        let begin = effects.decided.firstNumber ?? core.next
        let recorded = try log.entries(
            effects.answers.compactMap { answer in
                guard case .replay(let number) = answer, number < first else { return nil }
                return number
            }
        )
        return effects.answers.map { answer in
            switch answer {
            case .rejected(let rejection): .rejected(rejection)
            case .recorded(let number):
                .recorded(effects.decided[Int(number.rawValue - begin.rawValue)])
            case .replay(let number):
                recorded[number].map(RehearsedAnswer.replayed) ?? .repeated(outcome(number))
            }
        }
    }

    private mutating func keep(_ entry: Entry) {
        guard case .operation(let record) = entry.content else { return decisions.append(nil) }
        guard case .decided(let decision) = record.outcome else {
            others[entry.number] = record.outcome
            return decisions.append(nil)
        }
        decisions.append(
            CompactDecision(
                refusal: decision.refusal,
                mechanism: decision.mechanism,
                asked: decision.asked,
                granted: decision.granted
            )
        )
    }

    /// The outcome of an entry of the rehearsal.
    private func outcome(_ number: EntryNumber) -> Outcome {
        let decision = decisions[Int(number.rawValue - first.rawValue)]
        guard let outcome = decision.map({ .decided(Decision($0, tests: [])) }) ?? others[number]
        else { preconditionFailure("what is repeated is an operation") }
        return outcome
    }
}
