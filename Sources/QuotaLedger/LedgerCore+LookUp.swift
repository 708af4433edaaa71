// SPDX-License-Identifier: Apache-2.0

import LedgerModel
import Rulebook

/// What the names in a reservation stand for.
struct ReservationFacts {
    var party: PartyIndex
    /// The end use, by its position in the rulebook in force.
    var endUse: Int
    /// The controlled TPP of the order.
    var amount: TPP
    /// Whether any line is controlled.
    var isControlled: Bool
}

extension LedgerCore {
    /// Looks up what a prepared reservation of one plain line names.
    ///
    /// - Parameters:
    ///   - reservation: What is asked.
    ///   - lookedUp: The consignee, if it was found before.
    ///   - time: The time at which it counts.
    /// - Returns: What it stands for; `nil` if anything about it is wrong, or is not known yet, for
    ///   ``lookUp(_:at:)`` to tell.
    func knownFacts(
        of reservation: PreparedReservation,
        by lookedUp: PartyIndex?,
        at time: LedgerTime
    ) -> ReservationFacts? {
        guard catalogue.tppPerH100e != nil, assignedCountries[reservation.destination] ?? false,
            let party = lookedUp ?? state.parties.index(of: reservation.consignee),
            let endUse = catalogue.endUse(reservation.endUse),
            reservation.deadline.map({ $0 > time }) ?? true
        else { return nil }
        let worth: TPP
        var isControlled = true
        switch reservation.line {
        case .devices:
            guard let device = catalogue.device(reservation.device),
                let product = device.tpp.multiplied(by: reservation.quantity)
            else { return nil }
            worth = product
            isControlled = device.isControlled
        case .tpp: worth = TPP(rawValue: reservation.quantity)
        case .other: return nil
        }
        guard worth <= .maximumAmount else { return nil }
        return ReservationFacts(
            party: party,
            endUse: endUse,
            amount: isControlled ? worth : .zero,
            isControlled: isControlled
        )
    }

    /// Looks up what a reservation names, in the order in which it is checked.
    mutating func lookUp(
        _ reservation: Reservation,
        at time: LedgerTime
    ) throws(Rejection) -> ReservationFacts {
        try checkCountry(reservation.destination, field: "destination")
        let party = try party(reservation.consignee, field: "consignee")
        for line in reservation.lines {
            guard case .devices(let id, _) = line else { continue }
            guard device(id) != nil || state.devices?.rating(of: id, on: time.day) != nil else {
                throw Rejection(
                    .unknownDevice,
                    field: "device",
                    found: id.text,
                    expected: state.devices == nil
                        ? "a device of an adopted catalogue: run 'headroom devices adopt' first"
                        : "a device of the adopted catalogue: see 'headroom devices list'"
                )
            }
        }
        let endUse = catalogue.endUse(preparer.hasher.name(reservation.endUse))
        if catalogue.tppPerH100e != nil, endUse == nil {
            throw Rejection(
                .unknownEndUse,
                field: "end_use",
                found: reservation.endUse.text,
                expected: "one of "
                    + catalogue.endUses.map(\.code.text).sorted().joined(separator: ", ")
            )
        }
        if let deadline = reservation.deadline { try checkDeadline(deadline, at: time) }
        guard let tppPerH100e = catalogue.tppPerH100e, let endUse else { throw noRulebook() }
        var facts = ReservationFacts(
            party: party,
            endUse: endUse,
            amount: .zero,
            isControlled: false
        )
        try weigh(reservation, &facts, tppPerH100e: tppPerH100e)
        return facts
    }

    func noRulebook() -> Rejection {
        Rejection(
            .noRulebook,
            field: "time",
            found: "no rulebook in force",
            expected: "a rulebook adopted and effective by then: run 'headroom rulebook adopt'"
        )
    }

    private mutating func weigh(
        _ reservation: Reservation,
        _ facts: inout ReservationFacts,
        tppPerH100e: Int64
    ) throws(Rejection) {
        var worth = TPP.zero
        for line in reservation.lines {
            let (field, amount, isControlled) = value(of: line, tppPerH100e: tppPerH100e)
            guard let amount, amount <= .maximumAmount, let sum = worth.adding(amount),
                sum <= .maximumAmount
            else {
                throw Rejection(
                    .amountOverflow,
                    field: field,
                    found: line.description,
                    expected: "an order of at most \(TPP.maximumAmount)"
                )
            }
            worth = sum
            guard isControlled else { continue }
            facts.isControlled = true
            facts.amount = TPP(rawValue: facts.amount.rawValue + amount.rawValue)
        }
    }

    private mutating func value(
        of line: ReservationLine,
        tppPerH100e: Int64
    ) -> (field: String, amount: TPP?, isControlled: Bool) {
        switch line {
        case .devices(let id, let quantity):
            let device = device(id)
            return ("quantity", device?.tpp.multiplied(by: quantity), device?.isControlled ?? true)
        case .tpp(let amount): return ("tpp", amount, true)
        case .h100e(let amount): return ("h100e", amount.tpp(tppPerH100e: tppPerH100e), true)
        }
    }

    func checkCountry(_ country: CountryCode, field: String) throws(Rejection) {
        guard assignedCountries[country] ?? false else {
            throw Rejection(
                .unknownCountry,
                field: field,
                found: country.description,
                expected: "an assigned ISO 3166-1 alpha-2 code, such as DE"
            )
        }
    }

    func party(_ id: PartyIdentifier, field: String) throws(Rejection) -> PartyIndex {
        guard let index = state.parties.index(of: id) else {
            throw Rejection(
                .unknownParty,
                field: field,
                found: id.text,
                expected: "a registered party: run 'headroom party register' first"
            )
        }
        return index
    }
}
