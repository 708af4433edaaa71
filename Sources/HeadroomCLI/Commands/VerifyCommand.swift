// SPDX-License-Identifier: Apache-2.0

#if Service
    import LMDBEntryLog
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerText
    import QuotaLedger

    /// `headroom verify`.
    struct VerifyCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check everything about the log: bytes, order, hashes, root, state.",
            discussion: """
                Reads all of it, in a process of its own, so that not even a file that is cut short \
                while it is read goes unnoticed. Exit status 4 and the first thing that is wrong \
                if it is not what was written.

                Where checkpoints are stored, each must be one of this log: a head that was signed, \
                and that the log does not have, says that the log was rewritten. They must be signed \
                by keys that the ledger's folder lists; 'headroom audit --key' asks for keys that \
                you trust. Each entry by which the ledger's key was rotated must bear the signatures \
                of both keys.

                With --readjudicate every entry is also judged again, by an evaluator that shares \
                no code with what decided: each grant and each refusal, each expiry, breach and \
                threshold, by the rulebooks in force at the time. The first entry that is not what \
                it must be is named, with what was found and what was expected.

                Examples:
                  headroom verify
                  headroom verify --ledger /srv/backups/ledger-2025-07-01 --json
                  headroom verify --readjudicate
                  headroom verify --readjudicate --export received.ndjson --json
                """
        )

        @Flag(help: "Judge every entry again by the rulebooks in force at the time.")
        var readjudicate = false

        @Option(
            help: ArgumentHelp(
                "With --readjudicate: an export instead of a ledger's folder; - is standard input.",
                valueName: "file"
            )
        )
        var export: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var output: OutputOptions

        @Flag(help: .hidden)
        var inThisProcess = false

        func perform() throws -> ExitStatus {
            if let export { return try judge(export: export) }
            if !inThisProcess, let status = try child() { return status }
            do {
                let log = try ledger.folder.openForReading()
                let heads = LedgerHeads(of: ledger.folder, log, keys: nil)
                if readjudicate {
                    let judged = try Readjudication(of: log)
                    if judged.status == .done { _ = try heads.check() }
                    return try show(judged)
                }
                let found = try Verification(of: log)
                let signed = try heads.check()
                try show(found, signed, of: log)
                return .done
            } catch {
                throw Verification.failure(error)
            }
        }

        private func judge(export file: String) throws -> ExitStatus {
            guard readjudicate else {
                throw OptionValues.malformed(
                    "--export",
                    file,
                    "--readjudicate with it; 'headroom export --check' checks an export alone"
                )
            }
            let name = file == "-" ? "standard input" : file
            return try show(Readjudication(ofExport: InputFile(file), called: name))
        }

        private func show(_ found: Readjudication) throws -> ExitStatus {
            if output.json {
                try Output.document(asIfEnforced: found.isAdvisory) { found.write(to: &$0) }
            } else {
                try Output.write(found.text)
            }
            if let error = found.error { Output.note("headroom: error: \(error)") }
            return found.status
        }

        private func show(
            _ found: Verification,
            _ signed: SignedCheckpoint?,
            of log: OpenLog
        ) throws {
            if output.json {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("verified", true)
                    writer.key("entries")
                    writer.integer(found.entryCount)
                    writer.member("root", found.root.description)
                    writer.member("head", found.head.hash.description)
                    writer.key("epoch")
                    writer.integer(found.head.epoch)
                    writer.member("newest_time", found.newestTime)
                    if let signed {
                        writer.key("signed_entries")
                        writer.integer(signed.checkpoint.size)
                    }
                }
                return
            }
            try Output.writeLine("verified: every entry is what was written")
            try Output.writeLine("entries  \(found.entryCount)")
            try Output.writeLine("root     \(found.root)")
            try Output.writeLine("head     \(found.head.hash)")
            if let time = found.newestTime { try Output.writeLine("newest   \(time)") }
            if let signed {
                try Output.writeLine(
                    "signed   \(signed.checkpoint.size) entries by the newest checkpoint; every "
                        + "checkpoint is of this log"
                )
            }
            if log.isAdvisory { try Output.writeLine("basis    as if enforced") }
        }

        /// Verifies in a process of its own; `nil` if none can be started.
        private func child() throws -> ExitStatus? {
            try VerificationProcess.run(
                ["verify", "--in-this-process", "--ledger", ledger.folder.path]
                    + (output.json ? ["--json"] : [])
                    + (readjudicate ? ["--readjudicate"] : [])
            )
        }
    }
#endif
