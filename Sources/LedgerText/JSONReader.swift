// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A step through a JSON text.
public enum JSONEvent: Hashable, Sendable {
    /// An object begins; keys, each followed by a value, come until its end.
    case beginObject
    /// The innermost object ends.
    case endObject
    /// An array begins; values come until its end.
    case beginArray
    /// The innermost array ends.
    case endArray
    /// The key of the member whose value comes next.
    case key(String)
    /// A string.
    case string(String)
    /// An integer.
    case integer(Int64)
    /// `true` or `false`.
    case boolean(Bool)
    /// `null`.
    case null
}

/// Reads one JSON text (RFC 8259) step by step, and takes nothing that could be read in two ways.
///
/// Rejected besides what is not JSON: broken UTF-8, a key that comes twice in an object (also in
/// another spelling that Unicode counts as the same), NUL and halves of surrogate pairs in strings,
/// numbers that are not integers of 64 bits, and nesting deeper than the limit. A rejection says
/// where in the text, as in `lines[2].quantity`.
public struct JSONReader: Sendable {
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
        /// The keys so far; the member that is being read is the last one.
        var keys: Set<String> = []
        var key = ""
        /// How many elements of an array have begun.
        var elementCount = 0
    }

    /// How deep objects and arrays may be nested unless a reader is made with another limit.
    public static let usualMaximumDepth = 64

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var position = 0
    private var containers: [Container] = []
    private var expectation = Expectation.value
    private var failure: Rejection?

    /// Makes a reader at the start of a text, which has to be complete.
    public init(_ bytes: [UInt8], maximumDepth: Int = JSONReader.usualMaximumDepth) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        if let bad = firstInvalidUTF8(in: bytes.span, from: 0, to: bytes.count) {
            failure = Rejection(
                .malformedInput,
                field: "json",
                found: "\(shownByte(bytes[bad])) as byte \(bad + 1)",
                expected: "UTF-8"
            )
        }
    }

    /// Where in the text the reader is, in words for a message: `lines[2].quantity`, or `json` at
    /// the top.
    public var path: String {
        var path = ""
        for container in containers {
            if !container.isObject {
                path += "[\(max(0, container.elementCount - 1))]"
            } else if !container.key.isEmpty {
                path += (path.isEmpty ? "" : ".") + shownText(Array(container.key.utf8)[...])
            }
        }
        return path.isEmpty ? "json" : path
    }

    /// The next step, or `nil` at the end of the text.
    ///
    /// Throws, at this call and all later ones, the first thing that is wrong.
    public mutating func next() throws(Rejection) -> JSONEvent? {
        if let failure { throw failure }
        do throws(Rejection) {
            return try step()
        } catch {
            failure = error
            throw error
        }
    }
}

extension JSONReader {
    private mutating func step() throws(Rejection) -> JSONEvent? {
        skipBlanks()
        switch expectation {
        case .value: return try value()
        case .valueOrEnd: return try take("]") ? end() : value()
        case .key: return try key()
        case .keyOrEnd: return try take("}") ? end() : key()
        case .commaOrEnd:
            let isObject = containers.last?.isObject == true
            if take(isObject ? "}" : "]") { return end() }
            guard take(",") else {
                throw unexpected(isObject ? "a comma or }" : "a comma or ]")
            }
            skipBlanks()
            return isObject ? try key() : try value()
        case .endOfText:
            guard position == bytes.count else { throw unexpected("the end of the text") }
            return nil
        }
    }

    private mutating func value() throws(Rejection) -> JSONEvent {
        if let last = containers.indices.last { containers[last].elementCount += 1 }
        guard position < bytes.count else { throw unexpected("a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try begin(isObject: true)
        case UInt8(ascii: "["): return try begin(isObject: false)
        case UInt8(ascii: "\""):
            let text = try string()
            return finish(.string(text))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let number = try integer()
            return finish(.integer(number))
        default:
            if takeWord("true") { return finish(.boolean(true)) }
            if takeWord("false") { return finish(.boolean(false)) }
            if takeWord("null") { return finish(.null) }
            throw unexpected("a value")
        }
    }

    private mutating func begin(isObject: Bool) throws(Rejection) -> JSONEvent {
        guard containers.count < maximumDepth else {
            throw rejection(
                found: "more than \(maximumDepth) levels",
                expected: "less deep nesting"
            )
        }
        position += 1
        containers.append(Container(isObject: isObject))
        expectation = isObject ? .keyOrEnd : .valueOrEnd
        return isObject ? .beginObject : .beginArray
    }

    private mutating func end() -> JSONEvent {
        let container = containers.removeLast()
        return finish(container.isObject ? .endObject : .endArray)
    }

    private mutating func finish(_ event: JSONEvent) -> JSONEvent {
        expectation = containers.isEmpty ? .endOfText : .commaOrEnd
        return event
    }

    private mutating func key() throws(Rejection) -> JSONEvent {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            throw unexpected("a key in quotes")
        }
        let key = try string()
        let last = containers.count - 1
        containers[last].key = key
        guard containers[last].keys.insert(key).inserted else {
            throw rejection(found: "the key twice", expected: "each key once")
        }
        skipBlanks()
        guard take(":") else { throw unexpected("a colon") }
        expectation = .value
        return .key(key)
    }

    private mutating func integer() throws(Rejection) -> Int64 {
        let start = position
        let isNegative = take("-")
        let digits = position
        while position < bytes.count, bytes[position] &- 0x30 <= 9 { position += 1 }
        let ends = position == bytes.count || !".eE+-".utf8.contains(bytes[position])
        let hasLeadingZero = position - digits > 1 && bytes[digits] == UInt8(ascii: "0")
        guard position > digits, ends, !hasLeadingZero else {
            while position < bytes.count, ".eE+-0123456789".utf8.contains(bytes[position]) {
                position += 1
            }
            throw rejection(
                found: shownText(bytes[start..<position]),
                expected: "an integer without leading zeros, fraction or exponent"
            )
        }
        var value: Int64 = 0
        for byte in bytes[digits..<position] {
            let (product, productOverflow) = value.multipliedReportingOverflow(by: 10)
            let digit = Int64(byte &- 0x30)
            let (sum, sumOverflow) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !productOverflow, !sumOverflow else {
                throw Rejection(
                    .amountOverflow,
                    field: path,
                    found: shownText(bytes[start..<position]),
                    expected: "an integer of 64 bits"
                )
            }
            value = sum
        }
        return value
    }
}

extension JSONReader {
    /// Reads a string, from its opening to its closing quote.
    private mutating func string() throws(Rejection) -> String {
        position += 1
        let start = position
        var text: [UInt8]?
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text?[...] ?? bytes[start..<position - 1], as: UTF8.self)
            case UInt8(ascii: "\\"):
                if text == nil { text = Array(bytes[start..<position]) }
                position += 1
                let scalar = try escapedScalar()
                text?.append(contentsOf: String(scalar).utf8)
            case 0..<0x20: throw unexpected("control characters to be escaped")
            default:
                text?.append(byte)
                position += 1
            }
        }
        throw unexpected("a closing quote")
    }

    /// Reads what follows a backslash.
    private mutating func escapedScalar() throws(Rejection) -> Unicode.Scalar {
        guard position < bytes.count else { throw unexpected("an escape") }
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
        case UInt8(ascii: "u"): return try hexScalar()
        default:
            position -= 1
            throw unexpected("an escape of RFC 8259")
        }
    }

    private mutating func hexScalar() throws(Rejection) -> Unicode.Scalar {
        let unit = try hexDigits()
        var value = UInt32(unit)
        if UTF16.isLeadSurrogate(unit), take("\\"), take("u") {
            let second = try hexDigits()
            if UTF16.isTrailSurrogate(second) {
                value = 0x1_0000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(second) - 0xdc00)
            }
        }
        guard value > 0, let scalar = Unicode.Scalar(value) else {
            throw rejection(
                found: "an escape at byte \(position) that is no character",
                expected: "text without NUL and without halves of surrogate pairs"
            )
        }
        return scalar
    }

    private mutating func hexDigits() throws(Rejection) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard position < bytes.count,
                let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
            else { throw unexpected("four hexadecimal digits") }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}

extension JSONReader {
    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else {
            return false
        }
        position += 1
        return true
    }

    private mutating func takeWord(_ word: StaticString) -> Bool {
        guard bytes[position...].starts(with: word.description.utf8) else { return false }
        position += word.utf8CodeUnitCount
        return true
    }

    private func unexpected(_ expected: String) -> Rejection {
        guard position < bytes.count else {
            return rejection(found: "the end of the text", expected: expected)
        }
        var end = position + 1
        while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        return rejection(
            found: "\(shownText(bytes[position..<end])) at byte \(position + 1)",
            expected: expected
        )
    }

    private func rejection(found: String, expected: String) -> Rejection {
        Rejection(.malformedInput, field: path, found: found, expected: expected)
    }
}
