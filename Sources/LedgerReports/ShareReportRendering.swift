// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

/// What the latest attestation of a group that differed from the ledger said.
public struct AttestedGaps: Hashable, Sendable {
    /// Its entry.
    public var entry: EntryNumber
    /// The countries for which it said something else than the ledger knew.
    public var gaps: [InstalledGap]

    /// Makes a finding.
    public init(entry: EntryNumber, gaps: [InstalledGap]) {
        self.entry = entry
        self.gaps = gaps
    }
}

/// A share report as text for people and as a tree for JSON.
///
/// The schema and how each figure is derived are in docs/reference/share-report.md. Pure: the same
/// report and the same arguments give the same text.
public struct ShareReportRendering: Hashable, Sendable {
    /// What is shown.
    public var report: ShareReport
    /// What attestations said that the ledger did not know, by group.
    public var gaps: [PartyIdentifier: AttestedGaps]
    /// When the report is run; the caller's clock.
    public var runOn: LedgerTime
    /// The names of the countries.
    public var countries: CountryTable

    /// Makes a rendering.
    public init(
        _ report: ShareReport,
        gaps: [PartyIdentifier: AttestedGaps] = [:],
        runOn: LedgerTime,
        countries: CountryTable = .shipped
    ) {
        self.report = report
        self.gaps = gaps
        self.runOn = runOn
        self.countries = countries
    }

    var amounts: AmountStyle { AmountStyle(report.rulebook) }
    var header: ReportHeader { report.header(runOn: runOn) }
}

extension StatusStanding {
    /// How a status stands, in a word for programs.
    var word: String {
        switch self {
        case .absent: "no-help"
        case .attestationLapsed: "attestation-lapsed"
        case .current: "current"
        }
    }

    /// How it stands, in words.
    var text: String {
        switch self {
        case .absent: "helps no order now: suspended, or its holder is not eligible"
        case .attestationLapsed:
            "helps no order now: its holder's security attestation is not current"
        case .current: "current"
        }
    }
}

// MARK: - CSV

extension ShareReportRendering {
    /// The countries of the groups as CSV: a header row, then a row for each, and one of each group
    /// for all countries outside home and allied together.
    public var csv: String { shares.csv(beginningWith: header.context) }

    private var shares: Listing {
        var list = Listing(
            "shares",
            [
                .init("group"), .init("name"), .init("status"), .init("attested_day"),
                .init("base", nil, .amount(.down)), .init("country"), .init("tier"),
                .init("installed", nil, .amount(.up)), .init("held", nil, .amount(.up)),
                .init("share"), .init("used", nil, .amount(.up)),
                .init("limit", nil, .amount(.down)), .init("headroom", nil, .amount(.down)),
                .init("used_percent", nil, .number), .init("in_breach"),
            ],
            in: amounts
        )
        for group in report.groups {
            let beginning: [Listing.Value] = [
                .text(group.group.text), .text(group.name), .text(group.standing.word),
                group.attestedDay.map { .text("\($0)") } ?? .none, .amount(group.base),
            ]
            for country in group.countries {
                list.append(
                    beginning + [
                        .text("\(country.country)"), .text(country.tier.rawValue),
                        .amount(country.installed), .amount(country.held),
                    ] + ShareUse.cells(of: country.share)
                )
            }
            guard let outside = group.outside else { continue }
            list.append(
                beginning + [.text("outside"), .none, .amount(nil), .amount(nil)]
                    + ShareUse.cells(of: outside)
            )
        }
        return list
    }
}

extension ShareUse {
    /// A share in a list: p/q, used, limit, headroom, used %, whether it is in breach.
    static func cells(of use: ShareUse?) -> [Listing.Value] {
        guard let use else {
            return [.none, .amount(nil), .amount(nil), .amount(nil), .none, .none]
        }
        return [
            .text("\(use.rule.numerator)/\(use.rule.denominator)"), .amount(use.used),
            .amount(use.limit), .amount(use.headroom),
            .percent(used: use.used, limit: use.limit), .flag(use.used > use.limit),
        ]
    }
}

// MARK: - The tree

extension ShareReportRendering {
    /// The version of the schema of ``value``; it grows when a name changes its meaning.
    public static let schemaVersion: Int64 = 1

    /// The report as a tree; the schema is in docs/reference/share-report.md.
    ///
    /// Amounts are whole TPP; beside each stands one in H100e as a decimal.
    public var value: ReportValue {
        .object(
            header.members(report: "shares", schema: Self.schemaVersion) + [
                .init("groups", .array(report.groups.map(value)))
            ]
        )
    }

    private func value(_ group: GroupShares) -> ReportValue {
        .object(
            [
                .init("group", .text(group.group.text)), .init("name", .text(group.name)),
                .init("headquarters", .text(group.headquarters.description)),
                .init("status", .text(group.standing.word)),
                .init("attested_day", group.attestedDay.map { .text($0.description) } ?? .null),
            ] + amounts.members("base", group.base, .down) + [
                .init("countries", .array(group.countries.map(value))),
                .init("outside", group.outside.map(value) ?? .null),
                .init("gaps", gaps[group.group].map(value) ?? .null),
                .init("ratios", .array(group.ratios.map(value))),
            ]
        )
    }

    private func value(_ country: GroupCountry) -> ReportValue {
        .object(
            [
                .init("country", .text(country.country.description)),
                .init("name", countries.name(of: country.country).map { .text($0) } ?? .null),
                .init("tier", .text(country.tier.rawValue)),
            ] + amounts.members("installed", country.installed, .up)
                + amounts.members("held", country.held, .up) + [
                    .init("share", country.share.map(value) ?? .null)
                ]
        )
    }

    private func value(_ use: ShareUse) -> ReportValue {
        .object(
            [
                .init("numerator", .integer(use.rule.numerator)),
                .init("denominator", .integer(use.rule.denominator)),
            ] + amounts.members("used", use.used, .up) + amounts.members("limit", use.limit, .down)
                + amounts.members("headroom", use.headroom, .down) + [
                    .init(
                        "used_percent",
                        Percentage(used: use.used, limit: use.limit)
                            .map { .decimal($0.decimal) } ?? .null
                    ),
                    .init("in_breach", .boolean(use.used > use.limit)),
                    .init("citation", .text(use.rule.citation)),
                ]
        )
    }

    private func value(_ found: AttestedGaps) -> ReportValue {
        .members([
            "entry": .entry(found.entry),
            "countries": .array(
                found.gaps.map { gap in
                    .members([
                        "country": .text(gap.country.description),
                        "known": .integer(gap.known.rawValue),
                        "attested": .integer(gap.attested.rawValue),
                    ])
                }
            ),
        ])
    }

    private func value(_ reading: RatioReading) -> ReportValue {
        .object(
            [
                .init("ratio", .text(reading.rule.kind.rawValue)),
                .init("day", .text(reading.day.description)),
                .init("reporting_date", .boolean(reading.isReportingDate)),
                .init("numerator", .integer(reading.rule.numerator)),
                .init("denominator", .integer(reading.rule.denominator)),
            ] + amounts.members("part", reading.part, .down)
                + amounts.members("whole", reading.whole, .up) + [
                    .init(
                        "percent",
                        Percentage(used: reading.part, limit: reading.whole)
                            .map { .decimal($0.decimal) } ?? .null
                    ),
                    .init("met", .boolean(reading.isMet)),
                    .init("citation", .text(reading.rule.citation)),
                ]
        )
    }
}
