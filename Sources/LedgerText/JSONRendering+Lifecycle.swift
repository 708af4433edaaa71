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

    mutating func members(_ correction: Correction) {
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
        member("text", correction.text)
    }

    mutating func members(_ transfer: WeightsTransfer) {
        member("model", transfer.model)
        member("published", transfer.isPublished)
        // In quotes: most readers have no integers of this size.
        member("training_operations", String(transfer.trainingOperations))
        member("recipient", transfer.recipient.text)
        member("destination", transfer.destination.description)
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
