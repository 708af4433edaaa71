// SPDX-License-Identifier: Apache-2.0

/// Why the rules say no.
///
/// A refusal is an entry; the numbers are permanent. Within a group of tens they stand in the order
/// in which the reasons are checked; those of the policy (30 and up) are checked before all others.
public enum Refusal: UInt16, Sendable, CaseIterable {
    /// Destination, site or headquarters is a country of concern.
    case countryOfConcern = 1
    /// The end use is on the rulebook's list of prohibited ones.
    case prohibitedEndUse = 2
    /// The consignee is blocked.
    case partyBlocked = 3
    /// A limit of the deciding mechanism has less left than was asked.
    case limitReached = 4
    /// The reservation was refused: there is no hold.
    case notGranted = 5
    /// The hold has nothing open: shipped, released, revoked or expired.
    case holdClosed = 6
    /// More was to be shipped than is open of the hold.
    case exceedsHold = 7
    /// More was to be returned or retired than was shipped and is still there.
    case exceedsShipped = 8
    /// The new deadline is not later than the present one.
    case deadlineNotLater = 9
    /// The status by which the hold was granted is suspended, revoked, ended or not attested now.
    case statusInactive = 10
    /// The party does not meet the conditions of the status.
    case notEligible = 20
    /// An overlapping status of the kind exists.
    case statusExists = 21
    /// The status was revoked: it can not be changed any more.
    case statusRevoked = 22
    /// A later attestation of the group exists.
    case attestationSuperseded = 23
    /// The ledger's policy does not let the role do this.
    case notPermitted = 30
    /// The ledger's policy wants this proposed by one person and approved by another.
    case needsApproval = 31
    /// Who proposed can not approve.
    case samePerson = 32
    /// The proposal was approved, declined or refused before.
    case proposalClosed = 33
    /// A legal hold keeps the entry from being redacted.
    case onHold = 34
    /// The entry can not be redacted: it is of an older encoding, redacted already, needed as it is,
    /// or says who redacted.
    case notRedactable = 35
    /// The headquarters of the recipient of weights, or of its ultimate parent, is neither home nor
    /// allied.
    case headquartersNotTrusted = 40
    /// The recipient's security attestation, and so the storage of the weights, is not current.
    case storageNotAttested = 41
}

extension Refusal: LosslessStringConvertible {
    /// Reads a refusal's code, such as `limit-reached`.
    public init?(_ text: String) {
        guard let refusal = Refusal.allCases.first(where: { $0.description == text })
        else { return nil }
        self = refusal
    }

    /// The refusal's code, as JSON and reports write it.
    public var description: String {
        switch self {
        case .countryOfConcern: "concern"
        case .prohibitedEndUse: "prohibited-end-use"
        case .partyBlocked: "party-blocked"
        case .limitReached: "limit-reached"
        case .notGranted: "not-granted"
        case .holdClosed: "hold-closed"
        case .exceedsHold: "exceeds-hold"
        case .exceedsShipped: "exceeds-shipped"
        case .deadlineNotLater: "deadline-not-later"
        case .statusInactive: "status-inactive"
        case .notEligible: "not-eligible"
        case .statusExists: "status-exists"
        case .statusRevoked: "status-revoked"
        case .attestationSuperseded: "attestation-superseded"
        case .notPermitted: "not-permitted"
        case .needsApproval: "needs-approval"
        case .samePerson: "same-person"
        case .proposalClosed: "proposal-closed"
        case .onHold: "on-hold"
        case .notRedactable: "not-redactable"
        case .headquartersNotTrusted: "headquarters-not-trusted"
        case .storageNotAttested: "storage-not-attested"
        }
    }
}
