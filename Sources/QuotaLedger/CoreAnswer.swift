// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What the core says to one operation.
public enum CoreAnswer: Hashable, Sendable {
    /// The operation is this entry, to be answered once it is durable.
    case recorded(EntryNumber)
    /// The operation was answered before, by this entry.
    case replay(EntryNumber)
    /// Bad input: no entry.
    indirect case rejected(Rejection)
}

/// What a batch of operations led to: entries to append, answers to give once they are durable.
public struct BatchEffects: Sendable {
    /// The new entries, in order, as the core keeps them.
    package var decided: DecidedEntries
    /// One answer for each operation, in order.
    public var answers: [CoreAnswer]

    /// The new entries, in order; expiries are among them.
    ///
    /// They are put together with every call: O(entries).
    public var entries: [Entry] {
        get { Array(decided) }
        set { decided = DecidedEntries(newValue) }
    }

    package init(entries: [Entry] = [], answers: [CoreAnswer] = []) {
        self.init(decided: DecidedEntries(entries), answers: answers)
    }

    init(decided: DecidedEntries, answers: [CoreAnswer]) {
        self.decided = decided
        self.answers = answers
    }
}

/// What a reservation would be answered.
public enum CheckAnswer: Hashable, Sendable {
    /// It would be decided so.
    case decided(Decision)
    /// The ledger's policy would refuse it.
    case refused(Refusal)
    /// The same operation was answered before, by this entry.
    case replay(EntryNumber)
    /// It would be rejected.
    case rejected(Rejection)
}
