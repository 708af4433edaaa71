// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

extension PartyReport {
    /// The report as a document.
    ///
    /// - Parameters:
    ///   - orders: Which orders the holds are.
    ///   - runOn: When it is run; the caller's clock.
    ///   - countries: The names of the countries.
    /// - Returns: The document; the same arguments give the same one.
    public func document(
        orders: [EntryNumber: OperationReference],
        runOn: LedgerTime,
        countries: CountryTable = .shipped
    ) -> ReportDocument {
        ReportDocument(
            name: "party",
            title: "Party report",
            header: scope.header(runOn: runOn),
            facts: facts,
            keyFigures: [
                ("base of the group, H100e", base),
                ("open holds of the party", grouped(holds.count)),
                ("statuses that help now", grouped(statuses.filter(\.helps).count)),
            ],
            members: [.init("party", partyValue), .init("group", groupValue)],
            parts: [
                sharePart(countries), nationalPart, nationalWindowPart, smallOrderPart,
                smallOrderDayPart,
                HoldList(scope: scope, holds: holds, orders: orders)
                    .part(titled: "Open holds of the party"), statusPart,
            ]
        )
    }

    private var amounts: AmountStyle { AmountStyle(scope.rulebook) }

    /// What the group has installed; nothing of a group of which nothing is known.
    private var base: String {
        hasBase ? amounts.h100e(group.base, rounding: .down) : "no data"
    }

    private var hasBase: Bool { group.attestedDay != nil || group.base > .zero }

    private var facts: [(label: String, text: String)] {
        [
            ("party", "\(party.id) \(party.name), site \(party.site)"),
            ("headquarters", "\(party.headquarters)"),
            ("parent", party.parent?.text ?? "none"),
            (
                "group",
                "\(group.group) \(group.name), headquarters \(group.headquarters), "
                    + counted(memberCount, "party", many: "parties")
            ),
            ("blocked", isBlocked ? "yes: everything is refused" : "no"),
            (
                "base",
                base + (hasBase ? " H100e" : "") + ", "
                    + (group.attestedDay.map { "attested as of \($0), and what moved since" }
                        ?? "never attested")
            ),
        ]
    }

    private var partyValue: ReportValue {
        .members([
            "party": .text(party.id.text), "name": .text(party.name),
            "site": .text("\(party.site)"), "headquarters": .text("\(party.headquarters)"),
            "parent": party.parent.map { .text($0.text) } ?? .null,
            "blocked": .boolean(isBlocked),
        ])
    }

    private var groupValue: ReportValue {
        .object(
            [
                .init("group", .text(group.group.text)), .init("name", .text(group.name)),
                .init("headquarters", .text("\(group.headquarters)")),
                .init("member_count", .integer(Int64(memberCount))),
                .init("attested_day", group.attestedDay.map { .text("\($0)") } ?? .null),
            ]
                + (hasBase
                    ? amounts.members("base", group.base, .down)
                    : [.init("base", .null), .init("base_h100e", .null)])
        )
    }

    // MARK: - What the group has

    private func sharePart(_ countries: CountryTable) -> ReportDocument.Part {
        var list = Listing(
            "shares",
            [
                .init("country"), .init("name", nil, .text), .init("tier"),
                .init("installed", nil, .amount(.up)), .init("base_percent", "% of base", .number),
                .init("held", nil, .amount(.up)), .init("share"),
                .init("used", nil, .amount(.up)), .init("limit", nil, .amount(.down)),
                .init("headroom", nil, .amount(.down)), .init("used_percent", "used %", .number),
                .init("in_breach"),
            ],
            in: amounts
        )
        for country in group.countries {
            list.append(
                [
                    .text("\(country.country)"),
                    countries.name(of: country.country).map { .text($0) } ?? .none,
                    .text(country.tier.rawValue), .amount(hasBase ? country.installed : nil),
                    .percent(used: country.installed, limit: group.base), .amount(country.held),
                ] + ShareUse.cells(of: country.share),
                isWarning: country.share.map { $0.used > $0.limit } ?? false
            )
        }
        if let outside = group.outside {
            list.append(
                [
                    .none, .text("outside home and allied"), .none, .amount(nil), .none,
                    .amount(nil),
                ] + ShareUse.cells(of: outside),
                isWarning: outside.used > outside.limit
            )
        }
        return .init(
            heading: "What the group has, holds and may have",
            notes: isWatched
                ? []
                : [
                    "The group has no Universal VEU status that is neither ended nor revoked: it "
                        + "has no shares."
                ],
            list: list,
            ifEmpty: "Nothing is known of what the group has, and it holds nothing: no data."
        )
    }

    // MARK: - Windows

    private var nationalPart: ReportDocument.Part {
        var list = Listing(
            "nveu",
            [
                .init("country"), .init("used", nil, .amount(.up)),
                .init("limit", nil, .amount(.down)), .init("headroom", nil, .amount(.down)),
                .init("used_percent", "used %", .number), .init("window", nil, .text),
            ],
            in: amounts
        )
        for window in nationalWindows {
            let reading = window.reading
            list.append(
                [
                    .text(reading.name.countryText), .amount(reading.used),
                    .amount(reading.limit), .amount(reading.headroom),
                    .percent(used: reading.used, limit: reading.limit),
                    .text(window.rule.window.shortText(amounts, on: scope.asOf.day)),
                ],
                isWarning: reading.isInBreach
            )
        }
        return .init(
            heading: "As a National VEU",
            list: list,
            ifEmpty: "The party is and was no National VEU.",
            drawings: nationalWindows.filter { !$0.charges.isEmpty }.map { window in
                .chart(
                    WindowForecast(window, from: scope.asOf).figure(
                        titled: "\(party.id) in \(window.reading.name.countryText): what stays "
                            + "used if nothing more is granted",
                        amounts
                    )
                )
            }
        )
    }

    private var nationalWindowPart: ReportDocument.Part {
        var list = Self.windowList("nveu_window", amounts)
        for window in nationalWindows { window.append(to: &list) }
        return .init(
            heading: "What leaves the window of the National VEU, and when",
            notes: [
                "A charge counts by the day of its decision. Used after is what is left when "
                    + "everything that leaves on that day or before has left."
            ],
            list: list,
            ifEmpty: "Nothing counts in a window.",
            isShownEmpty: !nationalWindows.isEmpty
        )
    }

    private var smallOrderPart: ReportDocument.Part {
        var list = Listing(
            "small_orders",
            [
                .init("limit_name", "limit of"), .init("used", nil, .amount(.up)),
                .init("limit", nil, .amount(.down)), .init("headroom", nil, .amount(.down)),
                .init("used_percent", "used %", .number),
            ],
            in: amounts
        )
        if let reading = smallOrders?.reading {
            list.append(
                [
                    .text("\(reading.name)"), .amount(reading.used), .amount(reading.limit),
                    .amount(reading.headroom),
                    .percent(used: reading.used, limit: reading.limit),
                ],
                isWarning: reading.isInBreach
            )
        }
        return .init(
            heading: "Small orders of the group this year",
            list: list,
            ifEmpty: "The group never had a small order: no data."
        )
    }

    private var smallOrderDayPart: ReportDocument.Part {
        var list = Self.windowList("small_order_days", amounts)
        smallOrders?.append(to: &list)
        return .init(
            heading: "Small orders by the day of the decision",
            list: list,
            ifEmpty: "Nothing counts this year.",
            isShownEmpty: false
        )
    }

    private static func windowList(_ name: String, _ amounts: AmountStyle) -> Listing {
        Listing(
            name,
            [
                .init("limit_name", "limit of"), .init("day"), .init("counted", nil, .amount(.up)),
                .init("leaves"), .init("used_after", nil, .amount(.up)),
            ],
            in: amounts
        )
    }

    // MARK: - Statuses

    private var statusPart: ReportDocument.Part {
        var list = Listing(
            "statuses",
            [
                .init("entry", nil, .number), .init("status"), .init("country"), .init("party"),
                .init("from"), .init("until"), .init("standing"), .init("eligible"),
                .init("attestation"), .init("attestation_day", "until or since"),
                .init("helps", "helps now"),
            ]
        )
        for status in statuses {
            list.append(
                [
                    .entry(status.entry), .text(status.grant.kind.word),
                    status.grant.kind.countryValue, .text(status.grant.party.text),
                    .text("\(status.grant.dates.from)"),
                    status.grant.dates.until.map { .text("\($0)") } ?? .none,
                    .text(status.standing.rawValue), .flag(status.isEligible),
                    .text(status.attestation.word), status.attestation.dayValue,
                    .flag(status.helps),
                ],
                isWarning: status.isLapsed
            )
        }
        return .init(
            heading: "Statuses of the party, and Universal ones of its group",
            notes: [
                "A status helps while its days last, nobody suspended or revoked it, its holder is "
                    + "eligible and the holder's security attestation is current."
            ],
            list: list,
            ifEmpty: "There is none."
        )
    }
}

extension LimitWindow {
    /// Adds what it counts, and when that leaves, to a list.
    fileprivate func append(to list: inout Listing) {
        var left = charges.reduce(Int64(0)) { $0 + $1.counted.rawValue }
        var after: [CivilDate?: Int64] = [:]
        for charge in charges.sorted(by: { ($0.leaves ?? .latest) < ($1.leaves ?? .latest) })
        where charge.leaves != nil {
            left -= charge.counted.rawValue
            after[charge.leaves] = left
        }
        for charge in charges {
            list.append([
                .text("\(reading.name)"), .text("\(charge.day)"), .amount(charge.counted),
                charge.leaves.map { .text("\($0)") } ?? .none,
                .amount(charge.leaves.flatMap { after[$0] }.map(TPP.init)),
            ])
        }
    }
}

extension GrantedStatus {
    /// Whether an order can be granted by it now.
    var helps: Bool {
        standing == .active && isEligible && (attestation.isCurrent || !needsAttestation)
    }
}

extension LimitName {
    /// The country that it is about, or nothing.
    fileprivate var countryText: String {
        switch self {
        case .country(let country), .nationalVEU(_, let country), .countryShare(_, let country):
            "\(country)"
        case .smallOrder, .outsideShare: ""
        }
    }
}
