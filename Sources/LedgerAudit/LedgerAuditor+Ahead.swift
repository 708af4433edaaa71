// SPDX-License-Identifier: Apache-2.0

import LedgerModel

// Judging waits for memory more than it works: the slot of an operation's name, the party, its
// account and what hangs on it are each in another place, and none is in the cache. So the places of
// the next entries are read in one go, where these reads wait together and not one after the other.

extension LedgerAuditor {
    /// How many entries are looked ahead: enough to wait together, too few to fill the cache.
    private static var aheadCount: Int { 16 }

    /// Judges all entries of a part of a batch.
    mutating func judge(_ part: VerifiedBatch.Part, epoch: UInt64) throws(AuditError) {
        var ahead = ContiguousArray<EntryNames>()
        ahead.reserveCapacity(Self.aheadCount)
        var first = 0
        while first < part.entries.count {
            let end = min(first + Self.aheadCount, part.entries.count)
            ahead.removeAll(keepingCapacity: true)
            ahead.append(contentsOf: part.names[first..<end])
            lookAhead(&ahead)
            for index in first..<end {
                try judge(part.entries[index], ahead[index - first], epoch)
            }
            first = end
        }
    }

    /// Looks for the parties of reservations, and reads what judging them will read.
    private mutating func lookAhead(_ ahead: inout ContiguousArray<EntryNames>) {
        var glanced = self.glanced
        for index in ahead.indices {
            glanced &+= books.operations.glance(at: ahead[index].operation)
            guard ahead[index].consignee != 0 else { continue }
            ahead[index].party = books.partyNames.candidate(hashed: ahead[index].consignee)
                .map { PartyIndex($0) }
        }
        for index in ahead.indices {
            guard let party = ahead[index].party else { continue }
            glanced &+= books.glance(at: party)
        }
        self.glanced = glanced
    }
}

extension AuditBooks {
    /// Something of a party's account and of what hangs on it.
    fileprivate func glance(at party: PartyIndex) -> Int {
        let account = parties[Int(ultimateParent(of: party))].account
        guard account >= 0 else { return 0 }
        return accounts[Int(account)].holdings.count
            &+ accounts[Int(account)].smallOrders.days.count
    }
}
