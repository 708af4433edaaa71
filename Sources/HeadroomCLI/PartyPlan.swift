// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// Which of a file's parties have to be recorded, and under which ids.
struct PartyPlan {
    /// A party that is new, or whose record changes.
    struct Step {
        var line: Int
        var operation: Operation
        var isChange: Bool
    }

    private(set) var steps: [Step] = []
    /// How many parties are recorded as they are already.
    private(set) var unchangedCount = 0

    init(
        _ rows: [PartyFile.Row],
        _ registers: LedgerRegisters,
        as actor: Actor,
        at time: LedgerTime?
    ) throws(Rejection) {
        var planned: [PartyIdentifier: PartyRecord] = [:]
        for row in rows {
            let recorded = registers.parties[row.party.id]
            if let earlier = planned[row.party.id], earlier != row.party {
                throw Rejection(
                    .malformedField,
                    field: "id",
                    found: row.party.id.text,
                    expected: "one record a party; line \(row.line) differs from an earlier one"
                )
            }
            let present = planned[row.party.id] ?? recorded?.record
            guard present != row.party else {
                unchangedCount += 1
                continue
            }
            planned[row.party.id] = row.party
            let operation = Operation(
                id: try Self.identifier(row, after: recorded?.entry),
                actor: actor,
                time: time,
                action: .party(row.party)
            )
            steps.append(
                Step(line: row.line, operation: operation, isChange: present != nil)
            )
        }
    }

    /// An id that follows from the record and from what it replaces: an import that was interrupted
    /// comes to the same ids, and a record that is changed and changed back to new ones.
    private static func identifier(
        _ row: PartyFile.Row,
        after entry: EntryNumber?
    ) throws(Rejection) -> OperationIdentifier {
        let party = row.party
        let fields = [
            party.id.text, party.name, party.site.description, party.headquarters.description,
            party.parent?.text ?? "", entry?.description ?? "", "\(row.line)",
        ]
        // FNV-1a, 64 bits.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in fields.joined(separator: "\u{0}").utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return try OptionValues.identifier("party-" + hexadecimal(hash), "id")
    }
}
