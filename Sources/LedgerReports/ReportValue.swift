// SPDX-License-Identifier: Apache-2.0

/// A report as a tree, for whoever writes it as JSON or otherwise.
///
/// A decimal is a number that must not pass through floating point; JSON writes it as a string.
public indirect enum ReportValue: Hashable, Sendable {
    /// A named value of an object.
    public struct Member: Hashable, Sendable {
        /// Its name; unique in its object.
        public let name: String
        /// Its value.
        public let value: ReportValue

        /// Makes a member.
        public init(_ name: String, _ value: ReportValue) {
            self.name = name
            self.value = value
        }
    }

    /// Named values, in order.
    case object([Member])
    /// Values, in order.
    case array([ReportValue])
    /// Text.
    case text(String)
    /// A whole number.
    case integer(Int64)
    /// A decimal number, in digits.
    case decimal(String)
    /// Yes or no.
    case boolean(Bool)
    /// Nothing is known, or nothing is there: not 0.
    case null

    /// The value of a name; `nil` if this is no object, or has none of that name.
    public subscript(name: String) -> ReportValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The value at a position; `nil` if this is no array, or a shorter one.
    public subscript(position: Int) -> ReportValue? {
        guard case .array(let values) = self, values.indices.contains(position) else { return nil }
        return values[position]
    }

    /// An object whose members are written like a dictionary, in order.
    static func members(_ members: KeyValuePairs<String, ReportValue>) -> ReportValue {
        .object(members.map { Member($0.key, $0.value) })
    }
}
