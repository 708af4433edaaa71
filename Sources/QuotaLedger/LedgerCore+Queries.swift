// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// How a watched limit stands that is in breach, or of which a threshold is reached.
public struct NotableLimit: Hashable, Sendable {
    /// Which limit.
    public var name: LimitName
    /// What is used of it.
    public var used: TPP
    /// How much it allows; of a share the whole part of p times the base over q.
    public var limit: TPP
    /// Whether more is used than it allows.
    public var isInBreach: Bool
    /// The highest of the rulebook's thresholds that is reached, in percent; 0 for none.
    public var percent: Int64

    /// Makes a limit; nothing is checked here.
    public init(name: LimitName, used: TPP, limit: TPP, isInBreach: Bool, percent: Int64) {
        self.name = name
        self.used = used
        self.limit = limit
        self.isInBreach = isInBreach
        self.percent = percent
    }
}

/// The limits that stand out at a moment.
public struct NotableLimits: Hashable, Sendable {
    /// The moment for which they are told.
    public var asOf: LedgerTime
    /// The entry that adopted the rulebook in force then; `nil` while there is none.
    public var adoption: EntryNumber?
    /// The limits that are in breach, or of which a threshold is reached, in order of their names.
    public var limits: [NotableLimit]

    /// Makes a list; nothing is checked here.
    public init(asOf: LedgerTime, adoption: EntryNumber?, limits: [NotableLimit]) {
        self.asOf = asOf
        self.adoption = adoption
        self.limits = limits
    }
}

extension LedgerCore {
    /// The proposals on which nobody has decided yet, in order of their entries.
    ///
    /// O(number of proposals).
    public var openProposals: [EntryNumber] {
        state.proposals.proposals.filter { $0.value.action != nil }.keys.sorted()
    }

    /// The limits that are in breach, or of which a threshold is reached, at a moment not before
    /// the newest entry, with what is due by then.
    public func notableLimits(at time: LedgerTime? = nil) -> NotableLimits {
        state.notableLimits(after: time)
    }

    /// The share report at a moment not before the newest entry, with what is due by then; `nil`
    /// while no rulebook is in force.
    public func shareReport(at time: LedgerTime? = nil) -> ShareReport? {
        state.shareReport(after: time)
    }

    /// The watched ratios of the groups whose shares are watched, on their reporting dates and now,
    /// as far as is known at a moment not before the newest entry; none while no rulebook is in
    /// force.
    public func groupRatios(at time: LedgerTime? = nil) -> [GroupRatios] {
        state.reported(after: time).map { $0.state.groupRatios(at: $0.moment) } ?? []
    }
}

extension LedgerState {
    func notableLimits(after time: LedgerTime?) -> NotableLimits {
        let asOf = max(time ?? newestTime, newestTime)
        let settled = settled(by: asOf)
        guard let moment = settled.watch.moment else {
            return NotableLimits(asOf: asOf, adoption: nil, limits: [])
        }
        let limits = settled.watch.states.compactMap { key, watched -> NotableLimit? in
            guard let reading = settled.reading(of: key, at: moment) else { return nil }
            return NotableLimit(
                name: settled.name(of: key),
                used: TPP(rawValue: reading.used),
                limit: TPP(rawValue: reading.limit),
                isInBreach: watched.isInBreach,
                percent: Int64(watched.percent)
            )
        }
        return NotableLimits(
            asOf: asOf,
            adoption: moment.adopted.entry,
            limits: limits.sorted { $0.name < $1.name }
        )
    }
}
