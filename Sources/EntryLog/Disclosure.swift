// SPDX-License-Identifier: Apache-2.0
public import LedgerModel

/// Sections of an entry.
public struct EntrySections: OptionSet, Hashable, Sendable {
    /// A bit for each section.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// What the operation's owner may see.
    public static let own = EntrySections(rawValue: 1)
    /// What belongs to others too, or to others only.
    public static let shared = EntrySections(rawValue: 2)
}

/// Who reads what is disclosed of a ledger.
public enum DisclosureReader: Hashable, Sendable {
    /// A regulator, an auditor, the operator: all of it.
    case authority
    /// A vendor: what is its own, and what the ledger's policy says of totals.
    case vendor(OrganisationIdentifier)
}

/// Which sections of which entries a reader may open.
public struct Disclosure: Hashable, Sendable {
    /// Who reads.
    public let reader: DisclosureReader
    /// What the ledger's policy shows vendors of limits that others draw on.
    public let totals: TotalsDisclosure

    /// Makes the rule of a ledger for a reader.
    public init(to reader: DisclosureReader, totals: TotalsDisclosure) {
        self.reader = reader
        self.totals = totals
    }

    /// The sections that the reader may open.
    ///
    /// A vendor opens the law (creation of the ledger, its keys, rulebooks, device catalogues) unless another
    /// vendor brought it, its own operations, and what others did to its holds. `shared` of these only where totals are
    /// open, or it is empty; of an expiry never, as it tells who brought the time, which may be another vendor.
    /// Events of limits have an actor too, and nobody's `own`: a vendor opens nothing of them.
    ///
    /// - Parameters:
    ///   - entry: The entry.
    ///   - holdOwner: Whose hold it is about: who asked for the reservation that the entry names
    ///     by its number, if it names one.
    /// - Returns: The sections; none if nothing of the entry is for the reader.
    public func sections(of entry: Entry, holdOwner: OrganisationIdentifier?) -> EntrySections {
        guard case .vendor(let vendor) = reader else { return [.own, .shared] }
        switch entry.content {
        case .limit: return []
        case .expiry: return holdOwner == vendor ? .own : []
        case .operation(let record):
            if record.isLaw, entry.actor.role != .vendor { return [.own, .shared] }
            guard entry.actor.organisation == vendor || holdOwner == vendor else { return [] }
            return totals == .open || !record.outcome.tellsOfOthers ? [.own, .shared] : .own
        }
    }
}

extension Outcome {
    /// Whether there is something in the section `shared`.
    fileprivate var tellsOfOthers: Bool {
        switch self {
        case .decided, .attested: true
        case .accepted, .refused, .moved, .determined: false
        }
    }
}

extension EntryContent {
    /// The reservation whose hold the entry is about, if it is about one.
    public var hold: EntryNumber? {
        switch self {
        case .expiry(let expiry): expiry.hold
        case .operation(let record):
            if case .moved(let move) = record.outcome { move.hold } else { nil }
        case .limit: nil
        }
    }
}

extension OperationRecord {
    /// Whether it took effect and is what every decision or signature rests on, so that everyone may read it.
    fileprivate var isLaw: Bool {
        guard outcome.refusal == nil else { return false }
        let action = if case .propose(let proposal) = action { proposal.action } else { action }
        return switch action.kind {
        case .createLedger, .adoptRulebook, .adoptDevices, .rotateKey: true
        default: false
        }
    }
}
