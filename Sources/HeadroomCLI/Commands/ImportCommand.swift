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
            abstract: "Take in a file of orders, or make a ledger of an export.",
            discussion: """
                Orders come as CSV, or as NDJSON: an object of JSON on each line. Each order is \
                granted, refused or rejected. Rejected rows are told on standard error and disturb \
                no other row. If it is interrupted, run it again: what was recorded is answered as \
                before. Exit status 0 if all were granted, 1 if some were refused, 2 if some were \
                rejected.

                With --dry-run nothing is written: it reads and checks everything, decides in \
                memory, and says what would be answered if the file were imported now.

                A file that 'headroom export --with-secret' wrote makes a new ledger: its entries \
                are taken over and not decided anew, everything about them is checked, and the \
                root is the same. All of it or nothing. Exit status 4 if the file is not what was \
                exported.

                Examples:
                  headroom import orders.csv --dry-run
                  headroom import orders.csv --rejects rejects.csv
                  headroom import sales.csv --map "PO Number=id" --map sku=device --map Notes=
                  generate-orders | headroom import - --format ndjson
                  headroom import ledger.ndjson --ledger restored
                """
        )

        @Argument(help: "The file; - is standard input.", completion: .file())
        var file: String

        @Option(
            help: ArgumentHelp(
                "csv or ndjson (default: what the file's name ends in, else what it begins with).",
                valueName: "format"
            )
        )
        var format: Format?

        @Option(
            help: ArgumentHelp(
                "What a column or key that has another name stands for; COLUMN= passes it over. "
                    + "Can be repeated.",
                valueName: "column=field"
            )
        )
        var map: [String] = []

        @Flag(help: "Say what would be answered, and write nothing.")
        var dryRun = false

        @Flag(help: "Show a line for each order.")
        var each = false

        @Option(
            help: ArgumentHelp(
                "Write all rejected rows to this file: line, code, field, found, expected, row.",
                valueName: "file"
            ),
            completion: .file()
        )
        var rejects: String?

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var actor: ActorOptions
        @OptionGroup var output: OutputOptions

        /// The form of the file.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case csv
            case ndjson

            var orders: OrderFormat { self == .csv ? .csv : .ndjson }
        }

        func perform() throws -> ExitStatus {
            let caller = try actor.actor()
            let mapping = try mapping()
            let input = try InputFile(file)
            if let rejects { try RejectsFile.check(rejects, isNot: file) }
            let byteCount = input.byteCount
            let (beginning, isExport) = try begin(input)
            if isExport { return try makeLedger(of: input, beginning) }
            let orders = OrderFile(
                reader: try OrderReader(
                    caller: caller,
                    format: orderFormat(beginning),
                    mapping: mapping
                ),
                beginning: beginning,
                keepsBytes: rejects != nil
            )
            let choice = ImportReport.Choice(
                asJSON: output.json,
                showsEach: each,
                rejectsPath: rejects,
                isRehearsal: dryRun,
                fileName: name,
                byteCount: byteCount
            )
            return dryRun
                ? try rehearse(input, orders, choice) : try take(input, orders, choice)
        }

        private var name: String { file == "-" ? "standard input" : file }

        private func mapping() throws(Rejection) -> OrderMapping {
            var pairs: [OrderMapping.Pair] = []
            for text in map {
                let (name, field) = try OptionValues.assignment(
                    text,
                    "--map",
                    "COLUMN=FIELD, or COLUMN= to pass the column over"
                )
                pairs.append(OrderMapping.Pair(name: name, field: field.isEmpty ? nil : field))
            }
            return try OrderMapping(pairs)
        }

        // MARK: - What the file is

        /// Reads enough of a file to tell what it is.
        private func begin(_ input: borrowing InputFile) throws -> ([UInt8], isExport: Bool) {
            var beginning = try input.read()
            var isOver = beginning.isEmpty
            while !isOver, mayBeAnything(beginning) {
                let more = try input.read()
                isOver = more.isEmpty
                beginning += more
            }
            return (beginning, ExportHeader.begins(beginning))
        }

        private func mayBeAnything(_ beginning: [UInt8]) -> Bool {
            if ExportHeader.mayBegin(beginning) { return true }
            return format == nil && OrderFormat(fileName: file) == nil
                && OrderFormat(beginning: beginning) == nil
                && beginning.count < InputFile.blockByteCount
        }

        private func orderFormat(_ beginning: [UInt8]) -> OrderFormat {
            format?.orders ?? OrderFormat(fileName: file) ?? OrderFormat(beginning: beginning)
                ?? .csv
        }

        private func makeLedger(
            of input: borrowing InputFile,
            _ beginning: [UInt8]
        ) throws -> ExitStatus {
            let foreign = [
                "--dry-run": dryRun, "--each": each, "--format": format != nil,
                "--map": !map.isEmpty, "--organisation": actor.organisation != nil,
                "--person": actor.person != nil, "--rejects": rejects != nil,
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

        // MARK: - Orders

        private func take(
            _ input: borrowing InputFile,
            _ orders: OrderFile,
            _ choice: ImportReport.Choice
        ) throws -> ExitStatus {
            let opened = try ledger.folder.openForWriting()
            defer { opened.close() }
            let report = try ImportReport(opened.source, choice)
            do {
                let interruption = ImportInterruption { report.interrupt() }
                defer { interruption.end() }
                try OrderImport(into: opened.ledger).run(input, as: orders, report.take)
            } catch {
                throw failure(error)
            }
            return try report.finish()
        }

        private func rehearse(
            _ input: borrowing InputFile,
            _ orders: OrderFile,
            _ choice: ImportReport.Choice
        ) throws -> ExitStatus {
            let log = try ledger.folder.openForReading()
            let report = try ImportReport(log, choice)
            let core = try ledger.folder.core(of: log, looksUpMany: true)
            var rehearsal = OrderRehearsal(Rehearsal(of: log.log, from: core))
            do {
                let interruption = ImportInterruption { report.interrupt() }
                defer { interruption.end() }
                try rehearsal.run(input, as: orders, report.take)
            } catch {
                throw failure(error)
            }
            return try report.finish()
        }

        /// What is wrong with the file names it.
        private func failure(_ error: any Error) -> CommandFailure {
            var failure = CommandFailure(any: error)
            if let rejection = failure.rejection {
                failure.lines = [rejection.line(inFile: name)]
            }
            return failure
        }
    }
#endif
