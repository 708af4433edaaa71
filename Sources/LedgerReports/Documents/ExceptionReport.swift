// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
import Rulebook

/// What stands out at a moment: limits in breach, attestations that have lapsed, gaps between what
/// was attested and what was known, corrections, and the ratios that are watched.
public struct ExceptionReport {
    let scope: ReportScope
    let fold: ExceptionFold
    let notable: [NotableLimit]
    let statuses: [GrantedStatus]
    let ratios: [GroupRatios]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - scope: Of what it is.
    ///   - fold: The log through the scope's last entry, and what falls due by its moment.
    ///   - notable: The limits that stand out then.
    ///   - statuses: All statuses as they stand then.
    ///   - ratios: The watched ratios as they stand then.
    public init(
        _ scope: ReportScope,
        fold: ExceptionFold,
        notable: [NotableLimit],
        statuses: [GrantedStatus],
        ratios: [GroupRatios]
    ) {
        self.scope = scope
        self.fold = fold
        self.notable = notable
        self.statuses = statuses
        self.ratios = ratios
    }

    private var amounts: AmountStyle { AmountStyle(scope.rulebook) }
    private var lapsed: [GrantedStatus] { statuses.filter(\.isLapsed) }
    private var standing: [ExceptionFold.Breach] { fold.breaches.filter { $0.end == nil } }
    private var unmet: [RatioReading] { ratios.flatMap(\.readings).filter { !$0.isMet } }

    /// The report as a document.
    ///
    /// - Parameter runOn: When it is run; the caller's clock.
    /// - Returns: The document; the same arguments give the same one.
    public func document(runOn: LedgerTime) -> ReportDocument {
        ReportDocument(
            name: "exceptions",
            title: "Exception report",
            header: scope.header(runOn: runOn),
            keyFigures: [
                ("limits in breach", grouped(standing.count)),
                ("statuses without a current attestation", grouped(lapsed.count)),
                ("gaps in attestations after the first", grouped(gapCount)),
                ("readings of watched ratios not met", grouped(unmet.count)),
                ("corrections", grouped(fold.corrections.count)),
            ],
            conclusion: [summary],
            parts: [
                breaches, lapsedStatuses, lapsedDecisions, gaps, watchedRatios, corrections,
            ]
        )
    }

    private var gapCount: Int {
        fold.findings.filter { !$0.isFirst }.reduce(0) { $0 + $1.gaps.count }
    }

    private var summary: String {
        let found = [
            (standing.count, "limit in breach", "limits in breach"),
            (
                lapsed.count, "status without a current attestation",
                "statuses without a current attestation"
            ),
            (
                gapCount, "gap in attestations after the first",
                "gaps in attestations after the first"
            ),
            (
                unmet.count, "reading of a watched ratio not met",
                "readings of watched ratios not met"
            ),
            (fold.corrections.count, "correction", "corrections"),
        ].filter { $0.0 > 0 }.map { count, one, many in
            "\(grouped(count)) \(count == 1 ? one : many)"
        }
        return found.isEmpty
            ? "Nothing stands out." : capitalized(found.joined(separator: ", ")) + "."
    }

    // MARK: - Limits

    private var breaches: ReportDocument.Part {
        var list = Listing(
            "breaches",
            [
                .init("limit_name", "limit of"), .init("standing"), .init("began"),
                .init("began_by", "began by", .number), .init("used", "used then", .amount(.up)),
                .init("limit", "limit then", .amount(.down)),
                .init("used_now", nil, .amount(.up)), .init("limit_now", nil, .amount(.down)),
                .init("ended"), .init("ended_by", "ended by", .number),
            ],
            in: amounts
        )
        let now = Dictionary(uniqueKeysWithValues: notable.map { ($0.name, $0) })
        for breach in fold.breaches {
            let current = breach.end == nil ? now[breach.name] : nil
            list.append(
                [
                    .text("\(breach.name)"), .text(breach.standing), .text("\(breach.began)"),
                    breach.beganBy.map { .entry($0) } ?? .none, .amount(breach.used),
                    .amount(breach.limit), .amount(current?.used), .amount(current?.limit),
                    breach.end.map { .text("\($0.time)") } ?? .none,
                    (breach.end?.entry).map { .entry($0) } ?? .none,
                ],
                isWarning: breach.end == nil
            )
        }
        return .init(
            heading: "Limits in breach",
            notes: [
                "A limit is in breach while more is used than it allows: nothing new is granted "
                    + "on it, and nothing is undone."
            ],
            list: list,
            ifEmpty: "No limit is or was in breach."
        )
    }

    // MARK: - Attestations

    private var lapsedStatuses: ReportDocument.Part {
        var list = Listing(
            "lapsed",
            [
                .init("status"), .init("country"), .init("party"), .init("group"),
                .init("from"), .init("until"), .init("attestation"),
                .init("since"), .init("granted_by", "entry", .number),
            ]
        )
        for status in lapsed {
            list.append(
                [
                    .text(status.grant.kind.word), status.grant.kind.countryValue,
                    .text(status.grant.party.text), .text(status.group.text),
                    .text("\(status.grant.dates.from)"),
                    status.grant.dates.until.map { .text("\($0)") } ?? .none,
                    .text(status.attestation.word), status.attestation.dayValue,
                    .entry(status.entry),
                ],
                isWarning: true
            )
        }
        return .init(
            heading: "Statuses that help no order for want of a current security attestation",
            list: list,
            ifEmpty: "Every status in effect has a current attestation, or there is none."
        )
    }

    private var lapsedDecisions: ReportDocument.Part {
        var list = Listing(
            "lapsed_decisions",
            [
                .init("party"), .init("granted", nil, .count), .init("refused", nil, .count),
                .init("first_entry", nil, .number), .init("last_entry", nil, .number),
            ]
        )
        for (party, lapses) in fold.lapses.sorted(by: { $0.key < $1.key }) {
            list.append([
                .text(party.text), .count(lapses.granted), .count(lapses.refused),
                .entry(lapses.first), .entry(lapses.last),
            ])
        }
        return .init(
            heading: "Orders decided without a status whose attestation had lapsed",
            list: list,
            ifEmpty: "No order was decided so."
        )
    }

    private var gaps: ReportDocument.Part {
        var list = Listing(
            "gaps",
            [
                .init("entry", nil, .number), .init("party"), .init("group"),
                .init("attested_day"), .init("first_of_group", "first"), .init("country"),
                .init("known", nil, .amount(.up)), .init("attested", nil, .amount(.up)),
                .init("difference", nil, .amount(.up)),
            ],
            in: amounts
        )
        for finding in fold.findings {
            for gap in finding.gaps {
                list.append(
                    [
                        .entry(finding.entry), .text(finding.attestation.party.text),
                        .text(finding.group.text), .text("\(finding.attestation.asOf)"),
                        .flag(finding.isFirst), .text(gap.country.description),
                        .amount(gap.known), .amount(gap.attested),
                        .difference(
                            TPP(rawValue: gap.attested.rawValue - gap.known.rawValue)
                        ),
                    ],
                    isWarning: !finding.isFirst
                )
            }
        }
        return .init(
            heading: "Gaps between what was attested and what was known",
            notes: [
                "Known is what the ledger had counted as installed at the end of the attested day. "
                    + "The first attestation of a group differs by all that was there before."
            ],
            list: list,
            ifEmpty: "No attestation said anything else than was known, or there is none."
        )
    }

    private var watchedRatios: ReportDocument.Part {
        var list = Listing(
            "ratios",
            [
                .init("group"), .init("ratio"), .init("day"), .init("reporting_date"),
                .init("part", "at home", .amount(.down)), .init("whole", "of", .amount(.up)),
                .init("percent", "%", .number), .init("least", "at least"), .init("met"),
            ],
            in: amounts
        )
        for group in ratios {
            for reading in group.readings {
                list.append(
                    [
                        .text(group.group.text), .text(reading.rule.kind.rawValue),
                        .text("\(reading.day)"), .flag(reading.isReportingDate),
                        .amount(reading.part), .amount(reading.whole),
                        .percent(used: reading.part, limit: reading.whole),
                        .text("\(reading.rule.numerator)/\(reading.rule.denominator)"),
                        .flag(reading.isMet),
                    ],
                    isWarning: !reading.isMet
                )
            }
        }
        return .init(
            heading: "Watched ratios",
            notes: [
                "Read on the reporting dates that are over, as is known now, and on the day of the "
                    + "report. A ratio refuses nothing."
            ],
            list: list,
            ifEmpty: scope.rulebook.watched.isEmpty
                ? "The rulebook watches none."
                : "No group that the rulebook watches has a Universal VEU status."
        )
    }

    // MARK: - Corrections

    private var corrections: ReportDocument.Part {
        var list = Listing(
            "corrections",
            [
                .init("entry", nil, .number), .init("time"), .init("organisation"),
                .init("person"), .init("role"), .init("corrects"), .init("text", nil, .text),
            ]
        )
        for corrected in fold.corrections {
            list.append([
                .entry(corrected.entry), .text("\(corrected.time)"),
                .text(corrected.actor.organisation.text), .text(corrected.actor.person.text),
                .text(corrected.actor.role.description),
                .text(corrected.correction.target.text(by: corrected.actor)),
                .text(corrected.correction.text),
            ])
        }
        return .init(
            heading: "Corrections",
            notes: ["A correction says what is wrong with an earlier entry; it moves no limit."],
            list: list,
            ifEmpty: "Nothing was corrected."
        )
    }
}

extension ExceptionFold.Breach {
    /// How it stands, in a word.
    fileprivate var standing: String {
        guard let end else { return "in breach" }
        return end.isUnwatched ? "unwatched" : "cured"
    }
}

extension CorrectionTarget {
    /// What is corrected: `entry 7`, or an operation with its organisation.
    fileprivate func text(by actor: Actor) -> String {
        switch self {
        case .entry(let number): "entry \(number)"
        case .operation(let reference):
            "\(reference.id) of \(reference.organisation ?? actor.organisation)"
        }
    }
}

extension StatusKind {
    /// The status's word.
    var word: String {
        switch self {
        case .universal: "uveu"
        case .national: "nveu"
        }
    }

    /// The country of a National VEU, in a list.
    var countryValue: Listing.Value {
        switch self {
        case .universal: .none
        case .national(let country): .text(country.description)
        }
    }
}

extension AttestationStanding {
    /// How it stands, in a word.
    var word: String {
        switch self {
        case .current: "current"
        case .lapsed: "lapsed"
        case .upcoming: "upcoming"
        case .never: "never"
        }
    }

    /// The day on which that begins or ends, in a list.
    var dayValue: Listing.Value {
        switch self {
        case .current(let until): until.map { .text("\($0)") } ?? .none
        case .lapsed(let since): .text("\(since)")
        case .upcoming(let from): .text("\(from)")
        case .never: .none
        }
    }
}
