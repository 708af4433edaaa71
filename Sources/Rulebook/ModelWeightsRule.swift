// SPDX-License-Identifier: Apache-2.0

/// A condition under which a transfer of model weights is refused.
public enum ModelWeightsRefusal: String, Hashable, Sendable, CaseIterable {
    /// The destination is of concern.
    case destinationOfConcern = "destination-of-concern"
    /// The recipient's site is of concern.
    case recipientOfConcern = "recipient-of-concern"
    /// The recipient is blocked.
    case recipientBlocked = "recipient-blocked"
    /// The recipient's or its ultimate parent's headquarters is not home or allied.
    case headquartersNotHomeOrAllied = "headquarters-not-home-or-allied"
    /// The storage of the weights is not attested.
    case storageNotAttested = "storage-not-attested"
}

/// How published weights count.
public enum PublishedWeights: String, Hashable, Sendable, CaseIterable {
    /// They are not controlled.
    case notControlled = "not-controlled"
}

/// The rule for model weights (ECCN 4E091).
public struct ModelWeightsRule: Hashable, Sendable {
    /// From this many training operations on weights are controlled.
    public let threshold: Cited<UInt128>
    /// Below this many they are not, whatever the threshold; 0 frees nothing.
    public let floor: Cited<UInt128>
    /// How published weights count.
    public let published: PublishedWeights
    /// When a transfer of controlled weights is refused.
    public let refusals: Set<ModelWeightsRefusal>
    /// Where the conditions come from.
    public let citation: String

    /// Whether weights are controlled.
    public func isControlled(operations: UInt128, isPublished: Bool) -> Bool {
        if isPublished { return published != .notControlled }
        return operations >= threshold.value && operations >= floor.value
    }
}
