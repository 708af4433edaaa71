// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// What a receipt says once it is verified; what is not in it here is not told.
public struct ReceiptReport: Hashable, Sendable {
    /// The number of the entry.
    public var number: EntryNumber
    /// When it took effect.
    public var time: LedgerTime
    /// The entry's kind in a word, such as `reserve` or `breach`.
    public var kind: String
    /// Who acted, where that is told.
    public var actor: LedgerModel.Actor?
    /// What it says, where that is told; without the numbers of limits unless ``tellsTotals``.
    public var content: EntryContent?
    /// Whether the numbers of limits are told.
    public var tellsTotals: Bool
    /// The limits that a decision tested, as they stand with the entry.
    public var limitsAfter: [LimitTest]
    /// The ledger's settings.
    public var creation: LedgerCreation
    /// The entry that adopted the rulebook in force.
    public var adoption: EntryNumber?
    /// The rulebook, where there is one and it can be read.
    public var rulebook: Rulebook?
    /// The SHA-256 of the rulebook's file in hexadecimal digits.
    public var rulebookHash: String?
    /// How many entries the ledger had when its head was signed.
    public var headEntryCount: UInt64
    /// The root that was signed, in hexadecimal digits.
    public var headRoot: String
    /// The head as the ledger signed it, with its signatures.
    public var head: String
    /// Who signed, in words.
    public var signers: [String]

    /// Puts a report together.
    public init(
        number: EntryNumber,
        time: LedgerTime,
        kind: String,
        actor: LedgerModel.Actor?,
        content: EntryContent?,
        tellsTotals: Bool,
        limitsAfter: [LimitTest],
        creation: LedgerCreation,
        adoption: EntryNumber?,
        rulebook: Rulebook?,
        rulebookHash: String?,
        headEntryCount: UInt64,
        headRoot: String,
        head: String,
        signers: [String]
    ) {
        self.number = number
        self.time = time
        self.kind = kind
        self.actor = actor
        self.content = content
        self.tellsTotals = tellsTotals
        self.limitsAfter = limitsAfter
        self.creation = creation
        self.adoption = adoption
        self.rulebook = rulebook
        self.rulebookHash = rulebookHash
        self.headEntryCount = headEntryCount
        self.headRoot = headRoot
        self.head = head
        self.signers = signers
    }

    private var explainer: Explainer {
        var explainer = Explainer(
            rulebook: rulebook,
            mode: creation.mode,
            disclosure: tellsTotals ? .open : .banded
        )
        explainer.knowsBands = tellsTotals
        return explainer
    }

    /// What the entry says, with what vouches for it.
    public var explanation: Explanation {
        let told = toldEntry
        return Explanation(
            sentence: told.sentence,
            facts: told.facts + standing + evidence,
            limits: told.limits,
            sources: told.sources
        )
    }

    /// What the entry says.
    var toldEntry: Explanation {
        if let actor, let content {
            let entry = Entry(
                number: number,
                time: time,
                actor: actor,
                rulebook: adoption,
                content: content
            )
            return explainer.explanation(of: entry)
        }
        let facts = [Explanation.Fact("entry", "\(number), \(time)")] + explainer.closing(nil)
        if case .expiry(let expiry)? = content {
            return Explanation(sentence: explainer.sentence(for: expiry), facts: facts)
        }
        return Explanation(
            sentence: "Entry \(number) (\(kind)) is in the log; what it says is not told here.",
            facts: facts
        )
    }

    /// The limits that were tested, with the entry.
    private var standing: [Explanation.Fact] {
        limitsAfter.map { limit in
            Explanation.Fact(
                "with it",
                "\(limit.name): \(explainer.both(limit.used, .up)) used of "
                    + "\(explainer.both(limit.limit, .down))"
            )
        }
    }

    /// What vouches for the entry.
    var evidence: [Explanation.Fact] {
        var facts: [Explanation.Fact] = []
        if let rulebookHash {
            facts.append(Explanation.Fact("file", "rulebook, SHA-256 \(rulebookHash)"))
        }
        if !tellsTotals {
            let isDecision = if case .operation? = content { true } else { false }
            facts.append(
                Explanation.Fact(
                    "not told",
                    isDecision
                        ? "the numbers of the limits, which others draw on too: a hash stands for "
                            + "them"
                        : "what belongs to others: a hash stands for it"
                )
            )
        }
        facts.append(
            Explanation.Fact(
                "proven",
                "entry \(number) is in the log of \(creation.origin) of "
                    + "\(counted(Int(clamping: headEntryCount), "entry", "entries")) with the root \(headRoot)"
            )
        )
        return facts + signers.map { Explanation.Fact("signed", $0) }
    }
}

/// A count with its noun in singular or plural.
private func counted(_ count: Int, _ one: String, _ several: String) -> String {
    grouped(count) + " " + (count == 1 ? one : several)
}
