// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// Who can hold a status, by headquarters.
public enum StatusEligibility: String, Hashable, Sendable, CaseIterable {
    /// Whoever the mechanism `concern` does not refuse.
    case anyone
    /// Those headquartered in home or allied, or whose ultimate parent is.
    case headquartersOrUltimateParentHomeOrAllied =
        "headquarters-or-ultimate-parent-home-or-allied"
}

/// Whether a status needs a current security attestation to help.
public enum SecurityAttestationRule: String, Hashable, Sendable, CaseIterable {
    /// The status helps only while its holder's attestation is current.
    case required
    /// The status helps without one.
    case notRequired = "not-required"
}

/// The conditions of the validated end user statuses.
public struct StatusRules: Hashable, Sendable {
    /// Whether a current security attestation is needed.
    public let securityAttestation: Cited<SecurityAttestationRule>
    /// Who can be a Universal VEU.
    public let universal: Cited<StatusEligibility>
    /// Who can be a National VEU.
    public let national: Cited<StatusEligibility>
}

extension Rulebook {
    /// Whether a party meets the conditions of a status: asked at the grant and at each decision.
    ///
    /// - Parameters:
    ///   - kind: The status.
    ///   - headquarters: The country of the party's headquarters.
    ///   - ultimateParentHeadquarters: That of its ultimate parent.
    ///   - day: The day of the grant or decision.
    /// - Returns: Whether it does.
    public func isEligible(
        for kind: StatusKind,
        headquarters: CountryCode,
        ultimateParentHeadquarters: CountryCode,
        on day: CivilDate
    ) -> Bool {
        let eligibility =
            switch kind {
            case .universal: statuses.universal.value
            case .national: statuses.national.value
            }
        switch eligibility {
        case .anyone: return true
        case .headquartersOrUltimateParentHomeOrAllied:
            return [headquarters, ultimateParentHeadquarters].contains { country in
                isHomeOrAllied(country, on: day)
            }
        }
    }
}
