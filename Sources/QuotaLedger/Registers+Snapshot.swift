// SPDX-License-Identifier: Apache-2.0

import EntryLog
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

extension ProposalRegister {
    func write(to writer: inout SnapshotWriter) {
        writer.append(count: proposals.count)
        for (entry, proposal) in proposals.sorted(by: { $0.key < $1.key }) {
            writer.append(entry)
            writer.append(bytes: proposal.proposer.organisation.text.utf8)
            writer.append(bytes: proposal.proposer.person.text.utf8)
            writer.append(UInt64(proposal.proposer.role.rawValue))
            writer.append(UInt64(proposal.kind.rawValue))
            // What was recorded once can be written again.
            let action = proposal.action.flatMap { try? ActionCodec.contentBytes(of: $0) }
            writer.append(bytes: action ?? [])
        }
    }
}

extension HoldRegister {
    /// How many words a hold has in a snapshot.
    static let snapshotWordCount = 9

    func write(to writer: inout SnapshotWriter, parties: PartyRegister) {
        writer.append(count: count)
        for hold in inOrder {
            let owner = parties.owner(of: parties.root(of: hold.account))
            writer.append(hold.number)
            writer.append(hold.open)
            writer.append(hold.shipped)
            writer.append(hold.returned)
            writer.append(hold.retired)
            writer.append(hold.status)
            writer.append(hold.deadline?.millisecondsSince1970 ?? -1)
            writer.append(UInt64(hold.party.rawValue) | UInt64(owner.rawValue) << 32)
            var word = UInt64(hold.day.daysSince1970)
            word |= UInt64(hold.country.rawValue) << 32
            word |= UInt64(hold.mechanism.rawValue) << 48
            word |= hold.isOpen ? 1 << 56 : 0
            writer.append(word)
        }
    }
}

extension LimitWatch {
    /// Writes what was found at the last look; what is watched follows from the rest.
    func write(to writer: inout SnapshotWriter, parties: PartyRegister) {
        writer.append(day)
        let words = states.map { key, state in
            key.snapshotWords(parties) + [state.isInBreach ? 1 : 0, UInt64(state.percent)]
        }
        writer.append(count: words.count)
        for word in words.sorted(by: { $0.lexicographicallyPrecedes($1) }).joined() {
            writer.append(word)
        }
    }
}

extension WatchKey {
    /// How many words a key has in a snapshot.
    static let snapshotWordCount = 3

    /// The kind, the party that the limit is of or hangs on, and the country or year.
    fileprivate func snapshotWords(_ parties: PartyRegister) -> [UInt64] {
        func owner(_ account: AccountIndex) -> UInt64 {
            UInt64(parties.owner(of: account).rawValue)
        }
        return switch self {
        case .country(let country): [0, 0, UInt64(country.rawValue)]
        case .national(let key):
            [1, UInt64(key.party.rawValue), UInt64(key.country.rawValue)]
        case .smallOrder(let account, let year):
            [2, owner(account), UInt64(clamping: year)]
        case .countryShare(let account, let country):
            [3, owner(account), UInt64(country.rawValue)]
        case .outsideShare(let account): [4, owner(account), 0]
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
            writer.append(total.returned)
            writer.append(total.retired)
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
        for tally in [
            expiries, releases, revocations, finals, shipments, returns, retirements,
        ] {
            tally.write(to: &writer)
        }
    }
}

extension Tally {
    fileprivate func write(to writer: inout SnapshotWriter) {
        writer.append(count)
        writer.append(asked.rawValue)
    }
}

extension OperationIndex {
    /// Writes what all operations are together: the same wherever they are kept, and whether or not
    /// texts were taken out of the log before they were read.
    func writeTotals(to writer: inout SnapshotWriter) {
        writer.append(key.first)
        writer.append(key.second)
        writer.append(totals.count)
        writer.append(lastingDigest)
    }

    /// How many words the totals and the operations in memory have together.
    var snapshotWordCount: Int {
        8 + inMemoryCount * IndexedOperation.wordCount
            + closedTexts.count * OperationIndex.closedTextWordCount
    }

    /// How many words a snapshot has for a text that was taken out: its entry, and a hash with its
    /// length.
    static let closedTextWordCount = 6

    /// Writes the operations that no run holds.
    func writeInMemory(to writer: inout SnapshotWriter) {
        let operations = inMemory
        writer.append(totals.digest)
        writer.append(runs.end)
        writer.append(count: operations.count)
        for operation in operations {
            writer.append(operation.mark)
            writer.append(operation.name)
            writer.append(operation.content)
        }
        writer.append(count: closedTexts.count)
        for (entry, hash) in closedTexts.sorted(by: { $0.key < $1.key }) {
            writer.append(entry)
            writer.append(hash)
        }
    }
}
