// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel

extension StateRestoring {
    mutating func partyRegister() throws(SnapshotFault) -> PartyRegister {
        var records: [(record: PartyRecord, isBlocked: Bool)] = []
        for _ in 0..<(try reader.count(wordsEach: 6)) {
            let id: PartyIdentifier = try reader.identifier()
            var record = PartyRecord(
                id: id,
                name: try reader.text(),
                site: try reader.country(),
                headquarters: try reader.country()
            )
            let isBlocked = try reader.bool()
            if try reader.bool() { record.parent = try reader.identifier() }
            records.append((record, isBlocked))
        }
        guard records.count <= Int(UInt32.max), let register = PartyRegister(restoring: records)
        else { throw SnapshotFault("the parties are not those of a ledger") }
        return register
    }

    mutating func statusRegister() throws(SnapshotFault) -> StatusRegister {
        var register = StatusRegister()
        for _ in 0..<(try reader.count(wordsEach: 7)) {
            let entry = try reader.entry(below: next)
            let party = try party()
            let kind: StatusKind =
                try reader.bool() ? .national(try reader.country()) : .universal
            let grant = StatusGrant(
                kind: kind,
                party: parties.identifier(of: party),
                dates: try reader.range()
            )
            let status = StatusState(
                entry: entry,
                grant: grant,
                party: party,
                isSuspended: try reader.bool(),
                isRevoked: try reader.bool()
            )
            guard register.state(grantedBy: entry) == nil else {
                throw SnapshotFault("a status is there twice")
            }
            register.add(status)
        }
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            let party = try party()
            for _ in 0..<(try reader.count(wordsEach: 2)) {
                register.attest(try reader.range(), party: party)
            }
        }
        return register
    }

    mutating func agreementRegister() throws(SnapshotFault) -> AgreementRegister {
        var register = AgreementRegister()
        for _ in 0..<(try reader.count(wordsEach: 4)) {
            let agreement = AgreementState(
                entry: try reader.entry(below: next),
                country: try reader.country(),
                from: try reader.day(),
                until: try reader.optionalDay()
            )
            guard register.state(signedBy: agreement.entry) == nil else {
                throw SnapshotFault("an agreement is there twice")
            }
            register.add(agreement)
        }
        return register
    }

    mutating func holds() throws(SnapshotFault) -> [Hold] {
        let count = try reader.count(wordsEach: HoldRegister.snapshotWordCount)
        guard count <= Int(Int32.max) else { throw SnapshotFault("there are too many holds") }
        var holds: [Hold] = []
        holds.reserveCapacity(count)
        for _ in 0..<count {
            let hold = try hold()
            try checkOrder(holds.last?.number, hold.number)
            holds.append(hold)
        }
        return holds
    }

    private mutating func hold() throws(SnapshotFault) -> Hold {
        let number = try reader.entry(below: next)
        let open = try reader.amount(upTo: TPP.maximumAmount.rawValue)
        let shipped = try reader.amount(upTo: TPP.maximumAmount.rawValue)
        let returned = try reader.amount(upTo: shipped)
        let retired = try reader.amount(upTo: shipped - returned)
        let status = EntryNumber(rawValue: try reader.word())
        guard status == Hold.noStatus || status.rawValue < next else {
            throw SnapshotFault("the status of hold \(number) can not be")
        }
        let milliseconds = Int64(bitPattern: try reader.word())
        let deadline = LedgerTime(millisecondsSince1970: milliseconds)
        guard deadline != nil || milliseconds == -1 else {
            throw SnapshotFault("a deadline is out of range")
        }
        let names = try reader.word()
        let word = try reader.word()
        let partyCount = UInt64(parties.parties.count)
        let (party, owner) = (names & 0xffff_ffff, names >> 32)
        guard party < partyCount, owner < partyCount,
            let mechanism = MechanismKind(rawValue: UInt8(truncatingIfNeeded: word >> 48)),
            mechanism != .concern, mechanism != .prohibited, word >> 57 == 0
        else { throw SnapshotFault("hold \(number) can not be") }
        let hold = Hold(
            number: number,
            open: open,
            shipped: shipped,
            returned: returned,
            retired: retired,
            status: status,
            deadline: deadline,
            mechanism: mechanism,
            isOpen: word >> 56 & 1 == 1,
            country: try SnapshotReader.country(word >> 32 & 0xffff),
            day: try SnapshotReader.day(word & 0xffff_ffff),
            party: PartyIndex(rawValue: UInt32(party)),
            account: try account(of: PartyIndex(rawValue: UInt32(owner)))
        )
        guard hold.isOpen ? true : hold.open == 0 && hold.out > 0 else {
            throw SnapshotFault("hold \(number) can not be")
        }
        return hold
    }

    mutating func installedBase() throws(SnapshotFault) -> InstalledBase {
        let latest = try reader.optionalDay()
        var movesByCountry: [CountryCode: [InstalledBase.Move]] = [:]
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            let country = try reader.country()
            var moves: [InstalledBase.Move] = []
            for _ in 0..<(try reader.count(wordsEach: 3)) {
                let move = InstalledBase.Move(
                    day: try reader.day(),
                    entry: try reader.entry(below: next),
                    change: Int64(bitPattern: try reader.word())
                )
                if let last = moves.last, (last.day, last.entry) >= (move.day, move.entry) {
                    throw SnapshotFault("what is installed is out of order")
                }
                guard -bound...bound ~= move.change else {
                    throw SnapshotFault("more is installed than was attested")
                }
                moves.append(move)
            }
            guard movesByCountry.updateValue(moves, forKey: country) == nil else {
                throw SnapshotFault("a country is there twice")
            }
        }
        return InstalledBase(restoring: movesByCountry, latestAttestedDay: latest)
    }

    mutating func dayTotals() throws(SnapshotFault) -> DayTotals {
        var totals: [DayTotals.Total] = []
        for _ in 0..<(try reader.count(wordsEach: 4)) {
            let day = try reader.day()
            let amount = try reader.amount(upTo: bound)
            let returned = try reader.amount(upTo: amount)
            let total = DayTotals.Total(
                day: day,
                amount: amount,
                returned: returned,
                retired: try reader.amount(upTo: amount - returned)
            )
            if let last = totals.last, last.day >= total.day {
                throw SnapshotFault("charges are out of order")
            }
            totals.append(total)
        }
        return DayTotals(restoring: totals)
    }

    mutating func tallies() throws(SnapshotFault) -> DecisionTallies {
        var tallies = DecisionTallies()
        for _ in 0..<(try reader.count(wordsEach: 3)) {
            let mechanism = try mechanism()
            guard tallies.grants.updateValue(try tally(), forKey: mechanism) == nil else {
                throw SnapshotFault("a tally is there twice")
            }
        }
        for _ in 0..<(try reader.count(wordsEach: 4)) {
            let mechanism = try mechanism()
            guard let refusal = Refusal(rawValue: UInt16(clamping: try reader.word())) else {
                throw SnapshotFault("a refusal is none")
            }
            let key = RefusalKey(mechanism: mechanism, refusal: refusal)
            guard tallies.refusals.updateValue(try tally(), forKey: key) == nil else {
                throw SnapshotFault("a tally is there twice")
            }
        }
        tallies.expiries = try tally()
        tallies.releases = try tally()
        tallies.revocations = try tally()
        tallies.finals = try tally()
        tallies.shipments = try tally()
        tallies.returns = try tally()
        tallies.retirements = try tally()
        return tallies
    }

    private mutating func mechanism() throws(SnapshotFault) -> MechanismKind {
        guard let mechanism = MechanismKind(rawValue: UInt8(clamping: try reader.word())) else {
            throw SnapshotFault("a mechanism is none")
        }
        return mechanism
    }

    private mutating func tally() throws(SnapshotFault) -> Tally {
        var tally = Tally()
        tally.count = Int64(clamping: try reader.word())
        guard tally.count <= Int64(clamping: next) else {
            throw SnapshotFault("more was decided than there are entries")
        }
        tally.asked = TPP(rawValue: try reader.amount(upTo: .max))
        return tally
    }

    mutating func operationIndex() throws(SnapshotFault) -> OperationIndex {
        let saved = try savedOperations()
        return try OperationIndex(
            restoring: saved.key,
            totals: saved.totals,
            lastingDigest: saved.lastingDigest,
            end: next,
            inMemory: saved.inMemory,
            closedTexts: saved.closedTexts,
            runs: saved.runs,
            isForFewLookups: loaded?.isOnDemand ?? false
        )
    }

    mutating func savedOperations() throws(SnapshotFault) -> SavedOperations {
        let key = HashKey(first: try reader.word(), second: try reader.word())
        let count = try reader.word()
        let lastingDigest = try reader.word()
        let totals = OperationTotals(count: count, digest: try reader.word())
        let start = try reader.word()
        let runs = try checkedRuns(key: key, end: start)
        let inMemoryCount = try reader.count(wordsEach: IndexedOperation.wordCount)
        var inMemory: [IndexedOperation] = []
        inMemory.reserveCapacity(inMemoryCount)
        for _ in 0..<inMemoryCount {
            let mark = try reader.word()
            let operation = IndexedOperation(
                name: try reader.hash128(),
                content: try reader.hash128(),
                checking: mark
            )
            guard let operation, (start..<next).contains(operation.number.rawValue) else {
                throw SnapshotFault("an operation is none, or is none of those in memory")
            }
            try checkOrder(inMemory.last?.number, operation.number)
            inMemory.append(operation)
        }
        var closedTexts: [EntryNumber: LedgerHash] = [:]
        for _ in 0..<(try reader.count(wordsEach: OperationIndex.closedTextWordCount)) {
            let entry = try reader.entry(below: next)
            guard closedTexts.updateValue(try reader.ledgerHash(), forKey: entry) == nil else {
                throw SnapshotFault("a text that was taken out is there twice")
            }
        }
        return SavedOperations(
            key: key,
            totals: totals,
            lastingDigest: lastingDigest,
            inMemory: inMemory,
            closedTexts: closedTexts,
            runs: runs
        )
    }

    /// The runs that are at hand, if they are those that the snapshot rests on.
    private func checkedRuns(
        key: HashKey,
        end: UInt64
    ) throws(SnapshotFault) -> OperationRunSet {
        guard end <= next else { throw SnapshotFault("it names an entry behind its end") }
        // Without runs at hand a snapshot that rests on none will do.
        guard let loaded, loaded.key == key, loaded.runs.end >= end else {
            guard end == 0 else {
                throw SnapshotFault("the runs of operations that it rests on are missing")
            }
            return OperationRunSet()
        }
        return loaded.runs
    }

    private func checkOrder(
        _ last: EntryNumber?,
        _ number: EntryNumber
    ) throws(SnapshotFault) {
        if let last, last >= number { throw SnapshotFault("entry \(number) is out of order") }
    }
}

/// What a snapshot says of operations, and the runs that it rests on.
struct SavedOperations: Sendable {
    /// The key of the hashes.
    var key: HashKey
    /// Of all operations, wherever they are.
    var totals: OperationTotals
    /// The sum of their digests, without the contents of those with a free text.
    var lastingDigest: UInt64
    /// Those that were in memory, in order of their entries.
    var inMemory: [IndexedOperation]
    /// What stands in the place of texts that were taken out, by entry.
    var closedTexts: [EntryNumber: LedgerHash]
    /// The runs as they are now; they may know more.
    var runs: OperationRunSet
}
