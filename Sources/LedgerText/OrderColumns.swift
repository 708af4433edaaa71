// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Which column of an orders file holds what.
struct OrderColumns: Sendable {
    /// The position of a column, or ``absent``.
    typealias Position = Int

    /// The position of a column that the file does not have.
    static let absent = -1

    private(set) var id = absent
    private(set) var consignee = absent
    private(set) var destination = absent
    private(set) var endUse = absent
    private(set) var time = absent
    private(set) var deadline = absent
    private(set) var reference = absent
    private(set) var exporter = absent
    private(set) var person = absent
    private(set) var upTo = absent
    private(set) var tpp = absent
    private(set) var h100e = absent
    /// The pairs of device and quantity, in the order of their numbers.
    private(set) var devices: [(device: Position, quantity: Position)] = []
    /// The name of every column.
    let names: [String]

    /// Reads a header.
    init(header: [String]) throws(Rejection) {
        names = header
        if let name = header.first(where: { !OrderColumns.known.contains($0) }) {
            throw OrderColumns.unknown(name)
        }
        if let (index, name) = header.enumerated().first(where: {
            header[..<$0.offset].contains($0.element)
        }) {
            throw OrderColumns.malformed(
                found: "\(name) again as column \(index + 1)",
                expected: "each column once"
            )
        }
        func position(_ name: String) -> Position { header.firstIndex(of: name) ?? Self.absent }
        id = position("id")
        consignee = position("consignee")
        destination = position("destination")
        endUse = position("end_use")
        time = position("time")
        deadline = position("deadline")
        reference = position("reference")
        exporter = position("exporter")
        person = position("person")
        upTo = position("up_to")
        tpp = position("tpp")
        h100e = position("h100e")
        for names in OrderColumns.deviceNames {
            let pair = (device: position(names.device), quantity: position(names.quantity))
            if pair == (Self.absent, Self.absent) { continue }
            if pair.device < 0 { throw OrderColumns.missing(names.device) }
            if pair.quantity < 0 { throw OrderColumns.missing(names.quantity) }
            devices.append(pair)
        }
        for name in OrderColumns.required where !header.contains(name) {
            throw OrderColumns.missing(name)
        }
        if devices.isEmpty, tpp < 0, h100e < 0 { throw OrderColumns.missing("for an amount") }
    }

    /// What stands for a file that has no header at all.
    static let noHeader = malformed(found: "", expected: "a line with the names of the columns")
}

extension OrderColumns {
    private static let required = ["id", "consignee", "destination", "end_use"]

    /// The pairs of columns for up to nine devices in one order.
    private static let deviceNames: [(device: String, quantity: String)] =
        [("device", "quantity")] + (2...9).map { ("device_\($0)", "quantity_\($0)") }

    /// Every column that an orders file may have.
    private static let known =
        required + ["device", "quantity", "tpp", "h100e"]
        + ["time", "deadline", "reference", "exporter", "person", "up_to"]
        + deviceNames.dropFirst().flatMap { [$0.device, $0.quantity] }

    private static let knownInWords =
        "the columns are " + known.prefix(14).joined(separator: ", ")
        + ", and device_2, quantity_2 to device_9, quantity_9"

    private static func unknown(_ name: String) -> Rejection {
        let hint = closest(to: name).map { "did you mean \($0)? " } ?? ""
        return Rejection(
            .unknownField,
            field: "header",
            found: shownText(Array(name.utf8)[...]),
            expected: "a known column; " + hint + knownInWords
        )
    }

    private static func missing(_ what: String) -> Rejection {
        malformed(
            found: "no column \(what)",
            expected: "id, consignee, destination, end_use and an amount"
                + " (device and quantity, tpp, or h100e)"
        )
    }

    private static func malformed(found: String, expected: String) -> Rejection {
        Rejection(
            .malformedInput,
            field: "header",
            found: found,
            expected: expected + "; " + knownInWords
        )
    }

    /// The known column that a name was probably meant to be.
    private static func closest(to name: String) -> String? {
        let plain = Array(
            name.lowercased().utf8.prefix(32).map { [0x20, 0x2d].contains($0) ? 0x5f : $0 }
        )
        let distances = known.map { (name: $0, distance: editDistance(Array($0.utf8), plain)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance * 3 <= best.name.utf8.count ? best.name : nil
    }
}

/// How many bytes have to be put in, taken out or changed to make one text of the other
/// (Levenshtein).
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (index, byte) in left.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in right.indices {
            let change = diagonal + (byte == right[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(change, diagonal + 1, row[column] + 1)
        }
    }
    return row[right.count]
}
