// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerExport
    import LedgerModel
    import LedgerReports
    import LedgerText
    import QuotaLedger

    /// `headroom import`.
    struct ImportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Take in a CSV file of orders, or make a ledger of an export.",
            discussion: """
                Each order is granted, refused or rejected. Rejected rows are told on standard error and disturb no other row. If it is \
                interrupted, run it again: what was recorded is answered as before. Exit status 0 \
                if all were granted, 1 if some were refused, 2 if some were rejected.

                A file that 'headroom export --with-secret' wrote makes a new ledger: its entries \
                are taken over and not decided anew, everything about them is checked, and the \
                root is the same. All of it or nothing. Exit status 4 if the file is not what was \
                exported.

                Examples:
                  headroom import orders.csv
                  headroom import orders.csv --each --rejects rejects.csv
                  headroom import ledger.ndjson --ledger restored
                """
        )

        @Argument(help: "The file; - is standard input.", completion: .file())
        var file: String

        @Flag(help: "Show a line for each order.")
        var each = false

        @Option(
            help: ArgumentHelp(
                "Write all rejected rows to this file: line, code, field, found, expected.",
                valueName: "file"
            ),
            completion: .file()
        )
        var rejects: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let caller = try actor.actor()
            let input = try InputFile(file)
            if let rejects { try RejectsFile.check(rejects, isNot: file) }
            var beginning = try input.read()
            while ExportHeader.mayBegin(beginning) {
                let more = try input.read()
                if more.isEmpty { break }
                beginning += more
            }
            if ExportHeader.begins(beginning) { return try makeLedger(of: input, beginning) }
            return try ledger.folder.withLedger { opened in
                try take(input, beginning, into: opened, as: caller)
            }
        }

        private var name: String { file == "-" ? "standard input" : file }

        private func makeLedger(
            of input: borrowing InputFile,
            _ beginning: [UInt8]
        ) throws -> ExitStatus {
            let foreign = [
                "--each": each, "--rejects": rejects != nil,
                "--organisation": actor.organisation != nil, "--person": actor.person != nil,
            ]
            if let option = foreign.filter(\.value).keys.min() {
                throw OptionValues.malformed(
                    option,
                    "an export",
                    "a file of orders: the entries of an export say who acted and what came of it"
                )
            }
            let header = try ExportImport(fromFile: name)
                .makeLedger(in: ledger.folder, of: input, beginning: beginning)
            let log = try ledger.folder.openForReading()
            guard !output.json else {
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.member("ledger", ledger.folder.path)
                    header.write(to: &writer)
                }
                return .done
            }
            try Output.write(
                "made the ledger \(header.origin ?? "without a name") in \(ledger.folder.path): "
                    + "\(header.entryCount) entries" + (log.isAdvisory ? " (as if enforced)" : "")
                    + "\nroot     \(header.root)\n"
            )
            return .done
        }

        private func take(
            _ input: borrowing InputFile,
            _ beginning: [UInt8],
            into opened: OpenLedger,
            as caller: Actor
        ) throws -> ExitStatus {
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
                try OrderImport(into: opened.ledger, as: caller).run(input, beginning: beginning) {
                    rows in
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
