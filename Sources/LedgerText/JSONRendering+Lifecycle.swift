// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What is asked after a grant, of two people, and about model weights.
extension JSONWriter {
    /// Writes who may do what and what needs two people, each list in the order of the numbers.
    public mutating func value(_ policy: LedgerPolicy) {
        beginObject()
        key("permissions")
        beginObject()
        for role in Role.allCases {
            member(role.description, policy.permissions[role, default: []])
        }
        endObject()
        member("two_people", policy.twoPeople)
        endObject()
    }

    private mutating func member(_ name: String, _ kinds: Set<ActionKind>) {
        key(name)
        beginArray()
        for kind in ActionKind.allCases where kinds.contains(kind) { string(kind.description) }
        endArray()
    }

    /// Writes how much is meant: `null` is the rest.
    mutating func member(_ name: String, _ part: HoldPart, _ rendering: JSONRendering) {
        let tpp: TPP? =
            switch part {
            case .rest: nil
            case .amount(let tpp): tpp
            }
        amount(name, tpp, rounding: .up, rendering)
    }

    mutating func members(_ correction: Correction, _ rendering: JSONRendering) {
        key("entry")
        switch correction.target {
        case .entry(let number):
            integer(number.rawValue)
            key("operation")
            null()
        case .operation(let reference):
            null()
            member("operation", reference)
        }
        freeText("text", correction.text, rendering)
    }

    mutating func members(_ transfer: WeightsTransfer, _ rendering: JSONRendering) {
        freeText("model", transfer.model, rendering)
        member("published", transfer.isPublished)
        // In quotes: most readers have no integers of this size.
        member("training_operations", String(transfer.trainingOperations))
        member("recipient", transfer.recipient.text)
        member("destination", transfer.destination.description)
    }

    mutating func members(_ redaction: Redaction, _ rendering: JSONRendering) {
        key("entries")
        beginArray()
        for entry in redaction.entries { integer(entry.rawValue) }
        endArray()
        freeText("reason", redaction.reason, rendering)
    }

    mutating func members(_ hold: LegalHold, _ rendering: JSONRendering) {
        switch hold.step {
        case .place(let subject):
            member("step", "place")
            value(subject)
        case .lift(let placed):
            member("step", "lift")
            member("legal_hold", placed)
        }
        freeText("reason", hold.reason, rendering)
    }

    /// Writes what a legal hold keeps as it is, as the members `party`, `entry` and `operation` of
    /// which one is not `null`.
    public mutating func value(_ subject: LegalHoldSubject) {
        let party: PartyIdentifier? = if case .party(let id) = subject { id } else { nil }
        member("party", party?.text)
        key("entry")
        if case .entry(let number) = subject { integer(number.rawValue) } else { null() }
        key("operation")
        if case .operation(let reference) = subject { value(reference) } else { null() }
    }

    /// Writes a free text, unless it was taken out.
    mutating func freeText(_ name: String, _ text: String?, _ rendering: JSONRendering) {
        if !rendering.isRedacted { member(name, text) }
    }

    mutating func members(_ decision: ProposalDecision) {
        member("proposal", decision.proposal)
        let step =
            switch decision.step {
            case .approve: "approve"
            case .decline: "decline"
            }
        member("step", step)
    }
}
