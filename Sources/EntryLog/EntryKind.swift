// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// What an entry is about, as its header tells.
///
/// The numbers are permanent. They leave room in groups: 1 to 15 the ledger and its rules, 16 to 31
/// parties and what they hold, 32 to 47 the life of a reservation (33 to 39: ship, release, extend,
/// return, retire, revoke, correct), 48 to 63 other checks (48: model weights), 64 to 79 what falls
/// due by itself (65 breach, 66 cure, 67 threshold). 0 and 128 to 255 are never used.
public enum EntryKind: UInt8, Sendable, CaseIterable {
    /// The log is opened.
    case createLedger = 1
    /// A rulebook is adopted.
    case adoptRulebook = 2
    /// A device catalogue is adopted.
    case adoptDevices = 3
    /// A party is registered or changed.
    case party = 16
    /// A party is blocked, or its block lifted.
    case block = 17
    /// A status is granted.
    case grantStatus = 18
    /// A status is suspended, reinstated or revoked.
    case changeStatus = 19
    /// A security attestation.
    case attestSecurity = 20
    /// An attestation of the installed base.
    case attestInstalled = 21
    /// An agreement between governments is signed.
    case signAgreement = 22
    /// An agreement between governments is ended.
    case endAgreement = 23
    /// Allocation is reserved, or refused.
    case reserve = 32
    /// A hold expired.
    case expiry = 64

    /// The kind of an operation's entry.
    public init(of action: Action) {
        self =
            switch action {
            case .createLedger: .createLedger
            case .party: .party
            case .block: .block
            case .grantStatus: .grantStatus
            case .changeStatus: .changeStatus
            case .attestSecurity: .attestSecurity
            case .attestInstalled: .attestInstalled
            case .signAgreement: .signAgreement
            case .endAgreement: .endAgreement
            case .adoptRulebook: .adoptRulebook
            case .adoptDevices: .adoptDevices
            case .reserve: .reserve
            }
    }

    /// The kind of an entry.
    public init(of content: EntryContent) {
        switch content {
        case .operation(let record): self.init(of: record.action)
        case .expiry: self = .expiry
        }
    }
}
