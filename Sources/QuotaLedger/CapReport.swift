// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// How near a limit is to being full, in the words that a banded ledger shows to vendors.
public enum UseBand: String, Sendable, CaseIterable {
    /// Nothing is allowed.
    case closed
    /// Below 80 %.
    case open
    /// From 80 %.
    case busy
    /// From 90 %.
    case critical
    /// From 95 %.
    case scarce
    /// From 100 %.
    case exhausted

    /// The band of a use: `used x 100 >= t x limit`, exactly.
    public init(used: TPP, limit: TPP) {
        guard limit > .zero else {
            self = used > .zero ? .exhausted : .closed
            return
        }
        let percent = Int128(used.rawValue) * 100
        let whole = Int128(limit.rawValue)
        self =
            switch percent {
            case (whole * 100)...: .exhausted
            case (whole * 95)...: .scarce
            case (whole * 90)...: .critical
            case (whole * 80)...: .busy
            default: .open
            }
    }
}

/// One country's line of the cap report.
public struct CapLine: Hashable, Sendable {
    /// The country, as the rulebook counts it.
    public var country: CountryCode
    /// Its tier on the day of the report.
    public var tier: CountryTier
    /// Whether an agreement multiplies its limit.
    public var hasAgreement: Bool
    /// What the limit allows.
    public var limit: TPP
    /// What was charged under the country mechanism and counts in the limit's window.
    public var used: TPP
    /// What of that was shipped, less what the rulebook credits of returns and retirements.
    public var shipped: TPP
    /// What of that is held and not yet shipped.
    public var held: TPP
    /// What is left, never below 0.
    public var headroom: TPP
    /// Grants towards the country by small orders, a memo: they count against the groups.
    public var smallOrders: TPP
    /// Grants towards the country by every other mechanism, a memo.
    public var otherGrants: TPP
    /// Held under the country mechanism with a deadline within 30, 60 and 90 days.
    public var expiring: [TPP]

    /// How near the limit is to being full.
    public var band: UseBand { UseBand(used: used, limit: limit) }

    /// Makes a line.
    public init(
        country: CountryCode,
        tier: CountryTier,
        hasAgreement: Bool,
        limit: TPP,
        used: TPP,
        shipped: TPP,
        held: TPP,
        headroom: TPP,
        smallOrders: TPP,
        otherGrants: TPP,
        expiring: [TPP]
    ) {
        self.country = country
        self.tier = tier
        self.hasAgreement = hasAgreement
        self.limit = limit
        self.used = used
        self.shipped = shipped
        self.held = held
        self.headroom = headroom
        self.smallOrders = smallOrders
        self.otherGrants = otherGrants
        self.expiring = expiring
    }
}

/// What the ledger says of the countries' limits at a moment.
public struct CapReport: Hashable, Sendable {
    /// The ledger's settings.
    public var creation: LedgerCreation
    /// The newest entry that the report takes in.
    public var through: EntryNumber
    /// That entry's time.
    public var throughTime: LedgerTime
    /// The moment for which limits and windows are told.
    public var asOf: LedgerTime
    /// The rulebook in force then.
    public var rulebook: Rulebook
    /// The entry that adopted it.
    public var adoption: EntryNumber
    /// The countries with any grant, limit use or agreement, in order of code.
    public var lines: [CapLine]
    /// The counts of all decisions.
    public var tallies: DecisionTallies
    /// Whether the sums agree: every open hold is in exactly one line, and the lines' use is the
    /// use that the charges fold to.
    public var isReconciled: Bool
    /// The sum of all open holds, by which the reconciliation is proved.
    public var openHolds: TPP
    /// How many they are.
    public var openHoldCount: Int64

    /// Makes a report; nothing is checked here.
    public init(
        creation: LedgerCreation,
        through: EntryNumber,
        throughTime: LedgerTime,
        asOf: LedgerTime,
        rulebook: Rulebook,
        adoption: EntryNumber,
        lines: [CapLine],
        tallies: DecisionTallies,
        isReconciled: Bool,
        openHolds: TPP,
        openHoldCount: Int64
    ) {
        self.creation = creation
        self.through = through
        self.throughTime = throughTime
        self.asOf = asOf
        self.rulebook = rulebook
        self.adoption = adoption
        self.lines = lines
        self.tallies = tallies
        self.isReconciled = isReconciled
        self.openHolds = openHolds
        self.openHoldCount = openHoldCount
    }
}

extension LedgerState {
    /// The days for which a cap report tells what expires.
    fileprivate static let expiryHorizonDays: [Int] = [30, 60, 90]

    /// The cap report at a moment that is not before the newest entry, with what is due by then.
    func capReport(after time: LedgerTime?) -> CapReport? {
        let moment = max(time ?? newestTime, newestTime)
        return settled(by: moment).capReport(at: moment)
    }

    /// Folds the cap report from the facts; `nil` while no rulebook is in force.
    func capReport(at time: LedgerTime) -> CapReport? {
        guard let creation, next > 0, let adopted = rulebooks.inForce(at: time) else { return nil }
        let moment = LegalMoment(day: time.day, adopted: adopted)
        let rule = adopted.rulebook.mechanism(.country)?.limit
        var lines: [CapLine] = []
        // Where the line of a country stands: there may be millions of holds, which must not be
        // hashed each.
        var positions = DenseRegister<CountryCode, Int>(vacant: -1)
        for country in countries.keys { _ = open(country, at: moment, &lines, &positions) }
        for agreement in agreements.agreements where agreement.holds(on: moment.day) {
            _ = open(agreement.country, at: moment, &lines, &positions)
        }
        var openHolds: Int64 = 0
        var openHoldCount: Int64 = 0
        for hold in holds.all where hold.isOpen {
            let position =
                positions[hold.country] ?? open(hold.country, at: moment, &lines, &positions)
            openHolds += hold.open
            openHoldCount += 1
            lines[position].add(hold, rule: rule, at: time)
        }
        for position in lines.indices {
            lines[position].shipped = TPP(
                rawValue: lines[position].used.rawValue - lines[position].held.rawValue
            )
        }
        let ordered = lines.sorted { $0.country < $1.country }
        return CapReport(
            creation: creation,
            through: EntryNumber(rawValue: next - 1),
            throughTime: newestTime,
            asOf: time,
            rulebook: adopted.rulebook,
            adoption: adopted.entry,
            lines: ordered,
            tallies: tallies,
            isReconciled: reconciles(ordered, openHolds: openHolds, at: moment),
            openHolds: TPP(rawValue: openHolds),
            openHoldCount: openHoldCount
        )
    }

    /// Where the line stands that a country counts in; it is begun if there is none yet.
    private func open(
        _ asked: CountryCode,
        at moment: LegalMoment,
        _ lines: inout [CapLine],
        _ positions: inout DenseRegister<CountryCode, Int>
    ) -> Int {
        if let known = positions[asked] { return known }
        let country = moment.rulebook.countries.counted(asked)
        let position: Int
        if let known = positions[country] {
            position = known
        } else {
            position = lines.count
            lines.append(emptyLine(of: country, at: moment))
            positions.updateValue(position, forKey: country)
        }
        if asked != country { positions.updateValue(position, forKey: asked) }
        return position
    }

    /// The line of a country, as the rulebook counts countries, without its open holds.
    func emptyLine(of country: CountryCode, at moment: LegalMoment) -> CapLine {
        let hasAgreement = moment.countries(countedAs: country)
            .contains { agreements.holds(for: $0, on: moment.day) }
        let limit = moment.rulebook.countryLimit(
            of: country,
            on: moment.day,
            hasAgreement: hasAgreement
        )
        let used: Int64 =
            moment.rulebook.mechanism(.country)?.limit.map { rule in
                self.used(of: .country(rule, country), party: .nobody, account: .nobody, at: moment)
            } ?? 0
        return CapLine(
            country: country,
            tier: moment.rulebook.tier(of: country, on: moment.day),
            hasAgreement: hasAgreement,
            limit: limit,
            used: TPP(rawValue: used),
            shipped: .zero,
            held: .zero,
            headroom: TPP(rawValue: max(0, limit.rawValue - used)),
            smallOrders: .zero,
            otherGrants: .zero,
            expiring: Self.expiryHorizonDays.map { _ in .zero }
        )
    }

    /// Every open hold is in one line, no line holds more than it uses, and what was granted is what
    /// was freed, shipped or is open.
    private func reconciles(
        _ lines: [CapLine],
        openHolds: Int64,
        at moment: LegalMoment
    ) -> Bool {
        let total = lines.reduce(Int64(0)) {
            $0 + $1.held.rawValue + $1.smallOrders.rawValue + $1.otherGrants.rawValue
        }
        // Unlike what is open, what was ever granted together is not bounded.
        let granted = tallies.grants.values.reduce(Int128(0)) { $0 + Int128($1.asked.rawValue) }
        let gone = [
            tallies.expiries, tallies.releases, tallies.revocations, tallies.finals,
            tallies.shipments,
        ]
        let left = gone.reduce(granted) { $0 - Int128($1.asked.rawValue) }
        return lines.allSatisfy { $0.shipped >= .zero } && left == Int128(openHolds)
            && total <= openHolds
    }
}

extension CapLine {
    fileprivate mutating func add(_ hold: Hold, rule: LimitRule?, at time: LedgerTime) {
        switch hold.mechanism {
        case .country:
            guard let rule, rule.window.covers(chargeDay: hold.day, today: time.day) else {
                return
            }
            held = TPP(rawValue: held.rawValue + hold.open)
            guard let deadline = hold.deadline else { return }
            let left = deadline.millisecondsSince1970 - time.millisecondsSince1970
            for (position, days) in LedgerState.expiryHorizonDays.enumerated()
            where left <= Int64(days) * LedgerTime.millisecondsPerDay {
                expiring[position] = TPP(rawValue: expiring[position].rawValue + hold.open)
            }
        case .smallOrder: smallOrders = TPP(rawValue: smallOrders.rawValue + hold.open)
        default: otherGrants = TPP(rawValue: otherGrants.rawValue + hold.open)
        }
    }
}
