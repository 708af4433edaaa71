// SPDX-License-Identifier: Apache-2.0

/// What someone may do in the ledger.
///
/// The numbers are permanent.
public enum Role: UInt8, Sendable, CaseIterable {
    /// Reserves allocation before shipping.
    case vendor = 1
    /// Grants statuses, signs agreements, adopts rulebooks.
    case regulator = 2
    /// Runs the ledger.
    ///
    /// Opening the file directly is operator access.
    case `operator` = 3
    /// Reads everything, writes nothing.
    case auditor = 4
}

extension Role: LosslessStringConvertible {
    /// Reads a role's word, such as `vendor`.
    public init?(_ text: String) {
        guard let role = Role.allCases.first(where: { $0.description == text }) else { return nil }
        self = role
    }

    /// The role's word.
    public var description: String {
        switch self {
        case .vendor: "vendor"
        case .regulator: "regulator"
        case .operator: "operator"
        case .auditor: "auditor"
        }
    }
}

/// Who acts: every operation has one.
public struct Actor: Hashable, Sendable {
    /// The organisation that asks; of a reservation it is the exporter.
    public var organisation: OrganisationIdentifier
    /// The person who acts for it.
    public var person: PersonIdentifier
    /// In which role.
    public var role: Role

    /// Makes an actor.
    public init(organisation: OrganisationIdentifier, person: PersonIdentifier, role: Role) {
        self.organisation = organisation
        self.person = person
        self.role = role
    }
}
