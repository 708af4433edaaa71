// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import QuotaLedger
public import Rulebook

/// A cap report as text for people, as CSV and as a tree for JSON.
///
/// The columns, the schema and how each figure is derived are in docs/reference/cap-report.md.
/// Pure: the same report and the same arguments give the same text.
public struct CapReportRendering: Hashable, Sendable {
    /// What is shown.
    public var report: CapReport
    /// When the report is run; the caller's clock.
    public var runOn: LedgerTime
    /// The names of the countries.
    public var countries: CountryTable

    /// Makes a rendering.
    public init(_ report: CapReport, runOn: LedgerTime, countries: CountryTable = .shipped) {
        self.report = report
        self.runOn = runOn
        self.countries = countries
    }

    var amounts: AmountStyle { AmountStyle(report.rulebook) }

    /// What everything here is said to be.
    var basis: String { report.creation.mode.basis }

    /// The grants in order of mechanism.
    var grants: [(mechanism: MechanismKind, tally: Tally)] {
        report.tallies.grants.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { ($0.key, $0.value) }
    }

    /// The refusals in order of mechanism, then of reason.
    var refusals: [(key: RefusalKey, tally: Tally)] {
        report.tallies.refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// All grants together.
    var granted: Total { Total(report.tallies.grants.values) }

    /// What became of holds since the ledger began: first what left them, then what came back or
    /// went of what was shipped.
    var movements: [Movement] {
        let tallies = report.tallies
        return [
            Movement("expired", "expiry_count", .down, tallies.expiries),
            Movement("released", "release_count", .down, tallies.releases),
            Movement("revoked", "revocation_count", .down, tallies.revocations),
            Movement("freed", "final_shipment_count", .down, tallies.finals),
            Movement("shipped", "shipment_count", .up, tallies.shipments),
            Movement("returned", "return_count", .up, tallies.returns, leavesHold: false),
            Movement("retired", "retirement_count", .up, tallies.retirements, leavesHold: false),
        ]
    }

    /// One way in which holds, or what was shipped under them, change.
    struct Movement {
        var name: String
        /// What its count is called in JSON.
        var countName: String
        /// Room that became free is rounded down, what was moved up.
        var rounding: H100Rounding
        var tally: Tally
        /// Whether it takes something out of what is open.
        var leavesHold: Bool

        init(
            _ name: String,
            _ countName: String,
            _ rounding: H100Rounding,
            _ tally: Tally,
            leavesHold: Bool = true
        ) {
            self.name = name
            self.countName = countName
            self.rounding = rounding
            self.tally = tally
            self.leavesHold = leavesHold
        }
    }

    /// What is held in the countries' lines, by column.
    var inLines: (held: TPP, smallOrders: TPP, otherGrants: TPP) {
        (sum(\.held), sum(\.smallOrders), sum(\.otherGrants))
    }

    /// What is held against countries and counts in no window any more, so that no line has it.
    var outsideWindow: TPP {
        let (held, smallOrders, otherGrants) = inLines
        return TPP(
            rawValue: report.openHolds.rawValue - held.rawValue - smallOrders.rawValue
                - otherGrants.rawValue
        )
    }

    // A part of the open holds, whose sum the ledger keeps below 2^62.
    private func sum(_ column: KeyPath<CapLine, TPP>) -> TPP {
        report.lines.reduce(.zero) { TPP(rawValue: $0.rawValue + $1[keyPath: column].rawValue) }
    }

    /// Counts and amounts of several tallies.
    struct Total {
        var count: Int64
        var asked: TPP

        init(_ tallies: some Sequence<Tally>) {
            (count, asked) = (0, .zero)
            for tally in tallies {
                count += tally.count
                asked = asked.adding(tally.asked) ?? asked
            }
        }
    }

    /// How the limit of a country is derived, or `nil` if the rulebook has none.
    var derivation: String? { report.rulebook.countryLimitDerivation }
}

extension Rulebook {
    /// How the limit of a country is derived, or `nil` if there is none.
    var countryLimitDerivation: String? {
        guard let limit = mechanism(.country)?.limit else { return nil }
        let multiplier = agreementMultiplier.value
        return limit.window.text(AmountStyle(self), of: " a country")
            + (multiplier == 1 ? "" : "; times \(multiplier) for a capped one with an agreement")
    }
}

extension LedgerMode {
    /// What the mode makes of everything that the ledger says.
    public var basis: String {
        switch self {
        case .binding: "binding"
        case .advisory: "as if enforced"
        }
    }

    /// The mode's word.
    var word: String {
        switch self {
        case .binding: "binding"
        case .advisory: "advisory"
        }
    }
}

extension WindowRule {
    /// The window in words; `subject` follows each amount.
    func text(_ style: AmountStyle, of subject: String) -> String {
        switch self {
        case .period(let from, let until, let amount):
            amount.text(style) + subject + " from \(from) until \(until) (that day not included)"
        case .calendarYear(let amount): amount.text(style) + subject + " in a calendar year"
        case .rolling(let months, let amount):
            amount.text(style) + subject + " in any \(months) months"
        case .schedule(let steps):
            "in steps: "
                + steps.map { $0.amount.text(style) + subject + " from \($0.from)" }
                .joined(separator: ", ")
        case .allTime(let amount): amount.text(style) + subject + " for ever"
        }
    }
}

extension LimitAmount {
    fileprivate func text(_ style: AmountStyle) -> String {
        style.h100e(tpp, rounding: .down) + " H100e (" + AmountStyle.tpp(tpp) + " TPP)"
    }
}
