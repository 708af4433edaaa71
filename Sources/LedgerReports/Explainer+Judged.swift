// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// Two people, the ledger's policy, and model weights.
extension Explainer {
    /// A proposal, which has no effect of its own.
    func deed(of proposal: Proposal, _ id: OperationIdentifier?) -> Deed {
        let name = "Proposal" + (id.map { " \($0)" } ?? "")
        return Deed(
            name,
            past: "waits for another person's approval: \(words(for: proposal))",
            asked: "\(name) (\(proposal.action.kind))"
        )
    }

    /// What would come about: `Party ACME to be blocked`.
    func words(for proposal: Proposal) -> String {
        let proposed = deed(of: proposal.action)
        return "\(proposed.subject) \(proposed.future)"
    }

    func deed(of decision: ProposalDecision) -> Deed {
        let proposal = "proposal \(words(for: decision.proposal))"
        let (past, asked) =
            switch decision.step {
            case .approve: ("was approved and took effect", "Approval of \(proposal)")
            case .decline: ("was declined", "Decline of \(proposal)")
            }
        return Deed(capitalized(proposal), past: past, asked: asked)
    }

    func deed(of redaction: Redaction) -> Deed {
        let numbers = redaction.entries.prefix(5).map { "\($0)" }.joined(separator: ", ")
        let more = redaction.entries.count - 5
        let named =
            redaction.entries.count == 1
            ? "entry \(numbers)" : "entries \(numbers)" + (more > 0 ? " and \(more) more" : "")
        return Deed("Redaction of \(named) (\(redaction.reason))", was: "done")
    }

    func deed(of hold: LegalHold) -> Deed {
        let (name, verb) =
            switch hold.step {
            case .place(.party(let party)): ("Legal hold on party \(party)", "placed")
            case .place(.entry(let number)): ("Legal hold on entry \(number)", "placed")
            case .place(.operation(let reference)):
                ("Legal hold on operation \(words(for: reference))", "placed")
            case .lift(let reference): ("Legal hold \(words(for: reference))", "lifted")
            }
        return Deed("\(name) (\(hold.reason))", was: verb)
    }

    /// Who may do what in a ledger, and what needs two people.
    func facts(of policy: LedgerPolicy) -> [Explanation.Fact] {
        var facts = Role.allCases.map { role in
            Explanation.Fact("\(role)", words(for: policy.permissions[role, default: []]))
        }
        facts.append(Explanation.Fact("two people", words(for: policy.twoPeople)))
        return facts
    }

    private func words(for kinds: Set<ActionKind>) -> String {
        guard !kinds.isEmpty else { return "nothing" }
        if kinds == ActionKind.permissible { return "everything" }
        return ActionKind.allCases.filter(kinds.contains).map(\.description)
            .joined(separator: ", ")
    }

    func words(for transfer: WeightsTransfer) -> String {
        "Transfer of the weights of \(transfer.model) to party \(transfer.recipient) in "
            + name(of: transfer.destination)
    }

    func words(for exemption: WeightsExemption) -> String {
        switch exemption {
        case .published: "they are published"
        case .belowThreshold: "they were trained with fewer operations than the threshold"
        case .belowFloor:
            "they were trained with fewer operations than others whose weights are published"
        }
    }

    /// The numbers of a transfer, and those of the rule for it.
    func facts(of transfer: WeightsTransfer) -> [Explanation.Fact] {
        var facts = [
            Explanation.Fact(
                "weights",
                (transfer.isPublished ? "published" : "not published") + ", trained with "
                    + "\(grouped(transfer.trainingOperations)) operations"
            )
        ]
        guard let rule = rulebook?.modelWeights else { return facts }
        facts.append(
            Explanation.Fact("threshold", "\(grouped(rule.threshold.value)) operations")
        )
        if rule.floor.value > 0 {
            facts.append(Explanation.Fact("floor", "\(grouped(rule.floor.value)) operations"))
        }
        return facts
    }
}
