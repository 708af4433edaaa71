// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerModel
import LedgerText

/// A slow and plain reader of orders in JSON, which shares nothing with the one under test: the text
/// is read by Foundation, and what an order says is taken from the tree.
///
/// It takes what is well-formed only, and complains of nothing in particular.
struct JSONOrderReference {
    var caller: Actor

    /// The operation of a line, or `nil`.
    func operation(_ text: [UInt8]) -> LedgerModel.Operation? {
        let tree = try? JSONSerialization.jsonObject(with: Data(text))
        guard let members = tree as? [String: Any],
            let id = (members["id"] as? String).flatMap(OperationIdentifier.init),
            let consignee = (members["consignee"] as? String).flatMap(PartyIdentifier.init),
            let destination = (members["destination"] as? String).flatMap(CountryCode.init),
            let endUse = (members["end_use"] as? String).flatMap(EndUseIdentifier.init)
        else { return nil }
        let listed = members["lines"] as? [[String: Any]]
        let reservation = Reservation(
            consignee: consignee,
            destination: destination,
            lines: (listed ?? [members]).compactMap(self.line),
            endUse: endUse,
            deadline: (members["deadline"] as? String).flatMap { RFC3339.instant($0) },
            reference: members["reference"] as? String,
            isUpTo: members["up_to"] as? Bool ?? false
        )
        let exporter = (members["exporter"] as? String).flatMap(OrganisationIdentifier.init)
        let person = (members["person"] as? String).flatMap(PersonIdentifier.init)
        return LedgerModel.Operation(
            id: id,
            actor: Actor(
                organisation: exporter ?? caller.organisation,
                person: person ?? caller.person,
                role: caller.role
            ),
            time: (members["time"] as? String).flatMap { RFC3339.instant($0) },
            action: .reserve(reservation)
        )
    }

    private func line(_ members: [String: Any]) -> ReservationLine? {
        if let device = (members["device"] as? String).flatMap(DeviceIdentifier.init) {
            return (members["quantity"] as? NSNumber).map {
                .devices(device, quantity: $0.int64Value)
            }
        }
        if let tpp = members["tpp"] as? NSNumber { return .tpp(TPP(rawValue: tpp.int64Value)) }
        let h100e =
            members["h100e"] as? String ?? (members["h100e"] as? NSNumber)?.stringValue
        return h100e.flatMap { H100Equivalent($0) }.map { .h100e($0) }
    }
}
