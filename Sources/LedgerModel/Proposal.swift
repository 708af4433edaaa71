// SPDX-License-Identifier: Apache-2.0

/// Proposes an operation: it takes effect when another person approves it.
///
/// What it brings about is known by the proposal's organisation, id and entry.
public struct Proposal: Hashable, Sendable {
    /// The operation: of a kind in ``ActionKind/proposable``.
    public var action: Action { content.action }

    private let content: Box

    /// Makes a proposal.
    public init(action: Action) { content = Box(action) }

    /// An action within an action has to lie elsewhere.
    private final class Box: Hashable, Sendable {
        let action: Action

        init(_ action: Action) { self.action = action }

        static func == (left: Box, right: Box) -> Bool { left.action == right.action }

        func hash(into hasher: inout Hasher) { hasher.combine(action) }
    }
}

/// What becomes of a proposal.
///
/// The numbers are permanent.
public enum ProposalStep: UInt8, Sendable, CaseIterable {
    /// It takes effect; only another person than the one who proposed can say so.
    case approve = 1
    /// It is off the table; whoever may approve it, or proposed it, can say so.
    case decline = 2
}

/// Approves or declines a proposal.
public struct ProposalDecision: Hashable, Sendable {
    /// The operation that proposed.
    public var proposal: OperationReference
    /// What becomes of it.
    public var step: ProposalStep

    /// Makes a decision.
    public init(proposal: OperationReference, step: ProposalStep) {
        self.proposal = proposal
        self.step = step
    }
}
