// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import Glibc
import LMDBEntryLog
import LedgerModel
import LedgerProofs
import QuotaLedger
import StateStore

/// The folder of a ledger: the log, which is the ledger, and beside it what is derived from it.
struct LedgerFolder {
    let path: String

    init(_ path: String) { self.path = path }

    var logPath: String { path + "/log" }
    var statePath: String { path + "/state" }
    var treePath: String { path + "/tree" }

    /// Opens the log for reading, beside a writer if there is one.
    func openForReading() throws(CommandFailure) -> OpenLog {
        try requireLedger()
        do throws(EntryLogError) {
            var log = try OpenLog(LMDBEntryLog.open(at: logPath, access: .readOnly))
            log.lookup = { [log] in
                guard let store = try? LMDBStateStore(path: self.statePath, access: .readOnly)
                else { return nil }
                return LogLookup(log.log, snapshots: store, operations: OperationStorage(store))
            }
            log.trail = { [log] in
                guard let store = try? LMDBStateStore(path: self.statePath, access: .readOnly)
                else { return nil }
                return HoldTrail(log.log, store)
            }
            return log
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Opens the ledger for writing, rebuilds its state, and closes it after `body`.
    func withLedger<Result>(_ body: (OpenLedger) throws -> Result) throws -> Result {
        let opened = try openForWriting()
        defer { opened.close() }
        return try body(opened)
    }

    /// Opens the ledger for writing and rebuilds its state; whoever calls it closes it.
    func openForWriting() throws(CommandFailure) -> OpenLedger {
        try requireLedger()
        let log: OpenLog
        do throws(EntryLogError) {
            log = try OpenLog(LMDBEntryLog.open(at: logPath, access: .readWrite))
        } catch {
            throw CommandFailure(error)
        }
        return try open(log)
    }

    /// Opens a log that has been opened for writing as a ledger.
    func open(_ log: OpenLog) throws(CommandFailure) -> OpenLedger {
        do throws(LedgerError) {
            let store = stateStore()
            let ledger = try Ledger.open(
                log.log,
                secret: log.log.secret,
                snapshots: store,
                operations: store.map { OperationStorage($0) },
                trail: store,
                clock: systemTime
            )
            var source = log
            source.lookup = { ledger.lookup }
            return OpenLedger(ledger: ledger, source: source)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Rebuilds the ledger's state without a writer's rights, with the newest snapshot if it helps.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - until: The first entry that is left out, and then the orders behind the snapshot are not
    ///     known by their ids; `nil` to read to the newest.
    ///   - looksUpMany: Whether many operations will be looked up by their ids.
    /// - Returns: The state.
    /// - Throws: A failure that says what to do.
    func core(
        of log: OpenLog,
        until: EntryNumber? = nil,
        looksUpMany: Bool = false
    ) throws(CommandFailure) -> LedgerCore {
        // Without derived state it only takes longer.
        let store = try? LMDBStateStore(path: statePath, access: .readOnly)
        do throws(LedgerError) {
            var core = try LedgerCore.recovered(
                from: log.log,
                snapshots: store,
                operations: store.map { OperationStorage($0, isReadOnDemand: !looksUpMany) },
                until: until,
                remembersOrders: until == nil
            )
            core.use(log.log.secret)
            return core
        } catch {
            throw CommandFailure(error)
        }
    }

    /// The tree over the log's entries, with the hashes that are kept of it beside the log.
    func tree(of log: OpenLog) throws(EntryLogError) -> StoredTree {
        try StoredTree(
            LogLeaves(of: log.log, secret: log.log.secret),
            frontier: log.log.frontier(),
            folder: treePath
        )
    }

    /// Where snapshots are kept; `nil` if that can not be had, which only makes starts slower.
    private func stateStore() -> LMDBStateStore? {
        do throws(StateStoreError) {
            return try LMDBStateStore(path: statePath)
        } catch {
            Output.note("headroom: note: going on without derived state: \(error)")
            return nil
        }
    }

    /// Complains if the log is gone although what was derived from it is there.
    func requireUndamagedLog() throws(CommandFailure) {
        // Every command begins here: Foundation takes longer than all else that is done to open a log.
        func size(_ file: String) -> Int {
            var found = stat()
            // Safe: the text and the structure are lent for the length of the call.
            return unsafe stat(file, &found) == 0 ? Int(found.st_size) : 0
        }
        guard size(logPath + "/data.mdb") == 0, size(statePath + "/data.mdb") > 0 else { return }
        var failure = CommandFailure(
            .failed,
            "the log's data file \(logPath)/data.mdb is missing or empty, and there was a ledger "
                + "here. Change nothing, keep a copy of the files, and restore a backup"
        )
        failure.isDamage = true
        throw failure
    }

    /// Whether there is a ledger; a folder that may not be looked into is for the store to complain
    /// of.
    var mayBeThere: Bool {
        let files = FileManager.default
        let isHidden = files.fileExists(atPath: path) && !files.isExecutableFile(atPath: path)
        return files.fileExists(atPath: logPath) || isHidden
    }

    private func requireLedger() throws(CommandFailure) {
        try requireUndamagedLog()
        guard mayBeThere else {
            throw CommandFailure(
                .rejected,
                "--ledger: found no ledger in '\(path)', expected the folder of one: run 'headroom "
                    + "init --ledger \(path)' first, or name another with --ledger or "
                    + "HEADROOM_LEDGER"
            )
        }
    }
}

/// A log that is open, with what its first entry says.
struct OpenLog {
    let log: LMDBEntryLog
    /// The ledger's settings, or `nil` while the log has no entry.
    let creation: LedgerCreation?
    /// Says which entries are wanted without reading the log; `nil`, or giving `nil`, where nothing
    /// that was derived from it is at hand, and the log is to be read.
    var lookup: (@Sendable () -> LogLookup?)?
    /// Leads to the entries about a hold; `nil`, or giving `nil`, where the log is to be read for them.
    var trail: (@Sendable () -> HoldTrail?)?

    init(_ log: LMDBEntryLog) throws(EntryLogError) {
        self.log = log
        guard let first = try log.entry(EntryNumber(rawValue: 0)),
            case .operation(let record) = first.content,
            case .createLedger(let creation) = record.action
        else {
            creation = nil
            return
        }
        self.creation = creation
    }

    /// Whether everything that is shown is "as if enforced".
    var isAdvisory: Bool { creation?.mode == .advisory }

    /// The time of the newest entry, or `nil` while there is none.
    func newestTime() throws(EntryLogError) -> LedgerTime? {
        let next = try log.head().next
        guard next > 0 else { return nil }
        return try log.entry(EntryNumber(rawValue: next - 1))?.time
    }

    /// Gives every entry from one number on to `body`, in order, until it says stop.
    ///
    /// Entries that are not wanted, as their kind or bytes tell, are passed over without being
    /// decoded, which is most of the work.
    func forEachEntry(
        from number: EntryNumber = EntryNumber(rawValue: 0),
        where isWanted: (EntryKind, RawSpan) throws(EntryLogError) -> Bool = { _, _ in true },
        _ body: (Entry) throws(EntryLogError) -> ReadStep
    ) throws(EntryLogError) {
        try log.read(from: number) { _, batch throws(EntryLogError) in
            var isOver = false
            try BatchReader.forEachEntry(in: batch) { candidate, bytes throws(EntryLogError) in
                guard candidate >= number, try isWanted(EntryHeader(bytes).kind, bytes) else {
                    return .next
                }
                guard case .stop = try body(EntryCodec.decode(bytes)) else { return .next }
                isOver = true
                return .stop
            }
            return isOver ? .stop : .next
        }
    }
}

/// A ledger that is open for writing.
struct OpenLedger {
    let ledger: Ledger
    let source: OpenLog

    var isAdvisory: Bool { source.isAdvisory }

    /// Waits until everything is answered, and saves a snapshot if much has changed.
    func close() {
        guard case .failed(let reason) = ledger.close() else { return }
        Output.note("headroom: note: no snapshot was saved, so the next start is slower: \(reason)")
    }

    /// Submits one operation and waits until its answer is durable.
    func answer(to operation: Operation) throws -> LedgerAnswer {
        guard let answer = try ledger.submit([operation]).first else {
            throw CommandFailure(.failed, "the ledger gave no answer to \(operation.id)")
        }
        guard case .rejected(let rejection) = answer else { return answer }
        let names =
            switch rejection.code {
            case .unknownParty: ledger.partyIdentifiers.map(\.text)
            case .unknownReference: try source.newestIdentifiers()
            default: [String]()
            }
        return .rejected(Suggestions.completed(rejection, names: names))
    }
}
