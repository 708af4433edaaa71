// SPDX-License-Identifier: Apache-2.0

/// A seeded stream of items against limits: one of K1 to K8.
///
/// The same kind, size and seed give the same stream on every machine. A value that is only read:
/// any thread may use it.
public struct KernelWorkload: Sendable {
    /// Which workload.
    public enum Kind: String, CaseIterable, Sendable {
        /// Uniform: any party, any country, one to three limits, room for all.
        case uniform = "K1"
        /// Few parties and countries ask most: Zipf 0.99 over both.
        case zipf = "K2"
        /// Everybody asks for one country.
        case hotCountry = "K3"
        /// One group with shares of a base that moves in the stream.
        case hotGroup = "K4"
        /// Drains limits to exactly zero, between claims that are doomed on one of their limits.
        case draining = "K5"
        /// The rule's mechanisms in a mix, with frees and shipments.
        case mechanismMix = "K6"
        /// Holds that come, ship and expire, many at one instant.
        case lifeCycle = "K7"
        /// A hundred times as much is asked as one cap allows.
        case openingDay = "K8"

        /// What it is, in a few words.
        public var title: String {
            switch self {
            case .uniform: "uniform"
            case .zipf: "Zipf 0.99"
            case .hotCountry: "one hot country"
            case .hotGroup: "one hot group, moving base"
            case .draining: "draining to zero, doomed claims"
            case .mechanismMix: "the rule's mechanisms"
            case .lifeCycle: "life cycle, expiry storms"
            case .openingDay: "opening day, 100 x one cap"
            }
        }
    }

    /// How large a workload is.
    public struct Size: Hashable, Sendable {
        /// Parties that ask.
        public var partyCount: Int
        /// Countries for which they ask.
        public var countryCount: Int
        /// Items of the stream.
        public var itemCount: Int

        /// Makes a size.
        public init(partyCount: Int, countryCount: Int, itemCount: Int) {
            precondition(partyCount > 0, "there must be a party")
            precondition(countryCount > 1, "there must be two countries")
            precondition(itemCount > 0, "there must be an item")
            self.partyCount = partyCount
            self.countryCount = countryCount
            self.itemCount = itemCount
        }

        /// A million parties, 200 countries, 4,194,304 items.
        public static let full = Size(
            partyCount: 1_000_000,
            countryCount: 200,
            itemCount: 4_194_304
        )

        /// 20,000 parties, 200 countries, 131,072 items: a smoke run.
        public static let quick = Size(
            partyCount: 20_000,
            countryCount: 200,
            itemCount: 131_072
        )
    }

    /// Which one it is.
    public let kind: Kind
    /// How large it is.
    public let size: Size
    /// The seed it was made from.
    public let seed: UInt64
    /// What it is decided against.
    public let model: WorkloadModel
    /// The items, in the order in which they are to be decided.
    public let items: [WorkloadItem]
    /// The limits that the workload is about: the hot country, the drained limits, the cap.
    public let markedLimits: [Int]

    /// Makes a workload.
    ///
    /// Takes up to some seconds at full size.
    ///
    /// - Parameters:
    ///   - kind: Which one.
    ///   - size: How large.
    ///   - seed: The seed.
    ///   - limitCount: How many limits each route of K1, K2 and K3 has, 1 to 3; `nil` for a mix of
    ///     the three. The others have what they are about.
    public init(_ kind: Kind, size: Size = .full, seed: UInt64 = 1, limitCount: Int? = nil) {
        precondition((1...3).contains(limitCount ?? 1), "a route has one to three limits")
        var builder = WorkloadBuilder(size: size, seed: seed, limitCount: limitCount)
        switch kind {
        case .uniform: builder.makeUniform()
        case .zipf: builder.makeZipf()
        case .hotCountry: builder.makeHotCountry()
        case .hotGroup: builder.makeHotGroup()
        case .draining: builder.makeDraining()
        case .mechanismMix: builder.makeMechanismMix()
        case .lifeCycle: builder.makeLifeCycle()
        case .openingDay: builder.makeOpeningDay()
        }
        self.kind = kind
        self.size = size
        self.seed = seed
        model = builder.model
        items = builder.items
        markedLimits = builder.markedLimits
        assert(items.count == size.itemCount, "a stream must have as many items as asked")
    }
}
