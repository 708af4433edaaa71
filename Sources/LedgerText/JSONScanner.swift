// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A token of a JSON text.
enum JSONToken: Equatable, Sendable {
    case beginObject
    case endObject
    case beginArray
    case endArray
    /// The key of the member whose value comes next.
    case key(JSONText)
    case string(JSONText)
    /// What stands where a number should: its form is for ``JSONNumber`` to check.
    case number(Range<Int>)
    case boolean(Bool)
    case null
}

/// Where the text of a string stands: between its quotes in the input, or, if it has escapes, in
/// ``JSONScanner/unescaped`` until the next token.
struct JSONText: Equatable, Sendable {
    /// The bytes between the quotes.
    var range: Range<Int>
    var hasEscapes: Bool
}

/// Finds the tokens of a JSON text (RFC 8259) that is complete in a buffer; it holds positions, and
/// bytes only of the last string that had escapes.
///
/// Rejected besides what is not JSON: NUL and halves of surrogate pairs in strings, and nesting
/// deeper than the limit. Whether the text is UTF-8, keys come once and numbers have their form is
/// for its user to check. A token costs no allocation.
struct JSONScanner: Sendable {
    private enum Expectation: Sendable {
        case value
        case valueOrEnd
        case key
        case keyOrEnd
        case commaOrEnd
        case endOfText
    }

    private struct Container: Sendable {
        var isObject: Bool
        /// Of the member that is being read.
        var key = 0..<0
        /// How many elements of an array have begun.
        var elementCount = 0
    }

    /// The text of the last token, if it had escapes.
    private(set) var unescaped: [UInt8] = []

    private let maximumDepth: Int
    private var start = 0
    private var end = 0
    private var position = 0
    private var containers: [Container] = []
    private var expectation = Expectation.value

    init(maximumDepth: Int) { self.maximumDepth = maximumDepth }

    /// Begins with the text that stands at a range of the buffer.
    mutating func begin(at range: Range<Int>) {
        start = range.lowerBound
        end = range.upperBound
        position = start
        containers.removeAll(keepingCapacity: true)
        expectation = .value
    }

    /// How many objects and arrays are open.
    var depth: Int { containers.count }

    /// The next token, or `nil` at the end of the text.
    ///
    /// Throws the first thing that is wrong; it must not be asked again afterwards.
    @inline(__always)
    mutating func next(in bytes: [UInt8]) throws(Rejection) -> JSONToken? {
        skipBlanks(bytes)
        switch expectation {
        case .value: return try value(bytes)
        case .valueOrEnd: return try take("]", bytes) ? endContainer() : value(bytes)
        case .key: return try key(bytes)
        case .keyOrEnd: return try take("}", bytes) ? endContainer() : key(bytes)
        case .commaOrEnd:
            let isObject = containers[containers.count - 1].isObject
            if take(isObject ? "}" : "]", bytes) { return endContainer() }
            guard take(",", bytes) else {
                throw unexpected(isObject ? "a comma or }" : "a comma or ]", bytes)
            }
            skipBlanks(bytes)
            return isObject ? try key(bytes) : try value(bytes)
        case .endOfText:
            guard position == end else { throw unexpected("the end of the text", bytes) }
            return nil
        }
    }

    /// Where in the text the scanner is, in words for a message: `lines[2].quantity`, or `json` at
    /// the top; of the `depth` outermost objects and arrays only, if that is given.
    func path(in bytes: [UInt8], depth: Int? = nil) -> String {
        var path = ""
        for container in containers.prefix(depth ?? containers.count) {
            if !container.isObject {
                path += "[\(max(0, container.elementCount - 1))]"
            } else if !container.key.isEmpty {
                path += (path.isEmpty ? "" : ".") + shownText(bytes[container.key])
            }
        }
        return path.isEmpty ? "json" : path
    }

    /// A rejection of what stands at ``path(in:)``.
    func rejection(
        _ code: RejectionCode = .malformedInput,
        found: String,
        expected: String,
        in bytes: [UInt8]
    ) -> Rejection {
        Rejection(code, field: path(in: bytes), found: found, expected: expected)
    }
}

extension JSONScanner {
    @inline(__always)
    private mutating func value(_ bytes: [UInt8]) throws(Rejection) -> JSONToken {
        if let last = containers.indices.last { containers[last].elementCount += 1 }
        guard position < end else { throw unexpected("a value", bytes) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try beginContainer(isObject: true, bytes)
        case UInt8(ascii: "["): return try beginContainer(isObject: false, bytes)
        case UInt8(ascii: "\""): return finish(.string(try text(bytes)))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return finish(.number(number(bytes)))
        default:
            if takeWord("true", bytes) { return finish(.boolean(true)) }
            if takeWord("false", bytes) { return finish(.boolean(false)) }
            if takeWord("null", bytes) { return finish(.null) }
            throw unexpected("a value", bytes)
        }
    }

    private mutating func beginContainer(
        isObject: Bool,
        _ bytes: [UInt8]
    ) throws(Rejection) -> JSONToken {
        guard containers.count < maximumDepth else {
            throw rejection(
                found: "more than \(maximumDepth) levels",
                expected: "less deep nesting",
                in: bytes
            )
        }
        position += 1
        containers.append(Container(isObject: isObject))
        expectation = isObject ? .keyOrEnd : .valueOrEnd
        return isObject ? .beginObject : .beginArray
    }

    private mutating func endContainer() -> JSONToken {
        let container = containers.removeLast()
        return finish(container.isObject ? .endObject : .endArray)
    }

    @inline(__always)
    private mutating func finish(_ token: JSONToken) -> JSONToken {
        expectation = containers.isEmpty ? .endOfText : .commaOrEnd
        return token
    }

    @inline(__always)
    private mutating func key(_ bytes: [UInt8]) throws(Rejection) -> JSONToken {
        guard position < end, bytes[position] == UInt8(ascii: "\"") else {
            throw unexpected("a key in quotes", bytes)
        }
        let key = try text(bytes)
        containers[containers.count - 1].key = key.range
        skipBlanks(bytes)
        guard take(":", bytes) else { throw unexpected("a colon", bytes) }
        expectation = .value
        return .key(key)
    }

    /// Everything from here on that numbers are made of.
    private mutating func number(_ bytes: [UInt8]) -> Range<Int> {
        let first = position
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                position += 1
            default: return first..<position
            }
        }
        return first..<position
    }
}

extension JSONScanner {
    /// Reads a string, from its opening to its closing quote.
    @inline(__always)
    private mutating func text(_ bytes: [UInt8]) throws(Rejection) -> JSONText {
        position += 1
        let first = position
        let span = bytes.span
        var index = position
        while index < end {
            let byte = span[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                return JSONText(range: first..<index, hasEscapes: false)
            }
            if byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index += 1
        }
        position = index
        return try textWithEscapes(from: first, bytes)
    }

    /// Reads the rest of a string from its first escape on.
    private mutating func textWithEscapes(
        from first: Int,
        _ bytes: [UInt8]
    ) throws(Rejection) -> JSONText {
        unescaped.removeAll(keepingCapacity: true)
        unescaped.append(contentsOf: bytes[first..<position])
        while position < end {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return JSONText(range: first..<position - 1, hasEscapes: true)
            case UInt8(ascii: "\\"):
                position += 1
                let scalar = try escapedScalar(bytes)
                unescaped.append(contentsOf: String(scalar).utf8)
            case 0..<0x20: throw unexpected("control characters to be escaped", bytes)
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw unexpected("a closing quote", bytes)
    }

    /// Reads what follows a backslash.
    private mutating func escapedScalar(_ bytes: [UInt8]) throws(Rejection) -> Unicode.Scalar {
        guard position < end else { throw unexpected("an escape", bytes) }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try hexScalar(bytes)
        default:
            position -= 1
            throw unexpected("an escape of RFC 8259", bytes)
        }
    }

    private mutating func hexScalar(_ bytes: [UInt8]) throws(Rejection) -> Unicode.Scalar {
        let unit = try hexDigits(bytes)
        var value = UInt32(unit)
        if UTF16.isLeadSurrogate(unit), take("\\", bytes), take("u", bytes) {
            let second = try hexDigits(bytes)
            if UTF16.isTrailSurrogate(second) {
                value = 0x1_0000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
            }
        }
        guard value > 0, let scalar = Unicode.Scalar(value) else {
            throw rejection(
                found: "an escape at byte \(position - start) that is no character",
                expected: "text without NUL and without halves of surrogate pairs",
                in: bytes
            )
        }
        return scalar
    }

    private mutating func hexDigits(_ bytes: [UInt8]) throws(Rejection) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < end,
                let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
            else { throw unexpected("four hexadecimal digits", bytes) }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}

extension JSONScanner {
    @inline(__always)
    private mutating func skipBlanks(_ bytes: [UInt8]) {
        while position < end {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func take(_ character: Unicode.Scalar, _ bytes: [UInt8]) -> Bool {
        guard position < end, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString, _ bytes: [UInt8]) -> Bool {
        guard bytes[position..<end].starts(with: word.description.utf8) else { return false }
        position += word.utf8CodeUnitCount
        return true
    }

    private func unexpected(_ expected: String, _ bytes: [UInt8]) -> Rejection {
        guard position < end else {
            return rejection(found: "the end of the text", expected: expected, in: bytes)
        }
        var last = position + 1
        while last < end, bytes[last] & 0xc0 == 0x80 { last += 1 }
        return rejection(
            found: "\(shownText(bytes[position..<last])) at byte \(position - start + 1)",
            expected: expected,
            in: bytes
        )
    }
}
