// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The next value as what a field should hold, `nil` for `null`. The bytes must be UTF-8.
extension JSONScanner {
    /// The next token, where the text can not end yet.
    @inline(__always)
    mutating func token(in bytes: [UInt8]) throws(Rejection) -> JSONToken {
        guard let token = try next(in: bytes) else {
            preconditionFailure("a text ends after its value, and not inside of it")
        }
        return token
    }

    /// A string.
    @inline(__always)
    mutating func text(
        in bytes: [UInt8],
        expected: @autoclosure () -> String
    ) throws(Rejection) -> JSONText? {
        switch try token(in: bytes) {
        case .string(let text): return text
        case .null: return nil
        case let token: throw wrong(token, expected: expected(), in: bytes)
        }
    }

    /// An identifier that no other order is likely to have.
    mutating func identifier<Identifier: LedgerIdentifier>(
        in bytes: [UInt8],
        _: Identifier.Type
    ) throws(Rejection) -> Identifier? {
        guard let text = try text(in: bytes, expected: identifierShape) else { return nil }
        let identifier =
            text.hasEscapes
            ? newIdentifier(unescaped, unescaped.indices, Identifier.self)
            : newIdentifier(bytes, text.range, Identifier.self)
        guard let identifier else {
            throw malformed(text, expected: identifierShape, in: bytes)
        }
        return identifier
    }

    @inline(__always)
    mutating func identifier<Identifier>(
        in bytes: [UInt8],
        _ cache: inout IdentifierCache<Identifier>
    ) throws(Rejection) -> Identifier? {
        guard let text = try text(in: bytes, expected: identifierShape) else { return nil }
        let identifier =
            text.hasEscapes
            ? cache.identifier(unescaped, unescaped.indices)
            : cache.identifier(bytes, text.range)
        guard let identifier else {
            throw malformed(text, expected: identifierShape, in: bytes)
        }
        return identifier
    }

    mutating func country(in bytes: [UInt8]) throws(Rejection) -> CountryCode? {
        guard let text = try text(in: bytes, expected: countryShape) else { return nil }
        let letters = content(of: text, in: bytes)
        guard letters.count == 2,
            let country = CountryCode(letters[letters.startIndex], letters[letters.endIndex - 1])
        else { throw malformed(text, expected: countryShape, in: bytes) }
        return country
    }

    mutating func time(in bytes: [UInt8]) throws(Rejection) -> LedgerTime? {
        guard let text = try text(in: bytes, expected: instantShape) else { return nil }
        let time =
            text.hasEscapes
            ? RFC3339.instant(unescaped.span)
            : RFC3339.instant(bytes.span.extracting(text.range))
        guard let time else { throw malformed(text, expected: instantShape, in: bytes) }
        return time
    }

    /// Free text.
    mutating func freeText(in bytes: [UInt8]) throws(Rejection) -> String? {
        let shape = "1 to \(Reservation.maximumTextByteCount) bytes of text"
        guard let text = try text(in: bytes, expected: shape) else { return nil }
        let content = content(of: text, in: bytes)
        guard (1...Reservation.maximumTextByteCount).contains(content.count) else {
            throw malformed(text, expected: shape, in: bytes)
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// `true` or `false`; `null` means `false`.
    mutating func choice(in bytes: [UInt8]) throws(Rejection) -> Bool {
        switch try token(in: bytes) {
        case .boolean(let choice): return choice
        case .null: return false
        case let token: throw wrong(token, expected: "true or false", in: bytes)
        }
    }

    /// A whole number above 0, by value.
    mutating func whole(in bytes: [UInt8]) throws(Rejection) -> Int64? {
        switch try token(in: bytes) {
        case .number(let range): return try positive(range, places: 0, in: bytes)
        case .null: return nil
        case let token: throw wrong(token, expected: DecimalNumber.shape(places: 0), in: bytes)
        }
    }

    /// H100-equivalents above 0, as a number or as a string that holds one.
    mutating func h100e(in bytes: [UInt8]) throws(Rejection) -> H100Equivalent? {
        switch try token(in: bytes) {
        case .number(let range):
            return H100Equivalent(thousandths: try positive(range, places: 3, in: bytes))
        case .string(let text) where !text.hasEscapes:
            let number = DecimalNumber.thousandths(bytes.span.extracting(text.range))
            let thousandths = try positive(number, text.range, places: 3, in: bytes)
            return H100Equivalent(thousandths: thousandths)
        case .null: return nil
        case let token: throw wrong(token, expected: DecimalNumber.shape(places: 3), in: bytes)
        }
    }

    /// Passes over a value, whatever it is.
    mutating func skipValue(in bytes: [UInt8]) throws(Rejection) {
        let depth = depth
        repeat {
            guard case .number(let range) = try token(in: bytes) else { continue }
            guard JSONNumber(bytes.span.extracting(range)) != nil else {
                throw malformed(bytes[range], expected: "a number of RFC 8259", in: bytes)
            }
        } while self.depth > depth
    }
}

extension JSONScanner {
    private func positive(
        _ range: Range<Int>,
        places: Int,
        in bytes: [UInt8]
    ) throws(Rejection) -> Int64 {
        let text = bytes.span.extracting(range)
        let number = JSONNumber(text)?.decimal(in: text, places: places)
        return try positive(number ?? .malformed, range, places: places, in: bytes)
    }

    private func positive(
        _ number: DecimalNumber,
        _ range: Range<Int>,
        places: Int,
        in bytes: [UInt8]
    ) throws(Rejection) -> Int64 {
        switch number {
        case .value(let value) where value > 0: return value
        case .overflow:
            throw rejection(
                .amountOverflow,
                found: shownText(bytes[range]),
                expected: DecimalNumber.most(places: places),
                in: bytes
            )
        case .value, .malformed:
            throw malformed(
                bytes[range],
                expected: DecimalNumber.shape(places: places),
                in: bytes
            )
        }
    }

    /// The bytes of a string, until the next token.
    func content(of text: JSONText, in bytes: [UInt8]) -> ArraySlice<UInt8> {
        text.hasEscapes ? unescaped[...] : bytes[text.range]
    }

    /// A rejection of a string that does not hold what it should.
    func malformed(_ text: JSONText, expected: String, in bytes: [UInt8]) -> Rejection {
        malformed(content(of: text, in: bytes), expected: expected, in: bytes)
    }

    private func malformed(
        _ found: ArraySlice<UInt8>,
        expected: String,
        in bytes: [UInt8]
    ) -> Rejection {
        rejection(.malformedField, found: shownText(found), expected: expected, in: bytes)
    }

    /// A rejection of a value of another kind than was expected, which has just begun.
    func wrong(_ token: JSONToken, expected: String, in bytes: [UInt8]) -> Rejection {
        let isOpen = token == .beginObject || token == .beginArray
        return Rejection(
            depth == (isOpen ? 1 : 0) ? .malformedInput : .malformedField,
            field: path(in: bytes, depth: isOpen ? depth - 1 : depth),
            found: shown(token, in: bytes),
            expected: expected
        )
    }

    private func shown(_ token: JSONToken, in bytes: [UInt8]) -> String {
        switch token {
        case .beginObject: "an object"
        case .beginArray: "a list"
        case .string(let text), .key(let text):
            "\"\(shownText(content(of: text, in: bytes)))\""
        case .number(let range): shownText(bytes[range])
        case .boolean(let value): "\(value)"
        case .null: "null"
        case .endObject, .endArray: "an end"
        }
    }
}
