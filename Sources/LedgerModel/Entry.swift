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

/// What an attestation says of a country and the ledger did not know: a gap is how diversion shows.
public struct InstalledGap: Hashable, Sendable {
    /// The country.
    public var country: CountryCode
    /// What the ledger counted as installed there at the end of the attested day.
    public var known: TPP
    /// What the attestation says.
    public var attested: TPP

    /// Makes a gap.
    public init(country: CountryCode, known: TPP, attested: TPP) {
        self.country = country
        self.known = known
        self.attested = attested
    }
}

/// What came of an operation.
public enum Outcome: Hashable, Sendable {
    /// It took effect.
    case accepted
    /// The rules said no, and there is no more to tell.
    ///
    /// Any operation can be refused so by the ledger's policy.
    case refused(Refusal)
    /// The decision of a reservation.
    case decided(Decision)
    /// What an operation on a hold did, or why it did not.
    case moved(HoldMove)
    /// An attestation of the installed base took effect: the countries for which it says something
    /// else than the ledger knew, in ascending order.
    case attested([InstalledGap])
    /// The answer to a transfer of model weights.
    case determined(WeightsDetermination)

    /// Why the rules said no, if they did.
    public var refusal: Refusal? {
        switch self {
        case .accepted, .attested: nil
        case .refused(let refusal): refusal
        case .decided(let decision): decision.refusal
        case .moved(let move): move.refusal
        case .determined(.refused(let refusal)): refusal
        case .determined: nil
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

/// How a limit changed.
public enum LimitChange: Hashable, Sendable {
    /// More is used than it allows.
    case breached
    /// It was in breach, and no more is used than it allows any more.
    case cured
    /// It was in breach, and is no longer defined or watched; nothing is read of it.
    case unwatched
    /// So many percent of it were reached from below, the highest of the rulebook's thresholds.
    case crossed(percent: UInt8)
}

/// A limit that came into breach, was cured of it, or of which a threshold was crossed.
///
/// Written once an instant and after each operation, in order of the limits' names.
public struct LimitEvent: Hashable, Sendable {
    /// Which limit.
    public var name: LimitName
    /// What happened to it.
    public var change: LimitChange
    /// What is used of it; 0 of one that is no longer defined or watched.
    public var used: TPP
    /// How much it allows; of a share the whole part of p times the base over q.
    public var limit: TPP

    /// Makes an event.
    public init(name: LimitName, change: LimitChange, used: TPP, limit: TPP) {
        self.name = name
        self.change = change
        self.used = used
        self.limit = limit
    }
}

/// What an entry says.
public enum EntryContent: Hashable, Sendable {
    /// Someone's operation.
    case operation(OperationRecord)
    /// A hold expired.
    case expiry(HoldExpiry)
    /// A limit came into breach, was cured of it, or a threshold of it was crossed.
    case limit(LimitEvent)
}

/// One entry of the log.
///
/// Its canonical bytes are the ledger; this is their reading.
public struct Entry: Hashable, Sendable {
    /// Its position.
    public var number: EntryNumber
    /// When it took effect; never before the entry in front of it.
    public var time: LedgerTime
    /// Who acted; of an expiry or a limit's event, whose operation brought it about.
    public var actor: Actor
    /// The entry that adopted the rulebook in force, or `nil` before the first.
    public var rulebook: EntryNumber?
    /// What it says.
    public var content: EntryContent
    /// Whether what is personal was taken out of it: ``PersonIdentifier/redacted`` then stands for who
    /// acted, and ``Redaction/placeholder`` for free text.
    public var isRedacted: Bool

    /// The version of the meaning by which this code decides, kept in every entry.
    public static let semanticsVersion: UInt16 = 2

    /// Makes an entry.
    public init(
        number: EntryNumber,
        time: LedgerTime,
        actor: Actor,
        rulebook: EntryNumber?,
        content: EntryContent,
        isRedacted: Bool = false
    ) {
        self.number = number
        self.time = time
        self.actor = actor
        self.rulebook = rulebook
        self.content = content
        self.isRedacted = isRedacted
    }
}
