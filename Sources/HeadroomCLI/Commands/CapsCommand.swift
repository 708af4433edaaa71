// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerModel
    import LedgerReports
    import QuotaLedger

    /// `headroom caps`.
    struct CapsCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "caps",
            abstract: "The cap report: what each country's limit is, what is used, what is left.",
            discussion: "Reads the ledger's log, also while another process writes it."
        )

        /// How the report is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
        }

        @Option(help: "table, csv or json.")
        var format = Format.table

        @Flag(help: "With --format csv: the counts of decisions instead of the countries.")
        var decisions = false

        @OptionGroup var report: ReportOptions
        @OptionGroup var output: OutputOptions

        func perform() throws -> ExitStatus {
            let log = try report.ledger.folder.openForReading()
            let core = try report.core(of: log)
            guard let found = core.capReport(at: try report.moment()) else {
                throw report.noRulebook()
            }
            let rendering = CapReportRendering(found, runOn: systemTime())
            switch output.json ? .json : format {
            case .table:
                try Output.write(
                    rendering.text(width: ResultText.width, style: ResultText.style)
                )
            case .csv:
                try Output.write(decisions ? rendering.decisionsCSV() : rendering.countriesCSV())
            case .json:
                try Output.document(asIfEnforced: log.isAdvisory) { writer in
                    writer.members(of: rendering.value)
                }
            }
            return .done
        }
    }
#endif
