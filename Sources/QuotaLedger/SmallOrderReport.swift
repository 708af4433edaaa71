// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// The small orders of a group in a calendar year.
public struct SmallOrderYear: Hashable, Sendable {
    /// The ultimate parent.
    public var group: PartyIdentifier
    /// Its name.
    public var name: String
    /// The year of the decisions.
    public var year: Int
    /// What counts: held, and shipped less what the rulebook credits.
    public var used: TPP
    /// What of that is held.
    public var held: TPP
    /// What the rulebook in force allows a group in that year.
    public var limit: TPP

    /// What is left, never below 0.
    public var headroom: TPP { TPP(rawValue: max(0, limit.rawValue - used.rawValue)) }

    /// Makes a year; nothing is checked here.
    public init(
        group: PartyIdentifier,
        name: String,
        year: Int,
        used: TPP,
        held: TPP,
        limit: TPP
    ) {
        self.group = group
        self.name = name
        self.year = year
        self.used = used
        self.held = held
        self.limit = limit
    }
}

/// What the ledger says of small orders at a moment.
public struct SmallOrderReport: Hashable, Sendable {
    /// Of what it is.
    public var scope: ReportScope
    /// The limit that the rulebook in force sets; `nil` if it has none.
    public var rule: LimitRule?
    /// The groups with any charge, by year and group; none where there is no limit.
    public var years: [SmallOrderYear]

    /// Makes a report; nothing is checked here.
    public init(scope: ReportScope, rule: LimitRule?, years: [SmallOrderYear]) {
        self.scope = scope
        self.rule = rule
        self.years = years
    }
}

extension LedgerCore {
    /// What the ledger says of small orders at a moment not before the newest entry, with what is
    /// due by then; `nil` while no rulebook is in force.
    ///
    /// O(holds and days with charges).
    public func smallOrderReport(at time: LedgerTime? = nil) -> SmallOrderReport? {
        state.reported(after: time)?.smallOrderReport
    }
}

extension ReportedState {
    /// A group in a year.
    private struct Key: Hashable {
        var account: AccountIndex
        var year: Int
    }

    fileprivate var smallOrderReport: SmallOrderReport {
        guard let mechanism = moment.rulebook.mechanism(.smallOrder), let rule = mechanism.limit
        else { return SmallOrderReport(scope: scope, rule: nil, years: []) }
        var held: [Key: Int64] = [:]
        for hold in state.holds.all where hold.isOpen && hold.mechanism == .smallOrder {
            let account = state.parties.root(of: hold.account)
            held[Key(account: account, year: hold.day.year), default: 0] += hold.open
        }
        var used: [Key: Int64] = [:]
        for (account, charges) in state.smallOrders.pairs {
            for total in charges.totals {
                used[Key(account: account, year: total.day.year), default: 0] +=
                    total.counted(mechanism.credits)
            }
        }
        let years = used.map { key, amount in
            let group = state.parties.owner(of: key.account)
            return SmallOrderYear(
                group: state.parties.identifier(of: group),
                name: state.parties[group].record.name,
                year: key.year,
                used: TPP(rawValue: amount),
                held: TPP(rawValue: held[key] ?? 0),
                limit: CivilDate(year: key.year, month: 12, day: 31)
                    .map { rule.limit(on: $0) } ?? .zero
            )
        }
        return SmallOrderReport(
            scope: scope,
            rule: rule,
            years: years.sorted { ($0.year, $0.group) < ($1.year, $1.group) }
        )
    }
}
