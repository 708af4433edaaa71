// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Deciding looks up one thing after the other in tables that are larger than the caches, and would
/// wait for each. So it looks ahead: what the next operations will look up is read for all of them
/// at once, and the waits overlap. What is read ahead decides nothing.
extension LedgerCore {
    /// How many operations are looked ahead at.
    static let lookAheadCount = 128

    /// Brings what the next operations will look up into the caches.
    mutating func lookAhead(_ operations: [PreparedOperation], from first: Int) {
        let range = first..<min(first + Self.lookAheadCount, operations.count)
        var seen: UInt64 = 0
        namesAhead.removeAll(keepingCapacity: true)
        for position in range {
            namesAhead.append(operations[position].hashes.name)
            guard let reservation = operations[position].reservation else { continue }
            seen &+= state.parties.bringNear(reservation.consignee)
        }
        seen &+= state.operations.bringNear(namesAhead)
        partiesAhead.removeAll(keepingCapacity: true)
        for position in range {
            guard let reservation = operations[position].reservation,
                let party = state.parties.index(of: reservation.consignee)
            else {
                partiesAhead.append(.nobody)
                continue
            }
            partiesAhead.append(party)
            seen &+= routes.bringNear(party, reservation.destination)
        }
        // Kept, so that the reads are not optimised away.
        seenAhead = seen
    }

    /// The consignee of an operation, if it was there when it was looked ahead at: parties stay.
    func lookedUpParty(_ position: Int) -> PartyIndex? {
        let party = partiesAhead[position % Self.lookAheadCount]
        return party == .nobody ? nil : party
    }

    /// Brings where the next pending reservations will be entered into the caches.
    mutating func lookAheadAtPending(from first: Int) {
        var seen: UInt64 = 0
        namesAhead.removeAll(keepingCapacity: true)
        for position in first..<min(first + Self.lookAheadCount, pending.count) {
            namesAhead.append(pending[position].name)
            guard let account = state.parties.existingAccount(of: pending[position].party),
                let prepared = decided.operations[Int(pending[position].operation)].reservation
            else { continue }
            seen &+= state.bringNear(account, prepared.destination)
        }
        seenAhead = seen &+ state.operations.bringNewestNear(namesAhead)
    }

    /// Brings what reservations that are read from a log will look up and change into the caches.
    mutating func lookAhead(
        at reservations: [DecodedReservation],
        from first: Int,
        to last: Int
    ) {
        let range = first..<min(first + Self.lookAheadCount, last)
        var seen: UInt64 = 0
        namesAhead.removeAll(keepingCapacity: true)
        for position in range {
            if let hashes = reservations[position].hashes { namesAhead.append(hashes.name) }
            seen &+= state.parties.bringNear(reservations[position].consignee)
        }
        seen &+= state.operations.bringNewestNear(namesAhead)
        partiesAhead.removeAll(keepingCapacity: true)
        for position in range {
            guard reservations[position].decided.refusal == nil,
                let party = state.parties.index(of: reservations[position].consignee)
            else {
                partiesAhead.append(.nobody)
                continue
            }
            partiesAhead.append(party)
            guard let account = state.parties.existingAccount(of: party) else { continue }
            seen &+= state.bringNear(account, reservations[position].decided.destination)
        }
        seenAhead = seen
    }
}
