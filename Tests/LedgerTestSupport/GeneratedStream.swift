// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What a generated stream is mostly made of.
public enum StreamProfile: String, Sendable, CaseIterable {
    /// Mostly reservations, under the shipped rulebooks and close relatives of them.
    case reservations
    /// Mostly changes of parties, statuses, agreements, attestations, rulebooks and catalogues.
    case lawChanges
    /// Caps so tight that almost every reservation meets one; few parties, few countries.
    case tightCaps
    /// Mostly what happens to holds after the grant.
    case lifeCycle
    /// Tight caps, moving bases and changes of law, so that limits come into breach and out of it.
    case breaches
}

/// One operation with the clock that reads while it arrives.
public struct GeneratedStep: Hashable, Sendable {
    /// The operation.
    public var operation: Operation
    /// The clock, which counts when the operation brings no time.
    public var now: LedgerTime
}

/// A stream of operations with the files that its adoptions carry.
public struct GeneratedStream: Sendable {
    /// The seed that makes it again.
    public var seed: UInt64
    /// What it is mostly made of.
    public var profile: StreamProfile
    /// The content of each valid rulebook file in it.
    public var rulebooks: [[UInt8]: OracleRulebook]
    /// The content of each valid device catalogue in it.
    public var devices: [[UInt8]: [OracleDevice]]
    /// The assigned country codes.
    public var countries: Set<CountryCode>
    /// The operations, in order of arrival; the first one opens the log.
    public var steps: [GeneratedStep]

    /// Makes the stream of a seed.
    ///
    /// Redactions and legal holds rest on what is in the log: streams have them only if a part of
    /// their operations, `retentionPercent` of a hundred, is to be of that kind.
    public init(seed: UInt64, profile: StreamProfile, count: Int, retentionPercent: Int = 0) {
        var generator = OperationGenerator(
            seed: seed,
            profile: profile,
            retentionPercent: retentionPercent
        )
        self.seed = seed
        self.profile = profile
        rulebooks = generator.rulebooks
        devices = generator.devices
        countries = OracleCountries.assigned
        steps = (0..<count).map { _ in generator.next() }
    }

    /// The operations alone, each with a time or none.
    public var operations: [Operation] { steps.map(\.operation) }

    /// An oracle that knows the stream's files and has seen nothing yet.
    public func makeOracle() -> Oracle {
        Oracle(rulebooks: rulebooks, devices: devices, countries: countries)
    }
}
