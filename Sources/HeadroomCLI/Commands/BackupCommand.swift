// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import Foundation
    import LMDBEntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerText

    /// `headroom backup`.
    struct BackupCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract: "Copy the ledger to a new folder while it is in use, and check the copy.",
            discussion: """
                The copy is the ledger at one moment, secret and checkpoints included, signing keys \
                not, and is itself a ledger's \
                folder: to restore it, copy it back. All of it or nothing: a backup that is there \
                has been checked. Never let a copy take orders while the ledger does.

                Examples:
                  headroom backup /srv/backups/ledger-2025-07-01
                  headroom backup /srv/backups/ledger-2025-07-01 --check
                """
        )

        @Argument(
            help: ArgumentHelp(
                "Where the backup goes: a new folder, in one that exists.",
                valueName: "folder"
            ),
            completion: .directory
        )
        var folder: String

        @Flag(help: "Check the backup that is there instead.")
        var check = false

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        @Flag(help: .hidden)
        var inThisProcess = false

        func perform() throws -> ExitStatus {
            do {
                return check ? try checkBackup() : try makeBackup()
            } catch {
                throw Verification.failure(error)
            }
        }

        private func makeBackup() throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            var new = try NewFolder(at: folder, "folder", mode: 0o700)
            do throws(KeepingError) {
                // Before the log, which then has all that was signed.
                try LedgerHeads(of: ledger.folder, log, keys: nil).store.copy(to: new.path)
            } catch {
                throw CommandFailure(error)
            }
            try log.log.copy(to: new.logPath)
            let found = try verify(new.logPath)
            try new.settle("folder")
            try show(found, "made and checked", asIfEnforced: log.isAdvisory)
            return .done
        }

        /// Verifies the copy, and takes away what that leaves beside it.
        private func verify(_ path: String) throws -> Verification {
            defer { try? FileManager.default.removeItem(atPath: path + "/lock.mdb") }
            return try Verification(of: OpenLog(LMDBEntryLog.open(at: path, access: .readOnly)))
        }

        private func checkBackup() throws -> ExitStatus {
            let place = LedgerFolder(folder)
            guard FileManager.default.fileExists(atPath: place.logPath + "/data.mdb") else {
                throw OptionValues.malformed(
                    "folder",
                    folder,
                    "a backup, which 'headroom backup' makes"
                )
            }
            if !inThisProcess {
                let arguments =
                    ["backup", "--check", "--in-this-process"]
                    + (output.json ? ["--json"] : []) + ["--", folder]
                if let status = try VerificationProcess.run(arguments) { return status }
            }
            let log = try place.openForReading()
            let found = try Verification(of: log)
            _ = try LedgerHeads(of: place, log, keys: nil).check()
            try show(found, "checked", asIfEnforced: log.isAdvisory)
            return .done
        }

        private func show(
            _ found: Verification,
            _ verb: String,
            asIfEnforced: Bool
        ) throws(CommandFailure) {
            if output.json {
                try Output.document(asIfEnforced: asIfEnforced) { writer in
                    writer.member("backup", folder)
                    writer.key("entries")
                    writer.integer(found.entryCount)
                    writer.member("root", found.root.description)
                    writer.member("newest_time", found.newestTime)
                }
                return
            }
            var text =
                "\(verb): \(found.entryCount) entries in \(folder)"
                + (asIfEnforced ? " (as if enforced)" : "") + "\nroot     \(found.root)\n"
            if let time = found.newestTime { text += "newest   \(time)\n" }
            try Output.write(text)
        }
    }
#endif
