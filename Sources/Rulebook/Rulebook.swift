// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// An end use and whether the rule prohibits it.
public struct EndUseRule: Hashable, Sendable {
    /// The code that orders name it by.
    public let code: EndUseIdentifier
    /// Whether an order for it is refused.
    public let isProhibited: Bool
    /// Where that comes from.
    public let citation: String
}

/// A rule as data: validated, immutable, with a citation for every number.
///
/// Made from a rule file by ``load(bytes:fileName:)``; the format is described in
/// docs/reference/rulebook-format.md. Safe to use from any thread. Every lookup is a pure function
/// of the rulebook and its arguments, and linear in the length of the list that it reads.
public struct Rulebook: Hashable, Sendable {
    /// Its name, such as `diffusion-2025-cfr`.
    public let name: RulebookIdentifier
    /// Its version, from 1.
    public let version: Int64
    /// What it is, in a line.
    public let title: String
    /// The source of the whole.
    public let source: String
    /// The first day on which it can be in force.
    public let effective: Cited<CivilDate>
    /// What the law did and does; it changes no decision.
    public let legalStatus: LegalStatus
    /// How many TPP people read as one H100-equivalent.
    public let tppPerH100e: Cited<Int64>
    /// Which devices count.
    public let control: ControlRule
    /// The dated country lists.
    public let countries: CountryRules
    /// The closed list of end uses, in the order of the file.
    public let endUses: [EndUseRule]
    /// The conditions of statuses.
    public let statuses: StatusRules
    /// By what an agreement multiplies the limit of a capped country.
    public let agreementMultiplier: Cited<Int64>
    /// The mechanisms, in the order in which they are asked.
    public let mechanisms: [MechanismRule]
    /// The readings of what the regulation leaves open.
    public let openPoints: OpenPoints
    /// What reports watch.
    public let watched: [WatchedRatio]
    /// When crossing part of a limit is an entry.
    public let thresholds: ThresholdRule
    /// The rule for model weights.
    public let modelWeights: ModelWeightsRule

    /// The mechanism of a kind, or `nil` if the rulebook does without.
    public func mechanism(_ kind: MechanismKind) -> MechanismRule? {
        mechanisms.first { $0.kind == kind }
    }

    /// The end use with a code, or `nil` if the list does not have it.
    public func endUse(_ code: EndUseIdentifier) -> EndUseRule? {
        endUses.first { $0.code == code }
    }

    /// The tier of a country on a day.
    public func tier(of country: CountryCode, on day: CivilDate) -> CountryTier {
        countries.tier(of: country, on: day)
    }

    /// Whether a country is neither capped nor of concern on a day.
    public func isHomeOrAllied(_ country: CountryCode, on day: CivilDate) -> Bool {
        switch tier(of: country, on: day) {
        case .home, .allied: true
        case .concern, .capped: false
        }
    }

    /// The limit of a country on a day, in TPP.
    ///
    /// - Parameters:
    ///   - country: The country.
    ///   - day: The day.
    ///   - hasAgreement: Whether an agreement with the country is in force. It multiplies the limit
    ///     of a capped country, once however many there are.
    /// - Returns: 0 outside the period of the limit. A product past what a sum may reach is cut
    ///   there; the parser lets no such rulebook pass.
    public func countryLimit(
        of country: CountryCode,
        on day: CivilDate,
        hasAgreement: Bool
    ) -> TPP {
        guard let limit = mechanism(.country)?.limit?.limit(on: day) else { return .zero }
        guard hasAgreement, tier(of: country, on: day) == .capped else { return limit }
        return limit.multiplied(by: agreementMultiplier.value) ?? .maximumSum
    }
}
