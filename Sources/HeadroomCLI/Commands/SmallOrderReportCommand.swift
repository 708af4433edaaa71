// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerReports
    import QuotaLedger

    /// `headroom report small-orders`.
    struct SmallOrderReportCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "small-orders",
            abstract: "The small orders of each group in each year, against its allowance.",
            discussion: """
                Examples:
                  headroom report small-orders
                  headroom report small-orders --as-of 2025-12-31 --format csv
                """
        )

        @OptionGroup var document: ReportDocumentOptions

        func perform() throws -> ExitStatus {
            try document.withLedger { _, core, scope in
                guard let report = core.smallOrderReport(at: scope.asOf) else {
                    throw document.report.noRulebook()
                }
                return report.document(runOn: systemTime())
            }
        }
    }
#endif
