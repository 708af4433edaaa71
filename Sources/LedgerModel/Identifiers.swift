// SPDX-License-Identifier: Apache-2.0

/// A name by which the ledger finds something: 1 to 64 bytes of printable ASCII, without a blank
/// at either end.
///
/// ASCII only, so that two identifiers are equal exactly when their bytes are: Unicode has many
/// spellings of one text, and an identifier must have one.
public protocol LedgerIdentifier: Hashable, Sendable, Comparable, LosslessStringConvertible {
    /// The identifier's text.
    var text: String { get }
    /// Makes an identifier from a text whose shape has been checked.
    init(checked text: String)
}

/// The shape that every identifier has, in words for a message.
public let identifierShape =
    "1 to 64 printable ASCII characters that neither begin nor end with a blank"

/// Whether bytes have the shape of an identifier.
public func isIdentifier(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    guard let first = bytes.first, let last = bytes.last, first != 0x20, last != 0x20 else {
        return false
    }
    var count = 0
    for byte in bytes {
        count += 1
        guard byte >= 0x20, byte <= 0x7e, count <= 64 else { return false }
    }
    return true
}

extension LedgerIdentifier {
    /// Makes an identifier, or `nil` if the text does not have ``identifierShape``.
    public init?(_ text: String) {
        guard isIdentifier(text.utf8) else { return nil }
        self.init(checked: text)
    }

    /// The identifier's text.
    public var description: String { text }

    /// The order of the bytes.
    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// An organisation that asks: a vendor, an authority, the operator.
public struct OrganisationIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// A person who acts for an organisation.
public struct PersonIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// A party that receives: a consignee, its parents.
public struct PartyIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// The name an organisation gives to one writing operation; unique per organisation over all
/// kinds of operations.
public struct OperationIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// A device model of the catalogue, such as `H100 SXM5`.
public struct DeviceIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// The code of an end use that the rulebook lists.
public struct EndUseIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}

/// A rulebook's name, such as `diffusion-2025-brief`.
public struct RulebookIdentifier: LedgerIdentifier {
    /// The identifier's text.
    public let text: String
    /// Makes an identifier from a text whose shape has been checked.
    public init(checked text: String) { self.text = text }
}
