// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// The content of one rulebook as the oracle reads it: plain values, no behaviour.
///
/// The two shipped ones are typed in here a second time, from the design and the regulation, so
/// that a slip of the pen in a rulebook file shows as a difference.
public struct OracleRulebook: Hashable, Sendable {
    /// Its name, such as `diffusion-2025-brief`.
    public var name: String
    /// The first day on which it can be in force.
    public var effective: CivilDate
    /// TPP of one H100-equivalent.
    public var tppPerH100e: Int64
    /// Which devices count.
    public var control: Control
    /// Countries that count as another.
    public var aliases: [CountryCode: CountryCode]
    /// The dated lists; a country on none of them is capped.
    public var lists: [DatedCountry]
    /// The known end uses, each prohibited or not.
    public var endUses: [EndUseIdentifier: Bool]
    /// Whether a status helps only while its holder's security attestation is current.
    public var needsSecurityAttestation = true
    /// Whether a Universal VEU can be headquartered anywhere; else it, or its ultimate parent, must
    /// be in home or allied.
    public var anyoneCanBeUniversal = false
    /// By how much an agreement multiplies a capped country's limit.
    public var agreementMultiplier: Int64
    /// The mechanisms, in order.
    public var mechanisms: [Mechanism]
    /// When reaching part of a limit is an entry.
    public var thresholds = Thresholds()
    /// Which model weights may go where.
    public var weights = Weights()

    /// Which devices count.
    public struct Control: Hashable, Sendable {
        /// From this TPP on, whatever the density.
        public var tpp: Int64
        /// From this TPP on when dense.
        public var denseTPP: Int64
        /// The least density that is dense, in hundredths.
        public var densityHundredths: Int64
        /// Whether a device of unknown density counts as dense.
        public var unknownDensityIsDense: Bool
    }

    /// What a list makes of a country.
    public enum Tier: String, Hashable, Sendable {
        /// Where the rule is made.
        case home
        /// An ally.
        case allied
        /// Of concern.
        case concern
        /// Everyone else.
        case capped
    }

    /// A country on a list for some days.
    public struct DatedCountry: Hashable, Sendable {
        /// The country.
        public var country: CountryCode
        /// Which list: not ``Tier/capped``.
        public var tier: Tier
        /// The days.
        public var dates: DateRange

        /// Puts a country on a list.
        public init(country: CountryCode, tier: Tier, dates: DateRange) {
            self.country = country
            self.tier = tier
            self.dates = dates
        }
    }

    /// One mechanism.
    public struct Mechanism: Hashable, Sendable {
        /// Its kind.
        public var kind: MechanismKind
        /// Where it looks, of `concern` and `allied`.
        public var places: Set<Place>
        /// Its limits, in order.
        public var limits: [Limit]
        /// Whether the next mechanism is asked when a limit is full; else the order is refused.
        public var goesOnWhenFull: Bool
        /// Destinations for which it does not apply on some days; of `small-order`.
        public var unavailable: [CountryCode: DateRange] = [:]
        /// What it looks at; of `prohibited`.
        public var prohibitions: Set<Prohibition> = Set(Prohibition.allCases)
        /// Which goods that are no longer there free room; of mechanisms with a window.
        public var credits: Set<Credit>

        /// Makes a mechanism.
        public init(
            kind: MechanismKind,
            places: Set<Place> = [],
            limits: [Limit] = [],
            goesOnWhenFull: Bool = false,
            credits: Set<Credit> = [.returned]
        ) {
            self.kind = kind
            self.places = places
            self.limits = limits
            self.goesOnWhenFull = goesOnWhenFull
            self.credits = credits
        }
    }

    /// A place of an order.
    public enum Place: String, Hashable, Sendable, CaseIterable {
        /// The destination.
        case destination
        /// The consignee's site.
        case site
        /// The consignee's headquarters.
        case headquarters
        /// Its ultimate parent's headquarters.
        case ultimateParentHeadquarters = "ultimate-parent-headquarters"
    }

    /// An amount in the unit in which the rulebook states it.
    public enum Amount: Hashable, Sendable {
        /// Whole TPP.
        case tpp(Int64)
        /// Whole H100-equivalents.
        case h100e(Int64)
    }

    /// From a day on, a cumulative ceiling.
    public struct Step: Hashable, Sendable {
        /// The first day.
        public var from: CivilDate
        /// The ceiling.
        public var amount: Amount

        /// Makes a step.
        public init(from: CivilDate, amount: Amount) {
            self.from = from
            self.amount = amount
        }
    }

    /// A limit with its window.
    public enum Limit: Hashable, Sendable {
        /// Outside `from ..< until` it is 0 and nothing is used.
        case period(from: CivilDate, until: CivilDate, Amount)
        /// The charges of the calendar year.
        case calendarYear(Amount)
        /// A charge of day D counts while today is before D plus the months.
        case rolling(months: Int, Amount)
        /// Every charge counts; the ceiling steps on days, in ascending order.
        case schedule([Step])
        /// Every charge counts.
        case always(Amount)
        /// p/q of the group's base, in the destination.
        case countryShare(Int64, Int64)
        /// p/q of the group's base, in all countries that are neither home nor allied.
        case outsideShare(Int64, Int64)
    }

    /// The TPP of an amount.
    public func tpp(_ amount: Amount) -> Int64 {
        switch amount {
        case .tpp(let tpp): tpp
        case .h100e(let count): count * tppPerH100e
        }
    }

    /// The country that another counts as; nearly always itself.
    public func counted(_ country: CountryCode) -> CountryCode { aliases[country] ?? country }

    /// What a country is on a day; Hong Kong is what China is.
    public func tier(_ country: CountryCode, on day: CivilDate) -> Tier {
        let counted = counted(country)
        for entry in lists where entry.country == counted && entry.dates.contains(day) {
            return entry.tier
        }
        return .capped
    }

    /// Whether a device counts.
    public func isControlled(_ device: OracleDevice) -> Bool {
        guard device.isForDataCenters else { return false }
        if device.tpp >= control.tpp { return true }
        guard device.tpp >= control.denseTPP else { return false }
        guard let density = device.densityHundredths else { return control.unknownDensityIsDense }
        return density >= control.densityHundredths
    }
}
