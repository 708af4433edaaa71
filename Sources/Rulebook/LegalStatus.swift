// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What the law did and does: dates that reports show and that change no decision.
public struct LegalStatus: Hashable, Sendable {
    /// When the rule was published, if it was.
    public let published: Cited<CivilDate?>
    /// When it took effect.
    public let effective: Cited<CivilDate?>
    /// From when on it must be complied with.
    public let complianceFrom: Cited<CivilDate?>
    /// From when on it is enforced.
    public let enforcedFrom: Cited<CivilDate?>
    /// From when on it is not enforced any more, or was said not to be.
    public let enforcedUntil: Cited<CivilDate?>
    /// When it was rescinded.
    public let rescinded: Cited<CivilDate?>
}
