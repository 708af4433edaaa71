// SPDX-License-Identifier: Apache-2.0

/// Asks whether the weights of a model may go to a recipient (ECCN 4E091, 15 CFR 742.6(b)(14)).
public struct WeightsTransfer: Hashable, Sendable {
    /// The model's name, in 1 to 200 bytes of text.
    public var model: String
    /// Whether its weights are published.
    public var isPublished: Bool
    /// With how many operations it was trained.
    public var trainingOperations: UInt128
    /// Who would receive the weights.
    public var recipient: PartyIdentifier
    /// The country in which they would be stored.
    public var destination: CountryCode

    /// Makes a question.
    public init(
        model: String,
        isPublished: Bool,
        trainingOperations: UInt128,
        recipient: PartyIdentifier,
        destination: CountryCode
    ) {
        self.model = model
        self.isPublished = isPublished
        self.trainingOperations = trainingOperations
        self.recipient = recipient
        self.destination = destination
    }
}

/// Why weights are not controlled, in the order of the checks.
///
/// The numbers are permanent.
public enum WeightsExemption: UInt8, Sendable, CaseIterable {
    /// They are published.
    case published = 1
    /// They were trained with fewer operations than the rulebook's threshold.
    case belowThreshold = 2
    /// They were trained with fewer operations than the rulebook's floor, below which better
    /// weights are published.
    case belowFloor = 3
}

extension WeightsExemption: CustomStringConvertible {
    /// The reason's word.
    public var description: String {
        switch self {
        case .published: "published"
        case .belowThreshold: "below-threshold"
        case .belowFloor: "below-floor"
        }
    }
}

/// The answer to a transfer of weights.
public enum WeightsDetermination: Hashable, Sendable {
    /// The rule does not control them: they may go.
    case notControlled(WeightsExemption)
    /// The rule controls them and has nothing against this transfer.
    case permitted
    /// The rule says no.
    case refused(Refusal)
}
