// SPDX-License-Identifier: Apache-2.0

/// One limit that a decision tested, as it stood just before.
public struct LimitTest: Hashable, Sendable {
    /// The mechanism that tested it.
    public var mechanism: MechanismKind
    /// Which limit.
    public var name: LimitName
    /// What was used of it.
    public var used: TPP
    /// How much it allowed.
    ///
    /// Of a share: the whole part of p times the base over q.
    public var limit: TPP
    /// What is left of it after the decision, never below 0.
    public var left: TPP

    /// Makes a test.
    public init(
        mechanism: MechanismKind,
        name: LimitName,
        used: TPP,
        limit: TPP,
        left: TPP
    ) {
        self.mechanism = mechanism
        self.name = name
        self.used = used
        self.limit = limit
        self.left = left
    }
}

/// The answer to a reservation, with its arithmetic.
public struct Decision: Hashable, Sendable {
    /// Why it was refused; `nil` of a grant.
    public var refusal: Refusal?
    /// The mechanism that decided.
    public var mechanism: MechanismKind
    /// What was asked: the order's controlled TPP.
    public var asked: TPP
    /// What a grant holds: what was asked, or less if the order asked for "up to"; 0 of a refusal.
    public var granted: TPP
    /// Every limit tested, in order.
    public var tests: [LimitTest]
    /// The index in ``tests`` of the limit that binds: the least left among those of the deciding
    /// mechanism, the first on ties; `nil` when that has no limit.
    public var bindingTest: Int?
    /// Of a refusal by a share: the least TPP which, installed elsewhere, would make room.
    public var roomByInstalling: TPP?
    /// A status did not help because its holder's security attestation is not current.
    public var attestationLapsed: Bool

    /// Whether the answer is a hold.
    public var isGranted: Bool { refusal == nil }

    /// Makes a decision; without `granted` a grant holds what was asked.
    public init(
        refusal: Refusal?,
        mechanism: MechanismKind,
        asked: TPP,
        granted: TPP? = nil,
        tests: [LimitTest] = [],
        bindingTest: Int? = nil,
        roomByInstalling: TPP? = nil,
        attestationLapsed: Bool = false
    ) {
        self.refusal = refusal
        self.mechanism = mechanism
        self.asked = asked
        self.granted = granted ?? (refusal == nil ? asked : .zero)
        self.tests = tests
        self.bindingTest = bindingTest
        self.roomByInstalling = roomByInstalling
        self.attestationLapsed = attestationLapsed
    }
}
