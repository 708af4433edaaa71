// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// The first place at which a log is not what the rules in force make of what was asked.
public struct Divergence: Hashable, Sendable {
    /// What is wrong there.
    ///
    /// The words are permanent.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Its number or its time does not follow the entry before.
        case order
        /// It names another rulebook than the one in force.
        case rulebook
        /// Its operation was answered before, by the same organisation and id.
        case repeated
        /// It is written otherwise than the ledger writes such an operation.
        case form
        /// Its operation should have been rejected, and left no entry.
        case rejection
        /// Something that happens by itself is missing in front of it.
        case missing
        /// It tells of something that does not happen there.
        case unexpected
        /// It names another actor than the one whose operation brought it about.
        case actor
        /// It grants what should have been refused, or refuses what should have been granted, or
        /// gives another reason.
        case verdict
        /// The decision's arithmetic is another.
        case arithmetic
        /// What the operation brought about is another.
        case outcome
        /// It is redacted and nobody approved that, or the other way round.
        case redaction
    }

    /// The entry.
    public var entry: EntryNumber
    /// Its time.
    public var time: LedgerTime
    /// What the entry is, in words, such as `order A159 of NVIDIA for G42 to AE`.
    public var subject: String
    /// What is wrong with it.
    public var kind: Kind
    /// The limit in question, if it is one.
    public var limit: LimitName?
    /// What differs, in words.
    public var what: String
    /// What must stand there.
    public var expected: String
    /// What stands there.
    public var found: String
    /// The arithmetic behind it, and where the rule comes from; a line each.
    public var reasons: [String]
}

extension Divergence: CustomStringConvertible {
    /// All of it on one line.
    public var description: String {
        let reasons = reasons.isEmpty ? "" : " (" + reasons.joined(separator: "; ") + ")"
        return "entry \(entry), \(subject): \(what): found \(found), expected \(expected)\(reasons)"
    }

    /// All of it for people: a field a line.
    public var lines: [String] {
        var lines = ["entry     \(entry), \(time)", "subject   \(subject)", "what      \(what)"]
        if let limit { lines.append("limit     \(limit)") }
        lines += ["found     \(found)", "expected  \(expected)"]
        for (position, reason) in reasons.enumerated() {
            lines.append((position == 0 ? "because   " : "          ") + reason)
        }
        return lines
    }
}

/// Why an audit ended early.
public enum AuditError: Error, Hashable, Sendable {
    /// The log is not what the rules make of what was asked.
    case diverges(Divergence)
    /// The log can not be read, or is not what was written.
    case log(LogFault)
    /// The sums that the audit keeps are not those of its charges: a defect of the audit.
    case disagrees(LimitName?, summed: Int64, folded: Int64, after: EntryNumber)
}

extension AuditError: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .diverges(let divergence): divergence.description
        case .log(let fault): fault.description
        case .disagrees(let name, let summed, let folded, let entry):
            "after entry \(entry) the audit's own sums disagree about "
                + "\(name.map { "\($0)" } ?? "what is held"): \(summed) TPP kept, \(folded) TPP "
                + "folded from the charges. This is a defect of the audit, not of the log: "
                + "please report it"
        }
    }
}
