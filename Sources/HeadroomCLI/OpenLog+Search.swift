// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerModel

extension OpenLog {
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

    /// The ids of the newest operations: among them may be the one that was meant.
    func newestIdentifiers() throws(EntryLogError) -> [String] {
        let next = try log.head().next
        let first = EntryNumber(rawValue: next - min(next, 50_000))
        var identifiers: [String] = []
        try forEachEntry(from: first) { entry in
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
