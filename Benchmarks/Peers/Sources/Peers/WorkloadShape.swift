// SPDX-License-Identifier: Apache-2.0

/// How large a workload is.
public struct WorkloadShape: Sendable {
    /// How many parties there are; groups have four each.
    public var partyCount: Int
    /// How many countries there are.
    public var countryCount: Int
    /// How many claims are made.
    public var claimCount: Int
    /// What the stream is made from.
    public var seed: UInt64

    /// Makes a shape.
    public init(partyCount: Int, countryCount: Int, claimCount: Int, seed: UInt64) {
        precondition(partyCount >= 8, "a workload must have at least 8 parties")
        precondition(countryCount >= 2, "a workload must have at least 2 countries")
        self.partyCount = partyCount
        self.countryCount = countryCount
        self.claimCount = claimCount
        self.seed = seed
    }

    static let partiesPerGroup = 4
    var groupCount: Int { (partyCount + Self.partiesPerGroup - 1) / Self.partiesPerGroup }
    var limitCount: Int { partyCount + groupCount + countryCount }

    func group(ofParty party: Int) -> Int { partyCount + party / Self.partiesPerGroup }
    func country(_ index: Int) -> Int { partyCount + groupCount + index }
}

/// The streams that peers are compared on.
public enum WorkloadName: String, Sendable, CaseIterable {
    /// Parties at random, spread evenly over the countries; there is room for everyone.
    case uniform = "K1"
    /// The same, but nine in ten claims go to one country.
    case hotCountry = "K3"
    /// Limits that are drained to exactly zero, with claims in between that are doomed on one of
    /// their limits and have room in the other two.
    case draining = "K5"

    /// Makes the stream: the same shape gives the same claims.
    public func workload(_ shape: WorkloadShape, rule: PeerRule) -> PeerWorkload {
        switch (self, rule) {
        case (.uniform, .all): roomy(shape, hotShare: 0)
        case (.hotCountry, .all): roomy(shape, hotShare: 9)
        case (.draining, .all): draining(shape)
        case (.uniform, .first): fallThrough(shape, hotShare: 0, room: 2)
        case (.hotCountry, .first): fallThrough(shape, hotShare: 9, room: 2)
        case (.draining, .first): fallThrough(shape, hotShare: 0, room: 0)
        }
    }
}
