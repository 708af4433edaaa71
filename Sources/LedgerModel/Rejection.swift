// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an input.
///
/// A rejection leaves no trace in the ledger; the numbers are permanent and stand in the order of
/// the checks.
public enum RejectionCode: UInt16, Sendable, CaseIterable {
    /// A field does not have the shape it must have.
    case malformedField = 100
    /// A column, key or option that is not known.
    case unknownField = 101
    /// The file, line or message can not be read as what it should be.
    case malformedInput = 102
    /// The id was used for something else.
    case idReused = 110
    /// The time lies before the newest entry.
    case timeWentBack = 120
    /// Not an assigned ISO 3166-1 alpha-2 code.
    case unknownCountry = 130
    /// No such party.
    case unknownParty = 131
    /// No such device in the catalogue in force.
    case unknownDevice = 132
    /// No such earlier operation, or not one of the right kind.
    case unknownReference = 133
    /// The rulebook in force does not list the end use.
    case unknownEndUse = 134
    /// The parent chain would run in a circle.
    case parentCycle = 135
    /// A date that is too early or too late for the ledger's time.
    case dateOutOfRange = 136
    /// The file is not a valid rulebook.
    case invalidRulebook = 137
    /// The file is not a valid device catalogue.
    case invalidDevices = 138
    /// The ledger exists already.
    case ledgerExists = 139
    /// No rulebook is in force.
    case noRulebook = 140
    /// An amount or a sum is too large.
    case amountOverflow = 150
}

extension RejectionCode: CustomStringConvertible {
    /// The rejection's code, as JSON and messages write it.
    public var description: String {
        switch self {
        case .malformedField: "malformed-field"
        case .unknownField: "unknown-field"
        case .malformedInput: "malformed-input"
        case .idReused: "id-reused"
        case .timeWentBack: "time-went-back"
        case .unknownCountry: "unknown-country"
        case .unknownParty: "unknown-party"
        case .unknownDevice: "unknown-device"
        case .unknownReference: "unknown-reference"
        case .unknownEndUse: "unknown-end-use"
        case .parentCycle: "parent-cycle"
        case .dateOutOfRange: "date-out-of-range"
        case .invalidRulebook: "invalid-rulebook"
        case .invalidDevices: "invalid-devices"
        case .ledgerExists: "ledger-exists"
        case .noRulebook: "no-rulebook"
        case .amountOverflow: "amount-overflow"
        }
    }
}

/// Bad input: one message that says which field, what was found and what was expected.
public struct Rejection: Error, Hashable, Sendable {
    /// What is wrong.
    public var code: RejectionCode
    /// The field, in the words of the format it came in (`quantity`, `until`).
    public var field: String
    /// What was found there, shortened if it is long.
    public var found: String
    /// What was expected instead.
    public var expected: String

    /// Makes a rejection; a long finding is shortened to 80 characters.
    public init(_ code: RejectionCode, field: String, found: String, expected: String) {
        self.code = code
        self.field = field
        self.found = found.unicodeScalars.count > 80 ? String(found.prefix(77)) + "..." : found
        self.expected = expected
    }
}

extension Rejection: CustomStringConvertible {
    /// The message: which field, what was found, what was expected.
    public var description: String {
        let what = found.isEmpty ? "nothing" : "'\(found)'"
        return "\(code): \(field): found \(what), expected \(expected)"
    }
}
