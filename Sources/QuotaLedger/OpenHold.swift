// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// A grant of which something may still be shipped.
public struct OpenHold: Hashable, Sendable {
    /// The entry that granted it.
    public var entry: EntryNumber
    /// The consignee.
    public var party: PartyIdentifier
    /// The destination.
    public var country: CountryCode
    /// The mechanism that granted it.
    public var mechanism: MechanismKind
    /// The day of the decision, to which its charge belongs.
    public var day: CivilDate
    /// What is neither shipped nor freed.
    public var open: TPP
    /// What was shipped, whatever became of it.
    public var shipped: TPP
    /// When it expires, if it does.
    public var deadline: LedgerTime?

    /// Makes a hold; nothing is checked here.
    public init(
        entry: EntryNumber,
        party: PartyIdentifier,
        country: CountryCode,
        mechanism: MechanismKind,
        day: CivilDate,
        open: TPP,
        shipped: TPP,
        deadline: LedgerTime?
    ) {
        self.entry = entry
        self.party = party
        self.country = country
        self.mechanism = mechanism
        self.day = day
        self.open = open
        self.shipped = shipped
        self.deadline = deadline
    }
}

/// A government's agreement about a country.
public struct CountryAgreement: Hashable, Sendable {
    /// The entry that signed it.
    public var entry: EntryNumber
    /// The country.
    public var country: CountryCode
    /// The first day on which it holds.
    public var from: CivilDate
    /// The first day on which it holds no more, if there is one; may lie before `from` if it was
    /// ended early.
    public var until: CivilDate?
    /// Whether it holds on the day of the report.
    public var isInForce: Bool

    /// Makes an agreement; nothing is checked here.
    public init(
        entry: EntryNumber,
        country: CountryCode,
        from: CivilDate,
        until: CivilDate?,
        isInForce: Bool
    ) {
        self.entry = entry
        self.country = country
        self.from = from
        self.until = until
        self.isInForce = isInForce
    }
}

/// What a limit counts, by the day of the decisions, and when each day's charges leave its window.
public struct LimitWindow: Hashable, Sendable {
    /// What was charged on a day.
    public struct Charge: Hashable, Sendable {
        /// The day.
        public var day: CivilDate
        /// What of it counts.
        public var counted: TPP
        /// The first day on which it counts no more; `nil` if it counts for ever.
        public var leaves: CivilDate?

        /// Makes a charge.
        public init(day: CivilDate, counted: TPP, leaves: CivilDate?) {
            self.day = day
            self.counted = counted
            self.leaves = leaves
        }
    }

    /// How the limit stands.
    public var reading: LimitReading
    /// What the rulebook says of it.
    public var rule: LimitRule
    /// The days of which anything counts, in order.
    public var charges: [Charge]

    /// Makes a window; nothing is checked here.
    public init(reading: LimitReading, rule: LimitRule, charges: [Charge]) {
        self.reading = reading
        self.rule = rule
        self.charges = charges
    }
}

extension LedgerState {
    /// The open holds that are meant, in order of their grants.
    ///
    /// O(holds).
    func openHolds(where isMeant: (Hold) -> Bool) -> [OpenHold] {
        holds.all.filter { $0.isOpen && isMeant($0) }.sorted { $0.number < $1.number }.map { hold in
            OpenHold(
                entry: hold.number,
                party: parties.identifier(of: hold.party),
                country: hold.country,
                mechanism: hold.mechanism,
                day: hold.day,
                open: TPP(rawValue: hold.open),
                shipped: TPP(rawValue: hold.shipped),
                deadline: hold.deadline
            )
        }
    }

    /// The window behind a limit's key, day by day; `nil` of a share, and of what is no limit now.
    func window(of key: WatchKey, at moment: LegalMoment) -> LimitWindow? {
        guard let limit = limit(of: key, at: moment), let reading = reading(of: key, at: moment)
        else { return nil }
        let (rule, kind): (LimitRule, MechanismKind)
        switch limit {
        case .country(let own, _): (rule, kind) = (own, .country)
        case .nationalVEU(let own, _): (rule, kind) = (own, .nationalVEU)
        case .smallOrder(let own, _): (rule, kind) = (own, .smallOrder)
        case .countryShare, .outsideShare: return nil
        }
        let days = rule.window.coveredDays(today: moment.day)
        let credits = moment.rulebook.mechanism(kind)?.credits
        var counted: [CivilDate: Int64] = [:]
        for total in charges(of: key, at: moment).flatMap(\.totals)
        where days?.contains(total.day) ?? false {
            counted[total.day, default: 0] += total.counted(credits)
        }
        return LimitWindow(
            reading: LimitReading(
                name: name(of: key),
                used: TPP(rawValue: reading.used),
                limit: TPP(rawValue: reading.limit)
            ),
            rule: rule,
            charges: counted.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
                LimitWindow.Charge(
                    day: $0.key,
                    counted: TPP(rawValue: $0.value),
                    leaves: rule.window.end(ofCharge: $0.key)
                )
            }
        )
    }
}

extension WindowRule {
    /// The first day on which a charge of a day counts no more; `nil` if it counts for ever.
    fileprivate func end(ofCharge day: CivilDate) -> CivilDate? {
        switch self {
        case .period(_, let until, _): until
        case .calendarYear: CivilDate(year: day.year + 1, month: 1, day: 1)
        case .rolling(let months, _): day.adding(months: months)
        case .schedule, .allTime: nil
        }
    }
}
