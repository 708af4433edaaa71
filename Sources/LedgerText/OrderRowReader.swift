// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Makes a reservation of one row of an orders file.
struct OrderRowReader: Sendable {
    private let columns: OrderColumns
    private let caller: Actor
    private var exporters = IdentifierCache<OrganisationIdentifier>(slotCountLog2: 8)
    private var persons = IdentifierCache<PersonIdentifier>(slotCountLog2: 8)
    private var consignees = IdentifierCache<PartyIdentifier>(slotCountLog2: 12)
    private var devices = IdentifierCache<DeviceIdentifier>(slotCountLog2: 8)
    private var endUses = IdentifierCache<EndUseIdentifier>(slotCountLog2: 8)

    init(columns: OrderColumns, caller: Actor) {
        self.columns = columns
        self.caller = caller
    }

    /// The reservation that the reader's current record asks for, or the first thing that is wrong
    /// with it.
    mutating func operation(_ csv: CSVReader) throws(Rejection) -> Operation {
        let idRange = csv.range(ofField: columns.id)
        guard let id = newIdentifier(csv.buffer, idRange, OperationIdentifier.self) else {
            throw csv.malformed(columns.id, expected: identifierShape)
        }
        let actor = Actor(
            organisation: try csv.identifier(columns.exporter, &exporters) ?? caller.organisation,
            person: try csv.identifier(columns.person, &persons) ?? caller.person,
            role: caller.role
        )
        let time = try csv.time(columns.time)
        let reservation = Reservation(
            consignee: try csv.requiredIdentifier(columns.consignee, &consignees),
            destination: try csv.country(columns.destination),
            lines: try lines(csv),
            endUse: try csv.requiredIdentifier(columns.endUse, &endUses),
            deadline: try csv.time(columns.deadline),
            reference: try csv.text(columns.reference),
            isUpTo: try csv.choice(columns.upTo)
        )
        return Operation(id: id, actor: actor, time: time, action: .reserve(reservation))
    }

    private mutating func lines(_ csv: CSVReader) throws(Rejection) -> [ReservationLine] {
        var lines: [ReservationLine] = []
        for pair in columns.devices {
            if csv.isEmpty(pair.device), csv.isEmpty(pair.quantity) { continue }
            let device = try csv.requiredIdentifier(pair.device, &devices)
            let line = ReservationLine.devices(device, quantity: try csv.positive(pair.quantity))
            // An array made with its only element in it costs one allocation and no growth.
            if lines.isEmpty { lines = [line] } else { lines.append(line) }
        }
        for column in [columns.tpp, columns.h100e] where column >= 0 && !csv.isEmpty(column) {
            guard lines.isEmpty else {
                throw csv.malformed(
                    column,
                    expected: "nothing, because the row gives another amount already"
                )
            }
            let number = try csv.positive(column, isDecimal: column == columns.h100e)
            lines.append(
                column == columns.tpp
                    ? .tpp(TPP(rawValue: number)) : .h100e(H100Equivalent(thousandths: number))
            )
        }
        if lines.isEmpty { throw noAmount }
        return lines
    }

    private var noAmount: Rejection {
        let names = columns.devices.prefix(1).flatMap { [$0.device, $0.quantity] }
        let forms =
            (names.isEmpty ? [] : ["\(columns.names[names[0]]) and \(columns.names[names[1]])"])
            + [columns.tpp, columns.h100e].filter { $0 >= 0 }.map { columns.names[$0] }
        return Rejection(
            .malformedField,
            field: "amount",
            found: "",
            expected: "an amount in " + forms.joined(separator: " or ")
        )
    }
}

/// The fields of the current record as what they should be; a column that may be absent is given as
/// ``OrderColumns/absent``.
extension CSVReader {
    @inline(__always)
    fileprivate func isEmpty(_ column: Int) -> Bool { range(ofField: column).isEmpty }

    fileprivate func malformed(
        _ column: Int,
        _ code: RejectionCode = .malformedField,
        expected: String
    ) -> Rejection {
        Rejection(
            code,
            field: columnNames[column],
            found: shownText(bytes(ofField: column)),
            expected: expected
        )
    }

    @inline(__always)
    fileprivate func requiredIdentifier<Identifier>(
        _ column: Int,
        _ cache: inout IdentifierCache<Identifier>
    ) throws(Rejection) -> Identifier {
        guard let identifier = cache.identifier(buffer, range(ofField: column)) else {
            throw malformed(column, expected: identifierShape)
        }
        return identifier
    }

    @inline(__always)
    fileprivate func identifier<Identifier>(
        _ column: Int,
        _ cache: inout IdentifierCache<Identifier>
    ) throws(Rejection) -> Identifier? {
        column < 0 || isEmpty(column) ? nil : try requiredIdentifier(column, &cache)
    }

    fileprivate func country(_ column: Int) throws(Rejection) -> CountryCode {
        let range = range(ofField: column)
        guard range.count == 2,
            let country = CountryCode(buffer[range.lowerBound], buffer[range.lowerBound + 1])
        else {
            throw malformed(column, expected: countryShape)
        }
        return country
    }

    fileprivate func time(_ column: Int) throws(Rejection) -> LedgerTime? {
        guard column >= 0, !isEmpty(column) else { return nil }
        guard let time = RFC3339.instant(buffer.span.extracting(range(ofField: column))) else {
            throw malformed(column, expected: instantShape)
        }
        return time
    }

    /// A number above 0: whole, or with at most three decimals in thousandths.
    fileprivate func positive(_ column: Int, isDecimal: Bool = false) throws(Rejection) -> Int64 {
        let text = buffer.span.extracting(range(ofField: column))
        let number = isDecimal ? DecimalNumber.thousandths(text) : DecimalNumber.whole(text)
        switch number {
        case .value(let value) where value > 0: return value
        case .overflow:
            let most = DecimalNumber.most(places: isDecimal ? 3 : 0)
            throw malformed(column, .amountOverflow, expected: most)
        case .value, .malformed:
            throw malformed(column, expected: DecimalNumber.shape(places: isDecimal ? 3 : 0))
        }
    }

    /// `yes` or `no`; an empty field means no.
    fileprivate func choice(_ column: Int) throws(Rejection) -> Bool {
        guard column >= 0, !isEmpty(column) else { return false }
        switch text(ofField: column) {
        case "yes": return true
        case "no": return false
        default: throw malformed(column, expected: "yes or no")
        }
    }

    fileprivate func text(_ column: Int) throws(Rejection) -> String? {
        guard column >= 0, !isEmpty(column) else { return nil }
        guard range(ofField: column).count <= Reservation.maximumTextByteCount else {
            throw malformed(
                column,
                expected: "at most \(Reservation.maximumTextByteCount) bytes of text"
            )
        }
        return text(ofField: column)
    }
}
