// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom import`.
    struct ImportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Take in a CSV file of orders: each is granted, refused or rejected.",
            discussion: """
                Rejected rows are told on standard error and disturb no other row. If it is \
                interrupted, run it again: what was recorded is answered as before. Exit status 0 \
                if all were granted, 1 if some were refused, 2 if some were rejected.
                """
        )

        @Argument(help: "The file; - is standard input.")
        var file: String

        @Flag(help: "Show a line for each order.")
        var each = false

        @Option(
            help: ArgumentHelp(
                "Write all rejected rows to this file: line, code, field, found, expected.",
                valueName: "file"
            )
        )
        var rejects: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let caller = try actor.actor()
            let input = try InputFile(file)
            if let rejects { try RejectsFile.check(rejects, isNot: file) }
            return try ledger.folder.withLedger { opened in
                try take(input, into: opened, as: caller)
            }
        }

        private func take(
            _ input: borrowing InputFile,
            into opened: OpenLedger,
            as caller: Actor
        ) throws -> ExitStatus {
            let name = file == "-" ? "standard input" : file
            let report = try ImportReport(
                opened.source,
                ImportReport.Choice(
                    asJSON: output.json,
                    showsEach: each,
                    rejectsPath: rejects,
                    fileName: name
                )
            )
            do {
                try OrderImport(into: opened.ledger, as: caller).run(input) { rows in
                    try report.take(rows)
                }
            } catch {
                var failure = CommandFailure(any: error)
                if let rejection = failure.rejection {
                    failure.lines = [rejection.line(inFile: name)]
                }
                throw failure
            }
            return try report.finish()
        }
    }
#endif
