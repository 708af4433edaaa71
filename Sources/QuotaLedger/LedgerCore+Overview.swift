// SPDX-License-Identifier: Apache-2.0

public import LedgerModel
public import Rulebook

/// A ledger in a few figures, as of its newest entry.
public struct LedgerOverview: Hashable, Sendable {
    /// How many entries it has.
    public var entryCount: UInt64
    /// The time of the newest one; `nil` while there is none.
    public var newestTime: LedgerTime?
    /// The rulebook in force then.
    public var rulebook: Rulebook?
    /// The entry that adopted it.
    public var adoption: EntryNumber?
    /// How many parties are registered.
    public var partyCount: Int
    /// How many orders were decided, whatever the answer.
    public var decisionCount: Int64
    /// How many holds have something to ship.
    public var openHoldCount: Int64
    /// What that is together.
    public var openHolds: TPP
    /// How many proposals nobody has decided on.
    public var proposalCount: Int
    /// The limits that are in breach, or of which a threshold is reached, in order of their names.
    public var limits: [NotableLimit]
}

extension LedgerCore {
    /// The ledger in a few figures, as of its newest entry.
    ///
    /// O(holds that can still change).
    public func overview() -> LedgerOverview {
        let found = state.notableLimits(after: nil)
        var openHoldCount: Int64 = 0
        var openHolds: Int64 = 0
        for hold in state.holds.all where hold.isOpen {
            openHoldCount += 1
            openHolds += hold.open
        }
        let adopted = state.rulebooks.inForce(at: state.newestTime)
        return LedgerOverview(
            entryCount: state.next,
            newestTime: state.next > 0 ? state.newestTime : nil,
            rulebook: adopted?.rulebook,
            adoption: adopted?.entry,
            partyCount: state.parties.parties.count,
            decisionCount: state.tallies.grants.values.reduce(0) { $0 + $1.count }
                + state.tallies.refusals.values.reduce(0) { $0 + $1.count },
            openHoldCount: openHoldCount,
            openHolds: TPP(rawValue: openHolds),
            proposalCount: openProposals.count,
            limits: found.limits
        )
    }

    /// The entry of an organisation's operation; `nil` if there is none of that id.
    ///
    /// - Throws: ``LedgerError/index(_:)`` if the index can not be read.
    public func number(
        of id: OperationIdentifier,
        by organisation: OrganisationIdentifier
    ) throws(LedgerError) -> EntryNumber? {
        let name = OperationHasher(key: state.operations.key).name(organisation, id)
        return try state.operations.find(name)?.number
    }

    /// The parties that are registered, in order of their registration.
    ///
    /// O(parties).
    public var partyIdentifiers: [PartyIdentifier] { state.parties.parties.map(\.record.id) }
}
