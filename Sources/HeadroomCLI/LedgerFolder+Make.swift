// SPDX-License-Identifier: Apache-2.0

import EntryLog
import Foundation
import LMDBEntryLog
import LedgerModel
import QuotaLedger

extension LedgerFolder {
    /// Makes the ledger, with its first operations in one batch: they are all there, or none is.
    ///
    /// What an interrupted making left behind is gone on with.
    func make(_ operations: [Operation]) throws -> OpenLog {
        try requireUndamagedLog()
        try makeFolder()
        let log = try openEmptyLog()
        let opened = try open(log)
        defer { opened.close() }
        for (operation, answer) in zip(operations, try opened.ledger.submit(operations)) {
            if case .rejected(let rejection) = answer {
                throw CommandFailure(
                    .failed,
                    "the ledger is made but not complete: \(operation.id): \(rejection)"
                )
            }
        }
        return log
    }

    private func makeFolder() throws(CommandFailure) {
        let files = FileManager.default
        do {
            try files.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750]
            )
            let foreign = try files.contentsOfDirectory(atPath: path)
                .filter { !["log", "state", "tree"].contains($0) }
            guard foreign.isEmpty else { throw occupied(foreign.sorted()[0]) }
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(
                .failed,
                "--ledger: the folder \(path) can not be made: \(Output.systemMessage(error)). "
                    + "Choose another place, or see to its permissions"
            )
        }
    }

    private func occupied(_ name: String) -> CommandFailure {
        CommandFailure(
            .rejected,
            "--ledger: found other files in '\(path)' ('\(name)'), expected an empty folder or one "
                + "that does not exist yet: choose another"
        )
    }

    private func openEmptyLog() throws(CommandFailure) -> OpenLog {
        do throws(EntryLogError) {
            let log: LMDBEntryLog
            do throws(EntryLogError) {
                log = try LMDBEntryLog.create(at: logPath, secret: LedgerFolder.randomSecret())
            } catch {
                guard case .ledgerExists = error else { throw error }
                // Either there is a ledger, or its making was interrupted before the first entry.
                log = try LMDBEntryLog.open(at: logPath, access: .readWrite)
                guard try log.head().next == 0 else {
                    throw .ledgerExists(path: path)
                }
            }
            return try OpenLog(log)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// 32 bytes of the system's random generator, which is a cryptographic one.
    private static func randomSecret() -> LedgerSecret {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<LedgerSecret.byteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        guard let secret = LedgerSecret(randomBytes: bytes) else {
            preconditionFailure("a secret must have \(LedgerSecret.byteCount) bytes")
        }
        return secret
    }
}
