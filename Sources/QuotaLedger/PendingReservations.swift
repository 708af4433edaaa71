// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A reservation that has its route, and waits for its batch to be decided.
struct PendingReservation: Sendable {
    /// Which operation of those that are being decided.
    var operation: Int32
    /// Its place in the kernel's batch, if limits decide; else below 0.
    var place: Int32
    var way: Way
    var party: PartyIndex
    var amount: TPP
    var time: LedgerTime
    var name: Hash128

    enum Way: Sendable {
        /// The ledger's policy is against it.
        case forbidden(Refusal)
        /// No controlled line; a refusal if the end use or the party is against it.
        case uncontrolled(Refusal?)
        /// A resolved route.
        case route(ResolvedRoute)
    }
}

/// The reservations that wait, found by the hashes of their names.
struct PendingReservations: Sendable {
    private struct Place: Sendable {
        /// The filling that it belongs to; it is free in any other.
        var filling: UInt32 = 0
        var position: UInt32 = 0
    }

    private(set) var reservations: [PendingReservation] = []
    private var places = [Place](repeating: Place(), count: 64)
    private var filling: UInt32 = 1

    var isEmpty: Bool { reservations.isEmpty }

    var count: Int { reservations.count }

    subscript(position: Int) -> PendingReservation { reservations[position] }

    /// The position of the reservation with a name, if it waits.
    func position(of name: Hash128) -> Int? {
        guard !reservations.isEmpty else { return nil }
        let place = places[place(of: name)]
        return place.filling == filling ? Int(place.position) : nil
    }

    /// Adds a reservation whose name is not there yet.
    mutating func append(_ reservation: PendingReservation) {
        if (reservations.count + 1) * 2 > places.count { grow() }
        enter(reservation.name, position: reservations.count)
        reservations.append(reservation)
    }

    /// Removes all, and keeps the memory.
    mutating func removeAll() {
        reservations.removeAll(keepingCapacity: true)
        filling &+= 1
        guard filling == 0 else { return }
        // Places of long ago must not come to life again.
        places = Array(repeating: Place(), count: places.count)
        filling = 1
    }

    private func place(of name: Hash128) -> Int {
        var place = Int(truncatingIfNeeded: name.low) & (places.count - 1)
        while places[place].filling == filling,
            reservations[Int(places[place].position)].name != name
        {
            place = (place + 1) & (places.count - 1)
        }
        return place
    }

    private mutating func enter(_ name: Hash128, position: Int) {
        places[place(of: name)] = Place(filling: filling, position: UInt32(position))
    }

    private mutating func grow() {
        places = Array(repeating: Place(), count: places.count * 2)
        for (position, reservation) in reservations.enumerated() {
            enter(reservation.name, position: position)
        }
    }
}
