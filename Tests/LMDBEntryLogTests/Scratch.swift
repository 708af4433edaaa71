// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import Foundation
import LMDB
import LMDBEntryLog
import LedgerModel

/// A place for one test's ledger, removed with its contents when the value goes away.
final class Scratch {
    /// Where the ledger goes; nothing is there yet.
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID())").path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var dataFile: String { "\(path)/data.mdb" }

    /// A ledger with batches of these sizes, closed again.
    func makeLedger(batches counts: [Int] = []) throws {
        let log = try LMDBEntryLog.create(at: path, secret: SampleEntries.secret)
        try append(batches: counts, to: log)
    }

    func open(_ access: LMDBEntryLog.Access = .readWrite) throws -> LMDBEntryLog {
        try LMDBEntryLog.open(at: path, access: access)
    }

    /// Changes what lies in the closed ledger's databases.
    func tamper(
        _ body: (inout WriteTransaction, Database<UInt64>, Database<[UInt8]>) throws(LMDBError)
            -> Void
    ) throws {
        // It need not survive a crash of the machine, and so it is quick.
        let environment = try Environment(
            path: path,
            options: EnvironmentOptions(synchronization: .none)
        )
        let batches = try environment.database(named: "batches", keys: UInt64.self)
        let records = try environment.database(named: "records", keys: [UInt8].self)
        try environment.withWriteTransaction { transaction throws(LMDBError) in
            try body(&transaction, batches, records)
        }
    }
}

/// Takes the log over and appends batches of plain entries; returns the last head.
@discardableResult
func append(batches counts: [Int], to log: LMDBEntryLog) throws -> LogHead {
    var head = try log.takeOver()
    var builder = BatchBuilder(secret: log.secret, frontier: try log.frontier())
    for count in counts {
        for _ in 0..<count {
            try builder.append(SampleEntries.reservation(builder.next.rawValue))
        }
        let batch = builder.finish(previous: head)
        head = try log.append(batch, expecting: head).head
        builder.recycle(batch)
    }
    return head
}

/// The error that `body` throws.
func logError(_ body: () throws -> Void) -> EntryLogError? {
    do {
        try body()
        return nil
    } catch {
        return error as? EntryLogError
    }
}

extension EntryLogError {
    /// The place that is damaged.
    var corruptPlace: LogPlace? {
        guard case .corrupt(let place, _) = self else { return nil }
        return place
    }
}
