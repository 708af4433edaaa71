// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

/// What was refused since the ledger began: by reason, by mechanism, by country.
public struct RefusalReport {
    /// Refusals that are counted together.
    private struct Row {
        var key: RefusalFold.Key
        var country: CountryCode?
        var count: RefusalFold.Count

        /// By operation, mechanism, reason, country.
        var order: (String, UInt8, UInt16, String) {
            (
                key.operation.description, key.mechanism?.rawValue ?? 0, key.reason.rawValue,
                country?.description ?? ""
            )
        }
    }

    let scope: ReportScope
    let countries: CountryTable
    private let rows: [Row]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - scope: Of what it is.
    ///   - fold: The log through the scope's last entry.
    ///   - destinations: Those of the fold's ``RefusalFold/orders``.
    ///   - countries: The names of the countries.
    public init(
        _ scope: ReportScope,
        fold: RefusalFold,
        destinations: [EntryNumber: CountryCode],
        countries: CountryTable = .shipped
    ) {
        self.scope = scope
        self.countries = countries
        rows = fold.counts.map { key, count in
            let asked: CountryCode? =
                switch key.place {
                case .none: nil
                case .country(let country): country
                case .hold(let number): destinations[number]
                }
            let counted = asked.map(scope.rulebook.countries.counted)
            return Row(key: key, country: counted, count: count)
        }
    }

    /// The report as a document.
    ///
    /// - Parameter runOn: When it is run; the caller's clock.
    /// - Returns: The document; the same arguments give the same one.
    public func document(runOn: LedgerTime) -> ReportDocument {
        let orders = total { $0.key.operation == .reserve }
        let others = total { $0.key.operation != .reserve }
        return ReportDocument(
            name: "refusals",
            title: "Refusal report",
            header: scope.header(runOn: runOn),
            keyFigures: [
                ("orders refused", grouped(orders.count)),
                ("other operations refused", grouped(others.count)),
            ],
            conclusion: [
                "Refused since the ledger began: \(grouped(orders.count)) orders and "
                    + "\(grouped(others.count)) other operations. What was rejected as bad input "
                    + "has no entry and is not counted."
            ],
            parts: [reasons, mechanisms, places, combinations]
        )
    }

    // MARK: - Sums

    /// Refusals together.
    private struct Total {
        var count: Int64 = 0
        var orders: Int64 = 0
        var asked: Int128?

        mutating func add(_ row: Row) {
            count += row.count.count
            if row.key.operation == .reserve { orders += row.count.count }
            if let asked = row.count.asked { self.asked = (self.asked ?? 0) + asked }
        }

        /// What was asked, in a list; nothing where it is past what a list can hold.
        var askedValue: Listing.Value { .amount(asked.flatMap(Int64.init(exactly:)).map(TPP.init)) }
    }

    private func total(where isMeant: (Row) -> Bool) -> Total {
        rows.filter(isMeant).reduce(into: Total()) { $0.add($1) }
    }

    /// The refusals under keys, in order of these.
    private func totals<Key: Hashable & Comparable>(
        by key: (Row) -> Key?
    ) -> [(key: Key, total: Total)] {
        var totals: [Key: Total] = [:]
        for row in rows {
            if let key = key(row) { totals[key, default: Total()].add(row) }
        }
        return totals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    // MARK: - Lists

    private var reasons: ReportDocument.Part {
        let explainer = Explainer(rulebook: scope.rulebook, mode: scope.creation.mode)
        var list = Listing(
            "reasons",
            [
                .init("reason"), .init("meaning", nil, .text), .init("count", nil, .count),
                .init("orders", nil, .count), .init("asked", nil, .amount(.up)),
            ],
            in: AmountStyle(scope.rulebook)
        )
        for (number, total) in totals(by: \.key.reason.rawValue) {
            guard let reason = Refusal(rawValue: number) else { continue }
            list.append([
                .text(reason.description), .text(explainer.reason(reason)), .count(total.count),
                .count(total.orders), total.askedValue,
            ])
        }
        return .init(heading: "By reason", list: list, ifEmpty: "Nothing was refused.")
    }

    private var mechanisms: ReportDocument.Part {
        var list = Listing(
            "mechanisms",
            [
                .init("mechanism"), .init("reason"), .init("orders", nil, .count),
                .init("asked", nil, .amount(.up)),
            ],
            in: AmountStyle(scope.rulebook)
        )
        let found = totals { row in
            row.key.mechanism.map { RefusalKey(mechanism: $0, refusal: row.key.reason) }
        }
        for (key, total) in found {
            list.append([
                .text(key.mechanism.description), .text(key.refusal.description),
                .count(total.orders), total.askedValue,
            ])
        }
        return .init(
            heading: "Orders, by mechanism",
            list: list,
            ifEmpty: "No mechanism refused an order."
        )
    }

    private var places: ReportDocument.Part {
        struct Key: Hashable, Comparable {
            var country: CountryCode
            var reason: UInt16

            static func < (left: Key, right: Key) -> Bool {
                (left.country.description, left.reason) < (right.country.description, right.reason)
            }
        }
        var list = Listing(
            "countries",
            [
                .init("country"), .init("name", nil, .text), .init("tier"), .init("reason"),
                .init("count", nil, .count), .init("orders", nil, .count),
                .init("asked", nil, .amount(.up)),
            ],
            in: AmountStyle(scope.rulebook)
        )
        let found = totals { row in
            row.country.map { Key(country: $0, reason: row.key.reason.rawValue) }
        }
        for (key, total) in found {
            guard let reason = Refusal(rawValue: key.reason) else { continue }
            list.append([
                .text(key.country.description),
                countries.name(of: key.country).map { .text($0) } ?? .none,
                .text(scope.rulebook.tier(of: key.country, on: scope.asOf.day).rawValue),
                .text(reason.description), .count(total.count), .count(total.orders),
                total.askedValue,
            ])
        }
        return .init(
            heading: "By country of destination",
            notes: ["A country that counts as another one is part of that one's lines."],
            list: list,
            ifEmpty: "Nothing was refused that is about a country."
        )
    }

    private var combinations: ReportDocument.Part {
        var list = Listing(
            "all",
            [
                .init("operation"), .init("mechanism"), .init("reason"), .init("country"),
                .init("count", nil, .count), .init("asked", nil, .amount(.up)),
                .init("first_entry", nil, .number), .init("last_entry", nil, .number),
            ],
            in: AmountStyle(scope.rulebook)
        )
        // Refused operations on several holds towards a country are one line.
        var merged: [RefusalFold.Key: Row] = [:]
        for row in rows {
            var key = row.key
            key.place = row.country.map { .country($0) } ?? .none
            guard var known = merged[key] else {
                merged[key] = row
                continue
            }
            known.count.count += row.count.count
            if let asked = row.count.asked { known.count.asked = (known.count.asked ?? 0) + asked }
            known.count.first = min(known.count.first, row.count.first)
            known.count.last = max(known.count.last, row.count.last)
            merged[key] = known
        }
        for row in merged.values.sorted(by: { $0.order < $1.order }) {
            var total = Total()
            total.add(row)
            let mechanism: Listing.Value = row.key.mechanism.map { .text("\($0)") } ?? .none
            let country: Listing.Value = row.country.map { .text("\($0)") } ?? .none
            list.append([
                .text("\(row.key.operation)"), mechanism, .text("\(row.key.reason)"), country,
                .count(total.count), total.askedValue, .entry(row.count.first),
                .entry(row.count.last),
            ])
        }
        return .init(
            heading: "By operation, mechanism, reason and country",
            list: list,
            ifEmpty: "Nothing was refused."
        )
    }
}
