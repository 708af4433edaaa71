// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Random orders, and the file that holds them.
struct OrderGenerator {
    private var count = 0

    /// A random reservation by a random actor.
    mutating func operation(_ random: inout SeededGenerator) -> Operation {
        count += 1
        let destination = random.pick(["AE", "SA", "IN", "BR"].compactMap(CountryCode.init))
        let reservation = Reservation(
            consignee: PartyIdentifier(checked: "party \(random.next() % 40)"),
            destination: destination,
            lines: lines(&random),
            endUse: EndUseIdentifier(checked: random.pick(["training", "inference"])),
            deadline: random.oneIn(2) ? time(&random) : nil,
            reference: random.oneIn(2) ? random.pick(["PO 7", "a,b", "say \"x\"", "ü€😀"]) : nil,
            isUpTo: random.oneIn(4)
        )
        return Operation(
            id: OperationIdentifier(checked: "order-\(count)"),
            actor: Actor(
                organisation: OrganisationIdentifier(checked: "vendor-\(random.next() % 9)"),
                person: PersonIdentifier(checked: "person-\(random.next() % 9)"),
                role: .vendor
            ),
            time: random.oneIn(2) ? time(&random) : nil,
            action: .reserve(reservation)
        )
    }

    private func lines(_ random: inout SeededGenerator) -> [ReservationLine] {
        let number = Int64.random(in: 1...Int64.max, using: &random)
        switch random.next() % 4 {
        case 0: return [.tpp(TPP(rawValue: number))]
        case 1: return [.h100e(H100Equivalent(thousandths: number))]
        default:
            return (0..<Int.random(in: 1...3, using: &random)).map { _ in
                let name = random.pick(["H100 SXM5", "A very long accelerator name", "B200"])
                return .devices(
                    DeviceIdentifier(checked: name),
                    quantity: Int64.random(in: 1...99_999, using: &random)
                )
            }
        }
    }

    private func time(_ random: inout SeededGenerator) -> LedgerTime? {
        let latest = LedgerTime.latest.millisecondsSince1970
        return LedgerTime(millisecondsSince1970: Int64.random(in: 0...latest, using: &random))
    }

    /// A file of the operations, its columns in random order.
    static func file(_ operations: [Operation], _ random: inout SeededGenerator) -> String {
        var names = [
            "id", "consignee", "destination", "end_use", "time", "deadline", "reference",
            "exporter", "person", "tpp", "h100e", "device", "quantity", "device_2", "quantity_2",
            "device_3", "quantity_3", "up_to",
        ]
        names.shuffle(using: &random)
        var file = names.joined(separator: ",") + "\n"
        for operation in operations {
            let values = values(operation)
            file += names.map { quotedIfNeeded(values[$0] ?? "") }.joined(separator: ",") + "\n"
        }
        return file
    }

    private static func quotedIfNeeded(_ text: String) -> String {
        guard text.contains(where: { "\",".contains($0) }) else { return text }
        return "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    private static func values(_ operation: Operation) -> [String: String] {
        guard case .reserve(let reservation) = operation.action else { return [:] }
        var values = [
            "id": operation.id.text, "consignee": reservation.consignee.text,
            "destination": reservation.destination.description,
            "end_use": reservation.endUse.text,
            "exporter": operation.actor.organisation.text,
            "person": operation.actor.person.text,
        ]
        values["time"] = operation.time?.description
        values["deadline"] = reservation.deadline?.description
        values["reference"] = reservation.reference
        // An empty field says no as well.
        let isPlain = operation.id.text.utf8.last.map { $0 % 2 == 0 } ?? false
        values["up_to"] = reservation.isUpTo ? "yes" : isPlain ? "no" : ""
        for (index, line) in reservation.lines.enumerated() {
            let suffix = index == 0 ? "" : "_\(index + 1)"
            switch line {
            case .devices(let device, let quantity):
                values["device" + suffix] = device.text
                values["quantity" + suffix] = String(quantity)
            case .tpp(let tpp): values["tpp"] = String(tpp.rawValue)
            case .h100e(let h100e): values["h100e"] = h100e.description
            }
        }
        return values
    }
}
