// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// A share of a group's base, as it stands.
public struct ShareUse: Hashable, Sendable {
    /// What the rulebook says of it.
    public var rule: ShareRule
    /// What is installed and held in the countries meant.
    public var used: TPP
    /// The whole part of p times the base over q.
    public var limit: TPP

    /// What is left, never below 0.
    public var headroom: TPP { TPP(rawValue: max(0, limit.rawValue - used.rawValue)) }

    /// Makes a use.
    public init(rule: ShareRule, used: TPP, limit: TPP) {
        self.rule = rule
        self.used = used
        self.limit = limit
    }
}

/// What a group has and holds in a country.
public struct GroupCountry: Hashable, Sendable {
    /// The country, as the rulebook counts it.
    public var country: CountryCode
    /// Its tier on the day of the report.
    public var tier: CountryTier
    /// What is installed there: attested, and moved since.
    public var installed: TPP
    /// The open holds towards it, whatever mechanism granted them.
    public var held: TPP
    /// The group's share there; `nil` at home, in allied countries and where the rule has none.
    public var share: ShareUse?

    /// Makes a line.
    public init(
        country: CountryCode,
        tier: CountryTier,
        installed: TPP,
        held: TPP,
        share: ShareUse?
    ) {
        self.country = country
        self.tier = tier
        self.installed = installed
        self.held = held
        self.share = share
    }
}

/// A watched ratio of a group on a day; it refuses nothing.
public struct RatioReading: Hashable, Sendable {
    /// What the rulebook says of it.
    public var rule: WatchedRatio
    /// The day at whose end it is read.
    public var day: CivilDate
    /// Whether the day is one of the rule's reporting dates; otherwise it is the report's own.
    public var isReportingDate: Bool
    /// What counts: what was installed at home.
    public var part: TPP
    /// Of how much: what was installed anywhere.
    public var whole: TPP

    /// Whether the part is at least what the rule wants; of nothing it is.
    public var isMet: Bool {
        Int128(part.rawValue) * Int128(rule.denominator)
            >= Int128(whole.rawValue) * Int128(rule.numerator)
    }

    /// Makes a reading.
    public init(
        rule: WatchedRatio,
        day: CivilDate,
        isReportingDate: Bool,
        part: TPP,
        whole: TPP
    ) {
        self.rule = rule
        self.day = day
        self.isReportingDate = isReportingDate
        self.part = part
        self.whole = whole
    }
}

/// The watched ratios of a group over time.
public struct GroupRatios: Hashable, Sendable {
    /// The ultimate parent.
    public var group: PartyIdentifier
    /// Its name.
    public var name: String
    /// Of each ratio the reporting dates in order, then the day of the report.
    public var readings: [RatioReading]

    /// Makes a list; nothing is checked here.
    public init(group: PartyIdentifier, name: String, readings: [RatioReading]) {
        self.group = group
        self.name = name
        self.readings = readings
    }
}

/// One group of the share report.
public struct GroupShares: Hashable, Sendable {
    /// The ultimate parent.
    public var group: PartyIdentifier
    /// Its name.
    public var name: String
    /// Where it has its headquarters.
    public var headquarters: CountryCode
    /// How the group's best Universal VEU status stands for an order now.
    public var standing: StatusStanding
    /// What is installed over all countries: the base of every share.
    public var base: TPP
    /// The day of the latest attestation; `nil` of a group that never attested.
    public var attestedDay: CivilDate?
    /// The entries that changed what is known as of that day, in order: the last attestation among
    /// them is the latest that said something else than was known.
    public var entriesOfAttestedDay: [EntryNumber]
    /// What it has and holds, in order of country.
    public var countries: [GroupCountry]
    /// Its share over all countries outside home and allied; `nil` where the rule has none.
    public var outside: ShareUse?
    /// The watched ratios, each as of the last reporting date that is over, and as of now.
    public var ratios: [RatioReading]

    /// Makes a group; nothing is checked here.
    public init(
        group: PartyIdentifier,
        name: String,
        headquarters: CountryCode,
        standing: StatusStanding,
        base: TPP,
        attestedDay: CivilDate?,
        entriesOfAttestedDay: [EntryNumber] = [],
        countries: [GroupCountry],
        outside: ShareUse?,
        ratios: [RatioReading]
    ) {
        self.group = group
        self.name = name
        self.headquarters = headquarters
        self.standing = standing
        self.base = base
        self.attestedDay = attestedDay
        self.entriesOfAttestedDay = entriesOfAttestedDay
        self.countries = countries
        self.outside = outside
        self.ratios = ratios
    }
}

/// What the ledger says of the shares of groups with a Universal VEU status at a moment.
public struct ShareReport: Hashable, Sendable {
    /// The ledger's settings.
    public var creation: LedgerCreation
    /// The newest entry that the report takes in.
    public var through: EntryNumber
    /// That entry's time.
    public var throughTime: LedgerTime
    /// The moment for which shares are told.
    public var asOf: LedgerTime
    /// The rulebook in force then.
    public var rulebook: Rulebook
    /// The entry that adopted it.
    public var adoption: EntryNumber
    /// The groups whose shares are watched, in order of their ultimate parents.
    public var groups: [GroupShares]

    /// Makes a report; nothing is checked here.
    public init(
        creation: LedgerCreation,
        through: EntryNumber,
        throughTime: LedgerTime,
        asOf: LedgerTime,
        rulebook: Rulebook,
        adoption: EntryNumber,
        groups: [GroupShares]
    ) {
        self.creation = creation
        self.through = through
        self.throughTime = throughTime
        self.asOf = asOf
        self.rulebook = rulebook
        self.adoption = adoption
        self.groups = groups
    }
}
