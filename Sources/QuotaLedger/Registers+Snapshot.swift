// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension PartyRegister {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: parties.count)
        for party in parties {
            writer.append(bytes: party.record.id.text.utf8)
            writer.append(bytes: party.record.name.utf8)
            writer.append(party.record.site)
            writer.append(party.record.headquarters)
            writer.append(party.isBlocked)
            writer.append(party.record.parent != nil)
            if let parent = party.record.parent { writer.append(bytes: parent.text.utf8) }
        }
    }
}

extension StatusRegister {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: statuses.count)
        for status in statuses {
            writer.append(status.entry)
            writer.append(UInt64(status.party.rawValue))
            writer.append(status.grant.kind != .universal)
            if case .national(let country) = status.grant.kind { writer.append(country) }
            writer.append(status.grant.dates)
            writer.append(status.isSuspended)
            writer.append(status.isRevoked)
        }
        writer.append(count: attestedDates.count)
        let byParty = attestedDates.sorted { $0.key.rawValue < $1.key.rawValue }
        for (party, ranges) in byParty {
            writer.append(UInt64(party.rawValue))
            writer.append(count: ranges.count)
            for range in ranges { writer.append(range) }
        }
    }
}

extension AgreementRegister {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: agreements.count)
        for agreement in agreements {
            writer.append(agreement.entry)
            writer.append(agreement.country)
            writer.append(agreement.from)
            writer.append(agreement.until)
        }
    }
}

extension HoldRegister {
    /// How many words a hold has in a snapshot.
    static let snapshotWordCount = 5

    func write(to writer: inout SnapshotWriter, owners: [UInt32?]) {
        writer.append(count: holds.count)
        for hold in holds {
            guard let owner = owners[Int(hold.account.rawValue)] else {
                preconditionFailure("the account of a hold must have an owner")
            }
            writer.append(hold.number)
            writer.append(hold.amount)
            writer.append(hold.deadline?.millisecondsSince1970 ?? -1)
            writer.append(UInt64(hold.party.rawValue) | UInt64(owner) << 32)
            writer.append(
                UInt64(hold.day.daysSince1970) | UInt64(hold.country.rawValue) << 32
                    | UInt64(hold.mechanism.rawValue) << 48 | (hold.isOpen ? 1 << 56 : 0)
            )
        }
    }
}

extension InstalledBase {
    func write(to writer: inout SnapshotWriter) {
        writer.append(latestAttestedDay)
        writer.append(count: movesByCountry.count)
        for (country, moves) in movesByCountry.sorted(by: { $0.key < $1.key }) {
            writer.append(country)
            writer.append(count: moves.count)
            for move in moves {
                writer.append(move.day)
                writer.append(move.entry)
                writer.append(move.change)
            }
        }
    }
}

extension DayTotals {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: totals.count)
        for total in totals {
            writer.append(total.day)
            writer.append(total.amount)
        }
    }
}

extension DecisionTallies {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: grants.count)
        for (mechanism, tally) in grants.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.append(UInt64(mechanism.rawValue))
            tally.write(to: &writer)
        }
        writer.append(count: refusals.count)
        for (key, tally) in refusals.sorted(by: { $0.key < $1.key }) {
            writer.append(UInt64(key.mechanism.rawValue))
            writer.append(UInt64(key.refusal.rawValue))
            tally.write(to: &writer)
        }
        expiries.write(to: &writer)
    }
}

extension Tally {
    fileprivate func write(to writer: inout SnapshotWriter) {
        writer.append(count)
        writer.append(asked.rawValue)
    }
}

extension OperationIndex {
    /// Writes what all operations are together: the same wherever they are kept.
    func writeTotals(to writer: inout SnapshotWriter) {
        writer.append(key.first)
        writer.append(key.second)
        writer.append(totals.count)
        writer.append(totals.digest)
    }

    /// Writes the operations that no run holds.
    func writeInMemory(to writer: inout SnapshotWriter) {
        let operations = inMemory
        writer.append(runs.end)
        writer.append(count: operations.count)
        for operation in operations {
            writer.append(operation.mark)
            writer.append(operation.name)
            writer.append(operation.content)
        }
    }
}
