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
    /// What lies in front of the newest snapshot the index of operations tells; only what is newer
    /// is read, or the whole log where there is no snapshot.
    func entries(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier? = nil
    ) throws -> [Entry] {
        var found: [Entry] = []
        var next = EntryNumber(rawValue: 0)
        if let lookup = lookup?() {
            // A writer may have put other runs in the place of those that are searched.
            let numbers = try? lookup.entries(of: id, by: owner)
            let known = try (numbers ?? []).compactMap { try log.entry($0) }
            // What is derived is believed only where the log agrees.
            if known.count == numbers?.count, known.allSatisfy({ $0.isOperation(id, of: owner) }) {
                found = known
                next = lookup.next
            }
            // An id is used once by each organisation.
            if owner != nil, !found.isEmpty { return found }
        }
        try forEachEntry(
            from: next,
            where: { _, bytes throws(EntryLogError) in try EntryCodec.isOperation(bytes, of: id) }
        ) { entry throws(EntryLogError) in
            guard owner == nil || owner == entry.actor.organisation else { return .next }
            found.append(entry)
            return owner == nil ? .next : .stop
        }
        return found
    }

    /// Gives every entry from which parties, statuses, agreements, adoptions or proposals follow to
    /// `body`, in order.
    ///
    /// Where the newest snapshot says where they are, no other batches are read than those, and what
    /// is newer; else the headers of the whole log.
    func forEachRegisterEntry(_ body: (Entry) -> Void) throws(EntryLogError) {
        let lookup = lookup?()
        try forEachEntry(in: lookup?.registers.ranges ?? [], body)
        try forEachEntry(
            from: lookup?.next ?? EntryNumber(rawValue: 0),
            where: { kind, _ in kind.makesRegisters }
        ) { entry throws(EntryLogError) in
            body(entry)
            return .next
        }
    }

    /// Gives every entry behind a reservation that changes its hold, or tried to, to `body`, in order,
    /// and perhaps some that do not.
    ///
    /// Where the trail tells which stretches of the log have none, only the others are read, and what
    /// is newer; else all of it from the reservation on.
    func forEachEntry(
        about hold: EntryNumber,
        _ body: (Entry) -> Void
    ) throws(EntryLogError) {
        func isWanted(_ bytes: RawSpan) throws(EntryLogError) -> Bool {
            try EntryCodec.mayConcern(bytes, hold: hold)
        }
        var next = hold.rawValue + 1
        if let trail = trail?(), let stretches = try? trail.stretches(about: hold) {
            let wanted = stretches.filter { $0.upperBound > next }.map { stretch in
                max(stretch.lowerBound, next)..<stretch.upperBound
            }
            try forEachEntry(in: wanted, where: isWanted, body)
            next = max(next, trail.next.rawValue)
        }
        try forEachEntry(
            from: EntryNumber(rawValue: next),
            where: { _, bytes throws(EntryLogError) in try isWanted(bytes) }
        ) { entry throws(EntryLogError) in
            body(entry)
            return .next
        }
    }

    /// Gives the entries of some ranges, which are in order, to `body`; each batch is read once.
    ///
    /// Those that are not wanted, as their bytes tell, are not decoded.
    private func forEachEntry(
        in ranges: [Range<UInt64>],
        where isWanted: (RawSpan) throws(EntryLogError) -> Bool = { _ in true },
        _ body: (Entry) -> Void
    ) throws(EntryLogError) {
        var rest = ranges[...]
        while let first = rest.first {
            try log.read(from: EntryNumber(rawValue: first.lowerBound)) {
                header,
                batch throws(EntryLogError) in
                try BatchReader.forEachEntry(in: batch) { number, bytes throws(EntryLogError) in
                    while let range = rest.first, range.upperBound <= number.rawValue {
                        rest.removeFirst()
                    }
                    guard let range = rest.first else { return .stop }
                    if range.contains(number.rawValue), try isWanted(bytes) {
                        body(try EntryCodec.decode(bytes))
                    }
                    return .next
                }
                while let range = rest.first, range.upperBound <= header.next {
                    rest.removeFirst()
                }
                // Reading on is worth it only where the next batch is wanted too.
                guard let range = rest.first else { return .stop }
                return range.lowerBound <= header.next ? .next : .stop
            }
            guard rest.first != first else {
                throw .corrupt(
                    at: .entry(EntryNumber(rawValue: first.lowerBound)),
                    what: "it is missing"
                )
            }
        }
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

extension Entry {
    /// Whether it is the operation of an id, of one organisation or of any.
    fileprivate func isOperation(
        _ id: OperationIdentifier,
        of owner: OrganisationIdentifier?
    ) -> Bool {
        guard case .operation(let record) = content else { return false }
        return record.id == id && (owner.map { $0 == actor.organisation } ?? true)
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
