// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// How a limit stands at a moment.
public struct LimitReading: Hashable, Sendable {
    /// Which limit.
    public var name: LimitName
    /// What is used of it.
    public var used: TPP
    /// How much it allows; of a share the whole part of p times the base over q.
    public var limit: TPP

    /// What is left, never below 0.
    public var headroom: TPP { TPP(rawValue: max(0, limit.rawValue - used.rawValue)) }

    /// Whether more is used than it allows.
    public var isInBreach: Bool { used > limit }

    /// Makes a reading.
    public init(name: LimitName, used: TPP, limit: TPP) {
        self.name = name
        self.used = used
        self.limit = limit
    }
}

extension LedgerCore {
    /// Every limit of which anything is or was used, at a moment not before the newest entry, with
    /// what is due by then; in order of their names, none while no rulebook is in force.
    ///
    /// O(charges).
    public func limitReadings(at time: LedgerTime? = nil) -> [LimitReading] {
        let asOf = max(time ?? newestTime, newestTime)
        let settled = state.settled(by: asOf)
        guard let adopted = settled.rulebooks.inForce(at: asOf) else { return [] }
        let moment = LegalMoment(day: asOf.day, adopted: adopted)
        var look = PendingLook(time: asOf)
        look.isFull = true
        look.takesInSmallOrders = true
        return settled.keys(of: look, at: moment).compactMap { key -> LimitReading? in
            guard let reading = settled.reading(of: key, at: moment) else { return nil }
            return LimitReading(
                name: settled.name(of: key),
                used: TPP(rawValue: reading.used),
                limit: TPP(rawValue: reading.limit)
            )
        }.sorted { $0.name < $1.name }
    }

    /// The rulebook in force at a time, as far as is known by now; `nil` while there is none.
    ///
    /// - Complexity: O(number of adopted rulebooks).
    public func rulebook(at time: LedgerTime) -> Rulebook? {
        state.rulebooks.inForce(at: time)?.rulebook
    }

    /// Goes on as if a rulebook were adopted at a time: for the question what would be.
    ///
    /// What is due by then happens first. No entry is made, so nothing of this core may reach a log
    /// any more.
    ///
    /// - Parameters:
    ///   - bytes: The rulebook's file.
    ///   - time: When; at the newest entry's time if it lies before that.
    /// - Throws: ``LedgerError`` if the file is not a valid rulebook.
    public mutating func supposeAdoption(
        of bytes: [UInt8],
        at time: LedgerTime
    ) throws(LedgerError) {
        flush()
        let time = max(time, newestTime)
        state = state.settled(by: time)
        let entry = Entry(
            number: next,
            time: time,
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "nobody"),
                person: PersonIdentifier(checked: "nobody"),
                role: .operator
            ),
            rulebook: state.rulebooks.adoption(at: time),
            content: .operation(
                OperationRecord(
                    id: OperationIdentifier(checked: "supposed-adoption"),
                    action: .adoptRulebook(RulebookAdoption(bytes: bytes)),
                    outcome: .accepted
                )
            )
        )
        // Not in the index: no operation may meet the id of one that never was.
        try state.record(entry, indexing: .done)
        newestTime = time
        invalidate()
    }
}
