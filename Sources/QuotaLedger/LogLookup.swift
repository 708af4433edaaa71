// SPDX-License-Identifier: Apache-2.0

public import EntryLog
public import LedgerModel
public import StateStore

/// Says which entries of a log are wanted, so that the log need not be read for them.
///
/// It knows what lies in front of ``next``; from there on the log is to be read.
public struct LogLookup: Sendable {
    /// Finds the entries of the operations of an id: of one organisation, or of all.
    public typealias Search =
        @Sendable (OperationIdentifier, OrganisationIdentifier?) throws(LedgerError) ->
        [EntryNumber]

    /// The first entry that it knows nothing of.
    public let next: EntryNumber
    /// The entries in front of it from which parties, statuses, agreements, adoptions and proposals
    /// follow (``EntryLog/EntryKind/makesRegisters``).
    public let registers: EntryRanges
    private let search: Search

    /// Makes a lookup.
    init(next: EntryNumber, registers: EntryRanges, search: @escaping Search) {
        self.next = next
        self.registers = registers
        self.search = search
    }

    /// The entries in front of ``next`` of the operations of an id, in order.
    ///
    /// - Parameters:
    ///   - id: The operation's id.
    ///   - owner: Whose operation; `nil` for everybody's.
    /// - Returns: Their numbers, in order.
    /// - Throws: ``LedgerError/index(_:)`` if the index can not be read.
    public func entries(
        of id: OperationIdentifier,
        by owner: OrganisationIdentifier?
    ) throws(LedgerError) -> [EntryNumber] {
        try search(id, owner).filter { $0 < next }.sorted()
    }
}

extension LogLookup {
    /// What the newest snapshot of a log knows; `nil` if there is none that can be used.
    ///
    /// The state in the snapshot is not rebuilt: what is read are its bytes, and the runs of operations
    /// when something is looked for.
    ///
    /// - Parameters:
    ///   - log: The log; it may be open for reading only.
    ///   - snapshots: Where the ledger's snapshots are kept.
    ///   - operations: Where the operations are kept on which a snapshot rests, if anywhere.
    public init?(
        _ log: any EntryLog,
        snapshots: any SnapshotStore,
        operations: OperationStorage?
    ) {
        // Whatever is wrong with what is derived, the log has it all.
        guard
            let lookup = try? Self.make(log, snapshots: snapshots, operations: operations)
        else { return nil }
        self = lookup
    }

    private static func make(
        _ log: any EntryLog,
        snapshots: any SnapshotStore,
        operations: OperationStorage?
    ) throws -> LogLookup? {
        guard let stored = try snapshots.newest() else { return nil }
        let snapshot = try StateSnapshot(stored.bytes)
        try LedgerCore.checkPosition(snapshot.position, in: log)
        let guide = try snapshot.guide()
        let loaded = try operations.flatMap { try LoadedRuns($0.store, onDemand: true) }
        let saved = try snapshot.operations(loaded: loaded)
        let next = EntryNumber(rawValue: snapshot.position.next)
        try saved.checkWholeness(next: next.rawValue)
        return LogLookup(next: next, registers: guide.registers) {
            id,
            owner throws(LedgerError) in
            try saved.find(id, of: owner.map { [$0] } ?? guide.organisations)
        }
    }
}

extension SavedOperations {
    /// Checks that runs and memory hold together what the snapshot says, where that can be told.
    func checkWholeness(next: UInt64) throws(SnapshotFault) {
        // Runs that know more are judged by whoever reads the log that far.
        guard runs.end <= next else { return }
        var sum = runs.totals
        for operation in inMemory where operation.number.rawValue >= runs.end { sum.add(operation) }
        guard sum == totals else {
            throw SnapshotFault("the runs of operations are not those that it rests on")
        }
    }

    /// The entries of the operations of an id of some organisations.
    func find(
        _ id: OperationIdentifier,
        of organisations: [OrganisationIdentifier]
    ) throws(LedgerError) -> [EntryNumber] {
        let hasher = OperationHasher(key: key)
        let names = Set(organisations.map { hasher.name($0, id) })
        var found: [EntryNumber] = []
        for operation in inMemory where operation.number.rawValue >= runs.end {
            if names.contains(operation.name) { found.append(operation.number) }
        }
        do throws(StateStoreError) {
            for name in names {
                if let operation = try runs.find(name) { found.append(operation.number) }
            }
        } catch {
            throw .index(error)
        }
        return found
    }
}

extension Ledger {
    /// Which entries of the log are wanted, as far as decided.
    ///
    /// It is asked between two batches, and blocks until then, as every search of it does.
    public var lookup: LogLookup {
        let (next, guide) = inquire { ($0.next, $0.state.guide) }
        return LogLookup(next: next, registers: guide.registers) {
            [self]
            id,
            owner throws(LedgerError) in
            let owners = owner.map { [$0] } ?? guide.organisations
            return try inquire { core in
                Result { () throws(LedgerError) in
                    var found: [EntryNumber] = []
                    for owner in owners {
                        if let number = try core.number(of: id, by: owner) { found.append(number) }
                    }
                    return found
                }
            }.get()
        }
    }
}
