// SPDX-License-Identifier: Apache-2.0

/// Why the rules say no.
///
/// A refusal is an entry; the numbers are permanent and stand in the order in which the reasons are
/// checked.
public enum Refusal: UInt16, Sendable, CaseIterable {
    /// Destination, site or headquarters is a country of concern.
    case countryOfConcern = 1
    /// The end use is on the rulebook's list of prohibited ones.
    case prohibitedEndUse = 2
    /// The consignee is blocked.
    case partyBlocked = 3
    /// A limit of the deciding mechanism has less left than was asked.
    case limitReached = 4
    /// The party does not meet the conditions of the status.
    case notEligible = 20
    /// An overlapping status of the kind exists.
    case statusExists = 21
    /// The status was revoked: it can not be changed any more.
    case statusRevoked = 22
    /// A later attestation of the group exists.
    case attestationSuperseded = 23
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
        case .notEligible: "not-eligible"
        case .statusExists: "status-exists"
        case .statusRevoked: "status-revoked"
        case .attestationSuperseded: "attestation-superseded"
        }
    }
}
