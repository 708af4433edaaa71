// SPDX-License-Identifier: Apache-2.0

/// Something that someone asks of the ledger: parsed, nothing looked up yet.
public struct Operation: Hashable, Sendable {
    /// The name that makes it safe to ask twice: unique per organisation.
    public var id: OperationIdentifier
    /// Who asks.
    public var actor: Actor
    /// When, if the caller brings a time (an import); otherwise the ledger stamps the operation.
    public var time: LedgerTime?
    /// What is asked.
    public var action: Action

    /// Makes an operation.
    public init(
        id: OperationIdentifier,
        actor: Actor,
        time: LedgerTime? = nil,
        action: Action
    ) {
        self.id = id
        self.actor = actor
        self.time = time
        self.action = action
    }
}

/// What an operation asks.
///
/// A reference to what it holds: operations are handed on from room to room, and the largest of
/// them are large.
public indirect enum Action: Hashable, Sendable {
    /// Opens the log: its first entry, written once by `init`.
    case createLedger(LedgerCreation)
    /// Registers a party, or changes one.
    case party(PartyRecord)
    /// Blocks a party, or lifts its block.
    case block(PartyBlock)
    /// Grants a Universal or National VEU status.
    case grantStatus(StatusGrant)
    /// Suspends, reinstates or revokes a status.
    case changeStatus(StatusChange)
    /// Records that a party's security attestation is current.
    case attestSecurity(SecurityAttestation)
    /// Replaces what the ledger knows of a group's installed base.
    case attestInstalled(InstalledAttestation)
    /// Signs an agreement between governments.
    case signAgreement(AgreementSigning)
    /// Ends an agreement.
    case endAgreement(AgreementEnd)
    /// Adopts a rulebook.
    case adoptRulebook(RulebookAdoption)
    /// Adopts a device catalogue.
    case adoptDevices(DeviceAdoption)
    /// Reserves allocation.
    case reserve(Reservation)
    /// Ships under a hold.
    case ship(Shipment)
    /// Gives up what is open of a hold.
    case release(HoldRelease)
    /// Gives a hold more time.
    case extend(HoldExtension)
    /// Takes back what was shipped.
    case giveBack(GoodsReturn)
    /// Records that something that was shipped is no longer there.
    case retire(Retirement)
    /// Takes back, by authority, what is open of a hold.
    case revoke(Revocation)
    /// Says what is wrong with an earlier entry.
    case correct(Correction)
    /// Asks whether model weights may go to a recipient.
    case transferWeights(WeightsTransfer)
    /// Brings a time and nothing else: what is due by then happens.
    case tick
    /// Proposes an operation that needs two people.
    case propose(Proposal)
    /// Approves or declines a proposal.
    case decideProposal(ProposalDecision)
    /// Says that the ledger signs its heads with another key.
    case rotateKey(KeyRotation)
    /// Takes what is personal out of entries.
    case redact(Redaction)
    /// Keeps entries from being redacted, or no longer.
    case legalHold(LegalHold)

    /// Its kind.
    public var kind: ActionKind {
        switch self {
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
        case .rotateKey: .rotateKey
        case .redact: .redact
        case .legalHold: .legalHold
        }
    }
}

/// The name of an earlier operation: an organisation and its id.
public struct OperationReference: Hashable, Sendable {
    /// Whose operation; the caller's own unless given.
    public var organisation: OrganisationIdentifier?
    /// Its id.
    public var id: OperationIdentifier

    /// Makes a reference.
    public init(organisation: OrganisationIdentifier? = nil, id: OperationIdentifier) {
        self.organisation = organisation
        self.id = id
    }
}

/// Whether what the ledger says binds anyone.
public enum LedgerMode: UInt8, Sendable, CaseIterable {
    /// Decisions bind.
    case binding = 1
    /// Every output says "as if enforced".
    case advisory = 2
}

/// What vendors see of limits that several of them share.
public enum TotalsDisclosure: UInt8, Sendable, CaseIterable {
    /// The numbers, as customs publish tariff quota balances.
    case open = 1
    /// Bands only.
    case banded = 2
}

/// The ledger's settings, fixed when it is created.
public struct LedgerCreation: Hashable, Sendable {
    /// The ledger's name in heads and receipts, such as `ledger.example.org/2025`.
    public var origin: OrganisationIdentifier
    /// Whether decisions bind.
    public var mode: LedgerMode
    /// What vendors see of shared totals.
    public var disclosure: TotalsDisclosure
    /// Who may do what, and what needs two people.
    public var policy: LedgerPolicy

    /// Makes settings.
    public init(
        origin: OrganisationIdentifier,
        mode: LedgerMode,
        disclosure: TotalsDisclosure,
        policy: LedgerPolicy = .standard
    ) {
        self.origin = origin
        self.mode = mode
        self.disclosure = disclosure
        self.policy = policy
    }
}

/// The adoption of a rulebook: the file, byte for byte.
public struct RulebookAdoption: Hashable, Sendable {
    /// The rulebook file.
    public var bytes: [UInt8]
    /// The most bytes that an adopted file may have, so that its entry fits.
    public static let maximumByteCount = 60_000

    /// Makes an adoption.
    public init(bytes: [UInt8]) { self.bytes = bytes }
}

/// The adoption of a device catalogue: the file, byte for byte.
///
/// It replaces the one before.
public struct DeviceAdoption: Hashable, Sendable {
    /// The catalogue file.
    public var bytes: [UInt8]

    /// Makes an adoption.
    public init(bytes: [UInt8]) { self.bytes = bytes }
}
