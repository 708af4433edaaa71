// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension Explainer {
    /// Why the rules say no, in words.
    func reason(_ refusal: Refusal) -> String {
        switch refusal {
        case .countryOfConcern: "a country of concern takes part"
        case .prohibitedEndUse: "the end use is prohibited"
        case .partyBlocked: "the party is blocked"
        case .limitReached: "a limit has less left than was asked"
        case .notGranted: "the reservation was refused"
        case .holdClosed: "nothing of the hold is open"
        case .exceedsHold: "more was asked than is open"
        case .exceedsShipped: "more was asked than is shipped and still there"
        case .deadlineNotLater: "the hold has a deadline as late as that, or none"
        case .statusInactive: "the status that granted the hold is not active now"
        case .notEligible:
            "neither its headquarters nor its ultimate parent's are at home or in an allied country"
        case .statusExists: "there is an overlapping status of the kind"
        case .statusRevoked: "it was revoked for good"
        case .attestationSuperseded: "the group has attested a later day"
        case .notPermitted: "the ledger's policy does not permit it"
        case .needsApproval:
            "the ledger's policy wants one person to propose it, another to approve it"
        case .samePerson: "who proposed it can not approve it"
        case .proposalClosed: "it was approved, declined or refused before"
        case .onHold: "a legal hold keeps an entry as it is"
        case .notRedactable:
            "an entry is redacted already, of an older encoding, needed as it is, or says who redacted"
        case .headquartersNotTrusted:
            "the recipient's headquarters or its ultimate parent's are neither at home nor in an "
                + "allied country"
        case .storageNotAttested: "the recipient's security attestation is not current"
        }
    }

    /// Why the rules say no to a role that asks for something.
    func reason(_ refusal: Refusal, to kind: ActionKind, askedAs role: Role) -> String {
        if refusal == .needsApproval, kind == .redact {
            return "one person proposes it, another approves it, whatever the ledger's policy says"
        }
        guard refusal == .notPermitted else { return reason(refusal) }
        if ActionKind.retention.contains(kind) {
            return "only regulators and operators may, whatever the ledger's policy says"
        }
        return role == .vendor && (ActionKind.onHolds.contains(kind) || kind == .correct)
            ? "the ledger's policy lets a vendor do this with its own orders only, or not at all"
            : "the ledger's policy does not permit it in the role of \(role)"
    }

    /// Why the rules say no to an operation on a hold, with the arithmetic where that is the reason.
    func reason(_ refusal: Refusal, _ move: HoldMove) -> String {
        switch refusal {
        case .exceedsShipped where move.amount == .zero: "nothing is shipped and still there"
        case .exceedsHold:
            "\(short(move.amount, .up)) asked, \(short(move.before.open, .down)) open"
        case .exceedsShipped:
            "\(short(move.amount, .up)) asked, \(short(move.before.out, .down)) shipped and "
                + "still there"
        case .countryOfConcern, .partyBlocked, .statusInactive:
            "\(reason(refusal)); the hold is kept"
        default: reason(refusal)
        }
    }
}
