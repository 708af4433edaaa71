// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Random orders as lines of JSON, in every spelling that means the same.
extension OrderGenerator {
    /// A file of the operations, an object on each line.
    static func ndjson(
        _ operations: [Operation],
        _ random: inout SeededGenerator,
        isPlain: Bool = false
    ) -> [[UInt8]] {
        operations.map { operation in
            var members = members(operation, &random, isPlain: isPlain)
            members.shuffle(using: &random)
            return Array(object(members, &random).utf8)
        }
    }

    private static func members(
        _ operation: Operation,
        _ random: inout SeededGenerator,
        isPlain: Bool
    ) -> [String] {
        guard case .reserve(let reservation) = operation.action else { return [] }
        var members = [
            member("id", text(operation.id.text, &random), &random),
            member("exporter", text(operation.actor.organisation.text, &random), &random),
            member("person", text(operation.actor.person.text, &random), &random),
            member("consignee", text(reservation.consignee.text, &random), &random),
            member("destination", text(reservation.destination.description, &random), &random),
            member("end_use", text(reservation.endUse.text, &random), &random),
        ]
        func optional(_ name: String, _ value: String?) {
            if let value {
                members.append(member(name, value, &random))
            } else if random.oneIn(2) {
                members.append(member(name, "null", &random))
            }
        }
        optional("time", operation.time.map { text($0.description, &random) })
        optional("deadline", reservation.deadline.map { text($0.description, &random) })
        optional("reference", reservation.reference.map { text($0, &random) })
        optional("up_to", reservation.isUpTo ? "true" : random.oneIn(2) ? "false" : nil)
        if random.oneIn(4) { members.append(member("kind", text("reserve", &random), &random)) }
        if reservation.lines.count == 1, random.oneIn(2) {
            return members + line(reservation.lines[0], &random, isPlain)
        }
        let lines = reservation.lines.map { object(line($0, &random, isPlain), &random) }
        let list = "[" + lines.joined(separator: "," + blanks(&random)) + "]"
        return members + [member("lines", list, &random)]
    }

    private static func line(
        _ line: ReservationLine,
        _ random: inout SeededGenerator,
        _ isPlain: Bool
    ) -> [String] {
        switch line {
        case .devices(let device, let quantity):
            let number = isPlain ? String(quantity) : number(quantity, &random)
            return [
                member("device", text(device.text, &random), &random),
                member("quantity", number, &random),
            ]
        case .tpp(let tpp):
            let number = isPlain ? String(tpp.rawValue) : number(tpp.rawValue, &random)
            return [member("tpp", number, &random)]
        case .h100e(let amount):
            let isText = isPlain || random.oneIn(2)
            let value = isText ? "\"\(amount)\"" : amount.description
            return [member("h100e", value, &random)]
        }
    }

    /// A whole number in one of the forms of RFC 8259.
    private static func number(_ value: Int64, _ random: inout SeededGenerator) -> String {
        let digits = String(value)
        switch random.next() % 5 {
        case 0: return digits + ".0"
        case 1: return digits + random.pick(["e0", "E+0", "e-00"])
        case 2: return digits + "00e-2"
        case 3:
            let first = digits.first.map(String.init) ?? ""
            let rest = digits.dropFirst()
            return first + "." + (rest.isEmpty ? "0" : rest) + "e\(rest.count)"
        default: return digits
        }
    }

    private static func object(_ members: [String], _ random: inout SeededGenerator) -> String {
        let blank = blanks(&random)
        return blank + "{" + blank + members.joined(separator: "," + blank) + "}" + blank
    }

    private static func member(
        _ name: String,
        _ value: String,
        _ random: inout SeededGenerator
    ) -> String {
        text(name, &random) + blanks(&random) + ":" + blanks(&random) + value
    }

    private static func blanks(_ random: inout SeededGenerator) -> String {
        random.pick(["", "", "", " ", "\t", "  \r"])
    }

    /// A string, now and then with characters escaped that need not be.
    private static func text(_ text: String, _ random: inout SeededGenerator) -> String {
        let escapesMore = random.oneIn(8)
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where escapesMore && random.oneIn(3):
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
