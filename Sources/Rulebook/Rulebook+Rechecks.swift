// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What a question about model weights depends on: facts that the ledger looks up.
public struct WeightsFacts: Hashable, Sendable {
    /// The UTC day of the question.
    public var day: CivilDate
    /// Whether the weights are published.
    public var isPublished: Bool
    /// With how many operations the model was trained.
    public var trainingOperations: UInt128
    /// The country in which the weights would be stored.
    public var destination: CountryCode
    /// The country of the recipient's site.
    public var site: CountryCode
    /// The country of the recipient's headquarters.
    public var headquarters: CountryCode
    /// That of its ultimate parent.
    public var ultimateParentHeadquarters: CountryCode
    /// Whether the recipient is blocked.
    public var isRecipientBlocked: Bool
    /// Whether the recipient's security attestation is current.
    public var isStorageAttested: Bool

    /// Collects facts.
    public init(
        day: CivilDate,
        isPublished: Bool,
        trainingOperations: UInt128,
        destination: CountryCode,
        site: CountryCode,
        headquarters: CountryCode,
        ultimateParentHeadquarters: CountryCode,
        isRecipientBlocked: Bool,
        isStorageAttested: Bool
    ) {
        self.day = day
        self.isPublished = isPublished
        self.trainingOperations = trainingOperations
        self.destination = destination
        self.site = site
        self.headquarters = headquarters
        self.ultimateParentHeadquarters = ultimateParentHeadquarters
        self.isRecipientBlocked = isRecipientBlocked
        self.isStorageAttested = isStorageAttested
    }
}

extension Rulebook {
    /// Why goods under a hold may not be shipped now, as far as countries and blocks are concerned.
    ///
    /// The mechanisms `concern`, but for uncontrolled goods, and `prohibited`, as far as it tests
    /// blocks; nothing else is asked again.
    ///
    /// - Parameters:
    ///   - facts: The order as it stands now; its statuses are not looked at.
    ///   - isControlled: Whether any of it counts.
    /// - Returns: The refusal, or `nil` if nothing is against it.
    public func refusalOfShipment(_ facts: RouteFacts, isControlled: Bool) -> Refusal? {
        if isControlled, case .concern(let tests)? = mechanism(.concern)?.terms,
            tests.contains(where: { tier(of: facts.country(at: $0), on: facts.day) == .concern })
        {
            return .countryOfConcern
        }
        if facts.isConsigneeBlocked, case .prohibited(let tests)? = mechanism(.prohibited)?.terms,
            tests.contains(.consigneeBlocked)
        {
            return .partyBlocked
        }
        return nil
    }

    /// Whether model weights may go to a recipient (ECCN 4E091; 15 CFR 742.6(b)(14)).
    public func determination(of facts: WeightsFacts) -> WeightsDetermination {
        if facts.isPublished, modelWeights.published == .notControlled {
            return .notControlled(.published)
        }
        if facts.trainingOperations < modelWeights.threshold.value {
            return .notControlled(.belowThreshold)
        }
        if facts.trainingOperations < modelWeights.floor.value {
            return .notControlled(.belowFloor)
        }
        let refusals = modelWeights.refusals
        func isOfConcern(_ country: CountryCode) -> Bool {
            tier(of: country, on: facts.day) == .concern
        }
        if refusals.contains(.destinationOfConcern) && isOfConcern(facts.destination)
            || refusals.contains(.recipientOfConcern) && isOfConcern(facts.site)
        {
            return .refused(.countryOfConcern)
        }
        if refusals.contains(.recipientBlocked), facts.isRecipientBlocked {
            return .refused(.partyBlocked)
        }
        let areHeadquartersTrusted = [facts.headquarters, facts.ultimateParentHeadquarters]
            .allSatisfy { isHomeOrAllied($0, on: facts.day) }
        if refusals.contains(.headquartersNotHomeOrAllied), !areHeadquartersTrusted {
            return .refused(.headquartersNotTrusted)
        }
        if refusals.contains(.storageNotAttested), !facts.isStorageAttested {
            return .refused(.storageNotAttested)
        }
        return .permitted
    }
}
