// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// A JSON text as a whole, for texts that are small.
public indirect enum JSONValue: Hashable, Sendable {
    /// Members by their keys.
    case object([String: JSONValue])
    /// Elements in order.
    case array([JSONValue])
    /// A string.
    case string(String)
    /// An integer.
    case integer(Int64)
    /// `true` or `false`.
    case boolean(Bool)
    /// `null`.
    case null

    /// Reads a text; throws what ``JSONReader`` does.
    public init(_ bytes: [UInt8]) throws(Rejection) {
        var reader = JSONReader(bytes)
        guard let event = try reader.next() else { throw JSONValue.cutShort(reader) }
        self = try JSONValue(event, &reader)
        // What stands behind the value is for the reader to complain of.
        _ = try reader.next()
    }

    private init(_ event: JSONEvent, _ reader: inout JSONReader) throws(Rejection) {
        switch event {
        case .string(let text): self = .string(text)
        case .integer(let number): self = .integer(number)
        case .boolean(let value): self = .boolean(value)
        case .null: self = .null
        case .beginArray:
            var elements: [JSONValue] = []
            while let next = try reader.next(), next != .endArray {
                elements.append(try JSONValue(next, &reader))
            }
            self = .array(elements)
        case .beginObject:
            var members: [String: JSONValue] = [:]
            while case .key(let name)? = try reader.next() {
                guard let value = try reader.next() else { throw JSONValue.cutShort(reader) }
                members[name] = try JSONValue(value, &reader)
            }
            self = .object(members)
        case .key, .endObject, .endArray: throw JSONValue.cutShort(reader)
        }
    }

    private static func cutShort(_ reader: JSONReader) -> Rejection {
        Rejection(
            .malformedInput,
            field: reader.path,
            found: "no value",
            expected: "a value"
        )
    }

    /// A member of an object; `nil` if there is none, or if this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    /// Whether `other` says all that this value says, and perhaps more members.
    ///
    /// Members are only ever added to what this program writes, so a text of an earlier version
    /// is contained in that of a later one.
    public func isContained(in other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            members.allSatisfy { name, value in
                others[name].map(value.isContained) ?? false
            }
        case (.array(let elements), .array(let others)):
            elements.count == others.count
                && zip(elements, others).allSatisfy { $0.isContained(in: $1) }
        default: self == other
        }
    }
}
