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
    /// The name of every column in the file.
    let names: [String]

    /// Reads a header.
    init(header: [String], mapping: OrderMapping = .none) throws(Rejection) {
        names = header
        try mapping.check(.columns)
        if let pair = mapping.pairs.first(where: { !header.contains($0.name) }) {
            throw OrderColumns.noColumn(pair, header: header)
        }
        let fields = header.map(mapping.field(of:))
        try OrderColumns.check(fields, header: header)
        func position(_ name: String) -> Position { fields.firstIndex(of: name) ?? Self.absent }
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
        for names in [("device", "quantity")] + OrderFields.pairs {
            let pair = (device: position(names.0), quantity: position(names.1))
            if pair == (Self.absent, Self.absent) { continue }
            if pair.device < 0 { throw OrderColumns.missing(names.0) }
            if pair.quantity < 0 { throw OrderColumns.missing(names.1) }
            devices.append(pair)
        }
        for name in OrderFields.required where !fields.contains(name) {
            throw OrderColumns.missing(name)
        }
        if devices.isEmpty, tpp < 0, h100e < 0 { throw OrderColumns.missing("for an amount") }
    }

    /// What stands for a file that has no header at all.
    static let noHeader = malformed(found: "", expected: "a line with the names of the columns")
}

extension OrderColumns {
    /// Complains of a column that is unknown, and of two for one field.
    private static func check(_ fields: [String?], header: [String]) throws(Rejection) {
        for (index, field) in fields.enumerated() {
            guard let field else { continue }
            guard OrderFields.columns.all.contains(field) else { throw unknown(field) }
            guard let first = fields[..<index].firstIndex(of: field) else { continue }
            guard header[first] != header[index] else {
                throw malformed(
                    found: "\(header[index]) again as column \(index + 1)",
                    expected: "each column once"
                )
            }
            throw malformed(
                found: "\(header[first]) and \(header[index])",
                expected: "one column for \(field)"
            )
        }
    }

    private static func unknown(_ name: String) -> Rejection {
        let hint = OrderFields.columns.closest(to: name).map { "did you mean \($0)? " } ?? ""
        return Rejection(
            .unknownField,
            field: "header",
            found: shownText(Array(name.utf8)[...]),
            expected: "a known column; " + hint + OrderFields.columns.inWords
        )
    }

    private static func noColumn(_ pair: OrderMapping.Pair, header: [String]) -> Rejection {
        Rejection(
            .unknownField,
            field: "map",
            found: OrderMapping.text(pair),
            expected: "a column of the file, which has "
                + shownText(Array(header.joined(separator: ", ").utf8)[...])
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
            expected: expected + "; " + OrderFields.columns.inWords
        )
    }
}
