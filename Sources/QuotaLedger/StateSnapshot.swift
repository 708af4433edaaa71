// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LedgerModel
import Rulebook

/// A snapshot whose bytes are whole and whose place in the log is known; its state is not read yet.
struct StateSnapshot {
    /// Where in the log it belongs.
    let position: LogPosition
    private let reader: SnapshotReader

    /// Checks the frame.
    init(_ bytes: [UInt8]) throws(SnapshotFault) {
        var reader = try SnapshotReader(bytes)
        guard try reader.word() == SnapshotFrame.magic else {
            throw SnapshotFault("it does not begin as a snapshot does")
        }
        let version = try reader.word()
        guard version == SnapshotFrame.formatVersion else {
            throw SnapshotFault(
                "it has format \(version), and this version reads \(SnapshotFrame.formatVersion)"
            )
        }
        let semantics = try reader.word()
        guard semantics == UInt64(Entry.semanticsVersion) else {
            throw SnapshotFault("it was made under version \(semantics) of the meaning")
        }
        position = LogPosition(
            next: try reader.word(),
            hash: ChainHash(try reader.ledgerHash()),
            root: try reader.ledgerHash()
        )
        self.reader = reader
    }

    /// Reads what leads through the log, and no more.
    func guide() throws(SnapshotFault) -> LogGuide {
        var reader = reader
        return try LogGuide(from: &reader, next: position.next)
    }

    /// Reads the operations that were in memory, and no more.
    ///
    /// - Parameter loaded: The runs of operations that are at hand.
    /// - Returns: The operations, and the runs that they rest on.
    /// - Throws: ``SnapshotFault`` if it can not be one, or rests on other runs.
    func operations(loaded: LoadedRuns?) throws(SnapshotFault) -> SavedOperations {
        var restoring = StateRestoring(reader: reader, next: position.next, loaded: loaded)
        try restoring.reader.skipToOperations()
        return try restoring.savedOperations()
    }

    /// Reads the state.
    ///
    /// - Parameter loaded: The runs of operations that are at hand.
    /// - Returns: The state.
    /// - Throws: ``SnapshotFault`` if it can not be one, or rests on other runs.
    func state(loaded: LoadedRuns?) throws(SnapshotFault) -> LedgerState {
        var restoring = StateRestoring(reader: reader, next: position.next, loaded: loaded)
        return try restoring.state()
    }
}

/// Reads a state and checks that it can be one: that no later operation on it can trap.
struct StateRestoring {
    var reader: SnapshotReader
    /// The first entry that the state does not take in.
    let next: UInt64
    /// The runs of operations that are at hand.
    let loaded: LoadedRuns?
    /// The most that any sum may reach.
    var bound: Int64 = 0
    var newestTime = LedgerTime.earliest
    var parties = PartyRegister(key: HashKey(first: 0, second: 0))

    init(reader: SnapshotReader, next: UInt64, loaded: LoadedRuns?) {
        self.reader = reader
        self.next = next
        self.loaded = loaded
    }

    mutating func state() throws(SnapshotFault) -> LedgerState {
        var state = LedgerState(key: HashKey(first: 0, second: 0))
        state.next = next
        state.guide = try LogGuide(from: &reader, next: next)
        newestTime = try reader.time()
        state.newestTime = newestTime
        bound = try reader.amount()
        state.bound = bound
        state.creation = try creation()
        try readFiles(into: &state)
        parties = try partyRegister()
        state.statuses = try statusRegister()
        state.agreements = try agreementRegister()
        state.proposals = try proposalRegister()
        state.retention = try retentionRegister()
        let holds = try holds()
        state.holds = HoldRegister(restoring: holds)
        for _ in 0..<(try reader.count(wordsEach: 3)) {
            let account = try account(of: try party())
            guard state.installed.updateValue(try installedBase(), forKey: account) == nil else {
                throw SnapshotFault("an installed base is there twice")
            }
        }
        try readCharges(into: &state)
        state.parties = parties
        try SnapshotAudit.checkCharges(of: state, holds)
        state.tallies = try tallies()
        let watch = try limitWatch()
        state.restore(watch)
        try SnapshotAudit.checkSums(of: state, holds)
        let before = reader.offset
        state.operations = try operationIndex()
        let operationsWordCount = reader.offset - before
        state.parties.useKey(state.operations.key)
        state.held = WordTable(seed: state.operations.key.second)
        for hold in holds where hold.open > 0 {
            state.held.add(
                hold.open,
                to: HeldKey(account: hold.account, country: hold.country).word
            )
        }
        guard try reader.word() == UInt64(operationsWordCount) else {
            throw SnapshotFault("its operations have another length than it says")
        }
        try reader.finish()
        return state
    }

    private mutating func readCharges(into state: inout LedgerState) throws(SnapshotFault) {
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            let account = try account(of: try party())
            guard state.smallOrders.updateValue(try dayTotals(), forKey: account) == nil else {
                throw SnapshotFault("charges are there twice")
            }
        }
        for _ in 0..<(try reader.count(wordsEach: 3)) {
            let key = NationalKey(party: try party(), country: try reader.country())
            guard state.nationals.updateValue(try dayTotals(), forKey: key) == nil else {
                throw SnapshotFault("charges are there twice")
            }
        }
        for _ in 0..<(try reader.count(wordsEach: 2)) {
            let country = try reader.country()
            guard state.countries.updateValue(try dayTotals(), forKey: country) == nil else {
                throw SnapshotFault("charges are there twice")
            }
        }
    }

    private mutating func creation() throws(SnapshotFault) -> LedgerCreation? {
        guard try reader.bool() else { return nil }
        let origin: OrganisationIdentifier = try reader.identifier()
        guard let mode = LedgerMode(rawValue: UInt8(clamping: try reader.word())),
            let disclosure = TotalsDisclosure(rawValue: UInt8(clamping: try reader.word()))
        else { throw SnapshotFault("the ledger's settings are none") }
        var permissions: [Role: Set<ActionKind>] = [:]
        for role in Role.allCases { permissions[role] = try kinds() }
        let policy = LedgerPolicy(permissions: permissions, twoPeople: try kinds())
        return LedgerCreation(
            origin: origin,
            mode: mode,
            disclosure: disclosure,
            policy: policy
        )
    }

    private mutating func kinds() throws(SnapshotFault) -> Set<ActionKind> {
        guard let kinds = Set(mask: try reader.word()) else {
            throw SnapshotFault("the ledger's policy is none")
        }
        return kinds
    }

    private mutating func readFiles(into state: inout LedgerState) throws(SnapshotFault) {
        var files: [[UInt8]] = []
        for _ in 0..<(try reader.count(wordsEach: 1)) { files.append(try reader.bytes()) }
        do {
            for _ in 0..<(try reader.count(wordsEach: 3)) {
                let entry = try reader.entry(below: next)
                let start = try reader.time()
                let file = files[try reader.position(below: files.count)]
                try state.rulebooks.adopt(file, at: start, entry: entry)
                guard state.rulebooks.adopted.last?.start == start else {
                    throw SnapshotFault("a rulebook is in force before its effective day")
                }
            }
            guard try reader.bool() else { return }
            let file = files[try reader.position(below: files.count)]
            state.devices = try DeviceCatalogue.load(bytes: file, fileName: "devices")
            state.deviceBytes = file
        } catch let fault as SnapshotFault {
            throw fault
        } catch {
            throw SnapshotFault("an adopted file can not be read: \(error)")
        }
    }

    /// A party by its position.
    mutating func party() throws(SnapshotFault) -> PartyIndex {
        PartyIndex(rawValue: UInt32(try reader.position(below: parties.parties.count)))
    }

    /// The account that hangs on an ultimate parent.
    mutating func account(of owner: PartyIndex) throws(SnapshotFault) -> AccountIndex {
        guard parties[owner].parent == nil else {
            throw SnapshotFault("an account hangs on a party that has a parent")
        }
        return parties.account(of: owner)
    }
}
