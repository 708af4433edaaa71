// SPDX-License-Identifier: Apache-2.0

/// The position of an entry in the log: from 0, without gaps.
public struct EntryNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt64

    /// Makes a number.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The earlier entry comes first.
    public static func < (left: EntryNumber, right: EntryNumber) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// What came of an operation that is not a reservation.
public enum Outcome: Hashable, Sendable {
    /// It took effect.
    case accepted
    /// The rules said no.
    case refused(Refusal)
    /// The decision of a reservation.
    case decided(Decision)

    /// Why the rules said no, if they did.
    public var refusal: Refusal? {
        switch self {
        case .accepted: nil
        case .refused(let refusal): refusal
        case .decided(let decision): decision.refusal
        }
    }
}

/// An operation as the log keeps it, with what came of it.
public struct OperationRecord: Hashable, Sendable {
    /// The operation's id.
    public var id: OperationIdentifier
    /// What was asked.
    public var action: Action
    /// What came of it.
    public var outcome: Outcome

    /// Makes a record.
    public init(id: OperationIdentifier, action: Action, outcome: Outcome) {
        self.id = id
        self.action = action
        self.outcome = outcome
    }
}

/// A hold that fell due: its room is free from the entry's time on.
public struct HoldExpiry: Hashable, Sendable {
    /// The entry that granted the hold.
    public var hold: EntryNumber
    /// What was freed.
    public var freed: TPP

    /// Makes an expiry.
    public init(hold: EntryNumber, freed: TPP) {
        self.hold = hold
        self.freed = freed
    }
}

/// What an entry says.
public enum EntryContent: Hashable, Sendable {
    /// Someone's operation.
    case operation(OperationRecord)
    /// A hold expired.
    case expiry(HoldExpiry)
}

/// One entry of the log.
///
/// Its canonical bytes are the ledger; this is their reading.
public struct Entry: Hashable, Sendable {
    /// Its position.
    public var number: EntryNumber
    /// When it took effect; never before the entry in front of it.
    public var time: LedgerTime
    /// Who acted; of an expiry, who brought the time.
    public var actor: Actor
    /// The entry that adopted the rulebook in force, or `nil` before the first.
    public var rulebook: EntryNumber?
    /// What it says.
    public var content: EntryContent

    /// The version of the meaning by which this code decides, kept in every entry.
    public static let semanticsVersion: UInt16 = 1

    /// Makes an entry.
    public init(
        number: EntryNumber,
        time: LedgerTime,
        actor: Actor,
        rulebook: EntryNumber?,
        content: EntryContent
    ) {
        self.number = number
        self.time = time
        self.actor = actor
        self.rulebook = rulebook
        self.content = content
    }
}
