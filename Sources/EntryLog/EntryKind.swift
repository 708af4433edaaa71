// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// What an entry is about, as its header tells.
///
/// The numbers are permanent. They leave room in groups: 1 to 15 the ledger and its rules, 16 to 31
/// parties and what they hold, 32 to 47 the life of a reservation, 48 to 63 other checks, 64 to 79
/// what nobody asks for. 0 and 128 to 255 are never used.
public enum EntryKind: UInt8, Sendable, CaseIterable {
    /// The log is opened.
    case createLedger = 1
    /// A rulebook is adopted.
    case adoptRulebook = 2
    /// A device catalogue is adopted.
    case adoptDevices = 3
    /// Brings a time and nothing else.
    case tick = 4
    /// An operation is proposed.
    case propose = 5
    /// A proposal is approved or declined.
    case decideProposal = 6
    /// What is personal is taken out of entries.
    case redact = 7
    /// Entries are kept from being redacted, or no longer.
    case legalHold = 8
    /// The ledger signs its heads with another key.
    case rotateKey = 9
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
    /// Goods are shipped under a hold.
    case ship = 33
    /// A hold is given up.
    case release = 34
    /// A hold gets more time.
    case extend = 35
    /// Shipped goods come back.
    case giveBack = 36
    /// Shipped goods are no longer there.
    case retire = 37
    /// A hold is taken back by authority.
    case revoke = 38
    /// An earlier entry is corrected.
    case correct = 39
    /// A transfer of model weights is permitted, refused, or found not to be controlled.
    case transferWeights = 48
    /// A hold expired.
    case expiry = 64
    /// A limit came into breach.
    case breach = 65
    /// A limit is no longer in breach, or no longer watched.
    case cure = 66
    /// A threshold of a limit was crossed upwards.
    case threshold = 67

    /// The kinds of the operations that can be proposed.
    static let proposable = Set(ActionKind.canBeProposed.map(EntryKind.init(of:)))

    /// Whether nobody asked for it: who acted then stands in the section `shared`.
    var isEvent: Bool { rawValue >= 64 }

    /// The oldest encoding that has the kind.
    var oldestVersion: UInt8 {
        self == .redact || self == .legalHold || self == .rotateKey ? 3 : 2
    }

    /// The kind of an operation's entry.
    public init(of action: Action) { self.init(of: action.kind) }

    /// The kind of the entry of an operation of this kind.
    public init(of kind: ActionKind) {
        self =
            switch kind {
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
            case .ship: .ship
            case .release: .release
            case .extend: .extend
            case .giveBack: .giveBack
            case .retire: .retire
            case .revoke: .revoke
            case .correct: .correct
            case .transferWeights: .transferWeights
            case .tick: .tick
            case .propose: .propose
            case .decideProposal: .decideProposal
            case .redact: .redact
            case .legalHold: .legalHold
            case .rotateKey: .rotateKey
            }
    }

    /// The kind of an entry.
    public init(of content: EntryContent) {
        switch content {
        case .operation(let record): self.init(of: record.action)
        case .expiry: self = .expiry
        case .limit(let event): self.init(of: event.change)
        }
    }

    /// The kind of the entry of a limit's event.
    init(of change: LimitChange) {
        self =
            switch change {
            case .breached: .breach
            case .cured, .unwatched: .cure
            case .crossed: .threshold
            }
    }
}
