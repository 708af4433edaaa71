// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import Glibc
    import LMDBEntryLog
    import LedgerExport
    import LedgerModel
    import LedgerText

    /// `headroom export`.
    struct ExportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract:
                "Write all entries as lines of JSON, from which the ledger can be made again.",
            discussion: """
                Works while another process writes: what is there when it begins is exported. \
                Whoever has the file sees everything. Without the ledger's secret it can be read \
                and checked, root included; 'headroom import' makes a ledger of it only with the \
                secret, and whoever has that can guess at what a later receipt leaves out.

                With --redacted-for only what that vendor may see is opened, and hashes stand for \
                the rest: the root is still the ledger's.

                Examples:
                  headroom export > ledger.ndjson
                  headroom export --with-secret --to ledger.ndjson
                  headroom export --redacted-for NVIDIA --to for-nvidia.ndjson
                  headroom export --check for-nvidia.ndjson
                """
        )

        @Option(
            help: ArgumentHelp(
                "A new file, which only you can read (default: standard output).",
                valueName: "file"
            ),
            completion: .file()
        )
        var to: String?

        @Flag(help: "Put the ledger's secret in, which importing needs.")
        var withSecret = false

        @Option(
            help: ArgumentHelp(
                "A vendor: only what it may see is opened.",
                valueName: "organisation"
            )
        )
        var redactedFor: String?

        @Option(
            help: ArgumentHelp(
                "Check an export instead: lines, order, entries, root. - is standard input.",
                valueName: "file"
            ),
            completion: .file()
        )
        var check: String?

        @OptionGroup var ledger: LedgerOptions

        @Flag(help: "Show what was written with --to, or checked, as JSON.")
        var json = false

        func perform() throws -> ExitStatus {
            if let check { return try perform(checking: check) }
            guard !withSecret || newFile != nil || isatty(STDOUT_FILENO) == 0 else {
                throw OptionValues.malformed("--with-secret", "a terminal", "--to FILE, or a pipe")
            }
            let log = try ledger.folder.openForReading()
            if let redactedFor { return try perform(redactedFor, log) }
            guard let newFile else {
                _ = try write(log) { piece throws(CommandFailure) in try Output.write(piece) }
                return .done
            }
            var file = try NewFile(at: newFile, "--to")
            let header = try write(log) { piece throws(CommandFailure) in try file.append(piece) }
            try file.settle()
            try show(header, "exported", asIfEnforced: log.isAdvisory)
            return .done
        }

        private var newFile: String? { to == "-" ? nil : to }

        private func write(
            _ log: OpenLog,
            _ take: ([UInt8]) throws(CommandFailure) -> Void
        ) throws(CommandFailure) -> ExportHeader {
            var progress = ProgressLine("entries")
            defer { progress.end() }
            var writer = try begin(log)
            while let piece = try next(of: &writer) {
                try take(piece)
                progress.show(writer.writtenCount, of: writer.header.entryCount)
            }
            return writer.header
        }

        private func begin(_ log: OpenLog) throws(CommandFailure) -> ExportWriter {
            do throws(EntryLogError) {
                return try ExportWriter(
                    of: log.log,
                    secret: log.log.secret,
                    includesSecret: withSecret
                )
            } catch {
                throw CommandFailure(error)
            }
        }

        private func next(of writer: inout ExportWriter) throws(CommandFailure) -> [UInt8]? {
            do throws(EntryLogError) {
                return try writer.next()
            } catch {
                throw CommandFailure(error)
            }
        }

        private func perform(checking file: String) throws -> ExitStatus {
            guard !withSecret, newFile == nil, redactedFor == nil else {
                throw OptionValues.malformed(
                    "--check",
                    file,
                    "none of --to, --with-secret and --redacted-for with it"
                )
            }
            let name = file == "-" ? "standard input" : file
            let input = try InputFile(file)
            var beginning = try input.read()
            while RedactedExportHeader.mayBegin(beginning) {
                let more = try input.read()
                if more.isEmpty { break }
                beginning += more
            }
            if RedactedExportHeader.begins(beginning) {
                let export = RedactedExport(fileName: name)
                try show(try export.check(input, beginning), "checked", asIfEnforced: nil)
                return .done
            }
            let header = try ExportImport(fromFile: name).check(input, beginning: beginning)
            try show(header, "checked", asIfEnforced: nil)
            return .done
        }

        private func perform(_ reader: String, _ log: OpenLog) throws -> ExitStatus {
            guard !withSecret else {
                throw OptionValues.malformed(
                    "--redacted-for",
                    reader,
                    "no --with-secret with it: from the secret all sections could be guessed at"
                )
            }
            let vendor: OrganisationIdentifier = try OptionValues.identifier(
                reader,
                "--redacted-for"
            )
            let export = RedactedExport(fileName: newFile ?? "standard output")
            guard let newFile else {
                _ = try export.write(log, for: vendor) { piece throws(CommandFailure) in
                    try Output.write(piece)
                }
                return .done
            }
            var file = try NewFile(at: newFile, "--to")
            let header = try export.write(log, for: vendor) { piece throws(CommandFailure) in
                try file.append(piece)
            }
            try file.settle()
            try show(header, "exported", asIfEnforced: log.isAdvisory)
            return .done
        }

        private func show(
            _ header: RedactedExportHeader,
            _ verb: String,
            asIfEnforced: Bool?
        ) throws(CommandFailure) {
            guard !json else {
                try Output.document(asIfEnforced: asIfEnforced) { writer in
                    writer.member("origin", header.origin)
                    writer.member("redacted_for", header.reader.text)
                    writer.key("entries")
                    writer.integer(header.entryCount)
                    writer.member("root", header.root.description)
                }
                return
            }
            try Output.write(
                "\(verb): \(header.entryCount) entries of "
                    + (header.origin ?? "a ledger without a name")
                    + (asIfEnforced == true ? " (as if enforced)" : "")
                    + "\nroot     \(header.root)\n"
                    + "opened   what \(header.reader) may see, hashes for the rest\n"
            )
        }

        private func show(
            _ header: ExportHeader,
            _ verb: String,
            asIfEnforced: Bool?
        ) throws(CommandFailure) {
            guard !json else {
                try Output.document(asIfEnforced: asIfEnforced) { header.write(to: &$0) }
                return
            }
            try Output.write(
                "\(verb): \(header.entryCount) entries of "
                    + (header.origin ?? "a ledger without a name")
                    + (asIfEnforced == true ? " (as if enforced)" : "")
                    + "\nroot     \(header.root)\n"
                    + "secret   \(header.secret == nil ? "not in it" : "in it")\n"
            )
        }
    }

    extension ExportHeader {
        /// Writes what is in the export, as members.
        func write(to writer: inout JSONWriter) {
            writer.member("origin", origin)
            writer.key("entries")
            writer.integer(entryCount)
            writer.member("root", root.description)
            writer.member("with_secret", secret != nil)
        }
    }
#endif
