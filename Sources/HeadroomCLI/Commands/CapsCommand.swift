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
            discussion: """
                Reads the ledger's log, also while another process writes it.

                Examples:
                  headroom caps
                  headroom caps --as-of 2025-08-01 --format csv
                  headroom caps --format html --to caps.html
                  headroom report caps --json
                """
        )

        /// How the report is shown.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case table
            case csv
            case json
            case html
        }

        @Option(help: "table, csv, json or html: one file with charts that needs nothing else.")
        var format = Format.table

        @Flag(help: "With --format csv: the counts of decisions instead of the countries.")
        var decisions = false

        @OptionGroup var file: ReportFileOptions
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
                try file.write(
                    rendering.text(width: file.width, style: file.style)
                )
            case .csv:
                try file.write(decisions ? rendering.decisionsCSV() : rendering.countriesCSV())
            case .json:
                try file.write(
                    Output.documentBytes(asIfEnforced: log.isAdvisory) { writer in
                        writer.members(of: rendering.value)
                    }
                )
            case .html:
                let histories = try report.histories(
                    of: rendering.limitsOverTime,
                    from: log,
                    through: found.through,
                    asOf: found.asOf
                )
                try file.write(rendering.html(histories: histories))
            }
            return .done
        }
    }
#endif
