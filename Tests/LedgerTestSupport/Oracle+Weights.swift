// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Oracle {
    /// The answer to a transfer of model weights that was not rejected.
    func determine(_ transfer: WeightsTransfer, at time: LedgerTime) -> WeightsDetermination {
        guard let rulebook = facts.adoption(at: time)?.rulebook,
            let recipient = facts.parties[transfer.recipient]
        else { preconditionFailure("a transfer must be rejected before it is determined") }
        let rule = rulebook.weights
        if transfer.isPublished { return .notControlled(.published) }
        if transfer.trainingOperations < rule.threshold { return .notControlled(.belowThreshold) }
        if transfer.trainingOperations < rule.floor { return .notControlled(.belowFloor) }

        let day = time.day
        let ultimate = facts.parties[facts.ultimateParent(of: recipient.id)] ?? recipient
        let isTrusted = [recipient, ultimate].allSatisfy {
            let tier = rulebook.tier($0.headquarters, on: day)
            return tier == .home || tier == .allied
        }
        let findings: [(OracleRulebook.WeightsCondition, Bool, Refusal)] = [
            (
                .destinationOfConcern,
                rulebook.tier(transfer.destination, on: day) == .concern, .countryOfConcern
            ),
            (
                .recipientOfConcern,
                rulebook.tier(recipient.site, on: day) == .concern, .countryOfConcern
            ),
            (.recipientBlocked, facts.blocked.contains(recipient.id), .partyBlocked),
            (.headquartersNotHomeOrAllied, !isTrusted, .headquartersNotTrusted),
            (.storageNotAttested, !facts.isAttested(recipient.id, on: day), .storageNotAttested),
        ]
        for (condition, isFound, refusal) in findings
        where isFound && rule.refusedWhen.contains(condition) {
            return .refused(refusal)
        }
        return .permitted
    }
}
