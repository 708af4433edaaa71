// SPDX-License-Identifier: Apache-2.0

/// Takes what is personal out of entries that are in the log: who acted, and free text.
///
/// Always proposed by one person and approved by another, whatever the ledger's policy says. A hash
/// stays in the place of what is taken out, and the tree over the entries stays as it was.
public struct Redaction: Hashable, Sendable {
    /// The entries, 1 to ``maximumEntryCount``, ascending, each once.
    public var entries: [EntryNumber]
    /// Why, in 1 to 200 bytes of text; it stays in the log, so it must not repeat what is taken out.
    public var reason: String

    /// The most entries that one redaction names.
    public static let maximumEntryCount = 1_000

    /// Makes a redaction.
    public init(entries: [EntryNumber], reason: String) {
        self.entries = entries
        self.reason = reason
    }
}

/// What must not be redacted while a legal hold on it is in force.
public enum LegalHoldSubject: Hashable, Sendable {
    /// Every entry that names the party, or is about a hold of it, also those to come.
    case party(PartyIdentifier)
    /// The entry of an operation.
    case operation(OperationReference)
    /// One entry.
    case entry(EntryNumber)
}

/// What is done with a legal hold.
public enum LegalHoldStep: Hashable, Sendable {
    /// It is placed; it is known by the operation that places it.
    case place(LegalHoldSubject)
    /// One that an operation placed is lifted.
    case lift(OperationReference)
}

/// Keeps entries from being redacted, or no longer.
public struct LegalHold: Hashable, Sendable {
    /// What is done.
    public var step: LegalHoldStep
    /// Why, in 1 to 200 bytes of text.
    public var reason: String

    /// Makes a step.
    public init(step: LegalHoldStep, reason: String) {
        self.step = step
        self.reason = reason
    }
}

extension PersonIdentifier {
    /// Stands for the person of an entry that was redacted.
    public static let redacted = PersonIdentifier(checked: Redaction.placeholder)
}

extension Redaction {
    /// Stands for the text of an entry that was redacted.
    public static let placeholder = "redacted"
}

extension Action {
    /// What is written in it for people to read, and may say something about a person: a reference,
    /// a reason, a correction, the name of a model; `nil` if there is none.
    public var freeText: String? {
        switch self {
        case .block(let block): block.reason
        case .changeStatus(let change): change.reason
        case .reserve(let reservation): reservation.reference
        case .revoke(let revocation): revocation.reason
        case .correct(let correction): correction.text
        case .transferWeights(let transfer): transfer.model
        case .redact(let redaction): redaction.reason
        case .legalHold(let hold): hold.reason
        case .propose(let proposal): proposal.action.freeText
        case .createLedger, .party, .grantStatus, .attestSecurity, .attestInstalled,
            .signAgreement, .endAgreement, .adoptRulebook, .adoptDevices, .ship, .release,
            .extend, .giveBack, .retire, .tick, .decideProposal, .rotateKey:
            nil
        }
    }
}
