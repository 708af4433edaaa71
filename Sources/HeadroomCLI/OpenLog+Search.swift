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

    /// Which orders granted holds, which are in order of their grants.
    ///
    /// Reads each batch once in which there are any.
    func orders(
        of holds: [OpenHold]
    ) throws(EntryLogError) -> [EntryNumber: OperationReference] {
        var orders: [EntryNumber: OperationReference] = [:]
        var wanted = holds.map(\.entry)[...]
        while let first = wanted.first {
            try log.read(from: first) { _, batch throws(EntryLogError) in
                try BatchReader.forEachEntry(in: batch) { number, bytes throws(EntryLogError) in
                    guard number == wanted.first else { return .next }
                    wanted.removeFirst()
                    orders[number] = try Self.order(in: EntryCodec.decode(bytes))
                    return wanted.isEmpty ? .stop : .next
                }
                return .stop
            }
            // One that is not in the log would be looked for again.
            if wanted.first == first { wanted.removeFirst() }
        }
        return orders
    }

    /// The operation that an entry is, with whose it is.
    private static func order(in entry: Entry) -> OperationReference? {
        guard case .operation(let record) = entry.content else { return nil }
        return OperationReference(organisation: entry.actor.organisation, id: record.id)
    }

    /// The entries of the operations of an id: of one organisation, or of all.
    ///
    /// Of one organisation's the index tells; of all, the log is read to its end.
    func entries(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier? = nil
    ) throws -> [Entry] {
        if let owner, let number {
            return try number(owner, id).flatMap { try log.entry($0) }.map { [$0] } ?? []
        }
        var found: [Entry] = []
        try forEachEntry(
            where: { _, bytes throws(EntryLogError) in try EntryCodec.isOperation(bytes, of: id) }
        ) { entry throws(EntryLogError) in
            guard owner == nil || owner == entry.actor.organisation else { return .next }
            found.append(entry)
            return owner == nil ? .next : .stop
        }
        return found
    }

    /// The ids of the newest operations: among them may be the one that was meant.
    func newestIdentifiers() throws(EntryLogError) -> [String] {
        let next = try log.head().next
        let first = EntryNumber(rawValue: next - min(next, 50_000))
        var identifiers: [String] = []
        try forEachEntry(from: first, where: { kind, _ in !kind.isEvent }) { entry in
            if case .operation(let record) = entry.content { identifiers.append(record.id.text) }
            return .next
        }
        return identifiers
    }

    /// The one entry that an id means: that of its organisation, or the only one of that id.
    func entry(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier?,
        option: String
    ) throws -> Entry {
        let found = try entries(of: id, by: owner)
        guard let first = found.first else {
            let rejection = Rejection(
                .unknownReference,
                field: "id",
                found: id.text,
                expected: "the id of an operation in the log"
                    + (owner.map { " by \($0)" } ?? "") + ": see 'headroom log'"
            )
            throw Suggestions.completed(rejection, names: try newestIdentifiers())
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

extension EntryKind {
    /// Whether it is an event, which nobody asked for.
    fileprivate var isEvent: Bool {
        switch self {
        case .expiry, .breach, .cure, .threshold: true
        default: false
        }
    }
}
