// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
import LedgerModel

/// The limits whose room is shown to anybody, and what was last said of each.
struct GaugedLimits: Sendable {
    fileprivate struct Gauged: Sendable {
        let name: LimitName
        /// The stamp for which `slot` is true.
        var stamp: UInt64 = 0
        /// The place of the limit's words; `nil` while there is no such limit.
        var slot: Int?
        /// What was said last; `nil` before anything was.
        var room: Int64?
    }

    fileprivate var limits: [Gauged] = []
    private var places: [LimitName: LimitIndex] = [:]

    /// The place on the board at which a limit is shown from now on.
    mutating func follow(_ name: LimitName) -> LimitIndex {
        if let place = places[name] { return place }
        let place = LimitIndex(rawValue: UInt32(limits.count))
        limits.append(Gauged(name: name))
        places[name] = place
        return place
    }
}

extension LedgerCore {
    /// The rooms of gauged limits that are not what was last said of them.
    ///
    /// Asked between two batches. O(gauged limits): a few loads each, more after a change of day or
    /// of what limits depend on.
    mutating func changedRooms() -> [LimitRoom] {
        guard !gauged.limits.isEmpty else { return [] }
        move(to: newestTime)
        var changes: [LimitRoom] = []
        for place in gauged.limits.indices {
            if gauged.limits[place].stamp != stamp {
                gauged.limits[place].slot = slot(of: gauged.limits[place].name)
                gauged.limits[place].stamp = stamp
            }
            // Any negative room is that of a breach, and there is a word for "no such limit".
            let room =
                gauged.limits[place].slot.map { max(-1, table.room(of: slots.slots[$0].limit)) }
                ?? LimitGauge.undefinedRoom
            guard gauged.limits[place].room != room else { continue }
            gauged.limits[place].room = room
            changes.append(LimitRoom(limit: LimitIndex(rawValue: UInt32(place)), room: room))
        }
        return changes
    }

    /// The place of a limit's words, which are true for the present stamp; `nil` if no rulebook in
    /// force defines it.
    private mutating func slot(of name: LimitName) -> Int? {
        if let group = name.group, let index = state.parties.index(of: group),
            state.parties.ultimateParent(of: index) == index
        {
            // The words hang on an account, which a group that never asked does not have yet.
            _ = state.parties.account(of: index)
        }
        guard let moment, let key = state.watchKey(of: name),
            let limit = state.limit(of: key, at: moment)
        else { return nil }
        let party: PartyIndex
        switch key {
        case .national(let national): party = national.party
        case .country: party = .nobody
        case .smallOrder(let account, _), .countryShare(let account, _), .outsideShare(let account):
            party = state.parties.owner(of: account)
        }
        return slot(
            for: limit,
            party: party,
            account: key.account ?? .nobody,
            name: { _ in name },
            at: moment
        )
    }
}

extension LimitName {
    /// The group whose limit it is, if it is a group's.
    fileprivate var group: PartyIdentifier? {
        switch self {
        case .country, .nationalVEU: nil
        case .smallOrder(let group, _), .countryShare(let group, _), .outsideShare(let group): group
        }
    }
}
