// SPDX-License-Identifier: Apache-2.0

/// The kinds of operations, as a policy names them.
///
/// The numbers are permanent.
public enum ActionKind: UInt8, Sendable, CaseIterable {
    /// Opens the log.
    case createLedger = 0
    /// Registers or changes a party.
    case party = 1
    /// Blocks a party, or lifts its block.
    case block = 2
    /// Grants a status.
    case grantStatus = 3
    /// Suspends, reinstates or revokes a status.
    case changeStatus = 4
    /// Records a security attestation.
    case attestSecurity = 5
    /// Records what a group has installed.
    case attestInstalled = 6
    /// Signs an agreement between governments.
    case signAgreement = 7
    /// Ends an agreement.
    case endAgreement = 8
    /// Adopts a rulebook.
    case adoptRulebook = 9
    /// Adopts a device catalogue.
    case adoptDevices = 10
    /// Reserves allocation.
    case reserve = 11
    /// Ships under a hold.
    case ship = 12
    /// Gives a hold up.
    case release = 13
    /// Gives a hold more time.
    case extend = 14
    /// Takes back what was shipped.
    case giveBack = 15
    /// Records attrition of what was shipped.
    case retire = 16
    /// Takes a hold back by authority.
    case revoke = 17
    /// Corrects an earlier entry.
    case correct = 18
    /// Asks to transfer model weights.
    case transferWeights = 19
    /// Brings a time and nothing else.
    case tick = 20
    /// Proposes an operation that needs two people.
    case propose = 21
    /// Approves or declines a proposal.
    case decideProposal = 22
    /// Says that the ledger signs with another key.
    case rotateKey = 23
    /// Takes what is personal out of entries.
    case redact = 24
    /// Keeps entries from being redacted, or no longer.
    case legalHold = 25
}

extension ActionKind: LosslessStringConvertible {
    /// Reads a kind's word, such as `grant-status`.
    public init?(_ text: String) {
        guard let kind = ActionKind.allCases.first(where: { $0.description == text })
        else { return nil }
        self = kind
    }

    /// The kind's word, as policies, JSON and the command line write it.
    public var description: String {
        switch self {
        case .createLedger: "create-ledger"
        case .party: "party"
        case .block: "block"
        case .grantStatus: "grant-status"
        case .changeStatus: "change-status"
        case .attestSecurity: "attest-security"
        case .attestInstalled: "attest-installed"
        case .signAgreement: "sign-agreement"
        case .endAgreement: "end-agreement"
        case .adoptRulebook: "adopt-rulebook"
        case .adoptDevices: "adopt-devices"
        case .reserve: "reserve"
        case .ship: "ship"
        case .release: "release"
        case .extend: "extend"
        case .giveBack: "return"
        case .retire: "retire"
        case .revoke: "revoke"
        case .correct: "correct"
        case .transferWeights: "transfer-weights"
        case .tick: "tick"
        case .propose: "propose"
        case .decideProposal: "decide-proposal"
        case .rotateKey: "rotate-key"
        case .redact: "redact"
        case .legalHold: "legal-hold"
        }
    }
}

extension ActionKind {
    /// The kinds that a policy can ask two people for.
    public static let proposable: Set<ActionKind> = [
        .party, .block, .grantStatus, .changeStatus, .signAgreement, .endAgreement,
        .adoptRulebook, .adoptDevices,
    ]
    /// The kinds that can be proposed: those, and redactions, which always need two people.
    public static let canBeProposed: Set<ActionKind> = proposable.union([.redact])
    /// The kinds of retention, which regulators and operators may do and nobody else, whatever a
    /// ledger's policy says: policies of older ledgers can not name them.
    public static let retention: Set<ActionKind> = [.redact, .legalHold]
    /// The kinds that a policy permits to roles, or does not.
    ///
    /// Whoever may do something may propose it and decide on proposals of it; creating the ledger
    /// is its first entry, whoever does it. The ledger's key is the operator's, whatever a policy
    /// says, and so no policy says anything of it.
    public static let permissible: Set<ActionKind> = Set(allCases).subtracting([
        .createLedger, .propose, .decideProposal, .rotateKey,
    ]).subtracting(retention)
    /// The kinds that act on a hold, which under ``LedgerPolicy`` a vendor does with its own only.
    public static let onHolds: Set<ActionKind> = [
        .ship, .release, .extend, .giveBack, .retire, .revoke,
    ]
}

/// Who may do what in a ledger, and what needs two people; fixed when it is created.
///
/// A role may do what is listed for it. A vendor acts on holds of its own organisation only, and
/// names what it corrects by an operation of its own.
public struct LedgerPolicy: Hashable, Sendable {
    /// What each role may do: kinds of ``ActionKind/permissible``.
    public var permissions: [Role: Set<ActionKind>]
    /// What takes effect only when a second person approves: kinds of ``ActionKind/proposable``.
    public var twoPeople: Set<ActionKind>

    /// Makes a policy; kinds that can not be permitted or proposed are left out.
    public init(permissions: [Role: Set<ActionKind>], twoPeople: Set<ActionKind> = []) {
        self.permissions = permissions.mapValues { $0.intersection(ActionKind.permissible) }
            .filter { !$0.value.isEmpty }
        self.twoPeople = twoPeople.intersection(ActionKind.proposable)
    }

    /// The policy of a ledger that sets none: vendors deal with their own orders, regulators with
    /// the law, operators with everything, auditors only read; nothing needs two people.
    public static let standard = LedgerPolicy(permissions: [
        .vendor: [
            .reserve, .ship, .release, .extend, .giveBack, .retire, .correct, .transferWeights,
            .tick,
        ],
        .regulator: [
            .party, .block, .grantStatus, .changeStatus, .attestSecurity, .attestInstalled,
            .signAgreement, .endAgreement, .adoptRulebook, .adoptDevices, .revoke, .correct,
            .tick,
        ],
        .operator: ActionKind.permissible,
    ])

    /// Whether a role may do something.
    public func permits(_ kind: ActionKind, to role: Role) -> Bool {
        if kind == .rotateKey { return role == .operator }
        if ActionKind.retention.contains(kind) { return role == .regulator || role == .operator }
        return permissions[role]?.contains(kind) ?? false
    }

    /// Whether something takes effect only when a second person approves.
    public func needsTwoPeople(_ kind: ActionKind) -> Bool {
        kind == .redact || twoPeople.contains(kind)
    }
}
