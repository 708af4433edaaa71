// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel
import QuotaLedger

extension OpenLog {
    /// The first entry that is later than a time, or, if none is, the number of the next one.
    ///
    /// Ledger time never runs backwards: O(log of the number of entries) batches are read.
    func firstEntry(after time: LedgerTime) throws(EntryLogError) -> EntryNumber {
        var low: UInt64 = 0
        var high = try log.head().next
        while low < high {
            let middle = low + (high - low) / 2
            let number = EntryNumber(rawValue: middle)
            // An entry below the head is there.
            if let entry = try log.entry(number), entry.time <= time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return EntryNumber(rawValue: low)
    }

    /// Which orders granted holds.
    ///
    /// Reads a batch for each.
    func orders(
        of holds: [OpenHold]
    ) throws(EntryLogError) -> [EntryNumber: OperationReference] {
        var orders: [EntryNumber: OperationReference] = [:]
        for hold in holds {
            guard let entry = try log.entry(hold.entry), case .operation(let record) = entry.content
            else { continue }
            orders[hold.entry] = OperationReference(
                organisation: entry.actor.organisation,
                id: record.id
            )
        }
        return orders
    }

    /// The entries of the operations of an id: of one organisation, or of all.
    ///
    /// Reads the log, to its end unless the organisation is given.
    func entries(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier? = nil
    ) throws(EntryLogError) -> [Entry] {
        var found: [Entry] = []
        try forEachEntry { entry throws(EntryLogError) in
            guard case .operation(let record) = entry.content, record.id == id,
                owner == nil || owner == entry.actor.organisation
            else { return .next }
            found.append(entry)
            return owner == nil ? .next : .stop
        }
        return found
    }

    /// The one entry that an id means: that of its organisation, or the only one of that id.
    func entry(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier?,
        option: String
    ) throws -> Entry {
        let found = try entries(of: id, by: owner)
        guard let first = found.first else {
            throw Rejection(
                .unknownReference,
                field: "id",
                found: id.text,
                expected: "the id of an operation in the log"
                    + (owner.map { " by \($0)" } ?? "") + ": see 'headroom log'"
            )
        }
        guard found.count == 1 else {
            let owners = found.map(\.actor.organisation.text).joined(separator: ", ")
            throw OptionValues.malformed(
                option,
                "",
                "whose operation \(id) is meant, one of \(owners)"
            )
        }
        return first
    }
}
