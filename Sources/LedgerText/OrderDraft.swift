// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The members of an order's object as they come, until all of them are there.
struct OrderDraft {
    var id: OperationIdentifier?
    var exporter: OrganisationIdentifier?
    var person: PersonIdentifier?
    var time: LedgerTime?
    var consignee: PartyIdentifier?
    var destination: CountryCode?
    var endUse: EndUseIdentifier?
    var deadline: LedgerTime?
    var reference: String?
    var isUpTo = false
    var lines: [ReservationLine]?
    /// The only line, where the order has no list of them.
    var line = LineDraft()

    /// The reservation that the members make.
    ///
    /// - Parameters:
    ///   - caller: Who acts where the order names nobody else.
    ///   - mapping: How the file calls the fields, for messages.
    /// - Returns: The reservation by its caller.
    /// - Throws: What is missing, or too much.
    func operation(
        by caller: Actor,
        _ mapping: OrderMapping
    ) throws(Rejection) -> Operation {
        guard let id else { throw missing("id", identifierShape, mapping) }
        guard let consignee else { throw missing("consignee", identifierShape, mapping) }
        guard let destination else { throw missing("destination", countryShape, mapping) }
        guard let endUse else { throw missing("end_use", identifierShape, mapping) }
        let reservation = Reservation(
            consignee: consignee,
            destination: destination,
            lines: try allLines(mapping),
            endUse: endUse,
            deadline: deadline,
            reference: reference,
            isUpTo: isUpTo
        )
        let actor = Actor(
            organisation: exporter ?? caller.organisation,
            person: person ?? caller.person,
            role: caller.role
        )
        return Operation(id: id, actor: actor, time: time, action: .reserve(reservation))
    }

    private func allLines(_ mapping: OrderMapping) throws(Rejection) -> [ReservationLine] {
        guard let lines else { return [try line.line(name: mapping.name(of:))] }
        guard line.isEmpty else { throw LineDraft.tooMuch(mapping.name(of: "lines")) }
        return lines
    }

    private func missing(
        _ field: String,
        _ expected: String,
        _ mapping: OrderMapping
    ) -> Rejection {
        Rejection(
            .malformedField,
            field: mapping.name(of: field),
            found: "",
            expected: expected
        )
    }
}

/// The members of a line as they come.
struct LineDraft {
    /// The keys of a line's object.
    enum Key: UInt8 {
        case device = 1
        case quantity = 2
        case tpp = 4
        case h100e = 8
        /// What `tpp` comes to, for people: it says nothing more.
        case tppInH100e = 16

        init?(_ name: ArraySlice<UInt8>) {
            switch name.count {
            case 6 where name.elementsEqual("device".utf8): self = .device
            case 8 where name.elementsEqual("quantity".utf8): self = .quantity
            case 3 where name.elementsEqual("tpp".utf8): self = .tpp
            case 5 where name.elementsEqual("h100e".utf8): self = .h100e
            case 9 where name.elementsEqual("tpp_h100e".utf8): self = .tppInH100e
            default: return nil
            }
        }
    }

    var device: DeviceIdentifier?
    var quantity: Int64?
    var tpp: Int64?
    var h100e: H100Equivalent?

    static let keysInWords =
        "the keys of a line are device and quantity, or tpp, or h100e"

    var isEmpty: Bool { device == nil && quantity == nil && tpp == nil && h100e == nil }

    /// The line, which has exactly one amount.
    ///
    /// - Parameter name: Says how a message calls a field.
    /// - Returns: The line.
    /// - Throws: What is missing, or too much.
    func line(name: (String) -> String) throws(Rejection) -> ReservationLine {
        if device != nil || quantity != nil {
            guard let device else { throw LineDraft.missing(name("device"), identifierShape) }
            guard let quantity else {
                throw LineDraft.missing(name("quantity"), DecimalNumber.shape(places: 0))
            }
            if tpp != nil { throw LineDraft.tooMuch(name("tpp")) }
            if h100e != nil { throw LineDraft.tooMuch(name("h100e")) }
            return .devices(device, quantity: quantity)
        }
        if let tpp {
            if h100e != nil { throw LineDraft.tooMuch(name("h100e")) }
            return .tpp(TPP(rawValue: tpp))
        }
        guard let h100e else {
            throw LineDraft.missing(
                name("amount"),
                "an amount in device and quantity, or tpp, or h100e"
            )
        }
        return .h100e(h100e)
    }

    private static func missing(_ field: String, _ expected: String) -> Rejection {
        Rejection(.malformedField, field: field, found: "", expected: expected)
    }

    static func tooMuch(_ field: String) -> Rejection {
        Rejection(
            .malformedField,
            field: field,
            found: "one more amount",
            expected: "nothing, because the order gives another amount already"
        )
    }
}
