// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// In which form a report is shown, and where it goes.
    struct ReportDocumentOptions: ParsableArguments {
        /// The forms of a report.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
            case html
        }

        @Option(help: "table, csv, json or html: one file that needs nothing else.")
        var format = Format.table

        @Option(
            help: ArgumentHelp(
                "With --format csv: which of the report's lists (default: the first).",
                valueName: "name"
            )
        )
        var list: String?

        @OptionGroup var file: ReportFileOptions
        @OptionGroup var report: ReportOptions
        @OptionGroup var output: OutputOptions

        /// The log, what it says at the moment of the report, and of what that is.
        func withLedger(
            _ body: (OpenLog, borrowing LedgerCore, ReportScope) throws -> ReportDocument
        ) throws -> ExitStatus {
            let log = try report.ledger.folder.openForReading()
            let core = try report.core(of: log)
            guard let scope = core.reportScope(at: try report.moment()) else {
                throw report.noRulebook()
            }
            try show(body(log, core, scope), of: log)
            return .done
        }

        private func show(_ document: ReportDocument, of log: OpenLog) throws {
            if let list, !document.listNames.contains(list) {
                throw OptionValues.malformed(
                    "--list",
                    list,
                    "one of " + document.listNames.joined(separator: ", ")
                )
            }
            switch output.json ? .json : format {
            case .table:
                try file.write(document.text(width: file.width, style: file.style))
            case .csv: try file.write(document.csv(list: list) ?? "")
            case .json:
                try file.write(
                    Output.documentBytes(asIfEnforced: log.isAdvisory) { writer in
                        writer.members(of: document.value)
                    }
                )
            case .html: try file.write(document.html)
            }
        }
    }
#endif
