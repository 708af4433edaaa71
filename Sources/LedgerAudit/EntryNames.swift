// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The names of an entry that the judge looks for, with their hashes, made by whoever decodes it.
struct EntryNames: Sendable {
    /// The hash of the operation's name; 0 of what is none.
    private(set) var operation: UInt64 = 0
    /// The party that a reservation is for.
    private(set) var consignee: PartyIdentifier?
    /// Its hash.
    private(set) var consigneeHash: UInt64 = 0
    /// Which party that is, once it was looked up and found.
    var party: PartyIndex?

    init(_ entry: Entry) {
        guard case .operation(let record) = entry.content else { return }
        operation = OperationKey.hash(
            record.id,
            of: NameHash.of(entry.actor.organisation)
        )
        guard case .reserve(let reservation) = record.action else { return }
        consignee = reservation.consignee
        consigneeHash = NameHash.of(reservation.consignee)
    }
}

/// Hashes of names: the same all through a process, and of no other.
enum NameHash {
    static func of(_ name: some LedgerIdentifier) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(name)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

extension OperationKey {
    /// The hash of an id among the operations of an organisation, which has a hash of its own.
    static func hash(_ id: OperationIdentifier, of organisation: UInt64) -> UInt64 {
        // Turned, as an id may be spelled like its organisation.
        NameHash.of(id) ^ (organisation << 32 | organisation >> 32)
    }
}
