// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
import Rulebook

/// The proof of the sums: for each limit, what was granted less what was freed and came back is what
/// the ledger says is used.
///
/// One side is the entries, added up here; the other is the ledger's balances.
public struct ReconciliationReport {
    /// A limit by both ways.
    struct Line {
        var name: LimitName
        var folded: FoldedUse
        /// What the ledger says is used; `nil` of a limit that it does not know.
        var ledger: TPP?

        var agrees: Bool { folded.used == Int128(ledger?.rawValue ?? 0) }
    }

    /// A flow of all holds together by both ways.
    struct Total {
        var name: String
        var folded: ChargeFlows.Flow
        var ledger: Tally

        var agrees: Bool {
            folded.count == ledger.count && folded.amount == Int128(ledger.asked.rawValue)
        }
    }

    let scope: ReportScope
    let lines: [Line]
    let totals: [Total]
    /// The entries that do not fit those before them.
    let contradictions: [EntryNumber]

    /// Makes a report.
    ///
    /// - Parameters:
    ///   - scope: Of what it is.
    ///   - fold: The log through the scope's last entry, ended at its moment.
    ///   - readings: The limits as the ledger says they stand then.
    ///   - caps: The ledger's cap report for that moment, with its counts of decisions.
    public init(
        _ scope: ReportScope,
        fold: ChargeFold,
        readings: [LimitReading],
        caps: CapReport
    ) {
        self.scope = scope
        contradictions = fold.contradictions
        let rulebook = scope.rulebook
        let day = scope.asOf.day
        var windows = fold.windowUses(rulebook, on: day)
        var lines = readings.map { reading in
            let folded: FoldedUse
            switch reading.name {
            case .country, .nationalVEU, .smallOrder:
                folded = windows.removeValue(forKey: reading.name) ?? FoldedUse()
            case .countryShare(let group, let country):
                folded = fold.shareUse(of: group) { rulebook.countries.counted($0) == country }
            case .outsideShare(let group):
                folded = fold.shareUse(of: group) { !rulebook.isHomeOrAllied($0, on: day) }
            }
            return Line(name: reading.name, folded: folded, ledger: reading.used)
        }
        // What the entries charge and the ledger does not know.
        lines += windows.map { Line(name: $0, folded: $1, ledger: nil) }
        self.lines = lines.sorted { $0.name < $1.name }
        totals = Self.totals(of: fold, caps)
    }

    private static func totals(of fold: ChargeFold, _ caps: CapReport) -> [Total] {
        let flows = fold.total
        let tallies = caps.tallies
        var granted = Tally()
        for tally in tallies.grants.values {
            granted.count += tally.count
            granted.asked = granted.asked.adding(tally.asked) ?? granted.asked
        }
        let open = ChargeFlows.Flow(count: fold.openCount, amount: flows.open)
        return [
            Total(name: "granted", folded: flows.granted, ledger: granted),
            Total(name: "expired", folded: flows.expired, ledger: tallies.expiries),
            Total(name: "released", folded: flows.released, ledger: tallies.releases),
            Total(name: "revoked", folded: flows.revoked, ledger: tallies.revocations),
            Total(name: "freed", folded: flows.freed, ledger: tallies.finals),
            Total(name: "shipped", folded: flows.shipped, ledger: tallies.shipments),
            Total(name: "returned", folded: flows.returned, ledger: tallies.returns),
            Total(name: "retired", folded: flows.retired, ledger: tallies.retirements),
            Total(
                name: "open",
                folded: open,
                ledger: Tally(count: caps.openHoldCount, asked: caps.openHolds)
            ),
        ]
    }

    /// Whether everything agrees.
    public var isReconciled: Bool {
        lines.allSatisfy(\.agrees) && totals.allSatisfy(\.agrees) && contradictions.isEmpty
    }

    // MARK: - The document

    /// The report as a document.
    ///
    /// - Parameter runOn: When it is run; the caller's clock.
    /// - Returns: The document; the same arguments give the same one.
    public func document(runOn: LedgerTime) -> ReportDocument {
        ReportDocument(
            name: "reconciliation",
            title: "Reconciliation",
            header: scope.header(runOn: runOn),
            keyFigures: [
                ("limits added up", grouped(lines.count)),
                ("limits that do not agree", grouped(lines.filter { !$0.agrees }.count)),
                ("totals that do not agree", grouped(totals.filter { !$0.agrees }.count)),
                ("entries that do not fit", grouped(contradictions.count)),
            ],
            conclusion: [conclusion],
            members: [.init("is_reconciled", .boolean(isReconciled))],
            parts: [limitPart, totalPart, contradictionPart]
        )
    }

    private var conclusion: String {
        guard !isReconciled else {
            return "The sums agree: \(counted(lines.count, "limit")) and all totals, added up from "
                + "the entries, are what the ledger says."
        }
        let wrong = lines.filter { !$0.agrees }.count + totals.filter { !$0.agrees }.count
        return "THE SUMS DO NOT AGREE: \(grouped(wrong)) sums differ, "
            + "entries that do not fit those before: \(grouped(contradictions.count)). "
            + "Verify the ledger."
    }

    private var limitPart: ReportDocument.Part {
        var list = Listing(
            "limits",
            [
                .init("limit_name", "limit of"), .init("granted", nil, .amount(.up)),
                .init("expired", nil, .amount(.up)), .init("released", nil, .amount(.up)),
                .init("revoked", nil, .amount(.up)), .init("freed", nil, .amount(.up)),
                .init("returned", nil, .amount(.up)), .init("retired", nil, .amount(.up)),
                .init("attested", nil, .amount(.up)), .init("kept_at_zero", nil, .amount(.up)),
                .init("used", "= used", .amount(.up)),
                .init("ledger", "in the ledger", .amount(.up)), .init("equal"),
            ]
        )
        for line in lines {
            let flows = line.folded.flows
            list.append(
                [
                    .text("\(line.name)"), .sum(flows.granted.amount), .sum(flows.expired.amount),
                    .sum(flows.released.amount), .sum(flows.revoked.amount),
                    .sum(flows.freed.amount), .sum(line.folded.credited.returned),
                    .sum(line.folded.credited.retired), .sum(line.folded.attested),
                    .sum(line.folded.keptAtZero), .sum(line.folded.used), .amount(line.ledger),
                    .flag(line.agrees),
                ],
                isWarning: !line.agrees
            )
        }
        return .init(
            heading: "Limits",
            notes: [
                "Granted - expired - released - revoked - freed by final shipments - returned - "
                    + "retired = used, of the charges that the window covers, the returned and "
                    + "retired as far as they are credited. A share has besides what attestations "
                    + "changed, and what was kept at 0. Whole TPP."
            ],
            list: list,
            ifEmpty: "Nothing was charged to any limit yet: no data."
        )
    }

    private var totalPart: ReportDocument.Part {
        var list = Listing(
            "totals",
            [
                .init("flow"), .init("count", nil, .count), .init("amount", nil, .amount(.up)),
                .init("ledger_count", nil, .count), .init("ledger_amount", nil, .amount(.up)),
                .init("equal"),
            ]
        )
        for total in totals {
            list.append(
                [
                    .text(total.name), .count(total.folded.count), .sum(total.folded.amount),
                    .count(total.ledger.count), .amount(total.ledger.asked), .flag(total.agrees),
                ],
                isWarning: !total.agrees
            )
        }
        return .init(
            heading: "Totals since the ledger began",
            notes: ["Granted - expired - released - revoked - freed - shipped = open. Whole TPP."],
            list: list,
            ifEmpty: ""
        )
    }

    private var contradictionPart: ReportDocument.Part {
        var list = Listing("contradictions", [.init("entry", nil, .number)])
        for entry in contradictions { list.append([.entry(entry)], isWarning: true) }
        return .init(
            heading: "Entries that do not fit those before them",
            list: list,
            ifEmpty: "Every entry fits those before it."
        )
    }
}

extension Listing.Value {
    /// A sum as an amount; nothing where there is none, or none that a list can hold.
    fileprivate static func sum(_ sum: Int128?) -> Listing.Value {
        .amount(sum.flatMap(Int64.init(exactly:)).map(TPP.init))
    }
}
