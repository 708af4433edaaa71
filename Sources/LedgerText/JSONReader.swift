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
    /// How deep objects and arrays may be nested unless a reader is made with another limit.
    public static let usualMaximumDepth = 64

    private let bytes: [UInt8]
    private var scanner: JSONScanner
    /// The keys so far of each object that is open, and nothing for an array.
    private var keys: [Set<String>] = []
    private var failure: Rejection?

    /// Makes a reader at the start of a text, which has to be complete.
    public init(_ bytes: [UInt8], maximumDepth: Int = JSONReader.usualMaximumDepth) {
        self.bytes = bytes
        scanner = JSONScanner(maximumDepth: maximumDepth)
        scanner.begin(at: bytes.indices)
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
    public var path: String { scanner.path(in: bytes) }

    /// The next step, or `nil` at the end of the text.
    ///
    /// Throws, at this call and all later ones, the first thing that is wrong.
    public mutating func next() throws(Rejection) -> JSONEvent? {
        if let failure { throw failure }
        do throws(Rejection) {
            guard let token = try scanner.next(in: bytes) else { return nil }
            return try event(token)
        } catch {
            failure = error
            throw error
        }
    }
}

extension JSONReader {
    private mutating func event(_ token: JSONToken) throws(Rejection) -> JSONEvent {
        switch token {
        case .beginObject:
            keys.append([])
            return .beginObject
        case .beginArray:
            keys.append([])
            return .beginArray
        case .endObject:
            keys.removeLast()
            return .endObject
        case .endArray:
            keys.removeLast()
            return .endArray
        case .key(let text):
            let key = string(text)
            guard keys[keys.count - 1].insert(key).inserted else {
                throw scanner.rejection(
                    found: "the key twice",
                    expected: "each key once",
                    in: bytes
                )
            }
            return .key(key)
        case .string(let text): return .string(string(text))
        case .number(let range): return .integer(try integer(range))
        case .boolean(let value): return .boolean(value)
        case .null: return .null
        }
    }

    private func string(_ text: JSONText) -> String {
        String(
            decoding: text.hasEscapes ? scanner.unescaped[...] : bytes[text.range],
            as: UTF8.self
        )
    }

    private func integer(_ range: Range<Int>) throws(Rejection) -> Int64 {
        let text = bytes.span.extracting(range)
        switch JSONNumber(text)?.integer(in: text) {
        case .value(let number)?: return number
        case .overflow?:
            throw scanner.rejection(
                .amountOverflow,
                found: shownText(bytes[range]),
                expected: "an integer of 64 bits",
                in: bytes
            )
        case .malformed?, nil:
            throw scanner.rejection(
                found: shownText(bytes[range]),
                expected: "an integer without leading zeros, fraction or exponent",
                in: bytes
            )
        }
    }
}
