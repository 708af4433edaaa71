// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A proposal that was recorded.
struct ProposalState: Sendable {
    /// Who proposed.
    var proposer: Actor
    /// The kind of what was proposed.
    var kind: ActionKind
    /// What was proposed; `nil` once it was approved, declined or refused.
    var action: Action?
}

/// The proposals, by their entries.
struct ProposalRegister: Sendable {
    private(set) var proposals: [EntryNumber: ProposalState] = [:]

    subscript(number: EntryNumber) -> ProposalState? { proposals[number] }

    mutating func add(_ proposal: ProposalState, entry: EntryNumber) {
        proposals[entry] = proposal
    }

    mutating func close(_ number: EntryNumber) { proposals[number]?.action = nil }

    /// Forgets who made a proposal that is no longer open.
    mutating func redact(_ number: EntryNumber) {
        proposals[number]?.proposer.person = .redacted
    }
}
