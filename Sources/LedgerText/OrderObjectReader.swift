// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Makes a reservation of an object of JSON; docs/reference/orders-ndjson.md has the members.
///
/// Nothing is allocated that a row of CSV would not need: keys are compared where they stand, and
/// texts become identifiers by the same caches.
struct OrderObjectReader: Sendable {
    private let caller: Actor
    private let mapping: OrderMapping
    private var keys: OrderKeys
    private var scanner = JSONScanner(maximumDepth: JSONReader.usualMaximumDepth)
    /// In which order, counted from 1, each field was given last.
    private var given: [UInt64]
    private var orderNumber: UInt64 = 0
    private var exporters = IdentifierCache<OrganisationIdentifier>(slotCountLog2: 8)
    private var persons = IdentifierCache<PersonIdentifier>(slotCountLog2: 8)
    private var consignees = IdentifierCache<PartyIdentifier>(slotCountLog2: 12)
    private var devices = IdentifierCache<DeviceIdentifier>(slotCountLog2: 8)
    private var endUses = IdentifierCache<EndUseIdentifier>(slotCountLog2: 8)

    init(caller: Actor, mapping: OrderMapping) {
        self.caller = caller
        self.mapping = mapping
        keys = OrderKeys(mapping)
        given = Array(repeating: 0, count: keys.slotCount)
    }

    /// The reservation that the object at a range of the buffer asks for.
    ///
    /// The bytes there must be UTF-8. Throws the first thing that is wrong with it.
    mutating func operation(
        _ bytes: [UInt8],
        at range: Range<Int>
    ) throws(Rejection) -> Operation {
        scanner.begin(at: range)
        orderNumber += 1
        let first = try scanner.token(in: bytes)
        guard first == .beginObject else {
            throw scanner.wrong(first, expected: "an object of JSON, {...}", in: bytes)
        }
        var draft = OrderDraft()
        var place = 0
        while case .key(let text) = try scanner.token(in: bytes) {
            let key = try key(text, place, bytes)
            place += 1
            try read(key.field, into: &draft, bytes)
        }
        // What stands behind the object is for the scanner to complain of.
        _ = try scanner.next(in: bytes)
        return try draft.operation(by: caller, mapping)
    }

    private mutating func key(
        _ text: JSONText,
        _ place: Int,
        _ bytes: [UInt8]
    ) throws(Rejection) -> OrderKeys.Key {
        let found =
            text.hasEscapes
            ? keys.find(scanner.unescaped, scanner.unescaped.indices, place: place)
            : keys.find(bytes, text.range, place: place)
        guard let found else { throw unknownKey(text, bytes) }
        guard given[found.slot] < orderNumber else { throw twice(bytes) }
        given[found.slot] = orderNumber
        return found
    }

    private mutating func read(
        _ field: OrderKeys.Field,
        into draft: inout OrderDraft,
        _ bytes: [UInt8]
    ) throws(Rejection) {
        switch field {
        case .id: draft.id = try scanner.identifier(in: bytes, OperationIdentifier.self)
        case .consignee: draft.consignee = try scanner.identifier(in: bytes, &consignees)
        case .destination: draft.destination = try scanner.country(in: bytes)
        case .endUse: draft.endUse = try scanner.identifier(in: bytes, &endUses)
        case .exporter: draft.exporter = try scanner.identifier(in: bytes, &exporters)
        case .person: draft.person = try scanner.identifier(in: bytes, &persons)
        case .time: draft.time = try scanner.time(in: bytes)
        case .deadline: draft.deadline = try scanner.time(in: bytes)
        case .reference: draft.reference = try scanner.freeText(in: bytes)
        case .upTo: draft.isUpTo = try scanner.choice(in: bytes)
        case .device: draft.line.device = try scanner.identifier(in: bytes, &devices)
        case .quantity: draft.line.quantity = try scanner.whole(in: bytes)
        case .tpp: draft.line.tpp = try scanner.whole(in: bytes)
        case .h100e: draft.line.h100e = try scanner.h100e(in: bytes)
        case .lines: draft.lines = try lines(bytes)
        case .kind: try checkKind(bytes)
        case .nothing: try scanner.skipValue(in: bytes)
        }
    }

    private mutating func checkKind(_ bytes: [UInt8]) throws(Rejection) {
        let expected = "reserve: orders are all that is imported"
        guard let text = try scanner.text(in: bytes, expected: expected),
            !scanner.content(of: text, in: bytes).elementsEqual("reserve".utf8)
        else { return }
        throw scanner.malformed(text, expected: expected, in: bytes)
    }
}

extension OrderObjectReader {
    private mutating func lines(_ bytes: [UInt8]) throws(Rejection) -> [ReservationLine]? {
        let most = Reservation.maximumLineCount
        let shape = "a list of 1 to \(most) lines"
        switch try scanner.token(in: bytes) {
        case .beginArray: break
        case .null: return nil
        case let token: throw scanner.wrong(token, expected: shape, in: bytes)
        }
        var lines: [ReservationLine] = []
        while true {
            switch try scanner.token(in: bytes) {
            case .endArray where !lines.isEmpty: return lines
            case .endArray: throw malformedLines(found: "an empty list", expected: shape)
            case .beginObject where lines.count == most:
                throw malformedLines(found: "more than \(most) lines", expected: shape)
            case .beginObject:
                let line = try line(bytes)
                // An array made with its only element in it costs one allocation and no growth.
                if lines.isEmpty { lines = [line] } else { lines.append(line) }
            case let token:
                throw scanner.wrong(
                    token,
                    expected: "an object with device and quantity, or tpp, or h100e",
                    in: bytes
                )
            }
        }
    }

    /// Reads a line's object, from its first key to its end.
    private mutating func line(_ bytes: [UInt8]) throws(Rejection) -> ReservationLine {
        var draft = LineDraft()
        var given: UInt8 = 0
        while case .key(let text) = try scanner.token(in: bytes) {
            guard let key = LineDraft.Key(scanner.content(of: text, in: bytes)) else {
                throw unknownKey(bytes, expected: LineDraft.keysInWords)
            }
            guard given & key.rawValue == 0 else { throw twice(bytes) }
            given |= key.rawValue
            switch key {
            case .device: draft.device = try scanner.identifier(in: bytes, &devices)
            case .quantity: draft.quantity = try scanner.whole(in: bytes)
            case .tpp: draft.tpp = try scanner.whole(in: bytes)
            case .h100e: draft.h100e = try scanner.h100e(in: bytes)
            case .tppInH100e: try scanner.skipValue(in: bytes)
            }
        }
        return try draft.line { "\(scanner.path(in: bytes)).\($0)" }
    }

    private func malformedLines(found: String, expected: String) -> Rejection {
        Rejection(
            .malformedField,
            field: mapping.name(of: "lines"),
            found: found,
            expected: expected
        )
    }

    private func twice(_ bytes: [UInt8]) -> Rejection {
        scanner.rejection(found: "it twice", expected: "each field once", in: bytes)
    }

    private func unknownKey(_ text: JSONText, _ bytes: [UInt8]) -> Rejection {
        let content = scanner.content(of: text, in: bytes)
        let name = String(decoding: content.prefix(64), as: UTF8.self)
        let hint = OrderFields.keys.closest(to: name).map { "did you mean \($0)? " } ?? ""
        return unknownKey(bytes, expected: hint + OrderFields.keys.inWords)
    }

    private func unknownKey(_ bytes: [UInt8], expected: String) -> Rejection {
        scanner.rejection(
            .unknownField,
            found: "a key that is not known",
            expected: expected,
            in: bytes
        )
    }
}
