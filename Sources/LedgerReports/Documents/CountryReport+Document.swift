// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

extension CountryReport {
    /// The report as a document.
    ///
    /// - Parameters:
    ///   - history: How the limit stood over time; `nil` if nobody asked.
    ///   - orders: Which orders the holds are.
    ///   - runOn: When it is run; the caller's clock.
    ///   - countries: The names of the countries.
    /// - Returns: The document; the same arguments give the same one.
    public func document(
        history: LimitHistory?,
        orders: [EntryNumber: OperationReference],
        runOn: LedgerTime,
        countries: CountryTable = .shipped
    ) -> ReportDocument {
        let name = countries.name(of: line.country) ?? "not assigned"
        return ReportDocument(
            name: "country",
            title: "Country report: \(line.country) \(name)",
            header: scope.header(runOn: runOn),
            facts: facts(named: name),
            keyFigures: [
                ("limit, H100e", amounts.h100e(line.limit, rounding: .down)),
                ("used, H100e", hasData ? amounts.h100e(line.used, rounding: .up) : "no data"),
                ("headroom, H100e", amounts.h100e(line.headroom, rounding: .down)),
                ("open holds", grouped(holds.count)),
            ],
            conclusion: hasData
                ? []
                : ["Nothing was ever charged to this country's limit or held towards it: no data."],
            members: [
                .init("country", .text("\(line.country)")), .init("name", .text(name)),
                .init("counted_countries", .array(countedCountries.map { .text("\($0)") })),
                .init("derivation", derivation.map { .text($0) } ?? .null),
                .init("citation", citation.map { .text($0) } ?? .null),
                .init(
                    "agreement_citation",
                    .text(scope.rulebook.agreementMultiplier.citation)
                ),
            ],
            parts: [
                standingPart, schedulePart, agreementPart, partyPart,
                HoldList(scope: scope, holds: holds, orders: orders)
                    .part(titled: "Open holds towards the country"), historyPart(history),
            ]
        )
    }

    private var amounts: AmountStyle { AmountStyle(scope.rulebook) }
    private var derivation: String? { scope.rulebook.countryLimitDerivation }
    private var citation: String? { scope.rulebook.mechanism(.country)?.limit?.citation }

    private func facts(named name: String) -> [(label: String, text: String)] {
        var facts = [
            (
                "country",
                "\(line.country) \(name), \(line.tier.rawValue)"
                    + (line.hasAgreement ? ", with an agreement" : "")
            )
        ]
        let others = countedCountries.filter { $0 != line.country }
        if !others.isEmpty {
            facts.append(
                ("counts in it", others.map(\.description).joined(separator: ", "))
            )
        }
        facts.append(
            ("limit", derivation ?? "none: the rulebook has no limit of countries")
        )
        if let citation { facts.append(("citation", citation)) }
        if line.hasAgreement {
            facts.append(("agreements", scope.rulebook.agreementMultiplier.citation))
        }
        return facts
    }

    // MARK: - The limit

    /// What is used, as an amount: nothing where nothing is known.
    private func amount(_ amount: TPP) -> Listing.Value { .amount(hasData ? amount : nil) }

    private var standingPart: ReportDocument.Part {
        var list = Listing(
            "standing",
            [
                .init("limit", nil, .amount(.down)), .init("used", nil, .amount(.up)),
                .init("headroom", nil, .amount(.down)), .init("used_percent", "used %", .number),
                .init("band"), .init("shipped", nil, .amount(.up)),
                .init("held", nil, .amount(.up)),
                .init("expiring_30_days", "expires in 30 days", .amount(.down)),
                .init("expiring_60_days", "60 days", .amount(.down)),
                .init("expiring_90_days", "90 days", .amount(.down)),
                .init("small_orders", "memo: small orders", .amount(.up)),
                .init("other_grants", "memo: other grants", .amount(.up)),
            ],
            in: amounts
        )
        list.append(
            [
                .amount(line.limit), amount(line.used), .amount(line.headroom),
                hasData ? .percent(used: line.used, limit: line.limit) : .none,
                hasData ? .text(line.band.rawValue) : .none, amount(line.shipped),
                amount(line.held),
            ] + line.expiring.map(amount) + [amount(line.smallOrders), amount(line.otherGrants)],
            isWarning: line.band.emphasis == .warning
        )
        return .init(
            heading: "How the limit stands",
            list: list,
            ifEmpty: ""
        )
    }

    /// The days on which the limit changes under the rulebook in force, with what it is from then on.
    private var schedule: [(from: CivilDate, limit: TPP, hasAgreement: Bool)] {
        let rulebook = scope.rulebook
        var days: Set<CivilDate> = Set(rulebook.mechanism(.country)?.limit?.window.steps ?? [])
        for agreement in agreements {
            days.insert(agreement.from)
            if let until = agreement.until { days.insert(until) }
        }
        for tier in CountryTier.allCases {
            for row in rulebook.countries.rows(of: tier) where row.countries.contains(line.country)
            {
                days.insert(row.days.from)
                if let until = row.days.until { days.insert(until) }
            }
        }
        var steps: [(from: CivilDate, limit: TPP, hasAgreement: Bool)] = []
        for day in days.sorted() {
            let hasAgreement = agreements.contains { agreement in
                agreement.from <= day && (agreement.until.map { day < $0 } ?? true)
            }
            let limit = rulebook.countryLimit(
                of: line.country,
                on: day,
                hasAgreement: hasAgreement
            )
            guard steps.last?.limit != limit else { continue }
            steps.append((day, limit, hasAgreement))
        }
        return steps
    }

    private var schedulePart: ReportDocument.Part {
        var list = Listing(
            "schedule",
            [.init("from"), .init("limit", nil, .amount(.down)), .init("agreement")],
            in: amounts
        )
        for step in schedule {
            list.append([.text("\(step.from)"), .amount(step.limit), .flag(step.hasAgreement)])
        }
        return .init(
            heading: "The limit by days",
            notes: [
                "By the rulebook in force at the moment of the report and the agreements known by "
                    + "then. What an earlier rulebook allowed is in the use over time."
            ],
            list: list,
            ifEmpty: "The limit does not change by days."
        )
    }

    private var agreementPart: ReportDocument.Part {
        var list = Listing(
            "agreements",
            [
                .init("entry", nil, .number), .init("country"), .init("from"), .init("until"),
                .init("in_force"),
            ]
        )
        for agreement in agreements {
            list.append([
                .entry(agreement.entry), .text("\(agreement.country)"),
                .text("\(agreement.from)"), agreement.until.map { .text("\($0)") } ?? .none,
                .flag(agreement.isInForce),
            ])
        }
        return .init(heading: "Agreements", list: list, ifEmpty: "There is and was none.")
    }

    // MARK: - Who uses it

    private var partyPart: ReportDocument.Part {
        var list = Listing(
            "parties",
            [
                .init("party"), .init("name", nil, .text), .init("group"),
                .init("used", nil, .amount(.up)), .init("used_percent", "% of limit", .number),
                .init("shipped", nil, .amount(.up)), .init("held", nil, .amount(.up)),
                .init("small_orders", "memo: small orders", .amount(.up)),
                .init("other_grants", "memo: other grants", .amount(.up)),
            ],
            in: amounts
        )
        for use in parties.sorted(by: { ($1.used, $0.party.text) < ($0.used, $1.party.text) }) {
            list.append([
                .text(use.party.text), .text(use.name), .text(use.group.text), .amount(use.used),
                .percent(used: use.used, limit: line.limit),
                .amount(TPP(rawValue: use.used.rawValue - use.held.rawValue)), .amount(use.held),
                .amount(use.smallOrders), .amount(use.otherGrants),
            ])
        }
        if closedOrders != .zero {
            list.append([
                .none, .text("closed orders of which nothing is there any more"), .none,
                .amount(closedOrders), .percent(used: closedOrders, limit: line.limit),
                .amount(closedOrders), .amount(.zero), .amount(nil), .amount(nil),
            ])
        }
        return .init(
            heading: "Who uses it",
            notes: [
                "Small orders and other grants are held towards the country and do not count "
                    + "against its limit."
            ],
            list: list,
            ifEmpty: "Nobody uses it."
        )
    }

    private func historyPart(_ history: LimitHistory?) -> ReportDocument.Part {
        var list = Listing(
            "history",
            [
                .init("from"), .init("used", nil, .amount(.up)),
                .init("limit", nil, .amount(.down)),
            ],
            in: amounts
        )
        for point in history?.points ?? [] {
            list.append(
                [.text("\(point.time)"), amount(point.used), .amount(point.limit)],
                isWarning: point.used > point.limit
            )
        }
        let chart = history.flatMap { history -> HistoryChart? in
            guard hasData, let first = history.points.first else { return nil }
            return HistoryChart(
                history,
                title: "Use over time of the limit of \(line.country)",
                from: first.time,
                until: scope.asOf,
                amounts: amounts,
                isWide: true
            )
        }
        return .init(
            heading: "Use over time",
            notes: [
                "What was used and allowed from an instant until the next; of a long log as many "
                    + "points as can be seen, every maximum among them."
            ],
            list: list,
            ifEmpty: "Nothing is known of it: no data.",
            drawings: chart.map { [.chart($0.figure)] } ?? []
        )
    }
}
