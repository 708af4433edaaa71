// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The names of an entry that the judge looks for, as their hashes, made by whoever decodes it.
struct EntryNames: Sendable {
    /// Of an operation its name's; 0 of what is none.
    var operation: UInt64 = 0
    /// Of a reservation its consignee's; 0 of anything else.
    var consignee: UInt64 = 0
    /// A party whose name has the consignee's hash, as far as was looked; it may be another.
    var party: PartyIndex?
}

/// Hashes the names of entries.
///
/// The hashes are the same all through a process, whoever made them.
package struct NameHasher: Sendable {
    /// The bits of a hash that are kept.
    private let kept: UInt64
    /// Those who ask one after the other are often one.
    private var lastOrganisation: (name: OrganisationIdentifier, hash: UInt64)?

    /// Makes a hasher that keeps these bits of a hash: all of them, but for who tries out that no
    /// answer rests on a hash.
    package init(keeping kept: UInt64 = .max) { self.kept = kept }

    mutating func names(of entry: Entry) -> EntryNames {
        guard case .operation(let record) = entry.content else { return EntryNames() }
        var names = EntryNames()
        names.operation = hash(record.id, of: organisationHash(entry.actor.organisation))
        if case .reserve(let reservation) = record.action {
            names.consignee = hash(reservation.consignee)
        }
        return names
    }

    private mutating func organisationHash(_ organisation: OrganisationIdentifier) -> UInt64 {
        if let last = lastOrganisation, last.name == organisation { return last.hash }
        let hash = hash(organisation)
        lastOrganisation = (organisation, hash)
        return hash
    }

    func hash(_ name: some LedgerIdentifier) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(name)
        return UInt64(bitPattern: Int64(hasher.finalize())) & kept
    }

    /// The hash of an id among the operations of an organisation, whose name has a hash of its own.
    func hash(_ id: OperationIdentifier, of organisation: UInt64) -> UInt64 {
        // Turned, as an id may be spelled like its organisation.
        (hash(id) ^ (organisation << 32 | organisation >> 32)) & kept
    }
}
