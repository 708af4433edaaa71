// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser

    /// `headroom report`.
    struct ReportCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "report",
            abstract: "Reports as of any entry or time: text, CSV, JSON, or a page to print.",
            discussion: """
                Each reads the ledger's log, also while another process writes it, and writes \
                nothing. 'headroom report NAME --help' says what a report shows.

                Examples:
                  headroom report exceptions
                  headroom report exceptions --as-of 2025-08-01 --format html --to exceptions.html
                """,
            subcommands: [
                CapsCommand.self, CountryReportCommand.self, SharesCommand.self,
                PartyReportCommand.self, SmallOrderReportCommand.self,
                ExceptionReportCommand.self, RefusalReportCommand.self,
                ReconciliationReportCommand.self, WeightsReportCommand.self,
            ]
        )
    }
#endif
