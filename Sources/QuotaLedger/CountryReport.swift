// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
import Rulebook

/// What a party uses of a country's limit, and holds besides.
public struct PartyUse: Hashable, Sendable {
    /// The party.
    public var party: PartyIdentifier
    /// Its name.
    public var name: String
    /// Its ultimate parent.
    public var group: PartyIdentifier
    /// What it uses of the limit: held, and shipped less what the rulebook credits.
    public var used: TPP
    /// What of that is held.
    public var held: TPP
    /// What small orders of it hold towards the country.
    public var smallOrders: TPP
    /// What grants by any other mechanism hold towards the country.
    public var otherGrants: TPP

    /// Makes a use; nothing is checked here.
    public init(
        party: PartyIdentifier,
        name: String,
        group: PartyIdentifier,
        used: TPP = .zero,
        held: TPP = .zero,
        smallOrders: TPP = .zero,
        otherGrants: TPP = .zero
    ) {
        self.party = party
        self.name = name
        self.group = group
        self.used = used
        self.held = held
        self.smallOrders = smallOrders
        self.otherGrants = otherGrants
    }
}

/// What the ledger says of one country at a moment.
public struct CountryReport: Hashable, Sendable {
    /// Of what it is.
    public var scope: ReportScope
    /// The country's line of the cap report.
    public var line: CapLine
    /// Whether the cap report has that line: otherwise nothing is known, which is not 0.
    public var hasData: Bool
    /// The countries that count as this one, itself among them.
    public var countedCountries: [CountryCode]
    /// The agreements about it, in order of the log.
    public var agreements: [CountryAgreement]
    /// The parties that use its limit or hold anything towards it, in order of their ids.
    public var parties: [PartyUse]
    /// What of the limit's use is of no party's line: of orders that are closed and of which nothing
    /// is there any more, as what was retired may still count.
    public var closedOrders: TPP
    /// The open holds towards it, in order of their grants.
    public var holds: [OpenHold]

    /// Makes a report; nothing is checked here.
    public init(
        scope: ReportScope,
        line: CapLine,
        hasData: Bool,
        countedCountries: [CountryCode],
        agreements: [CountryAgreement],
        parties: [PartyUse],
        closedOrders: TPP,
        holds: [OpenHold]
    ) {
        self.scope = scope
        self.line = line
        self.hasData = hasData
        self.countedCountries = countedCountries
        self.agreements = agreements
        self.parties = parties
        self.closedOrders = closedOrders
        self.holds = holds
    }
}

extension LedgerCore {
    /// What the ledger says of a country at a moment not before the newest entry, with what is due
    /// by then; `nil` while no rulebook is in force.
    ///
    /// Of a country that counts as another one it is that one's. O(holds).
    public func countryReport(
        of country: CountryCode,
        at time: LedgerTime? = nil
    ) -> CountryReport? {
        state.reported(after: time)?.countryReport(of: country)
    }
}

extension ReportedState {
    fileprivate func countryReport(of asked: CountryCode) -> CountryReport? {
        guard let caps = state.capReport(at: scope.asOf) else { return nil }
        let country = moment.rulebook.countries.counted(asked)
        let names = moment.countries(countedAs: country)
        let known = caps.lines.first { $0.country == country }
        let line = known ?? state.emptyLine(of: country, at: moment)
        let parties = partyUses(towards: names)
        let attributed = parties.reduce(Int64(0)) { $0 + $1.used.rawValue }
        return CountryReport(
            scope: scope,
            line: line,
            hasData: known != nil,
            countedCountries: names.sorted(),
            agreements: state.agreements.agreements.filter { names.contains($0.country) }.map {
                CountryAgreement(
                    entry: $0.entry,
                    country: $0.country,
                    from: $0.from,
                    until: $0.until,
                    isInForce: $0.holds(on: moment.day)
                )
            },
            parties: parties,
            closedOrders: TPP(rawValue: line.used.rawValue - attributed),
            holds: state.openHolds { names.contains($0.country) }
        )
    }

    /// What parties use and hold, by the holds that can still change.
    private func partyUses(towards countries: [CountryCode]) -> [PartyUse] {
        let mechanism = moment.rulebook.mechanism(.country)
        let covered = mechanism?.limit?.window.coveredDays(today: moment.day)
        var uses: [PartyIndex: PartyUse] = [:]
        for hold in state.holds.all where countries.contains(hold.country) {
            let counts =
                hold.mechanism == .country && mechanism?.limit != nil
                && covered?.contains(hold.day) ?? false
            guard counts || (hold.isOpen && hold.mechanism != .country) else { continue }
            var use = uses[hold.party] ?? state.partyUse(of: hold.party)
            switch hold.mechanism {
            case .country:
                var used = hold.open + hold.shipped
                if mechanism?.credits?.creditsReturns ?? false { used -= hold.returned }
                if mechanism?.credits?.creditsRetirements ?? false { used -= hold.retired }
                use.used = TPP(rawValue: use.used.rawValue + used)
                use.held = TPP(rawValue: use.held.rawValue + hold.open)
            case .smallOrder:
                use.smallOrders = TPP(rawValue: use.smallOrders.rawValue + hold.open)
            default: use.otherGrants = TPP(rawValue: use.otherGrants.rawValue + hold.open)
            }
            uses[hold.party] = use
        }
        return uses.values.sorted { $0.party < $1.party }
    }
}

extension LedgerState {
    fileprivate func partyUse(of party: PartyIndex) -> PartyUse {
        PartyUse(
            party: parties.identifier(of: party),
            name: parties[party].record.name,
            group: parties.identifier(of: parties.ultimateParent(of: party))
        )
    }
}
