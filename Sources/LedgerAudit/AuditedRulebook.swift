// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What a list of a rulebook makes of a country.
enum Tier: UInt8, Sendable {
    /// On no list.
    case capped
    case home
    case allied
    case concern

    var isHomeOrAllied: Bool { self == .home || self == .allied }
}

/// Places of an order.
struct PlaceSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let destination = PlaceSet(rawValue: 1)
    static let site = PlaceSet(rawValue: 2)
    static let headquarters = PlaceSet(rawValue: 4)
    static let ultimateParentHeadquarters = PlaceSet(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ places: [OrderPlace]) {
        self = []
        for place in places {
            switch place {
            case .destination: insert(.destination)
            case .site: insert(.site)
            case .headquarters: insert(.headquarters)
            case .ultimateParentHeadquarters: insert(.ultimateParentHeadquarters)
            }
        }
    }
}

/// When a mechanism applies, as far as one word can say it: no order pays for more.
struct MechanismGate: Hashable, Sendable {
    let kind: MechanismKind
    /// Where it looks, of `concern` and `allied`.
    let places: PlaceSet
    let testsEndUse: Bool
    let testsBlock: Bool
    /// Whether the next mechanism is asked when a limit is full.
    let goesOnWhenFull: Bool
}

/// A mechanism as the audit reads it.
final class AuditedMechanism: Sendable {
    let gate: MechanismGate
    let window: WindowRule?
    let creditsReturns: Bool
    let creditsRetirements: Bool
    /// The shares of a Universal VEU, in order.
    let shares: [ShareRule]
    /// Where, and when, small orders are not to be had.
    let unavailable: [DatedCountries]

    init(_ rule: MechanismRule) {
        var places: [OrderPlace] = []
        var prohibitions: [Prohibition] = []
        var shares: [ShareRule] = []
        var unavailable: [DatedCountries] = []
        var whenFull = WhenFull.refuse
        var limited: LimitedMechanism?
        switch rule.terms {
        case .concern(let tests), .allied(let tests): places = tests
        case .prohibited(let tests): prohibitions = tests
        case .domestic: break
        case .universalVEU(let rules, let answer): (shares, whenFull) = (rules, answer)
        case .nationalVEU(let terms), .country(let terms): limited = terms
        case .smallOrder(let terms, let rows): (limited, unavailable) = (terms, rows)
        }
        gate = MechanismGate(
            kind: rule.kind,
            places: PlaceSet(places),
            testsEndUse: prohibitions.contains(.endUse),
            testsBlock: prohibitions.contains(.consigneeBlocked),
            goesOnWhenFull: (limited?.whenFull ?? whenFull) == .next
        )
        self.shares = shares
        self.unavailable = unavailable
        window = limited?.limit.window
        creditsReturns = limited?.credits.creditsReturns ?? false
        creditsRetirements = limited?.credits.creditsRetirements ?? false
    }
}

/// An adopted rulebook as the audit reads it: the words of the file, turned into tables.
///
/// Of the file's model only what is stored is used. What follows from it on a day, for an order or
/// for a limit, is worked out here and nowhere else.
final class AuditedRulebook: Sendable {
    /// The entry that holds the file.
    let entry: EntryNumber
    /// From when on it can be in force.
    let start: LedgerTime
    let file: Rulebook
    let mechanisms: [AuditedMechanism]
    /// When each mechanism applies.
    let gates: [MechanismGate]
    /// The country that each one counts as.
    let counted: [CountryPlace]
    /// The countries that count as each one, where others than itself do.
    let members: [[CountryPlace]]
    let endUses: [EndUseIdentifier: Bool]
    /// Percentages, ascending.
    let thresholds: [Int64]
    /// Where each kind of mechanism stands, or -1, by its number.
    private let positions: [Int]

    init(_ file: Rulebook, adoptedBy entry: EntryNumber, at time: LedgerTime) {
        self.entry = entry
        start = max(LedgerTime(startOf: file.effective.value), time)
        self.file = file
        let mechanisms = file.mechanisms.map(AuditedMechanism.init)
        self.mechanisms = mechanisms
        gates = mechanisms.map(\.gate)
        var positions = [Int](repeating: -1, count: Int(UInt8.max) + 1)
        for (position, mechanism) in mechanisms.enumerated().reversed() {
            positions[Int(mechanism.gate.kind.rawValue)] = position
        }
        self.positions = positions
        var counted = (0..<CountryPlace.count).map(CountryPlace.init(index:))
        for alias in file.countries.aliases {
            counted[CountryPlace(alias.country).index] = CountryPlace(alias.countsAs)
        }
        var members = [[CountryPlace]](repeating: [], count: CountryPlace.count)
        for target in Set(file.countries.aliases.map { CountryPlace($0.countsAs) }) {
            members[target.index] = counted.indices.filter { counted[$0] == target }
                .map(CountryPlace.init(index:))
        }
        self.counted = counted
        self.members = members
        endUses = Dictionary(
            file.endUses.map { ($0.code, $0.isProhibited) },
            uniquingKeysWith: { first, _ in first }
        )
        thresholds = file.thresholds.percentages
    }

    /// Where a mechanism stands, if the rulebook has it.
    func position(of kind: MechanismKind) -> Int? {
        let position = positions[Int(kind.rawValue)]
        return position < 0 ? nil : position
    }

    /// A share of the Universal VEU, if the rulebook has it.
    func share(_ scope: ShareScope) -> ShareRule? {
        position(of: .universalVEU).flatMap { position in
            mechanisms[position].shares.first { $0.scope == scope }
        }
    }

    /// Whether a device counts: made for data centers, and above the one threshold or, if dense,
    /// above the other.
    func isControlled(_ rating: DeviceRating) -> Bool {
        guard rating.isForDataCenters else { return false }
        if rating.tpp.rawValue >= file.control.threshold.rawValue { return true }
        guard rating.tpp.rawValue >= file.control.denseThreshold.rawValue else { return false }
        guard let density = rating.density else {
            return file.control.unknownDensity == .controlled
        }
        return density.hundredths >= file.control.density.hundredths
    }

    /// What every country is on a day.
    func tiers(on day: CivilDate) -> [Tier] {
        var listed = [Tier](repeating: .capped, count: CountryPlace.count)
        let lists: [(Tier, [DatedCountries])] = [
            (.home, file.countries.home), (.allied, file.countries.allied),
            (.concern, file.countries.concern),
        ]
        for (tier, rows) in lists {
            for row in rows where row.days.contains(day) {
                for country in row.countries { listed[CountryPlace(country).index] = tier }
            }
        }
        return counted.map { listed[$0.index] }
    }

    /// The days on which a list or a window of the rulebook turns by itself, the rolling ones apart.
    var turningDays: [CivilDate] {
        var days = [file.effective.value]
        let rows = file.countries.home + file.countries.allied + file.countries.concern
        for row in rows { days += [row.days.from, row.days.until].compactMap { $0 } }
        for mechanism in mechanisms {
            switch mechanism.window {
            case .period(let from, let until, _): days += [from, until]
            case .schedule(let steps): days += steps.map(\.from)
            case .calendarYear, .rolling, .allTime, nil: break
            }
        }
        return days
    }

    /// The months of every rolling window.
    var rollingMonths: [Int] {
        mechanisms.compactMap { mechanism in
            if case .rolling(let months, _) = mechanism.window { months } else { nil }
        }
    }
}

extension WindowRule {
    /// How much is allowed on a day, before any agreement.
    func allowance(on day: CivilDate) -> Int64 {
        switch self {
        case .period(let from, let until, let amount):
            day < from || until <= day ? 0 : amount.tpp.rawValue
        case .calendarYear(let amount), .rolling(_, let amount), .allTime(let amount):
            amount.tpp.rawValue
        case .schedule(let steps):
            steps.filter { $0.from <= day }.max { $0.from < $1.from }?.amount.tpp.rawValue ?? 0
        }
    }

    /// Whether a charge of one day counts on another.
    func counts(_ charged: CivilDate, on day: CivilDate) -> Bool {
        switch self {
        case .period(let from, let until, _):
            from <= day && day < until && from <= charged && charged < until
        case .calendarYear: charged == day || charged.year == day.year
        case .rolling(let months, _): charged.adding(months: months).map { day < $0 } ?? true
        case .schedule, .allTime: true
        }
    }
}
